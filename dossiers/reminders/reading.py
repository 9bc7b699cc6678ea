"""What was called to mind and still waits, for a person and for a dossier."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from dossiers.models import Deadline, Dossier, Reminder
from dossiers.models.deadline import Audience
from tnw.accounts.models import Actor


def still_open(today: date) -> Q:
    """Deadlines that wait on a day: opened, not closed, not paused.

    One that is known to close before its last working day asks nothing of anybody.
    """
    nothing_closes, closes_later = waiting(today)
    return nothing_closes | closes_later


def waiting(today: date) -> tuple[Q, Q]:
    """The same in two: what nothing closes, and what is known to close later. Each has an index of its own.

    Asked together with `or` the second is looked for among all of the first.
    """
    closes_later = Q(closed_on__gt=F("act_by")) & Q(closed_on__gt=today)
    return _opened(today) & Q(closed_on__isnull=True), _opened(today) & closes_later


def _opened(today: date) -> Q:
    paused = Q(paused_from__lte=today) & (Q(paused_until__isnull=True) | Q(paused_until__gt=today))
    return Q(opens_on__lte=today) & ~paused


class Mark(NamedTuple):
    """That a waiting deadline was called to mind: on which day last, and whether the team lead was told."""

    on: date
    escalated: bool


def marks(actor: Actor, deadlines: Iterable[Deadline], today: date) -> dict[int, Mark]:
    """For these deadlines the steps that were taken for the date on which each falls now, by their key."""
    falls = {deadline.pk: deadline.falls_on for deadline in deadlines}
    taken = Reminder.objects.visible_to(actor).filter(deadline__in=list(falls), on__lte=today)
    found: dict[int, Mark] = {}
    for pk, falls_on, on, audience in taken.order_by("on").values_list(
        "deadline", "falls_on", "on", "audience"
    ):
        if falls[pk] == falls_on:
            before = found.get(pk)
            found[pk] = Mark(on, audience == Audience.TEAM_LEAD or (before is not None and before.escalated))
    return found


def of_dossier(dossier: Dossier, today: date) -> QuerySet[Reminder]:
    """The steps taken for a dossier's deadlines, the latest first. Begin with a dossier that may be seen."""
    taken = Reminder.objects.filter(fund=dossier.fund_id, deadline__dossier=dossier.pk, on__lte=today)
    return taken.select_related("deadline").order_by("-on", "deadline__act_by", "-pk")
