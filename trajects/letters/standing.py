"""Whether what a letter tells of an appointment, a training or adapted work is still so on the day on which it goes."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.law.facts import Fact, corrected, in_order
from dossiers.machines import fold
from dossiers.models import Document, Dossier
from dossiers.models.machine import SubjectMachine
from dossiers.projection import facts_of
from tnw.core.policies import YES, Verdict
from trajects.policies.sharing import keep_consents

NOT_SO = Verdict(
    False,
    _(
        "What this letter tells is not so any more: it is not sent. Where it went before that changed, "
        "say on which day."
    ),
)
_KEPT = "facts"


def in_states(model: type[SubjectMachine], *states: str) -> Callable[[Dossier, Document, date], Verdict]:
    """As long as what the letter is about stands in one of these, at the end of the day."""

    def stands(dossier: Dossier, document: Document, on: date) -> Verdict:
        made = fold(model, [one for one in _happened(dossier) if one.on <= on]).made
        of_it = (one for one in made if isinstance(one, model) and one.subject == document.subject)
        return YES if any(one.state in states for one in of_it) else NOT_SO

    return stands


def load(dossiers: Iterable[Dossier]) -> None:
    """Read of all of these at once what is asked here and of their consents."""
    dossiers = list(dossiers)
    facts = facts_of(sorted({one.pk for one in dossiers})) if dossiers else {}
    for one in dossiers:
        its = facts.get(one.pk, ())
        keep_consents(one, its)
        kept: dict[str, Any] = one.__dict__["_prefetched_objects_cache"]
        kept[_KEPT] = in_order(corrected(its))


def _happened(dossier: Dossier) -> Sequence[Fact]:
    kept: dict[str, Sequence[Fact]] = dossier.__dict__.get("_prefetched_objects_cache", {})
    return kept[_KEPT] if _KEPT in kept else acts.happened(dossier)
