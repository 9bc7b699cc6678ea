"""What is read of appointments beside their rows: where each takes place, which is free text."""

from collections.abc import Iterable, Mapping

from dossiers.law.facts import Fact
from dossiers.models import Dossier, LedgerEntry
from dossiers.notes import Note, notes_of
from dossiers.reading import facts_of
from tnw.accounts.models import Actor

PLACED = ("appointment_made", "appointment_moved")


def place_of(actor: Actor, dossier: Dossier, subject: str) -> str:
    """Where an appointment takes place, as it was last told, for whom that is to see."""
    entries = LedgerEntry.objects.visible_to(actor).filter(dossier=dossier, subject=subject, kind__in=PLACED)
    told = list(entries.order_by("seq"))
    return place_in(facts_of(told), notes_of(actor, told))


def place_in(facts: Iterable[Fact], notes: Mapping[str, Note]) -> str:
    """The place that the facts of one appointment tell last."""
    places = [notes[fact.id].texts for fact in facts if fact.kind in PLACED and fact.id in notes]
    return ", ".join(places[-1]) if places else ""
