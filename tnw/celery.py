"""The beat's schedule and the worker: `celery --app tnw.celery worker`, `celery --app tnw.celery beat`.

The times are those of Brussels, none between two and three, the hour that summer time skips or repeats. Every job
catches up and may run twice (T21), so the run at midday does what the one of the morning could not.
"""

from typing import Any

import structlog
from celery.schedules import crontab
from celery.signals import beat_init, celeryd_init
from django.conf import settings

from tnw.core import clock, embedded
from tnw.core.tasks import app

__all__ = ["app"]

log = structlog.get_logger(__name__)

MINUTE, HOUR = 60, 3600
MORNING_AND_MIDDAY = "4,12"
# Whatever waited longer for a worker is done by the next run.
OFTEN = {
    "waiting-imports": 55,
    "bulk-steps": 55,
    "pending-decisions": 55,
    "letters-on-their-way": 14 * MINUTE,
    "calendar-messages": 4 * MINUTE,
    "signed-outside": 4 * MINUTE,
    "seal-declarations": 14 * MINUTE,
    "finished-feeds": 55,
    "partner-registrations": 55,
    "deliver-webhooks": 55,
}
TIMES = {
    "recorded-dossiers": crontab(minute="50", hour="1,11"),
    "ten-week-questionnaire": crontab(minute="0", hour=MORNING_AND_MIDDAY),
    "fourth-month-assessment": crontab(minute="10", hour=MORNING_AND_MIDDAY),
    "one-month-first-contact": crontab(minute="20", hour=MORNING_AND_MIDDAY),
    "three-monthly-follow-up": crontab(minute="30", hour=MORNING_AND_MIDDAY),
    "other-deadlines": crontab(minute="40", hour=MORNING_AND_MIDDAY),
    "daily-digest": crontab(minute="30", hour="6,13"),
    "waiting-imports": crontab(),
    "bulk-steps": crontab(),
    "pending-decisions": crontab(),
    "letters-on-their-way": crontab(minute="*/15"),
    "calendar-messages": crontab(minute="*/5"),
    "signed-outside": crontab(minute="*/5"),
    "seal-declarations": crontab(minute="*/15"),
    "ledger-root": crontab(minute="50", hour=MORNING_AND_MIDDAY),
    "close-quarters": crontab(minute="5", hour=MORNING_AND_MIDDAY),
    "count-figures": crontab(minute="58", hour=MORNING_AND_MIDDAY),
    "finished-feeds": crontab(),
    "partner-registrations": crontab(),
    "deliver-webhooks": crontab(),
    "old-webhooks": crontab(minute="55", hour="5,13"),
    "expired-access": crontab(minute="55", hour=MORNING_AND_MIDDAY),
}


@app.task(name="tnw.run_job")
def run_job(name: str) -> None:
    """Run one job of the beat for today, for all funds."""
    from tnw.web.jobs import JOBS  # the worker reads this module before Django is ready

    log.info("job_ran", job=name, did=JOBS[name](clock.today()))


app.conf.beat_schedule = {
    name: {
        "task": run_job.name,
        "schedule": times,
        "args": [name],
        "options": {"expires": OFTEN.get(name, 6 * HOUR)},
    }
    for name, times in TIMES.items()
}
app.conf.beat_schedule_filename = str(embedded.data_dir() / "beat")


@celeryd_init.connect
@beat_init.connect
def join_servers(**_said: Any) -> None:
    """Where the servers are the embedded ones, worker and beat are among those who keep them running."""
    if settings.EMBEDDED:
        embedded.ensure()
