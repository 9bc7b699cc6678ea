"""What is read of appointments and absences: which are planned and where they are held, what was told of a reduction."""

import re
from collections.abc import Iterable, Mapping

from dossiers.law.facts import Fact, corrected, in_order
from dossiers.models import Dossier, LedgerEntry
from dossiers.notes import Note, notes_of
from dossiers.reading import facts_of
from tnw.accounts.models import Actor
from trajects.models import Appointment
from trajects.models.appointment import AppointmentState

PLACED = ("appointment_made", "appointment_moved")
_NUMBER = re.compile(r"\+?(?:[\s./()-]*\d){3,}[\s./()-]*")


def number_to_call(place: str) -> str:
    """The place of a contact by phone is the number that is called; empty where it is anything else."""
    return place if _NUMBER.fullmatch(place.strip()) else ""


def place_of(actor: Actor, dossier: Dossier, subject: str) -> str:
    """Where an appointment takes place, as it was last told, for whom that is to see."""
    entries = LedgerEntry.objects.visible_to(actor).filter(dossier=dossier, subject=subject, kind__in=PLACED)
    told = list(entries.order_by("seq"))
    return place_in(facts_of(told), notes_of(actor, told))


def place_in(facts: Iterable[Fact], notes: Mapping[str, Note]) -> str:
    """The place that the facts of one appointment tell last."""
    told = [notes[fact.id] for fact in facts if fact.kind in PLACED and fact.id in notes]
    # What was taken over from elsewhere is a text without parts.
    places = [", ".join(one.texts) if one.place is None else one.place for one in told if not _only_why(one)]
    return places[-1] if places else ""


def _only_why(note: Note) -> bool:
    """Whether it tells why an appointment moved, and of the place nothing."""
    return bool(note.reason) and note.place is None


def planned(dossier: Dossier, *purposes: str) -> list[Appointment]:
    """The planned appointments for these purposes, or for any where none is named, the earliest first."""
    found = (
        one
        for one in dossier.appointments.all()
        if one.state == AppointmentState.PLANNED and (not purposes or one.purpose in purposes)
    )
    return sorted(found, key=lambda one: one.at)


def last_appointment(dossier: Dossier, purpose: str) -> Appointment | None:
    """The latest appointment of a purpose that was held; where none was, the latest that was not cancelled."""
    its = [one for one in dossier.appointments.all() if one.purpose == purpose]
    held = [one for one in its if one.state == AppointmentState.HELD]
    rest = [one for one in its if one.state != AppointmentState.CANCELLED]
    return max(held or rest, key=lambda one: one.at, default=None)


def letters_of(actor: Actor, dossier: Dossier, subject: str) -> list[str]:
    """The steps that the registered letters of one subject told of, the first first (X3)."""
    kinds = ("registered_letter_sent", "fact_corrected", "fact_voided")
    entries = LedgerEntry.objects.visible_to(actor).filter(dossier=dossier, kind__in=kinds)
    told = in_order(corrected(facts_of(entries)))
    return [one.values["step"] for one in told if one.subject in ("", subject)]


def proposer_of(actor: Actor, dossier: Dossier, subject: str) -> int | None:
    """The actor who proposed the reduction that now waits; None where nobody did (X3)."""
    entries = LedgerEntry.objects.visible_to(actor).filter(dossier=dossier)
    voided = set(entries.filter(kind="fact_voided").values_list("values__fact", flat=True))
    proposed = entries.filter(kind="reduction_proposed", subject__in=("", subject)).order_by("-seq")
    told = proposed.values_list("fact_id", "actor_id")
    return next((actor_id for fact_id, actor_id in told if fact_id not in voided), None)
