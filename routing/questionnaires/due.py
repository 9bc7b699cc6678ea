"""Which dossiers a questionnaire is due for (T1), as queries: whatever day they are asked on, what is missing is found."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from dossiers.models import Deadline
from dossiers.reminders.reading import still_open
from routing.models import Questionnaire
from routing.models.questionnaire import WAITING
from tnw.accounts.models import Fund

RULE = "T1"
# So many days before the last working day it is made ready: the post takes some of them.
AHEAD = timedelta(days=5)


def due(fund: Fund, today: date) -> QuerySet[Deadline]:
    """The deadlines of T1 for which it is time, and which nothing has met or closed."""
    return Deadline.objects.filter(still_open(today), fund=fund, rule=RULE, act_by__lte=today + AHEAD)


def still_wanted(today: date) -> Q:
    """Questionnaires that still have a reason to go: somebody asked for it, or T1 is not met or closed."""
    open_t1 = Deadline.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=today),
        fund=OuterRef("fund"),
        dossier=OuterRef("dossier"),
        rule=RULE,
    )
    incapacity = "dossier__incapacity"
    running = Q(**{f"{incapacity}__excluded": ""}) & (
        Q(**{f"{incapacity}__end__isnull": True}) | Q(**{f"{incapacity}__end__gte": today})
    )
    return running & Q(Q(automatic=False) | Q(Exists(open_t1)))


def waiting(fund: Fund) -> QuerySet[Questionnaire]:
    return Questionnaire.objects.filter(fund=fund, state__in=WAITING)
