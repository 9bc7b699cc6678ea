"""Nothing falls silent (N1): dossiers under way with nothing due and nobody to meet, from the day after on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import DateField, DateTimeField, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value

from dossiers.law.rules import INCAPACITY, RULES
from dossiers.models import Deadline, Dossier
from dossiers.reminders import OF_DOCTORS
from routing.models import RouteA, RouteAState, RouteB, RouteC, RouteCState
from routing.models.route_b import BEFORE_CONTACT, OPEN
from tnw.accounts.models import Actor, User
from tnw.core import clock
from tnw.web.worklist.scope import FOLLOWED_UP, Part
from trajects.models import Appointment, Traject
from trajects.models.appointment import AppointmentState
from trajects.models.traject import TrajectState

# An appointment of the past was waited for, whether or not somebody said what came of it.
MET = (AppointmentState.PLANNED, AppointmentState.HELD, AppointmentState.MISSED)
ONE_DAY = timedelta(days=1)
# What keeps nobody under way company: the doctor's dates of the incapacity itself and what the insured was asked before,
# open for months whatever happens in the route, and what only informs.
BESIDE = sorted(
    rule.id
    for rule in RULES
    if rule.informs_only or (rule.scope == INCAPACITY and rule.id in {*OF_DOCTORS, *FOLLOWED_UP})
)
# While a traject runs, what follows from an assessment leads nowhere (R1), and keeps it no company either.
BESIDE_A_TRAJECT = sorted(
    {*BESIDE, *(rule.id for rule in RULES if rule.opens.kind == "assessment_made" and rule.opens.having)}
)
# With the occupational physician it is somebody else's turn, and nothing of it has a date: that is looked after too.
B_UNDER_WAY = [state for state in OPEN if state not in BEFORE_CONTACT]
SHOWN = 20
COUNTED = 100


@dataclass(frozen=True, slots=True)
class Silence:
    """A dossier that fell silent, since when, and for which colleague it is in somebody's list."""

    dossier: Dossier
    since: date | None
    colleague: User | None


def count(actor: Actor, parts: Sequence[Part], today: date, condition: Q | None = None) -> int:
    """How many, and not beyond `COUNTED` + 1."""
    pieces = [found.values("pk")[: COUNTED + 1] for _number, found in _pieces(actor, parts, today, condition)]
    return min(COUNTED + 1, pieces[0].union(*pieces[1:]).count()) if pieces else 0


def first(
    actor: Actor,
    parts: Sequence[Part],
    today: date,
    condition: Q | None = None,
    *,
    after: int = 0,
    size: int = SHOWN,
) -> tuple[list[Silence], int]:
    """The longest silent first of `COUNTED` dossiers after a key; and the key where they go on, 0 where they end.

    Since when is computed, and stands in no index: beyond that many the order is that within each stretch. `size` is how
    many of them are wanted.
    """
    pieces = [
        found.filter(pk__gt=after)
        .annotate(part=Value(number))
        .order_by("pk")
        .values_list("pk", "part")[: COUNTED + 1]
        for number, found in _pieces(actor, parts, today, condition)
    ]
    if not pieces:
        return [], 0
    whose: dict[int, User | None] = {}
    for pk, number in pieces[0].union(*pieces[1:], all=True).order_by("pk", "part"):
        whose.setdefault(pk, parts[number].colleague)
    keys = sorted(whose)
    dossiers = _dated(actor, keys[:COUNTED], today) if keys else []
    lines = [Silence(dossier, _since(dossier), whose[dossier.pk]) for dossier in dossiers]
    lines.sort(key=lambda one: (one.since or date.min, one.dossier.pk))
    further = keys[COUNTED - 1] if len(keys) > COUNTED else 0
    return lines[:size], further or (keys[-1] if len(lines) > size else 0)


def _pieces(
    actor: Actor, parts: Sequence[Part], today: date, condition: Q | None
) -> Iterator[tuple[int, QuerySet[Dossier]]]:
    """For each part some questions, since each has an index of its own: by a route once it is under way, by a traject."""
    still = _still(actor, today, BESIDE).filter(condition or Q())
    in_traject = _still(actor, today, BESIDE_A_TRAJECT).filter(condition or Q(), _in_a_traject(actor, today))
    for number, part in enumerate(parts):
        if part.has_dossiers:
            for route in _routes(actor):
                yield number, still.filter(part.dossiers, Q(pk__in=route.values("dossier")))
            yield number, in_traject.filter(part.dossiers)


def _routes(actor: Actor) -> Iterator[QuerySet[Any]]:
    """The routes that are under way: A and B from the first contact on, C once the invalidity is confirmed."""
    yield RouteA.objects.visible_to(actor).filter(state=RouteAState.CONTACTED)
    yield RouteB.objects.visible_to(actor).filter(state__in=B_UNDER_WAY)
    yield RouteC.objects.visible_to(actor).filter(state=RouteCState.CONFIRMED)


def _in_a_traject(actor: Actor, today: date) -> Q:
    trajects = Traject.objects.visible_to(actor).filter(state=TrajectState.RUNNING, started_on__lt=today)
    return Q(pk__in=trajects.values("dossier"))


def _still(actor: Actor, today: date, beside: list[str]) -> QuerySet[Dossier]:
    """The running dossiers where nothing but these is open and nobody is to be met, yesterday nor today."""
    paused = Q(paused_from__lte=today) & (Q(paused_until__isnull=True) | Q(paused_until__gt=today))
    # What closes today was open yesterday: the silence begins today, and is told tomorrow.
    due = (
        Deadline.objects.visible_to(actor)
        .filter(dossier=OuterRef("pk"), opens_on__lte=today)
        .filter(Q(closed_on__isnull=True) | Q(closed_on__gte=today))
        .exclude(paused)
        .exclude(rule__in=beside)
    )
    meeting = Appointment.objects.visible_to(actor).filter(
        Q(state=AppointmentState.PLANNED)
        | Q(state=AppointmentState.HELD, at__lt=clock.midnight(today + ONE_DAY)),
        dossier=OuterRef("pk"),
        at__gte=clock.midnight(today),
    )
    return Dossier.objects.visible_to(actor).running(today).filter(~Exists(due), ~Exists(meeting))


def _dated(actor: Actor, keys: Iterable[int], today: date) -> list[Dossier]:
    """With the days on which something last ended there."""
    own = OuterRef("pk")
    last_due = (
        Deadline.objects.visible_to(actor)
        .filter(dossier=own, closed_on__lte=today)
        .values("dossier")
        .annotate(last=Max("closed_on"))
    )
    paused = (
        Deadline.objects.visible_to(actor)
        .filter(Q(closed_on__isnull=True) | Q(closed_on__gt=today), dossier=own, paused_from__lte=today)
        .values("dossier")
        .annotate(last=Max("paused_from"))
    )
    last_met = (
        Appointment.objects.visible_to(actor)
        .filter(dossier=own, state__in=MET, at__lt=clock.midnight(today))
        .values("dossier")
        .annotate(last=Max("at"))
    )
    running = Traject.objects.visible_to(actor).filter(dossier=own, state=TrajectState.RUNNING)
    return list(
        Dossier.objects.visible_to(actor)
        .filter(pk__in=list(keys))
        .select_related("incapacity__person", "coordinator")
        .annotate(
            last_due=Subquery(last_due.values("last"), output_field=DateField()),
            paused_on=Subquery(paused.values("last"), output_field=DateField()),
            last_met=Subquery(last_met.values("last"), output_field=DateTimeField()),
            started=Subquery(running.values("started_on")[:1], output_field=DateField()),
        )
        .order_by("pk")
    )


def _since(dossier: Dossier) -> date | None:
    """The day after the last deadline closed, the last appointment was or the traject started; or they stood still."""
    met: datetime | None = getattr(dossier, "last_met", None)
    ends = [
        getattr(dossier, "last_due", None),
        met.astimezone(clock.BRUSSELS).date() if met else None,
        getattr(dossier, "started", None),
    ]
    days = [day + ONE_DAY for day in ends if day]
    if paused_on := getattr(dossier, "paused_on", None):
        days.append(paused_on)
    return max(days, default=None)
