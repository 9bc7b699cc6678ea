"""What was called to mind and still waits, for a person and for a dossier."""

from datetime import date, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from dossiers.models import Deadline, Dossier, Reminder
from dossiers.models.deadline import Audience, Counted
from dossiers.reminders.recipients import Recipients
from dossiers.reminders.steps import INFORM_ONLY, VIEW, steps_of
from tnw.accounts.models import Actor, Fund


def still_open(today: date) -> Q:
    """Deadlines that wait on a day: opened, not closed, not paused.

    One that is known to close before its last working day asks nothing of anybody.
    """
    closed_later = Q(closed_on__gt=F("act_by")) & Q(closed_on__gt=today)
    return _opened(today) & (Q(closed_on__isnull=True) | closed_later)


def _opened(today: date) -> Q:
    paused = Q(paused_from__lte=today) & (Q(paused_until__isnull=True) | Q(paused_until__gt=today))
    return Q(opens_on__lte=today) & ~paused


def for_home(actor: Actor, today: date, first: int = 50) -> QuerySet[Deadline]:
    """The open deadlines of which this person was reminded: the `first` to act on, in that order.

    Each has `step` and `reminded_on`: the latest step that was taken for the date on which it falls now.
    """
    deadlines = Deadline.objects.visible_to(actor)
    if actor.user is None:
        return deadlines.none()
    recipients = Recipients(actor.user.fund)
    taken = Reminder.objects.filter(deadline=OuterRef("pk"), falls_on=OuterRef("falls_on"), on__lte=today)
    # Asked for a value and not for its existence, so that PostgreSQL goes by urgency and stops after the first.
    told = {audience: Subquery(taken.filter(audience=audience).values("pk")[:1]) for audience in Audience}
    concerned = (
        deadlines.filter(_opened(today))
        .alias(owner_told=told[Audience.OWNER], lead_told=told[Audience.TEAM_LEAD])
        .filter(
            (recipients.as_owner(actor.user.pk) & Q(owner_told__isnull=False))
            | (recipients.as_lead(actor.user.pk) & Q(lead_told__isnull=False))
        )
        .order_by("act_by", "falls_on", "pk")
    )
    # Two questions, each with an index of its own: what nothing closes, and what is known to close later.
    open_ended = concerned.filter(closed_on__isnull=True, act_by__lte=today + _longest_lead(actor.user.fund))
    closing = concerned.filter(closed_on__gt=F("act_by")).filter(closed_on__gt=today)
    order = [
        *open_ended.values_list("act_by", "falls_on", "pk")[:first],
        *closing.values_list("act_by", "falls_on", "pk")[:first],
    ]
    latest = taken.order_by("-on", "-pk")[:1]
    return (
        deadlines.filter(pk__in=[pk for *_urgency, pk in sorted(order)[:first]])
        .annotate(step=Subquery(latest.values("step")), reminded_on=Subquery(latest.values("on")))
        .order_by("act_by", "falls_on", "pk")
    )


def _longest_lead(fund: Fund) -> timedelta:
    """How long before its date a deadline that nothing closes can be called to mind at the earliest."""
    leads = [
        VIEW.get(step.rule, 0) * (step.counted_from == Counted.SURFACES) - step.days
        for step in steps_of(fund)
        if step.rule not in INFORM_ONLY  # the day that it tells closes it
    ]
    return timedelta(days=max(leads, default=0))


def of_dossier(dossier: Dossier, today: date) -> QuerySet[Reminder]:
    """The steps taken for a dossier's deadlines, the latest first. Begin with a dossier that may be seen."""
    taken = Reminder.objects.filter(fund=dossier.fund_id, deadline__dossier=dossier.pk, on__lte=today)
    return taken.select_related("deadline").order_by("-on", "deadline__act_by", "-pk")
