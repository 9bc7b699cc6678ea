"""Handing the e-mails over. One counts as sent once the mail server took it: sent first, recorded after, in one transaction.

Where the process dies between the two, that chunk's mails come a second time; the other order would lose them.
"""

from collections.abc import Sequence
from datetime import date
from smtplib import SMTPException
from typing import NamedTuple

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from dossiers import ledger
from dossiers.acts import is_open
from dossiers.law.facts import Fact, Values
from dossiers.ledger import Entry
from dossiers.models import Dossier
from routing.models import Questionnaire
from routing.models.questionnaire import Sending
from routing.questionnaires.due import still_wanted, waiting
from tnw.accounts import actors
from tnw.accounts.models import Fund, new_uuid
from tnw.core import clock

log = structlog.get_logger(__name__)

CHUNK = 50
GIVES_UP_AFTER = 5  # mails that failed before any went


class Delivered(NamedTuple):
    """What a delivery did."""

    mailed: int = 0
    failed: int = 0


def deliver(fund: Fund, today: date) -> Delivered:
    """Hand over what waits to be mailed; what fails stays, is shown, and is tried by the next run. Inside the wall."""
    done, after = Delivered(), 0
    while (chunk := _chunk(fund, today, after)) is not None:
        delivered, after = chunk
        done = Delivered(done.mailed + delivered.mailed, done.failed + delivered.failed)
        if done.failed >= GIVES_UP_AFTER and not done.mailed:
            break  # the mail server is away: each further try would wait for it
    return done


@transaction.atomic
def _chunk(fund: Fund, today: date, after: int) -> tuple[Delivered, int] | None:
    """One chunk after this key, and the last key in it; None where none is left. Dossiers that others hold are skipped."""
    to_mail = waiting(fund).filter(still_wanted(today), state=Sending.TO_MAIL, pk__gt=after).order_by("pk")
    found = list(to_mail.values_list("pk", "dossier_id")[:CHUNK])
    if not found:
        return None
    dossiers = Dossier.objects.filter(fund=fund, pk__in=[dossier for _pk, dossier in found])
    free = list(
        dossiers.order_by("pk").select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
    )
    ready = to_mail.filter(pk__lte=found[-1][0], dossier__in=free)
    chosen = list(ready.select_related("dossier__incapacity__person").select_for_update(of=("self",)))
    return _hand_over(fund, chosen, today), found[-1][0]


def _hand_over(fund: Fund, chosen: Sequence[Questionnaire], today: date) -> Delivered:
    gone: list[Questionnaire] = []
    failed = 0
    connection = get_connection()
    try:
        for one in chosen:
            if not is_open(one.dossier, today):
                continue
            if not one.dossier.incapacity.person.email:  # taken away meanwhile
                _by_post(one)
                continue
            if _sent(one, fund, connection):
                gone.append(one)
            else:
                failed += 1
                if failed >= GIVES_UP_AFTER and not gone:
                    break
    finally:
        _close(connection)
    _record(fund, gone, today)
    return Delivered(len(gone), failed)


def _sent(one: Questionnaire, fund: Fund, connection: BaseEmailBackend) -> bool:
    try:
        connection.send_messages([message(one, fund)])
    except (SMTPException, OSError, ValueError) as error:
        log.warning("questionnaire_not_mailed", questionnaire=one.pk, error=type(error).__name__)
        one.failures += 1
        one.failed_at = clock.now()
        one.save(update_fields=["failures", "failed_at"])
        return False
    return True


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (SMTPException, OSError):
        log.warning("mail_connection_not_closed")


def _by_post(one: Questionnaire) -> None:
    one.state, one.channel = Sending.TO_POST, "post"
    one.save(update_fields=["state", "channel"])


def _record(fund: Fund, gone: Sequence[Questionnaire], today: date) -> None:
    entries = []
    for one in gone:
        one.state, one.sent_on, one.sent_fact = Sending.SENT, today, str(new_uuid())
        values = Values.of({"channel": one.channel, "language": one.language})
        entries.append(Entry(one.dossier_id, Fact("questionnaire_sent", today, one.sent_fact, "", values)))
    ledger.record_many(entries, fund=fund, actor=actors.system(), today=today)
    Questionnaire.objects.bulk_update(gone, ["state", "sent_on", "sent_fact"])


def message(one: Questionnaire, fund: Fund) -> EmailMessage:
    """The mail in the insured's language: no name, nothing medical, and a link to a blank questionnaire."""
    with translation.override(one.language):
        context = {
            "fund": fund,
            "reference": one.reference,
            "url": settings.BASE_URL + reverse("questionnaire_public", args=[fund.number, one.token]),
        }
        return EmailMessage(
            gettext("A questionnaire from your health insurance fund"),
            render_to_string("mail/questionnaire.txt", context),
            to=[one.dossier.incapacity.person.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
