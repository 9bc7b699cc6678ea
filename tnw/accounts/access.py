"""The access log: no dossier is shown without a line in it, written in the transaction that reads it."""

from collections.abc import Iterable

from tnw.accounts.models import AccessLog, Actor
from tnw.core import clock, trace


def log(*, actor: Actor, fund_id: int, dossier_id: int, through: str) -> None:
    """Say that `actor` saw this dossier, `through` a page, a command or the API."""
    AccessLog.objects.create(
        actor=actor,
        fund_id=fund_id,
        dossier_id=dossier_id,
        through=through,
        at=clock.now(),
        trace_id=trace.current(),
    )


def log_many(*, actor: Actor, fund_id: int, dossier_ids: Iterable[int], through: str) -> None:
    """The same of many dossiers at once, each with a line of its own."""
    at, trace_id = clock.now(), trace.current()
    AccessLog.objects.bulk_create(
        AccessLog(
            actor=actor, fund_id=fund_id, dossier_id=dossier_id, through=through, at=at, trace_id=trace_id
        )
        for dossier_id in dossier_ids
    )
