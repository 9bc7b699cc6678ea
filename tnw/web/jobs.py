"""All jobs of the beat by name, in the order in which one run does them."""

from collections.abc import Callable

from dossiers.jobs import Outcome, daily_digest, export_ledger_root, other_deadlines, recorded_dossiers
from routing.jobs import (
    fourth_month_assessment,
    one_month_first_contact,
    ten_week_questionnaire,
    waiting_imports,
)
from trajects.jobs import three_monthly_follow_up

Job = Callable[..., Outcome]

# What `manage.py enforce_deadlines` runs: the dates and what is told of them.
OF_DEADLINES: dict[str, Job] = {
    "recorded-dossiers": recorded_dossiers,
    "ten-week-questionnaire": ten_week_questionnaire,
    "fourth-month-assessment": fourth_month_assessment,
    "one-month-first-contact": one_month_first_contact,
    "three-monthly-follow-up": three_monthly_follow_up,
    "other-deadlines": other_deadlines,
    "daily-digest": daily_digest,
}
JOBS: dict[str, Job] = {
    **OF_DEADLINES,
    "waiting-imports": waiting_imports,
    "ledger-root": export_ledger_root,
}
