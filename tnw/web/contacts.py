"""The contacts of a dossier as its page shows them: what is planned, and what was, with outcome and report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import formats
from django.utils.translation import gettext

from dossiers.law.facts import Fact, corrected, in_order
from dossiers.models import Dossier, LedgerEntry
from dossiers.notes import Note, notes_of
from dossiers.reading import facts_of
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.web import tidings, words
from tnw.web.cards.card import Doing
from trajects.fact_words import CODES
from trajects.heard import Untold, untold
from trajects.models import Appointment, CalendarMessage
from trajects.models.appointment import AppointmentState
from trajects.models.calendar import MessageState
from trajects.reading import PLACED, place_in

HELD = ("first_contact_held", "contact_held", "medical_contact_held")
TOLD = (*HELD, "appointment_cancelled", "absence_recorded", "absence_excused")
LETTERS = {
    AppointmentState.PLANNED: "invitation",
    AppointmentState.CANCELLED: "appointment_cancelled",
}
TONES = {
    AppointmentState.PLANNED: "open",
    AppointmentState.HELD: "met",
    AppointmentState.MISSED: "missed",
    AppointmentState.EXCUSED: "fallen_away",
    AppointmentState.CANCELLED: "fallen_away",
}


@dataclass(frozen=True, slots=True)
class Contact:
    """An appointment, or a contact that was held without one; `steps` are what can be done with it."""

    title: words.Word
    on: date
    at: datetime | None
    form: words.Word
    place: str
    tone: str
    state: words.Word
    by: str
    said: Sequence[str]
    erased: bool
    party: words.Word = ""
    steps: Sequence[Doing] = ()
    # The letter that can be written about it, and by which name of it.
    letter: str = ""
    subject: str = ""
    # What became of the last calendar message about it.
    mailed: str = ""
    # What the insured still knows of it that is not so any more; `waits` that this has not left the house yet.
    knows: words.Word = ""
    waits: bool = False


def contacts_of(
    actor: Actor, dossier: Dossier, ledger: Sequence[LedgerEntry], steps: Mapping[str, Sequence[Doing]]
) -> tuple[list[Contact], list[Contact]]:
    """What is planned, the earliest first; and what was, the latest first. `steps` are by appointment."""
    told = [entry for entry in ledger if entry.kind in (*TOLD, *PLACED) or entry.kind.startswith("fact_")]
    facts = in_order(corrected(facts_of(told)))
    notes = notes_of(actor, told)
    people = {entry.fact_id: entry.actor.label for entry in told}
    appointments = {one.subject: one for one in dossier.appointments.all()}
    mailed = _mailed(actor, dossier)
    otherwise = untold(actor, dossier, appointments.values())
    of_each: dict[str, list[Fact]] = {subject: [] for subject in appointments}
    alone = []
    for fact in facts:
        if fact.subject in of_each:
            of_each[fact.subject].append(fact)
        elif fact.kind in HELD:
            alone.append(fact)
    made = [
        replace(
            _appointment(one, of_each[subject], notes, people, steps.get(subject, ())),
            mailed=mailed.get(subject, ""),
            knows=tidings.of(otherwise[subject]) if subject in otherwise else "",
            waits=subject in otherwise and otherwise[subject].waits,
            letter=_letter(one, otherwise.get(subject)),
        )
        for subject, one in appointments.items()
    ]
    made += [_held(fact, notes, people) for fact in alone]
    planned = [one for one in made if one.at and one.tone == "open"]
    past = [one for one in made if one not in planned]
    return sorted(planned, key=lambda one: one.at or one.on), sorted(
        past, key=lambda one: one.on, reverse=True
    )


def _letter(one: Appointment, otherwise: Untold | None) -> str:
    """Which letter is written next: of what waits wrongly, none before it is let rest."""
    if otherwise:
        return "" if otherwise.waits else otherwise.letter
    return LETTERS.get(AppointmentState(one.state), "")


def _appointment(
    one: Appointment,
    facts: Sequence[Fact],
    notes: Mapping[str, Note],
    people: Mapping[str, str],
    steps: Sequence[Doing],
) -> Contact:
    texts = [notes[fact.id] for fact in facts if fact.kind in TOLD and fact.id in notes]
    moved = [notes[fact.id].reason for fact in facts if fact.kind in PLACED and fact.id in notes]
    last = facts[-1] if facts else None
    party = next((fact.get("party") for fact in facts if fact.kind in HELD and fact.get("party")), one.party)
    return Contact(
        title=one.get_purpose_display(),
        on=one.on,
        at=one.at,
        form=one.get_form_display(),
        place=place_in(facts, notes),
        tone=TONES[AppointmentState(one.state)],
        state=AppointmentState(one.state).label,
        by=people.get(last.id, "") if last else "",
        said=[*filter(None, moved), *(text for note in texts for text in note.texts)],
        erased=any(note.erased for note in texts),
        party=CODES["party"].get(party, ""),
        steps=steps,
        subject=one.subject,
    )


def _mailed(actor: Actor, dossier: Dossier) -> dict[str, str]:
    """By appointment, the last calendar message that went, waits, or could not go."""
    messages = CalendarMessage.objects.visible_to(actor).filter(dossier=dossier)
    told = {}
    for one in messages.exclude(state=MessageState.WITHDRAWN).order_by("sequence"):
        words_of = {"what": one.get_method_display(), "state": one.get_state_display()}
        if at := one.sent_at or one.failed_at:
            words_of["state"] += f", {formats.date_format(at.astimezone(clock.BRUSSELS), 'd/m/Y H:i')}"
        if one.refused_why:
            words_of["state"] += f". {one.refused_why}"
        told[one.subject] = gettext("Calendar message (%(what)s): %(state)s") % words_of
    return told


def _held(fact: Fact, notes: Mapping[str, Note], people: Mapping[str, str]) -> Contact:
    note = notes.get(fact.id, Note((), False))
    return Contact(
        title=words.kind(fact.kind),
        on=fact.on,
        at=None,
        form=CODES["form"].get(fact.get("form", ""), ""),
        place="",
        tone=TONES[AppointmentState.HELD],
        state=AppointmentState.HELD.label,
        by=people.get(fact.id, ""),
        said=note.texts,
        erased=note.erased,
        party=CODES["party"].get(fact.get("party", ""), ""),
    )
