"""How much each coordinator has to do: running dossiers, and deadlines overdue and due this week."""

from datetime import date
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, IntegerField, OuterRef, Q, QuerySet

from dossiers.models import Deadline, Dossier
from dossiers.reminders import waiting
from tnw.accounts.models import Actor, Role, Team, User
from tnw.web.worklist.reading import in_bucket, in_view

COUNTED = 300  # of each, for each coordinator: beyond it the page says only that there are more


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
    teams = list(Team.objects.filter(fund=lead.fund_id, lead=lead).values_list("pk", flat=True))
    everybody = User.objects.filter(fund=lead.fund_id)
    return everybody.filter(team__in=teams) if teams else everybody


def loads(actor: Actor, people: QuerySet[User], today: date) -> list[Load]:
    """The coordinators among these people, most overdue first; who left stays as long as dossiers are left behind."""
    deadlines = Deadline.objects.visible_to(actor).filter(for_coordinator=OuterRef("pk"))
    open_ended, _closing = waiting(today)
    due = deadlines.filter(open_ended, in_view(today))
    dossiers = Dossier.objects.visible_to(actor).running(today).filter(coordinator=OuterRef("pk"))
    found = people.annotate(
        dossier_number=_number(dossiers),
        overdue_number=_number(due.filter(in_bucket("overdue", today))),
        week_number=_number(due.filter(in_bucket("soon", today))),
    ).filter(Q(is_active=True, roles__contains=[Role.COORDINATOR]) | Q(dossier_number__gt=0))
    return [
        Load(
            user,
            *(_told(getattr(user, name)) for name in ("dossier_number", "overdue_number", "week_number")),
        )
        for user in found.select_related("team").order_by(F("overdue_number").desc(), "name")
    ]


def _number(rows: QuerySet[Any]) -> Func:
    """The number of rows, counted no further than needed."""
    return Func(
        ArraySubquery(rows.values("pk")[: COUNTED + 1]), function="cardinality", output_field=IntegerField()
    )


def _told(number: int) -> Number:
    return Number(min(number, COUNTED), number > COUNTED)
