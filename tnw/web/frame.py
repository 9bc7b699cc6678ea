"""What stands above every page of a dossier: where its route is, whether there is consent, and what contradicts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dossiers.consents import DATA_PROCESSING, register
from dossiers.law.facts import Fact
from dossiers.law.kinds import CORRECTIONS
from dossiers.machines import misfits
from dossiers.models import Dossier, LedgerEntry
from dossiers.policies.corrections import may_correct, may_void
from dossiers.reading import entries_of, facts_of, signed_here
from dossiers.restoring import restorable
from routing.models import RouteCState
from routing.models.route_b import RouteBState
from routing.pending import BEING_RECORDED
from tnw.accounts.models import Actor
from tnw.web import words
from trajects.models.reintegration import ReintegrationState
from trajects.models.traject import TrajectState

CONSENTS = ("consent_given", "consent_refused", "consent_withdrawn", *CORRECTIONS)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A fact that does not fit what is recorded before it, and what the reader can do with it."""

    title: words.Word
    on: date
    fact_id: str
    may_void: bool
    may_correct: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """The facts that contradict, the first first; `cause` is the correction that was recorded last, where there is one."""

    misfits: list[Misfit]
    cause: LedgerEntry | None
    cause_is: words.Word
    # The fact that it took back, where the reader can let it stand again.
    restores: str = ""

    @property
    def title(self) -> words.Word:
        """What the first of them is."""
        return self.misfits[0].title

    @property
    def on(self) -> date:
        """The day of the first of them."""
        return self.misfits[0].on

    @property
    def resolvable(self) -> bool:
        """Whether the reader can do something with each of them."""
        return all(one.may_void or one.may_correct for one in self.misfits)


def above(actor: Actor, dossier: Dossier) -> dict[str, object]:
    """What the frame of the dossier's pages needs besides the incapacity."""
    route = getattr(dossier, "route_a", None)
    traject = getattr(dossier, "traject_state", "")
    formal = getattr(dossier, "formal_part", "")
    return {
        "traject_is": TrajectState(traject).label if traject else "",
        "formal_part_is": ReintegrationState(formal).label if formal else "",
        "route": route.get_state_display() if route else "",
        "routes": list(_routes(dossier)),
        "consent": _consent(actor, dossier),
        "trouble": trouble(actor, dossier, dossier.out_of_order),
        "decided": BEING_RECORDED.reason if getattr(dossier, "being_decided", False) else "",
    }


def _routes(dossier: Dossier) -> Iterator[tuple[words.Word, words.Word]]:
    """The open routes beside route A."""
    if state := getattr(dossier, "route_b", ""):
        yield _("Route B"), RouteBState(state).label
    if state := getattr(dossier, "route_c", ""):
        yield _("Route C"), RouteCState(state).label


def _consent(actor: Actor, dossier: Dossier) -> words.Word:
    """How the consent for data processing stands, which a traject needs; nothing where it was never asked."""
    entries = LedgerEntry.objects.visible_to(actor).filter(dossier=dossier, kind__in=CONSENTS)
    for consent in register(facts_of(entries)):
        if (consent.purpose, consent.party) == (DATA_PROCESSING, ""):
            return words.CONSENTS[consent.state][1]
    return ""


def trouble(actor: Actor, dossier: Dossier, fact_id: str) -> Trouble | None:
    """The facts that contradict, in words; nothing where none does."""
    if not fact_id:
        return None
    entries = entries_of(actor, dossier)
    signed = signed_here(entries)
    found = [_misfit(actor, one, one.subject in signed) for one in misfits(facts_of(entries))]
    if not found:
        return None
    kinds = {entry.fact_id: entry.kind for entry in entries}
    cause = next((entry for entry in reversed(entries) if entry.kind in CORRECTIONS), None)
    target = cause.values["fact"] if cause else ""
    again = target if target in restorable(actor, entries) else ""
    return Trouble(found, cause, words.kind(kinds.get(target, "")) if cause else "", again)


def _misfit(actor: Actor, fact: Fact, signed: bool) -> Misfit:
    told = fact.values.plain()
    void = may_void(actor, fact.kind, told, contradicts=True)
    change = may_correct(actor, fact.kind, told, signed=signed)
    return Misfit(words.kind(fact.kind), fact.on, fact.id, bool(void), bool(change))
