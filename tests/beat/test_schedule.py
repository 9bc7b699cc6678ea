"""The beat's times: once in the morning and once at midday, on the days of summer time too, whatever it missed."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from celery.beat import ScheduleEntry

from tnw.celery import OFTEN, TIMES, app
from tnw.core import clock
from tnw.web.jobs import JOBS, OF_DEADLINES

DAILY = [name for name in TIMES if name not in OFTEN]


def entry(name: str) -> ScheduleEntry:
    return ScheduleEntry(name=name, app=app, **app.conf.beat_schedule[name])


def runs(
    name: str, first: datetime, last: datetime, down: tuple[datetime, datetime] | None = None
) -> list[datetime]:
    """When a beat that looks every five minutes starts a job; `down`: between these it did not run at all."""
    started = []
    with time_machine.travel(first, tick=False) as traveller:
        job = entry(name)
        moment = first
        while moment < last:
            traveller.move_to(moment)
            if not (down and down[0] <= moment < down[1]) and job.is_due().is_due:
                started.append(clock.now())
                job = next(job)
            moment += timedelta(minutes=5)
    return started


def test_every_job_has_its_times_and_is_there() -> None:
    assert set(app.conf.beat_schedule) == set(TIMES) == set(JOBS)
    assert set(OF_DEADLINES) < set(JOBS)


@pytest.mark.parametrize("name", DAILY)
@pytest.mark.parametrize("change", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_the_change_of_the_clock_neither_doubles_nor_drops_a_run(name: str, change: datetime) -> None:
    found = runs(name, change - timedelta(days=1, hours=2), change + timedelta(days=2) - timedelta(hours=2))
    per_day = Counter(moment.date() for moment in found)
    day = change.date()
    assert {day - timedelta(days=1): 2, day: 2, day + timedelta(days=1): 2} == {
        on: number for on, number in per_day.items() if abs(on - day) <= timedelta(days=1)
    }
    hours = {moment.hour for moment in found}
    assert len(hours) == 2
    assert not hours & {2, 3}


def test_a_beat_that_was_down_starts_what_it_missed_once() -> None:
    night = datetime(2026, 3, 29, tzinfo=UTC)
    found = runs(
        "other-deadlines", night, night + timedelta(hours=20), down=(night, night + timedelta(hours=6))
    )
    assert [(moment.hour, moment.minute) for moment in found] == [(8, 0), (12, 40)]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-28T22:59:59", "2026-03-28"),
        ("2026-03-28T23:00:00", "2026-03-29"),
        ("2026-03-29T21:59:59", "2026-03-29"),
        ("2026-03-29T22:00:00", "2026-03-30"),
        ("2026-10-25T22:59:59", "2026-10-25"),
        ("2026-10-25T23:00:00", "2026-10-26"),
    ],
)
def test_d4_a_day_begins_at_midnight_in_brussels(moment: str, day: str) -> None:
    with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False):
        assert clock.today().isoformat() == day
