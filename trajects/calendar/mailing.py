"""Calendar messages by mail (RFC 6047): sent once the mail server took them. One that fails is tried again by the next run.

What goes is read from the appointment as it stands then. A message that is not true any more does not go; after the end of
the incapacity, and after a death, none does.
"""

from datetime import date
from typing import NamedTuple

import structlog
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext, pgettext

from dossiers.documents.letter import moment
from dossiers.models import Dossier, LedgerEntry
from dossiers.notes import told_to_insured
from tnw.accounts import actors
from tnw.accounts.models import Fund
from tnw.core import clock, mailing
from trajects.calendar import itip
from trajects.calendar.clashes import ends
from trajects.models import Appointment, CalendarMessage
from trajects.models.appointment import AppointmentState, Form, Purpose
from trajects.models.calendar import MessageState, Method
from trajects.policies.contacts import may_be_mailed
from trajects.reading import PLACED, number_to_call

log = structlog.get_logger(__name__)


class Mailed(NamedTuple):
    """What a delivery did: messages that went, that failed and wait, and that do not go after all."""

    messages: int = 0
    failed: int = 0
    withdrawn: int = 0


def deliver(fund: Fund, today: date) -> Mailed:
    """Hand over what waits, each in a transaction of its own. Inside the wall."""
    waits = CalendarMessage.objects.filter(fund=fund, state=MessageState.WAITING)

    def hand_over(one: tuple[int, int], connection: BaseEmailBackend | None) -> str | bool | None:
        pk, dossier_id = one
        # A try counts as failed, and that is committed, before it begins: where the process is killed between the mail
        # server and the commit, the insured may have it.
        if not waits.filter(pk=pk).update(failures=F("failures") + 1):
            return None
        became = _hand_over(fund, pk, dossier_id, today, connection) if connection else False
        mine = CalendarMessage.objects.filter(pk=pk)
        if became is False:
            mine.update(failed_at=clock.now())
        else:
            mine.update(failures=F("failures") - 1)
        return became

    found = list(waits.order_by("failures", "pk").values_list("pk", "dossier_id"))
    became = list(mailing.in_turn(found, hand_over, fund=fund.number))
    return Mailed(became.count(MessageState.SENT), became.count(False), became.count(MessageState.WITHDRAWN))


@transaction.atomic
def _hand_over(
    fund: Fund, pk: int, dossier_id: int, today: date, connection: BaseEmailBackend
) -> str | bool | None:
    """The state it has now; False where it failed and waits; None where somebody holds the dossier, or has dealt with it."""
    mine = Dossier.objects.filter(fund=fund, pk=dossier_id)
    dossier = (
        mine.select_related("fund", "incapacity__person", "coordinator", "team")
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .first()
    )
    waits = CalendarMessage.objects.filter(pk=pk, state=MessageState.WAITING)
    one = waits.select_for_update(of=("self",), no_key=True).first() if dossier else None
    if dossier is None or one is None:
        return None
    appointment = Appointment.objects.filter(fund=fund, dossier=dossier, subject=one.subject).first()
    if appointment is None or not _holds(one, dossier, appointment, today):
        one.state = MessageState.WITHDRAWN
        one.save(update_fields=["state"])
        return one.state
    mail = compose(one, dossier, appointment)
    mail.connection = connection
    try:
        with transaction.atomic():
            one.state, one.sent_at = MessageState.SENT, clock.now()
            one.save(update_fields=["state", "sent_at"])
            # Last: where it fails, nothing says that it went.
            mail.send()
    except mailing.FAILURES as error:
        if mailing.for_good(error):
            return _refuse(one)
        log.warning("calendar_message_not_mailed", message=pk, error=type(error).__name__)
        return False
    return one.state


def _refuse(one: CalendarMessage) -> str:
    """Trying again would change nothing: it stands there as what could not be sent, with why."""
    log.warning("calendar_message_refused", message=one.pk)
    one.state, one.sent_at, one.failed_at = MessageState.REFUSED, None, clock.now()
    one.refused_why = gettext("The mail server does not take mail for this address.")[:200]
    one.save(update_fields=["state", "sent_at", "failed_at", "refused_why"])
    return one.state


def _holds(one: CalendarMessage, dossier: Dossier, appointment: Appointment, today: date) -> bool:
    """Whether it is still true, and may still go: of what is past nobody has to hear."""
    incapacity = dossier.incapacity
    over = incapacity.excluded or incapacity.ended(today)
    if over or not may_be_mailed(dossier) or appointment.at <= clock.now():
        return False
    planned = appointment.state == AppointmentState.PLANNED
    return planned if one.method == Method.REQUEST else not planned


def compose(one: CalendarMessage, dossier: Dossier, appointment: Appointment) -> EmailMultiAlternatives:
    """The mail in the language of the insured: the same in words, and as a calendar reads it."""
    fund = dossier.fund
    with translation.override(dossier.incapacity.person.language):
        host = _host(dossier, appointment)
        label, place = _where(dossier, appointment)
        meeting = itip.Meeting(
            uid=one.uid,
            sequence=one.sequence,
            at=appointment.at,
            ends=ends(appointment),
            title=gettext("Appointment with %(fund)s") % {"fund": fund.name},
            place=place,
            host=host or fund.name,
            organizer=itip.address(fund),
            attendee=dossier.incapacity.person.email,
        )
        cancelled = one.method == Method.CANCEL
        context = {
            "fund": fund,
            "cancelled": cancelled,
            "moved": one.sequence > 0 and _went_before(one),
            "when": moment(appointment.at),
            "place": place,
            "place_label": label,
            "with": host,
            "reach": " · ".join(text for text in (fund.phone, fund.email) if text),
        }
        subject = _subject(cancelled=cancelled, moved=bool(context["moved"]))
        mail = EmailMultiAlternatives(
            subject,
            render_to_string("mail/appointment.txt", context),
            to=[meeting.attendee],
            reply_to=[meeting.organizer],
            headers={"Auto-Submitted": "auto-generated", "Message-ID": f"<{one.public_id}@{itip.domain()}>"},
        )
    content = itip.message(one.method, meeting, one.made_at).decode()
    mail.attach_alternative(content, f"text/calendar; method={one.method.upper()}")
    return mail


def _subject(*, cancelled: bool, moved: bool) -> str:
    if cancelled:
        return gettext("Your appointment is cancelled")
    return gettext("Your appointment has moved") if moved else gettext("Your appointment")


def _went_before(one: CalendarMessage) -> bool:
    """Whether the insured heard of this appointment before."""
    before = CalendarMessage.objects.filter(fund=one.fund_id, dossier=one.dossier_id, subject=one.subject)
    return before.filter(state=MessageState.SENT, sequence__lt=one.sequence).exists()


def _host(dossier: Dossier, appointment: Appointment) -> str:
    """The coordinator by name; of an examination no more than the fund: with whom it is would tell what it is."""
    if appointment.purpose == Purpose.MEDICAL_EXAMINATION or dossier.coordinator is None:
        return ""
    return dossier.coordinator.name


def _where(dossier: Dossier, appointment: Appointment) -> tuple[str, str]:
    """Where to be, or on which number we call, by what that is called; where nothing is known, the letter says it."""
    typed = _typed(dossier, appointment.subject)
    if appointment.form == Form.PHONE:
        return gettext("We call you on"), number_to_call(typed) or dossier.incapacity.person.phone
    if appointment.form == Form.VIDEO:
        return gettext("Link"), typed
    if appointment.form == Form.HOME_VISIT:
        return pgettext("letter", "Where"), typed or gettext("At your home")
    return pgettext("letter", "Where"), typed or (dossier.team.place if dossier.team else "")


def _typed(dossier: Dossier, subject: str) -> str:
    """The place as it was told last, and nothing else of that text."""
    entries = LedgerEntry.objects.filter(
        fund=dossier.fund_id, dossier=dossier, subject=subject, kind__in=PLACED
    ).order_by("seq")
    its = list(entries)
    told = told_to_insured(actors.system(), its, "place")
    return next((told[entry.fact_id].strip() for entry in reversed(its) if entry.fact_id in told), "")
