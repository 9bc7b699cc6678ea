"""Whether what a letter tells of an appointment, a training or adapted work is still so on the day on which it goes."""

import re
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
from trajects.models import Appointment
from trajects.models.appointment import AppointmentState
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


def as_planned(dossier: Dossier, document: Document, on: date) -> Verdict:
    """Until the appointment is called off or moved; what became of it afterwards says nothing against the letter."""
    if any(_moved_since(one, document) for one in _happened(dossier) if one.on <= on):
        return NOT_SO
    return _NOT_CALLED_OFF(dossier, document, on)


def _moved_since(one: Fact, document: Document) -> bool:
    """Recorded after the letter was written: ids of version 7 follow each other as time does; those of a feed do not."""
    moved = (one.kind, one.subject) == ("appointment_moved", document.subject)
    return moved and bool(_VERSION_7.fullmatch(one.id)) and one.id > str(document.public_id)


_NOT_CALLED_OFF = in_states(
    Appointment, *(one for one in AppointmentState if one != AppointmentState.CANCELLED)
)
_VERSION_7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


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
