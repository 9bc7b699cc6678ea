"""All jobs of the beat by name, in the order in which one run does them."""

from collections.abc import Callable

from dossiers.jobs import (
    Outcome,
    bulk_steps,
    daily_digest,
    export_ledger_root,
    letters_on_their_way,
    other_deadlines,
    recorded_dossiers,
)
from routing.jobs import (
    close_quarters,
    count_figures,
    fourth_month_assessment,
    one_month_first_contact,
    ten_week_questionnaire,
    waiting_imports,
)
from tnw.integration.jobs import expired_access, finished_feeds, partner_registrations
from tnw.integration.webhooks.jobs import deliver_webhooks, forget_webhooks
from tnw.web.queues.job import pending_decisions
from trajects.jobs import calendar_messages, seal_declarations, signed_outside, three_monthly_follow_up

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
    "bulk-steps": bulk_steps,
    "pending-decisions": pending_decisions,
    "letters-on-their-way": letters_on_their_way,
    "calendar-messages": calendar_messages,
    "signed-outside": signed_outside,
    "seal-declarations": seal_declarations,
    "ledger-root": export_ledger_root,
    "close-quarters": close_quarters,
    "count-figures": count_figures,
    "finished-feeds": finished_feeds,
    "partner-registrations": partner_registrations,
    "deliver-webhooks": deliver_webhooks,
    "old-webhooks": forget_webhooks,
    "expired-access": expired_access,
}
