"""Handing the e-mails over. One counts as sent once the mail server took it: sent first, recorded after.

Each mail is a transaction of its own, which notes that it went: nobody waits for more than one, and where the process dies
between the two, that one comes a second time; the other order would lose it. The facts follow as a set, after some mails.
"""

from copy import copy
from datetime import date
from typing import NamedTuple

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from dossiers import ledger
from dossiers.law.facts import Fact, Values
from dossiers.ledger import Entry
from dossiers.models import Dossier
from dossiers.policies import is_open
from routing.models import Questionnaire
from routing.models.questionnaire import Sending
from routing.questionnaires.due import still_wanted, waiting
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund, new_uuid
from tnw.core import clock, mailing

log = structlog.get_logger(__name__)

CHUNK = 100  # facts in a transaction


class Delivered(NamedTuple):
    """What a delivery did."""

    mailed: int = 0
    failed: int = 0


def deliver(fund: Fund, today: date) -> Delivered:
    """Hand over what waits to be mailed; what fails stays, is shown, and is tried by the next run. Inside the wall."""
    # What never failed goes first: a few bad addresses would otherwise stop the same others at each run.
    waits = _to_mail(fund, today).order_by("failures", "pk").values_list("pk", "dossier_id")
    done = Delivered()
    _record(fund, today)  # what a run that died handed over

    def hand_over(one: tuple[int, int], connection: BaseEmailBackend | None) -> bool | None:
        return _hand_over(fund, *one, today, connection)

    for taken in mailing.in_turn(list(waits), hand_over, fund=fund.number):
        done = Delivered(done.mailed + taken, done.failed + (not taken))
        if taken and done.mailed % CHUNK == 0:
            _record(fund, today)
    _record(fund, today)
    return done


def _to_mail(fund: Fund, today: date) -> QuerySet[Questionnaire]:
    return waiting(fund).filter(still_wanted(today), state=Sending.TO_MAIL, mailed_on=None)


@transaction.atomic(durable=True)
def _hand_over(
    fund: Fund, pk: int, dossier_id: int, today: date, connection: BaseEmailBackend | None
) -> bool | None:
    """Whether the mail server took it; None where there was nothing to mail, or somebody holds the dossier."""
    mine = Dossier.objects.filter(fund=fund, pk=dossier_id)
    if not mine.select_for_update(skip_locked=True, no_key=True, of=("self",)).values_list("pk", flat=True):
        return None
    waits = _to_mail(fund, today).filter(pk=pk).select_related("dossier__incapacity__person")
    one = waits.select_for_update(of=("self",), no_key=True).first()
    if one is None or not is_open(one.dossier, today):
        return None
    if not one.dossier.incapacity.person.email:  # taken away meanwhile
        one.state, one.channel = Sending.TO_POST, "post"
        one.save(update_fields=["state", "channel"])
        return None
    if not _sent(one, fund, connection):
        one.failures += 1
        one.failed_at = clock.now()
        one.save(update_fields=["failures", "failed_at"])
        return False
    Questionnaire.objects.filter(pk=pk).update(mailed_on=today)  # the audit tells it with its fact
    return True


def _record(fund: Fund, today: date) -> None:
    """The facts of what was mailed, also where it was withdrawn in the very moment between: it is gone."""
    while _record_chunk(fund, today):
        pass


@transaction.atomic
def _record_chunk(fund: Fund, today: date) -> bool:
    mailed = Questionnaire.objects.filter(fund=fund, mailed_on__isnull=False, sent_fact="")
    found = dict(mailed.order_by("pk").values_list("pk", "dossier_id")[:CHUNK])
    if not found:
        return False
    dossiers = Dossier.objects.filter(fund=fund, pk__in=found.values()).order_by("pk")
    # Not against those who only point at them, as every page opened does with its line in the access log.
    list(dossiers.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    before = list(mailed.filter(pk__in=found).order_by("pk").select_for_update(of=("self",), no_key=True))
    sent, entries = [copy(one) for one in before], []
    for one in sent:
        one.state, one.sent_on, one.sent_fact = Sending.SENT, one.mailed_on, str(new_uuid())
        values = Values.of({"channel": one.channel, "language": one.language})
        told = Fact("questionnaire_sent", one.mailed_on or today, one.sent_fact, "", values)
        entries.append(Entry(one.dossier_id, told))
    actor = actors.system()
    ledger.record_many(entries, fund=fund, actor=actor, today=today)
    Questionnaire.objects.bulk_update(sent, ["state", "sent_on", "sent_fact"])
    audit.record_many(zip(before, sent, strict=True), fund=fund, actor=actor)
    return True


def _sent(one: Questionnaire, fund: Fund, connection: BaseEmailBackend | None) -> bool:
    if connection is None:
        return False
    try:
        connection.send_messages([message(one, fund)])
    except mailing.FAILURES as error:
        log.warning("questionnaire_not_mailed", questionnaire=one.pk, error=type(error).__name__)
        return False
    return True


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
