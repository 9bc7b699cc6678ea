"""What the beat does of itself inside a traject."""

from datetime import date

from dossiers.jobs import Outcome, in_each_fund, take_steps
from tnw.accounts.models import Fund
from trajects.calendar.mailing import deliver
from trajects.proposals import propose
from trajects.services import outside, sealing


def three_monthly_follow_up(today: date, fund: Fund | None = None) -> Outcome:
    """T12: the review of the plan, every three months; an interview for it is proposed."""
    return propose_contacts(["T12"], today, fund)


def propose_contacts(rules: list[str], today: date, fund: Fund | None = None) -> Outcome:
    """Propose a moment and a place for what these rules wait for, and take their steps."""
    proposed = in_each_fund(lambda one: propose(one, today=today, rules=rules), fund)
    taken = take_steps(rules, today, fund)
    return {number: proposed.get(number, {}) | did for number, did in taken.items()}


def signed_outside(today: date, fund: Fund | None = None) -> Outcome:
    """Ask the provider what became of what is signed there: a call of its own may have been missed."""
    return in_each_fund(lambda one: outside.fetch_waiting(one, today), fund)


def seal_declarations(today: date, fund: Fund | None = None) -> Outcome:
    """Seal the declarations that all three signed and that could not be sealed at once."""
    return in_each_fund(lambda one: sealing.seal_waiting(one, today), fund)


def calendar_messages(today: date, fund: Fund | None = None) -> Outcome:
    """Mail the calendar messages that wait, also those that failed before."""
    return in_each_fund(lambda one: deliver(one, today), fund)
