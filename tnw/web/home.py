"""What is due, for whom: the counts, the most urgent deadlines and the reminders of the home page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers.models import Deadline
from dossiers.reminders import Recipients, still_open
from tnw.accounts.models import Actor, Role
from tnw.accounts.policies import may_see_dossiers
from tnw.web import words

BUCKETS = ("overdue", "today", "week", "later")
SHOWN = 20
COUNTED = 1000


class Count(NamedTuple):
    """How many deadlines wait in one bucket; beyond `COUNTED` it says only that there are more."""

    bucket: str
    number: int
    more: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that waits, as a line of the home page."""

    deadline: Deadline
    bucket: str

    @property
    def title(self) -> str:
        return words.rule_title(self.deadline.rule, self.deadline.occurrence)

    @property
    def whose(self) -> str:
        return words.whose(self.deadline.rule)


def end_of_week(today: date) -> date:
    """The Sunday of this week."""
    return today + timedelta(days=6 - today.weekday())


def open_on(today: date) -> Q:
    """Deadlines that wait on a day and have come into view."""
    return still_open(today) & (Q(surfaces_on__isnull=True) | Q(surfaces_on__lte=today))


def in_bucket(bucket: str, today: date) -> Q:
    """Overdue by the legal date (D3); the others by the last working day to act."""
    sunday = end_of_week(today)
    return {
        "overdue": Q(falls_on__lt=today, act_by__lt=today),
        "today": Q(act_by__lte=today, falls_on__gte=today),
        "week": Q(act_by__gt=today, act_by__lte=sunday),
        "later": Q(act_by__gt=sunday),
    }[bucket]


def bucket_of(deadline: Deadline, today: date) -> str:
    """The bucket in which a waiting deadline stands."""
    if deadline.falls_on < today:
        return "overdue"
    if deadline.act_by <= today:
        return "today"
    return "week" if deadline.act_by <= end_of_week(today) else "later"


def scope_of(actor: Actor) -> tuple[Q, str | Promise] | None:
    """Which deadlines are this person's to look after, and how that is called; None for who has none."""
    user = actor.user
    if user is None or not may_see_dossiers(actor):
        return None
    if user.has_role(Role.TEAM_LEAD):
        return Recipients(user.fund).as_lead(user.pk), _("The dossiers of your team")
    mine = Q(dossier__coordinator_id=user.pk)
    if user.has_role(Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM):
        doctors = Recipients(user.fund).as_medical(user)
        if user.has_role(Role.COORDINATOR):
            return mine | doctors, _("Your dossiers, and what waits for an advisory doctor")
        return doctors, _("What waits for an advisory doctor")
    return mine, _("Your dossiers")


def waiting(actor: Actor, today: date) -> tuple[QuerySet[Deadline], QuerySet[Deadline]]:
    """The deadlines that wait for this person: what nothing closes, and what is known to close later.

    Two questions, because each has an index of its own.
    """
    scope = scope_of(actor)
    deadlines = Deadline.objects.visible_to(actor)
    deadlines = deadlines.filter(scope[0] & open_on(today)) if scope else deadlines.none()
    return deadlines.filter(closed_on__isnull=True), deadlines.filter(closed_on__gt=today)


def counts(actor: Actor, today: date) -> Iterator[Count]:
    """The four numbers at the top."""
    both = waiting(actor, today)
    for bucket in BUCKETS:
        within = in_bucket(bucket, today)
        first, rest = (deadlines.filter(within).values("pk")[: COUNTED + 1] for deadlines in both)
        number = first.union(rest, all=True).count()
        yield Count(bucket, min(number, COUNTED), number > COUNTED)


def most_urgent(actor: Actor, today: date) -> list[Due]:
    """The first to look at, by the last working day."""
    order = [
        urgency
        for deadlines in waiting(actor, today)
        for urgency in deadlines.order_by("act_by", "falls_on", "pk").values_list("act_by", "falls_on", "pk")[
            :SHOWN
        ]
    ]
    found = (
        Deadline.objects.visible_to(actor)
        .filter(pk__in=[pk for *_urgency, pk in sorted(order)[:SHOWN]])
        .select_related("dossier__incapacity__person", "dossier__coordinator")
        .order_by("act_by", "falls_on", "pk")
    )
    return [Due(deadline, bucket_of(deadline, today)) for deadline in found]
