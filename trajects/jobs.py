"""What the beat does of itself inside a traject."""

from datetime import date

from dossiers.jobs import Outcome, take_steps
from tnw.accounts.models import Fund


def three_monthly_follow_up(today: date, fund: Fund | None = None) -> Outcome:
    """T12: the review of the plan, every three months."""
    return take_steps(["T12"], today, fund)
