"""What the insured heard last of an appointment, where it stands otherwise by now: the letter that tells so is missing."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from dossiers.models import Dispatch, DispatchState, Dossier, LedgerEntry
from dossiers.notes import notes_of
from dossiers.reading import facts_of
from tnw.accounts.models import Actor
from tnw.core import clock
from trajects.models import Appointment, CalendarMessage
from trajects.models.appointment import AppointmentState
from trajects.models.calendar import MessageState, Method
from trajects.reading import PLACED, place_in

INVITATION, MOVED, CANCELLED = "invitation", "appointment_moved", "appointment_cancelled"


class Heard(NamedTuple):
    """Something that told of an appointment: written or sent at a moment, and whether it has not left the house yet."""

    at: datetime
    called_off: bool
    waits: bool


class Untold(NamedTuple):
    """An appointment that stands otherwise than the insured knows; `waits` where what is wrong has not left yet."""

    appointment: Appointment
    letter: str
    waits: bool


def untold(actor: Actor, dossier: Dossier, appointments: Iterable[Appointment]) -> dict[str, Untold]:
    """By subject, those ahead that were moved or cancelled after the insured was told of them, and not told of since."""
    now = clock.now()
    known = (AppointmentState.PLANNED, AppointmentState.CANCELLED)
    ahead = {one.subject: one for one in appointments if one.at > now and one.state in known}
    if not ahead:
        return {}
    heard = _heard(actor, dossier, ahead)
    return {
        subject: Untold(ahead[subject], _letter(ahead[subject]), last.waits)
        for subject, last in heard.items()
        if _otherwise(actor, dossier, ahead[subject], last)
    }


def _letter(one: Appointment) -> str:
    return CANCELLED if one.state == AppointmentState.CANCELLED else MOVED


def _heard(actor: Actor, dossier: Dossier, subjects: Iterable[str]) -> dict[str, Heard]:
    """By subject what was told last."""
    found: dict[str, list[Heard]] = {}
    its = {"dossier": dossier}
    ways = Dispatch.objects.visible_to(actor).filter(
        **its,
        document__subject__in=subjects,
        document__kind__in=[INVITATION, MOVED, CANCELLED],
        state__in=[DispatchState.WAITING, DispatchState.SENT],
    )
    told = ways.values_list("document__subject", "document__made_at", "document__kind", "state")
    for subject, at, kind, state in told:
        one = Heard(at, kind == CANCELLED, state == DispatchState.WAITING)
        found.setdefault(subject, []).append(one)
    messages = CalendarMessage.objects.visible_to(actor).filter(
        **its, subject__in=subjects, state__in=[MessageState.WAITING, MessageState.SENT]
    )
    # What waits tells how things stand when it goes.
    for subject, sent, method in messages.values_list("subject", "sent_at", "method"):
        found.setdefault(subject, []).append(Heard(sent or clock.now(), method == Method.CANCEL, False))
    return {subject: max(its, key=lambda one: one.at) for subject, its in found.items()}


def _otherwise(actor: Actor, dossier: Dossier, one: Appointment, last: Heard) -> bool:
    if one.state == AppointmentState.CANCELLED:
        return not last.called_off
    if last.called_off:
        return True
    entries = LedgerEntry.objects.visible_to(actor).filter(dossier=dossier, subject=one.subject)
    placed = list(entries.filter(kind__in=PLACED).order_by("seq"))
    before = [entry for entry in placed if entry.at <= last.at]
    if not before or before[-1] == placed[-1]:
        return False
    (then,) = facts_of(before[-1:])
    if (then.values["at"], then.get("form")) != (one.at, one.form):
        return True
    notes = notes_of(actor, placed)
    return place_in(facts_of(before), notes) != place_in(facts_of(placed), notes)
