"""How much is open in the dossiers of each coordinator: running ones, and deadlines overdue and due this week."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, Func, IntegerField, OuterRef, Q, QuerySet

from dossiers.models import Deadline, Dossier
from dossiers.reminders import waiting
from tnw.accounts.models import Actor, Role, Team, User
from tnw.web.worklist.reading import in_bucket, in_view
from tnw.web.worklist.scope import Part

COUNTED = 150  # of each, for each coordinator: beyond it the page says only that there are more
COLUMNS = ("overdue", "soon")


class Number(NamedTuple):
    """So many, or more than were counted."""

    value: int
    more: bool


class Load(NamedTuple):
    """One coordinator's work."""

    coordinator: User
    dossiers: Number
    overdue: Number
    week: Number


def people_of(lead: User) -> QuerySet[User]:
    """Whom somebody leads: the members of their teams, or everybody of the fund for who leads none in particular."""
    led = Team.objects.filter(fund=lead.fund_id, lead=lead)
    return User.objects.filter(Q(team__in=led) | ~Exists(led), fund=lead.fund_id)


def loads(actor: Actor, people: QuerySet[User], parts: Sequence[Part], today: date) -> list[Load]:
    """The coordinators among these people, most overdue first; who left stays as long as dossiers are left behind.

    Counted is what the worklist of whoever looks holds of each: these `parts`, whoever has to act.
    """
    within = reduce(or_, (part.deadlines for part in parts))
    deadlines = Deadline.objects.visible_to(actor).filter(within, in_view(today))
    nothing_closes, closes_later = waiting(today)
    due = deadlines.filter(nothing_closes, for_coordinator=OuterRef("pk"))
    dossiers = Dossier.objects.visible_to(actor).running(today).filter(coordinator=OuterRef("pk"))
    found = people.annotate(
        dossier_number=_number(dossiers),
        **{name: _number(due.filter(in_bucket(name, today))) for name in COLUMNS},
    ).filter(Q(is_active=True, roles__contains=[Role.COORDINATOR]) | Q(dossier_number__gt=0))
    # Those few have no index by coordinator: they are counted for all at once.
    few = deadlines.filter(closes_later, for_coordinator__isnull=False).values("for_coordinator")
    closing: dict[int | None, dict[str, Any]] = {
        one["for_coordinator"]: dict(one)
        for one in few.annotate(**{name: Count("pk", filter=in_bucket(name, today)) for name in COLUMNS})
    }
    made = [
        Load(
            user,
            *(
                _told(getattr(user, name) + closing.get(user.pk, {}).get(name, 0))
                for name in ("dossier_number", *COLUMNS)
            ),
        )
        for user in found.select_related("team").order_by("name")
    ]
    return sorted(made, key=lambda one: one.overdue, reverse=True)


def _number(rows: QuerySet[Any]) -> Func:
    """The number of rows, counted no further than needed."""
    return Func(
        ArraySubquery(rows.values("pk")[: COUNTED + 1]), function="cardinality", output_field=IntegerField()
    )


def _told(number: int) -> Number:
    return Number(min(number, COUNTED), number > COUNTED)
