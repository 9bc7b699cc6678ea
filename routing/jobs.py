"""What the beat does of itself at the entrances: the dates of the mission, and the imports that wait."""

from datetime import date

from dossiers.jobs import Outcome, in_each_fund, take_steps
from routing.figures import closing, counting
from routing.intake.queue import forget_strays, take_waiting
from routing.questionnaires.job import act
from tnw.accounts.models import Fund
from trajects.jobs import propose_contacts


def ten_week_questionnaire(today: date, fund: Fund | None = None) -> Outcome:
    """T1: the questionnaire after ten weeks goes out; then the steps of what is still to be posted."""
    acted = in_each_fund(lambda one: act(one, today), fund)
    taken = take_steps(["T1"], today, fund)
    return {number: acted.get(number, {}) | did for number, did in taken.items()}


def fourth_month_assessment(today: date, fund: Fund | None = None) -> Outcome:
    """T4: the first assessment, in month 4."""
    return take_steps(["T4"], today, fund)


def one_month_first_contact(today: date, fund: Fund | None = None) -> Outcome:
    """T7, T8: the first contact within a month of referral or request, proposed with a moment and a place."""
    return propose_contacts(["T7", "T8"], today, fund)


def waiting_imports(today: date, fund: Fund | None = None) -> Outcome:
    """Take in the files that were uploaded and are not done, each as the one who uploaded it; strays are deleted."""
    try:
        return in_each_fund(take_waiting, fund)
    finally:
        forget_strays()


def close_quarters(today: date, fund: Fund | None = None) -> Outcome:
    """The counts of the funding of every quarter that has ended, closed once."""
    return in_each_fund(lambda one: closing.close(one, today), fund)


def count_figures(today: date, fund: Fund | None = None) -> Outcome:
    """All figures counted anew: pages say as of when."""
    return in_each_fund(lambda one: counting.count(one, today), fund)
