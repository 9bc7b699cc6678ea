"""Carrying out what can no longer be taken back: once, as its maker, on the day and at the moment on which he decided."""

from datetime import datetime
from typing import NamedTuple

import structlog
from django.db import OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from dossiers.models import Dossier
from routing import pending
from routing.models import PendingDecision
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund
from tnw.core import clock, trace
from tnw.core.errors import DomainError
from tnw.web.queues.kinds import KINDS, Decided

log = structlog.get_logger(__name__)


class CarriedOut(NamedTuple):
    """What became of the decisions that were due, and how many were thrown away that their makers had left lying."""

    recorded: int
    refused: int
    forgotten: int


def carry_out_due(fund: Fund, now: datetime) -> CarriedOut:
    """All that is due in a fund. Inside its wall."""
    job = actors.system()
    became = [_try(key, now) for key in _due(job, now)]
    return CarriedOut(became.count(True), became.count(False), pending.forget(job, now))


def carry_out_own(actor: Actor, now: datetime) -> None:
    """What this person decided and nobody has carried out since: he comes along, so nothing waits for a worker."""
    for key in _due(actor, now):
        _try(key, now)


def _due(actor: Actor, now: datetime) -> list[int]:
    rows = pending.to_come(actor).filter(due_at__lte=now).order_by("due_at", "pk")
    return list(rows.values_list("pk", flat=True))


def _try(key: int, now: datetime) -> bool | None:
    try:
        return carry_out(key, now)
    except OperationalError as error:  # such as a deadlock: the next sweep finds the row as it was
        log.warning("decision_waits", decision=key, error=type(error).__name__)
        return None


@transaction.atomic
def carry_out(key: int, now: datetime) -> bool | None:
    """Record a decision that is due, and let its row go with all that was typed: one transaction, so once or not at all.

    False where it was refused: then its maker has it back. None where there is nothing to do, or another is at it.
    """
    rows = pending.to_come(actors.system()).filter(pk=key, due_at__lte=now)
    row = rows.select_for_update(of=("self",), skip_locked=True).select_related("fund", "user").first()
    if row is None:
        return None
    maker = actors.of_user(row.user)
    with (
        audit.acting_as(maker, row.fund),
        clock.standing(row.made_at),
        trace.new(row.trace_id),
        translation.override(row.user.language),
    ):
        try:
            with transaction.atomic():
                KINDS[row.act].do(_read(row, maker))
        except DomainError as error:
            pending.refuse(row, str(error))
            return False
        except OperationalError:
            raise
        except Exception as error:
            log.error("decision_failed", decision=key, error=type(error).__name__)
            pending.refuse(row, _("Something went wrong while it was recorded. Decide again."))
            return False
        row.delete()
        return True


def _read(row: PendingDecision, maker: Actor) -> Decided:
    """The row as it was decided. Raises DomainError where its maker does not see the dossier any more."""
    dossier = Dossier.objects.visible_to(maker).for_acts().filter(pk=row.dossier_id).first()
    if dossier is None:
        raise DomainError(_("This dossier does not exist."), code="dossier_unknown")
    return Decided(dossier, maker, row.subject, row.values, row.seen)
