"""What stands above every page of a dossier: where its route is, whether there is consent, and what contradicts."""

from dataclasses import dataclass
from datetime import date

from dossiers.consents import DATA_PROCESSING, register
from dossiers.law.kinds import CORRECTIONS
from dossiers.models import Dossier, LedgerEntry
from dossiers.policies import may_void
from dossiers.reading import facts_of
from tnw.accounts.models import Actor
from tnw.web import words

CONSENTS = ("consent_given", "consent_refused", "consent_withdrawn", *CORRECTIONS)


@dataclass(frozen=True, slots=True)
class Trouble:
    """The fact that does not fit what is recorded before it, and whether the reader can take it back."""

    title: words.Word
    on: date
    fact_id: str
    may_correct: bool


def above(actor: Actor, dossier: Dossier) -> dict[str, object]:
    """What the frame of the dossier's pages needs besides the incapacity."""
    route = getattr(dossier, "route_a", None)
    return {
        "route": route.get_state_display() if route else "",
        "consent": _consent(actor, dossier),
        "trouble": trouble(actor, dossier, dossier.out_of_order),
    }


def _consent(actor: Actor, dossier: Dossier) -> words.Word:
    """How the consent for data processing stands, which a traject needs; nothing where it was never asked."""
    entries = LedgerEntry.objects.visible_to(actor).filter(dossier=dossier, kind__in=CONSENTS)
    for consent in register(facts_of(entries)):
        if (consent.purpose, consent.party) == (DATA_PROCESSING, ""):
            return words.CONSENTS[consent.state][1]
    return ""


def trouble(actor: Actor, dossier: Dossier, fact_id: str) -> Trouble | None:
    """The fact that contradicts, in words; nothing where none does."""
    if not fact_id:
        return None
    entry = LedgerEntry.objects.visible_to(actor).filter(dossier=dossier, fact_id=fact_id).first()
    if entry is None:
        return None
    return Trouble(words.kind(entry.kind), entry.on, entry.fact_id, bool(may_void(actor, entry.kind)))
