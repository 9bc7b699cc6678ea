"""The daily mail: one for each user and working day, with numbers and links only, never one mail for each item.

What is new is told by the key of the reminder, not by its day: what was taken in late is in the next mail all the same.
A mail is sent first and marked after, in one transaction: where the process dies between the two, that one mail comes
a second time. The other order would lose it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from smtplib import SMTPRecipientsRefused
from typing import NamedTuple
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import Case, F, Max, When, Window
from django.db.models.functions import RowNumber
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

from dossiers.law.calendar import is_working_day
from dossiers.models import Deadline
from dossiers.reminders.reading import still_open
from dossiers.reminders.recipients import OF_DOCTORS, Matter, Recipients
from dossiers.reminders.sweeping import CHUNKS_AT_WORK
from tnw.accounts.models import DigestSent, Fund, User
from tnw.core import mailing

log = structlog.get_logger(__name__)

SHOWN = 50
# Whoever got no digest for so long begins where the fund's last one ended.
LOOKS_BACK = timedelta(days=31)
REFUSED = "refused"


class Sent(NamedTuple):
    """What a digest run did."""

    mails: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One deadline in a mail: until when, where it is to be found, and for whom, where it is a colleague's."""

    act_by: date
    falls_on: date
    deadline: int
    dossier: UUID
    late: bool
    stands_for: str = ""

    @property
    def url(self) -> str:
        return settings.BASE_URL + reverse("dossier", args=[self.dossier])


class Mail(NamedTuple):
    """What one user is told, and the mark that they were."""

    mark: DigestSent
    lines: list[Line]


def send_digests(fund: Fund, today: date) -> Sent:
    """Send each user of the fund what is new since their last digest and still waits. Quiet on free days.

    A user to whom nothing could be sent is tried again by the next run; nobody else waits for that.
    """
    if not is_working_day(today):
        return Sent()
    became = list(mailing.in_turn(_to_mail(fund, today), _send, fund=fund.number))
    return Sent(became.count(True), became.count(False) + became.count(REFUSED))


def _to_mail(fund: Fund, today: date) -> Iterator[Mail]:
    """What is new, for each user to whom it is sent; for whom there is nothing, that is marked."""
    through = _through(fund)
    recipients = Recipients(fund, today)
    waiting = _since(recipients, today)
    for since in sorted(set(waiting.values())):
        lines = _lines(fund, recipients, today, since, through)
        mails: list[Mail] = []
        nothing: list[DigestSent] = []
        for user in (recipients.users[pk] for pk, start in waiting.items() if start == since):
            due = lines.get(user.pk)
            mark = DigestSent(user=user, day=today, through=through, lines=len(due or ()))
            if due and user.digest:
                mails.append(Mail(mark, sorted(due.values())))
            else:
                nothing.append(mark)
        DigestSent.objects.bulk_create(nothing, ignore_conflicts=True)
        yield from mails


@transaction.atomic
def _through(fund: Fund) -> int:
    """The last key given to a reminder, once no chunk is at work that could still commit one before it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [CHUNKS_AT_WORK, fund.pk])
        cursor.execute(
            "select coalesce(pg_sequence_last_value(pg_get_serial_sequence('dossiers_reminder', 'id')::regclass), 0)"
        )
        return cursor.fetchone()[0]


def _since(recipients: Recipients, today: date) -> dict[int, int]:
    """From which reminder on each user has heard nothing; only those without a digest of today."""
    marks = DigestSent.objects.filter(user__in=recipients.users, day__gte=today - LOOKS_BACK)
    done = set(marks.filter(day__gte=today).values_list("user", flat=True))
    latest = dict(marks.filter(day__lt=today).values_list("user").annotate(Max("through")))
    begin = max(latest.values(), default=0)
    return {pk: latest.get(pk, begin) for pk in recipients.users if pk not in done}


def _lines(
    fund: Fund, recipients: Recipients, today: date, since: int, through: int
) -> dict[int, dict[int, Line]]:
    """For each user the deadlines of which a step was taken after `since`; one more than is shown, at most.

    What concerns somebody in their own right is not told once more for a colleague.
    """
    order = ("act_by", "falls_on", "pk")
    matter = ("of_doctors", "reminders__audience", "dossier__team", "owner")
    rows = (
        Deadline.objects.filter(still_open(today), fund=fund)
        .filter(
            reminders__fund=fund,
            reminders__pk__gt=since,
            reminders__pk__lte=through,
            reminders__on__lte=today,
            reminders__falls_on=F("falls_on"),
        )
        .annotate(
            of_doctors=Case(When(rule__in=OF_DOCTORS, then=True), default=False),
            owner=Case(When(rule__in=OF_DOCTORS, then=None), default=F("dossier__coordinator")),
        )
        .values(*order, *matter, "dossier__public_id")
        .annotate(taken=Max("reminders__pk"))
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=[F(name) for name in matter],
                order_by=[F(name).asc() for name in order],
            )
        )
        .filter(place__lte=SHOWN + 1)
    )
    found: dict[int, dict[int, Line]] = {}
    for row in rows.iterator():
        line = Line(
            row["act_by"], row["falls_on"], row["pk"], row["dossier__public_id"], row["falls_on"] < today
        )
        for user, absent in recipients.of(Matter(*(row[name] for name in matter))).items():
            due = found.setdefault(user, {})
            if absent is None:
                due[line.deadline] = line
            else:
                due.setdefault(line.deadline, replace(line, stands_for=recipients.users[absent].name))
    return found


def _send(mail: Mail, connection: BaseEmailBackend | None) -> bool | str | None:
    """Whether the mail went, or was refused; None where another run was first."""
    mark = mail.mark
    if connection is None:
        return False
    try:
        with transaction.atomic():
            _mark, first = DigestSent.objects.get_or_create(
                user=mark.user, day=mark.day, defaults={"through": mark.through, "lines": mark.lines}
            )
            if not first:
                return None
            message = _message(mark.user, mail.lines, mark.day)
            message.connection = connection
            message.send()
    except mailing.FAILURES as error:
        log.warning("digest_failed", user=mark.user.pk, error=type(error).__name__)
        # What is wrong with one address says nothing of the mail server: it stops nobody behind it.
        return REFUSED if isinstance(error, (SMTPRecipientsRefused, ValueError)) else False
    return True


def _message(user: User, lines: Sequence[Line], today: date) -> EmailMultiAlternatives:
    """The mail in the user's language."""
    with translation.override(user.language):
        shown = lines[:SHOWN]
        more = len(lines) > SHOWN
        context = {
            "today": today,
            "number": len(shown),
            "more": more,
            "late": [line for line in shown if line.late],
            "ahead": [line for line in shown if not line.late],
            "language": user.language,
            "home": settings.BASE_URL + reverse("home"),
            "profile": settings.BASE_URL + reverse("profile"),
        }
        subject = (
            gettext("More than %(number)s deadlines wait for you")
            if more
            else ngettext(
                "%(number)s deadline waits for you", "%(number)s deadlines wait for you", len(shown)
            )
        )
        message = EmailMultiAlternatives(
            subject % {"number": len(shown)}, render_to_string("mail/digest.txt", context), to=[user.email]
        )
        message.attach_alternative(render_to_string("mail/digest.html", context), "text/html")
    return message
