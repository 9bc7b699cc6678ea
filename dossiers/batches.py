"""One step for many dossiers, a letter or another coordinator: asked for at once, taken in the background, row by row."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.documents import dispatching, making
from dossiers.documents.kinds import Matter, kind_of
from dossiers.models import REASSIGN, Batch, BatchRow, Channel, Dossier
from dossiers.services import reason_given, reassign, require_coordinator
from tnw.accounts import audit
from tnw.accounts.models import Actor, Fund, User, new_uuid
from tnw.accounts.policies import in_role, may_reassign
from tnw.core import clock, scope
from tnw.core.errors import DomainError
from tnw.core.policies import require
from tnw.core.tasks import app

log = structlog.get_logger(__name__)

MOST = 900  # a request takes a thousand fields
NOT_FOR_MANY = (Channel.HANDED_OVER, Channel.EBOX)
# A key of its own among the advisory locks: one worker takes the bulk steps of a fund.
LOCK = 7_205


@transaction.atomic
def ask_letters(
    *, dossier_ids: Sequence[UUID], actor: Actor, kind: str, channel: str = "", once: UUID | None = None
) -> Batch:
    """Ask for this letter in these dossiers; a worker writes them. Raises NotAllowed, DomainError.

    Asked for again with the same `once`, the same is one step.
    """
    one = kind_of(kind)
    require(in_role(actor, *one.roles))
    if not (one.many and one.by_hand):
        raise DomainError(_("This letter is written one by one."), code="not_for_many", field="kind")
    if channel and (channel not in one.channels or channel in NOT_FOR_MANY):
        raise DomainError(_("This document is not sent this way."), code="channel", field="channel")
    return _ask(dossier_ids, actor, once, kind=kind, channel=channel)


@transaction.atomic
def ask_reassign(
    *,
    dossier_ids: Sequence[UUID],
    actor: Actor,
    coordinator: User,
    reason: str,
    once: UUID | None = None,
) -> Batch:
    """Ask to give these dossiers to another coordinator; a worker does. `once` as above. Raises NotAllowed, DomainError."""
    require(may_reassign(actor))
    reason = reason_given(reason)
    require_coordinator(coordinator, actor.user.fund_id if actor.user else coordinator.fund_id)
    return _ask(dossier_ids, actor, once, kind=REASSIGN, coordinator=coordinator, reason=reason)


def _ask(dossier_ids: Sequence[UUID], actor: Actor, once: UUID | None, **what: Any) -> Batch:
    if len(dossier_ids) > MOST:
        raise DomainError(_("Choose %(n)d dossiers at most at once.") % {"n": MOST}, code="too_many")
    mine = Dossier.objects.visible_to(actor).filter(public_id__in=dossier_ids)
    found = list(mine.order_by("pk").values_list("pk", "fund_id"))
    if not found:
        raise DomainError(_("Choose at least one dossier."), code="nothing_chosen")
    same = uuid5(once or new_uuid(), repr((found, sorted((name, str(one)) for name, one in what.items()))))
    told = {**what, "fund_id": found[0][1], "asked_at": clock.now()}
    batch, asked = Batch.objects.get_or_create(actor=actor, once=same, defaults=told)
    if not asked:
        return batch
    BatchRow.objects.bulk_create(BatchRow(fund_id=fund, batch=batch, dossier_id=pk) for pk, fund in found)
    work_off_batches.delay_on_commit(batch.fund_id)
    return batch


def work_off(fund: Fund, today: date) -> int:
    """Do what was asked for and is not done yet, as whoever asked, going on where it was killed; gives how many rows."""
    done = 0
    with scope.funds(fund.pk):
        batches = Batch.objects.filter(fund=fund, done_at=None).select_related("actor__user", "coordinator")
        for batch in batches.order_by("pk"):
            # What is refused is told to whoever asked, in that person's language.
            reads = batch.actor.user.language if batch.actor.user else None
            with audit.acting_as(batch.actor, fund), translation.override(reads):
                done += _rows(batch, fund, today)
    return done


@app.task(name="dossiers.work_off_batches")
def work_off_batches(fund_id: int) -> None:
    """Take the bulk steps that a fund asked for, at once; the job would do it within a minute."""
    work_off(Fund.objects.get(pk=fund_id), clock.today())


def _rows(batch: Batch, fund: Fund, today: date) -> int:
    rows = batch.rows.filter(done_at=None).order_by("pk")
    done = 0
    for pk in list(rows.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                if not _mine(fund):
                    return done  # another worker is at it
                row = rows.filter(pk=pk).select_for_update(of=("self",)).select_related("dossier").first()
                if row is None:
                    continue
                _one(batch, row, today)
                done += 1
        except (OperationalError, InterfaceError) as error:
            # Of this row nothing is left. Where the database is still away this fails too: the job takes it up again.
            log.warning("bulk_step_interrupted", row=pk, error=type(error).__name__)
            told = gettext("It was interrupted for a moment: try again.")
            done += rows.filter(pk=pk).update(refused=told, done_at=clock.now())
    if not rows.exists():
        batch.done_at = clock.now()
        batch.save(update_fields=["done_at"])
    return done


def _mine(fund: Fund) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s, %s)", [LOCK, fund.pk])
        return bool(cursor.fetchone()[0])


def _one(batch: Batch, row: BatchRow, today: date) -> None:
    """One row: what became of it, or why nothing. What the reader's language makes of it is told when it is read."""
    try:
        with transaction.atomic():
            if batch.reassigns:
                _give(batch, row)
            else:
                _write(batch, row, today)
    except DomainError as refusal:
        row.document, row.refused = None, str(refusal)
    except (OperationalError, InterfaceError):  # the database's, which may have lost more than this savepoint
        raise
    except Exception as error:  # of one dossier: the others must not wait for it for ever
        log.error("bulk_step_failed", row=row.pk, error=type(error).__name__)
        row.document, row.refused = None, gettext("An error kept it from being done: it was logged.")
    row.done_at = clock.now()
    row.save()


def _write(batch: Batch, row: BatchRow, today: date) -> None:
    kind = kind_of(batch.kind)
    dossier = making.begun(row.dossier.public_id, batch.actor)
    subjects = kind.about(dossier, today)
    if not subjects:
        raise DomainError(kind.nothing, code="nothing_to_write")
    matter = Matter(dossier, batch.actor, today, subjects[-1].subject)
    row.document = making.keep(kind, matter, channel=batch.channel)
    if batch.channel:
        dispatching.put(row.document, dossier, actor=batch.actor, on=today, channel=batch.channel)


def _give(batch: Batch, row: BatchRow) -> None:
    assert batch.coordinator, "the database keeps it"
    ids = [row.dossier.public_id]
    (given,) = reassign(
        dossier_ids=ids, coordinator=batch.coordinator, reason=batch.reason, actor=batch.actor
    )
    row.outcome = given.outcome
