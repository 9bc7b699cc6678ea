"""What the beat does of itself with decisions that can no longer be taken back."""

from datetime import date

from dossiers.jobs import Outcome, in_each_fund
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.web.queues.carrying import carry_out_due


def pending_decisions(today: date, fund: Fund | None = None) -> Outcome:
    """Record what is due, whoever made it and whether his page is still open or not."""
    return in_each_fund(lambda one: carry_out_due(one, clock.now()), fund)
