"""Whom to meet today, and of which appointments of the past nobody said what came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import TruncDate

from dossiers.models import Dossier
from tnw.accounts.models import Actor, User
from tnw.core import clock
from tnw.web.worklist.scope import NONE, Part
from trajects.models import Appointment
from trajects.models.appointment import AppointmentState

SHOWN = 20
COUNTED = 100


@dataclass(frozen=True, slots=True)
class Meeting:
    """An appointment, and the colleague for whom it is in somebody's list."""

    appointment: Appointment
    colleague: User | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """Those of today by their hour; those of the past without an outcome, the oldest first; and how many there are."""

    today: Sequence[Meeting] = ()
    past: Sequence[Meeting] = ()
    number_today: str = ""
    number: str = ""


def agenda(actor: Actor, parts: Sequence[Part], today: date, condition: Q | None = None) -> Agenda:
    """What these people have to hold today, and what they and who is led by them did not tell the outcome of.

    `condition` is on dossiers. Two questions: which ones, from the index of what is planned; then those shown.
    """
    begins = clock.midnight(today)
    found: dict[int, tuple[datetime, User | None]] = {}
    pieces = list(_pieces(actor, parts, today, condition))
    if not pieces:
        return Agenda()
    # One piece alone is sliced already: it takes no other order.
    rows = pieces[0].union(*pieces[1:], all=True) if pieces[1:] else pieces[0]
    for at, pk, number in sorted(rows):
        found.setdefault(pk, (at, parts[number].colleague))
    of_today = [pk for pk, (at, _colleague) in found.items() if at >= begins]
    past = [pk for pk, (at, _colleague) in found.items() if at < begins]
    shown = [*of_today[:SHOWN], *past[:SHOWN]]
    if not shown:
        return Agenda()
    people = Appointment.objects.visible_to(actor).select_related("dossier__incapacity__person")
    told = {one.pk: Meeting(one, found[one.pk][1]) for one in people.filter(pk__in=shown)}
    return Agenda(
        [told[pk] for pk in of_today[:SHOWN] if pk in told],
        [told[pk] for pk in past[:SHOWN] if pk in told],
        _number(len(of_today), SHOWN),
        _number(len(past), COUNTED),
    )


def _number(found: int, most: int) -> str:
    """So many, or more than were counted."""
    return f"{most}+" if found > most else str(found or "")


def _pieces(
    actor: Actor, parts: Sequence[Part], today: date, condition: Q | None
) -> Iterator[QuerySet[Appointment, tuple[datetime, int, int]]]:
    begins = clock.midnight(today)
    day = TruncDate("at", tzinfo=clock.BRUSSELS)
    # What would have been after the end of the incapacity has no outcome any more.
    recognized = Q(dossier__incapacity__end=None) | Q(dossier__incapacity__end__gte=day)
    planned = Appointment.objects.visible_to(actor).filter(
        recognized, state=AppointmentState.PLANNED, dossier__incapacity__excluded=""
    )
    if condition:
        planned = planned.filter(dossier__in=Dossier.objects.visible_to(actor).filter(condition))
    for number, part in enumerate(parts):
        asked = (
            (part.contacts, Q(at__gte=begins, at__lt=clock.midnight(today + timedelta(days=1))), SHOWN),
            (part.contacts | part.led, Q(at__lt=begins), COUNTED),
        )
        for theirs, when, most in asked:
            if theirs not in (NONE, NONE | NONE):
                yield (
                    planned.filter(theirs, when)
                    .annotate(part=Value(number))
                    .order_by("at", "pk")
                    .values_list("at", "pk", "part")[: most + 1]
                )
