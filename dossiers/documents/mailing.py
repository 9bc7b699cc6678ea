"""Links by e-mail: sent once the mail server took it. One that fails stays, is shown, and is tried again by the next run.

The mail names nobody and says nothing of health: it holds a link, behind which the date of birth is asked.
"""

from datetime import date
from typing import NamedTuple

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from dossiers.documents import policies
from dossiers.documents.leaving import mark_sent
from dossiers.models import Channel, Dispatch, DispatchState, Dossier
from tnw.accounts.models import Fund
from tnw.core import clock, mailing
from tnw.core.errors import DomainError

log = structlog.get_logger(__name__)


class Delivered(NamedTuple):
    """What a delivery did."""

    mailed: int = 0
    failed: int = 0


def deliver(fund: Fund, today: date) -> Delivered:
    """Hand over what waits to be mailed, each in a transaction of its own. Inside the wall."""
    waits = Dispatch.objects.filter(fund=fund, channel=Channel.EMAIL, state=DispatchState.WAITING)

    def hand_over(one: tuple[int, int], connection: BaseEmailBackend | None) -> bool | None:
        pk, dossier_id = one
        taken = _hand_over(fund, pk, dossier_id, today, connection) if connection else False
        if taken is False:  # it stays, and is tried by the next run
            Dispatch.objects.filter(pk=pk).update(failures=F("failures") + 1, failed_at=clock.now())
        return taken

    found = list(waits.order_by("failures", "pk").values_list("pk", "dossier_id"))
    became = list(mailing.in_turn(found, hand_over, fund=fund.number))
    return Delivered(became.count(True), became.count(False))


@transaction.atomic
def _hand_over(
    fund: Fund, pk: int, dossier_id: int, today: date, connection: BaseEmailBackend
) -> bool | None:
    """Whether the mail server took it; None where nothing is to be mailed (any more), or somebody holds the dossier."""
    mine = Dossier.objects.filter(fund=fund, pk=dossier_id).select_related("fund", "incapacity__person")
    dossier = mine.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    waits = Dispatch.objects.filter(pk=pk, state=DispatchState.WAITING).select_related(
        "document", "actor__user"
    )
    one = waits.select_for_update(of=("self",), no_key=True).first() if dossier else None
    if dossier is None or one is None:
        return None
    if not policies.alive(dossier) or not dossier.incapacity.person.email:
        one.state = DispatchState.WITHDRAWN
        one.save(update_fields=["state"])
        return None
    mail = message(one, dossier, fund)
    mail.connection = connection
    # What is refused is told to whoever sent it, in that person's language.
    with translation.override(one.actor.user.language if one.actor.user else None):
        try:
            with transaction.atomic():
                mark_sent(one, dossier, one.actor, today)
                one.save()
                # Last: where it fails, what was recorded of the sending goes with it.
                mail.send()
        except DomainError as refusal:
            _end(pk, str(refusal))
            return None
        except mailing.FAILURES as error:
            if mailing.for_good(error):
                _end(pk, gettext("The mail server does not take mail for this address."))
                return None
            log.warning("document_not_mailed", dispatch=pk, error=type(error).__name__)
            return False
    return True


def _end(pk: int, why: str) -> None:
    """Trying again would change nothing: it stands there as what could not be sent, with why."""
    log.warning("document_refused", dispatch=pk)
    refused = {"state": DispatchState.REFUSED, "returned_why": why[:200]}
    Dispatch.objects.filter(pk=pk).update(**refused, failed_at=clock.now())


def message(one: Dispatch, dossier: Dossier, fund: Fund) -> EmailMessage:
    """The mail in the language of the document."""
    with translation.override(one.document.language):
        context = {
            "fund": fund,
            "reference": one.document.reference,
            "url": settings.BASE_URL + reverse("document_public", args=[fund.number, one.token]),
        }
        return EmailMessage(
            gettext("A letter from your health insurance fund"),
            render_to_string("mail/document.txt", context),
            to=[dossier.incapacity.person.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
