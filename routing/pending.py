"""Decisions out of the queues that can still be taken back: kept, taken back, carried out once, or refused.

A row is either still to come, or what its maker has to look at again. What was carried out leaves none: the ledger has it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier
from routing.models import PendingDecision, PendingState
from routing.policies.route_a import may_open_assessments
from tnw.accounts.models import Actor
from tnw.core import clock, trace
from tnw.core.errors import DomainError
from tnw.core.policies import YES, Verdict, require

# So long a decision can be taken back (and as long after it as nobody has carried it out yet).
LASTS = timedelta(seconds=10)
# So long what was taken back or refused waits for its maker, with what he typed.
KEPT = timedelta(days=30)
BEING_RECORDED = Verdict(
    False, _("A decision on this dossier is being recorded. Look again in a few seconds."), code="pending"
)


@transaction.atomic
def keep(
    *, dossier: Dossier, actor: Actor, act: str, subject: str, values: Mapping[str, Any], seen: int
) -> PendingDecision:
    """Keep a decision until it is due; what its maker had left of the same one goes. Raises NotAllowed, DomainError."""
    require(may_open_assessments(actor))
    assert actor.user is not None, "the policy lets in nobody else"
    about = {"dossier": dossier, "act": act, "subject": subject}
    left_over(actor).filter(**about).delete()
    now = clock.now()
    try:
        with transaction.atomic():
            return PendingDecision.objects.create(
                **about,
                fund=dossier.fund,
                user=actor.user,
                values=dict(values),
                seen=seen,
                made_at=now,
                due_at=now + LASTS,
                trace_id=trace.current(),
            )
    except IntegrityError as error:  # of two at once on one dossier the second
        raise DomainError(BEING_RECORDED.reason, code=BEING_RECORDED.code) from error


@transaction.atomic
def take_back(*, public_id: UUID, actor: Actor) -> PendingDecision | None:
    """Take an own decision back, with all that was typed; None where it is recorded already."""
    row = to_come(actor).filter(public_id=public_id).select_for_update(of=("self",)).first()
    if row is not None:
        row.state = PendingState.TAKEN_BACK
        row.save(update_fields=["state"])
    return row


@transaction.atomic
def drop(*, public_id: UUID, actor: Actor) -> None:
    """Throw away what was taken back or refused, and what was typed for it."""
    left_over(actor).filter(public_id=public_id).delete()


def refuse(row: PendingDecision, reason: str) -> None:
    """It could not be recorded: its maker has it back, and reads why."""
    row.state, row.reason = PendingState.REFUSED, reason
    row.save(update_fields=["state", "reason"])


def to_come(actor: Actor) -> QuerySet[PendingDecision]:
    """What this person decided and is not recorded yet; for a job that of everybody in its fund."""
    return PendingDecision.objects.visible_to(actor).filter(state=PendingState.PENDING)


def left_over(actor: Actor) -> QuerySet[PendingDecision]:
    """What this person took back, or could not be recorded: it waits for him."""
    return PendingDecision.objects.visible_to(actor).exclude(state=PendingState.PENDING)


def refused(actor: Actor) -> QuerySet[PendingDecision]:
    """What this person decided and could not be recorded."""
    return left_over(actor).filter(state=PendingState.REFUSED)


def forget(actor: Actor, now: datetime) -> int:
    """Throw away what its makers left lying; gives how many."""
    return left_over(actor).filter(due_at__lt=now - KEPT).delete()[0]


def may_decide_now(dossier: Dossier) -> Verdict:
    """Not while somebody's decision on this dossier is being recorded; whose, and which, is nobody's business."""
    return BEING_RECORDED if being_recorded([dossier]) else YES


def being_recorded(dossiers: Collection[Dossier]) -> set[int]:
    """Those of these dossiers on which somebody has decided just now."""
    rows = PendingDecision.objects.filter(
        fund__in={one.fund_id for one in dossiers}, dossier__in=dossiers, state=PendingState.PENDING
    )
    return set(rows.values_list("dossier", flat=True))


def just_decided(dossier: str = "dossier") -> Exists:
    """Whether somebody has decided just now on the dossier of a row, as a condition of its query."""
    return Exists(
        PendingDecision.objects.filter(
            fund=OuterRef("fund"), dossier=OuterRef(dossier), state=PendingState.PENDING
        )
    )
