"""What the beat does of itself inside a traject."""

from datetime import date

from dossiers.jobs import Outcome, in_each_fund, take_steps
from tnw.accounts.models import Fund
from trajects.proposals import propose


def three_monthly_follow_up(today: date, fund: Fund | None = None) -> Outcome:
    """T12: the review of the plan, every three months; an interview for it is proposed."""
    return propose_contacts(["T12"], today, fund)


def propose_contacts(rules: list[str], today: date, fund: Fund | None = None) -> Outcome:
    """Propose a moment and a place for what these rules wait for, and take their steps."""
    proposed = in_each_fund(lambda one: propose(one, today=today, rules=rules), fund)
    taken = take_steps(rules, today, fund)
    return {number: proposed.get(number, {}) | did for number, did in taken.items()}
