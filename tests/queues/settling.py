"""Ten seconds on: what was decided in a queue is recorded, by the very job that does it every minute."""

from datetime import timedelta

from routing import pending
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.web.queues.carrying import CarriedOut, carry_out_due


def settle(fund: Fund, *, after: timedelta | None = None) -> CarriedOut:
    """What the job does so long after now."""
    with audit.acting_as(actors.system(), fund):
        return carry_out_due(fund, clock.now() + (pending.LASTS if after is None else after))
