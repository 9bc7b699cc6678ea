"""What stands in an agenda between two days: appointments, and the moments that a job proposed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers.law.calendar import ONE_DAY
from tnw.accounts.models import MEDICAL, Actor, Role
from tnw.core import clock
from tnw.web.agenda.period import Period
from tnw.web.agenda.whose import Diary
from trajects.calendar.lasting import lasts
from trajects.models import Appointment, Proposal
from trajects.models.appointment import AppointmentState, Form, Purpose
from trajects.proposals import standing

MOST = 500  # on one page
SHOWN = (
    AppointmentState.PLANNED,
    AppointmentState.HELD,
    AppointmentState.MISSED,
    AppointmentState.EXCUSED,
)
TONES = {
    "held": "met",
    "missed": "missed",
    "excused": "fallen_away",
    "planned": "open",
    "proposed": "not_open",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something at a moment. `state` is that of the appointment, or `proposed`; `untold` that nobody said how it went."""

    at: datetime
    ends: datetime
    name: str
    title: str
    form: str
    state: str
    dossier: UUID
    subject: str = ""
    phone: str = ""
    word: str | Promise = ""
    untold: bool = False
    movable: bool = False
    clash: bool = False

    @property
    def on(self) -> date:
        return self.at.date()

    @property
    def tone(self) -> str:
        """The state as the pages colour and draw it."""
        return "overdue" if self.clash or self.untold else TONES[self.state]

    @property
    def holds(self) -> bool:
        """Whether this moment is taken."""
        return self.state != "proposed"


@dataclass(frozen=True, slots=True)
class Found:
    """The entries in order, and whether there are more than a page shows."""

    entries: Sequence[Entry]
    more: bool


def read(actor: Actor, diary: Diary, period: Period) -> Found:
    """Two questions: what is in the agenda, and what was proposed."""
    within = {"at__gte": clock.midnight(period.first), "at__lt": clock.midnight(period.last + ONE_DAY)}
    told = Appointment.objects.visible_to(actor).filter(diary.contacts, state__in=SHOWN, **within)
    rows = list(told.select_related("dossier__incapacity__person").order_by("at", "pk")[: MOST + 1])
    entries = [_entry(one, actor) for one in rows[:MOST]]
    entries = _clashing(entries)
    if diary.of_coordinator and diary.own:
        entries += _proposed(actor, diary, within)
    return Found(sorted(entries, key=lambda one: (one.at, one.holds, one.name)), len(rows) > MOST)


def _entry(one: Appointment, actor: Actor) -> Entry:
    person = one.dossier.incapacity.person
    planned, past = one.state == AppointmentState.PLANNED, one.at <= clock.now()
    recognized = not one.dossier.incapacity.ended(clock.today())
    return Entry(
        at=one.at.astimezone(clock.BRUSSELS),
        ends=one.at.astimezone(clock.BRUSSELS) + lasts(one.purpose, one.form),
        name=f"{person.last_name} {person.first_name}",
        title=one.get_purpose_display(),
        form=one.get_form_display(),
        state=one.state,
        dossier=one.dossier.public_id,
        subject=one.subject,
        phone=person.phone if one.form == Form.PHONE else "",
        word=_("outcome not recorded") if planned and past else AppointmentState(one.state).label,
        untold=planned and past and recognized,
        movable=planned and recognized and _moves(actor, one.purpose),
    )


def _moves(actor: Actor, purpose: str) -> bool:
    """By role; what the dossier says of it, its own form tells."""
    roles = MEDICAL if purpose == Purpose.MEDICAL_EXAMINATION else (Role.COORDINATOR,)
    return bool(actor.user and actor.user.has_role(*roles))


def _clashing(entries: Sequence[Entry]) -> list[Entry]:
    """The same, with those marked that are planned at the same time as another."""
    marked: set[int] = set()
    open_now: list[int] = []
    for number, one in enumerate(entries):
        if one.state != AppointmentState.PLANNED:
            continue
        open_now = [other for other in open_now if entries[other].ends > one.at]
        if open_now:
            marked.update(open_now, [number])
        open_now.append(number)
    return [replace(one, clash=True) if number in marked else one for number, one in enumerate(entries)]


def _proposed(actor: Actor, diary: Diary, within: dict[str, datetime]) -> list[Entry]:
    """What a job found a moment for and nobody planned yet (T7, T8, T12)."""
    theirs = Proposal.objects.visible_to(actor).filter(dossier__coordinator=diary.user.pk, **within)
    mine = standing(theirs, clock.today())
    people = mine.select_related("dossier__incapacity__person").order_by("at", "pk")
    found = []
    for one in people[:MOST]:
        person = one.dossier.incapacity.person
        at = one.at.astimezone(clock.BRUSSELS)
        found.append(
            Entry(
                at=at,
                ends=at + lasts(one.purpose, one.form),
                name=f"{person.last_name} {person.first_name}",
                title=one.get_purpose_display(),
                form=one.get_form_display(),
                state="proposed",
                dossier=one.dossier.public_id,
                subject=one.purpose,
                word=_("proposed"),
            )
        )
    return found
