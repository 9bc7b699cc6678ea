"""The access log: no dossier is shown without a line in it, written in the transaction that reads it."""

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
