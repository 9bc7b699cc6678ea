"""T21 with real processes: a week without runs, two runs at once, a killed worker. The end state is that of daily runs."""

import json
import random
import signal
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from dossiers.models import Dossier, Reminder, SweptThrough
from tests.beat.process import done, start
from tests.beat.state import TODAY, daily, fill, forget, rows, swept_once
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund, User
from tnw.core import scope

pytestmark = pytest.mark.usefixtures("transactional_db")

CHUNK, MANY = 60, 220  # more than one chunk


def enforce(mail: Path) -> "subprocess.Popen[str]":
    """A run of the command, with its mails in a folder."""
    own = {"TNW_TEST_MAIL": str(mail), "TNW_TEST_CHUNK": str(CHUNK)}
    return start("enforce_deadlines", "--today", TODAY.isoformat(), "--json", **own)


def made(printed: str) -> int:
    """How many rows a run says it made."""
    jobs = json.loads(printed)["jobs"]
    return sum(
        fund.get("reminders", 0) + fund.get("escalations", 0)
        for job in jobs.values()
        for fund in job.values()
    )


def number(fund: Fund) -> int:
    """How many reminders there are, asked for again and again."""
    with audit.acting_as(actors.system(), fund):
        return Reminder.objects.count()


def test_a_week_without_runs_and_one_run_is_seven_daily_runs(fund: Fund, tmp_path: Path) -> None:
    fill(fund, MANY)
    week_ago = TODAY - timedelta(days=7)
    expected = daily(fund, week_ago, TODAY)
    forget(fund)
    before = daily(fund, week_ago, week_ago)
    assert len(before) < len(expected)
    printed = done(enforce(tmp_path))
    assert made(printed) == len(expected) - len(before)
    assert rows(fund) == expected
    assert made(done(enforce(tmp_path))) == 0
    assert rows(fund) == expected


def test_two_runs_at_once_share_the_work_and_do_nothing_twice(
    fund: Fund, doctor: User, team_lead: User, tmp_path: Path
) -> None:
    fill(fund, MANY)
    expected = swept_once(fund)
    runs = [enforce(tmp_path) for _ in range(2)]
    counts = [made(done(run)) for run in runs]
    assert rows(fund) == expected
    assert sum(counts) == len(expected)
    mails = [path.read_text() for path in tmp_path.iterdir()]
    for user in (doctor, team_lead):
        assert sum(mail.count(f"\nTo: {user.email}\n") for mail in mails) <= 1


def test_two_runs_at_once_share_the_days(fund: Fund, tmp_path: Path) -> None:
    fill(fund, MANY)
    week_ago = TODAY - timedelta(days=7)
    expected = daily(fund, week_ago, TODAY)
    forget(fund)
    before = daily(fund, week_ago, week_ago)
    runs = [enforce(tmp_path) for _ in range(2)]
    counts = [made(done(run)) for run in runs]
    assert rows(fund) == expected
    assert sum(counts) == len(expected) - len(before)


def test_what_a_killed_worker_had_in_hand_is_done_by_the_next(fund: Fund, tmp_path: Path) -> None:
    """SIGKILL in the middle of a chunk: of that chunk nothing is left, and nothing is lost."""
    fill(fund, MANY)
    expected = swept_once(fund)
    with audit.acting_as(actors.system(), fund):
        late = Dossier.objects.order_by("pk")[CHUNK + 30]  # in the second chunk
        wanted = next(row for row in expected if row[0] in set(late.deadlines.values_list("pk", flat=True)))
    with scope.funds(fund.pk), transaction.atomic(using="owner"):
        # A row that is not committed yet and that the second chunk will want to insert: there it waits.
        Reminder.objects.using("owner").create(
            fund_id=fund.pk,
            deadline_id=wanted[0],
            falls_on=wanted[1],
            step=wanted[2],
            audience=wanted[3],
            on=wanted[4],
        )
        run = enforce(tmp_path)
        with connection.cursor() as cursor:  # not in the transaction, which would always see the same
            for _ in range(2400):
                cursor.execute(
                    "select count(*) from pg_stat_activity where datname = current_database()"
                    " and wait_event_type = 'Lock' and query like '%with step%'"
                )
                if cursor.fetchone()[0]:
                    break
                time.sleep(0.05)
            else:
                pytest.fail("the sweep never came to the row in its way")
        run.send_signal(signal.SIGKILL)
        run.communicate()
        transaction.set_rollback(True, using="owner")
    deadlines_of_first_chunk = rows(fund)
    with audit.acting_as(actors.system(), fund):
        assert Dossier.objects.filter(unswept=True).count() == MANY - CHUNK
    assert set(deadlines_of_first_chunk) < set(expected)
    rest = made(done(enforce(tmp_path)))
    assert rows(fund) == expected
    assert rest == len(expected) - len(deadlines_of_first_chunk)


def test_killed_at_any_moment_again_and_again(fund: Fund, tmp_path: Path) -> None:
    fill(fund, MANY)
    week_ago = TODAY - timedelta(days=7)
    with audit.acting_as(actors.system(), fund):
        expected = swept_once(fund)
        SweptThrough.objects.bulk_create(
            [SweptThrough(fund=fund, rule=rule, day=week_ago) for rule in ("T1", "T4", "T17")]
        )
    chance = random.Random(21)
    for _ in range(3):
        run = enforce(tmp_path)
        before, patience = number(fund), time.monotonic() + 120
        while run.poll() is None and number(fund) == before and time.monotonic() < patience:
            time.sleep(0.01)
        time.sleep(chance.random() * 0.2)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        assert set(rows(fund)) <= set(expected)
    done(enforce(tmp_path))
    assert rows(fund) == expected


def test_a_page_in_the_way_is_never_the_one_that_gives_in(fund: Fund, tmp_path: Path) -> None:
    """A recording that holds a dossier: the sweep passes it by, and the next sweep has it."""
    fill(fund, 20)
    expected = swept_once(fund)
    with scope.funds(fund.pk), transaction.atomic(using="owner"):
        held = Dossier.objects.using("owner").select_for_update().order_by("pk")[3]
        assert made(done(enforce(tmp_path))) < len(expected)
        Dossier.objects.using("owner").filter(pk=held.pk).update(unswept=True)
    assert made(done(enforce(tmp_path))) > 0
    assert rows(fund) == expected
