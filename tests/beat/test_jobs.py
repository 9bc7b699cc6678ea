"""The jobs by name: between them they have every rule once, and however the days were run the end is the same (T21)."""

import json
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.jobs import BY_NAME, OTHERS
from dossiers.law.calendar import ONE_DAY, act_by
from dossiers.models import Deadline, Dossier, Reminder, SweptThrough
from dossiers.reminders import RULE_IDS, Made, sweep
from tests.beat.state import rows
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.web.jobs import OF_DEADLINES

D = date.fromisoformat
FIRST = D("2026-03-09")
LAST = D("2026-03-16")


def enforce(*arguments: str) -> str:
    out = StringIO()
    call_command("enforce_deadlines", *arguments, stdout=out)
    return out.getvalue()


def test_every_rule_has_one_job(
    in_fund: Fund, dossier_of: Callable[..., Dossier], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    def noted(fund: Fund, today: date, rules: Iterable[str]) -> Made:
        taken.extend(rules)
        return Made()

    monkeypatch.setattr("dossiers.jobs.sweep", noted)
    monkeypatch.setattr("dossiers.jobs.in_each_fund", lambda work, fund: {"311": work(in_fund)._asdict()})
    for job in OF_DEADLINES.values():
        job(LAST)
    assert sorted(taken) == sorted(RULE_IDS)
    assert not BY_NAME & set(OTHERS)
    assert set(RULE_IDS) >= BY_NAME


def test_the_command_says_what_each_job_did_and_then_that_there_is_nothing(
    in_fund: Fund, dossier_of: Callable[..., Dossier]
) -> None:
    dossier_of(start=D("2026-01-05"), today=LAST)
    done = json.loads(enforce("--today", "2026-03-17", "--json"))
    assert done["today"] == "2026-03-17"
    assert list(done["jobs"]) == [*OF_DEADLINES]
    assert done["jobs"]["recorded-dossiers"] == {"311": {"reminders": 2, "escalations": 1}}
    next_day = json.loads(enforce("--today", "2026-03-18", "--json"))["jobs"]
    assert next_day["recorded-dossiers"] == {"311": {"reminders": 0, "escalations": 0}}
    text = enforce("--today", "2026-03-18")
    assert text.count("nothing to do") == len(OF_DEADLINES)


def test_the_command_for_one_fund_leaves_the_others(
    fund: Fund, other_fund: Fund, dossier_of: Callable[..., Dossier]
) -> None:
    dossier_of(start=D("2026-01-05"), today=LAST)
    done = json.loads(enforce("--today", "2026-03-17", "--fund", "509", "--json"))
    assert set(done["jobs"]["ten-week-questionnaire"]) == {"509"}
    assert rows(fund) == []
    enforce("--today", "2026-03-17", "--fund", "311")
    assert len(rows(fund)) == 3


def test_without_a_day_it_is_today(fund: Fund, dossier_of: Callable[..., Dossier]) -> None:
    assert f"Up to and including {clock.today()}" in enforce()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--today", "31/12/2026"], "'31/12/2026' is not a date; write it as 2026-11-21"),
        (["--today", "2026-02-30"], "'2026-02-30' is not a date"),
        (["--fund", "999"], "There is no fund 999"),
    ],
)
def test_what_is_wrong_in_a_call_is_said_in_a_sentence(db: None, arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said.replace("(", r"\(")):
        enforce(*arguments)


DAYS = st.dates(D("2026-02-20"), D("2026-04-05"))


@st.composite
def deadlines(draw: st.DrawFn) -> dict[str, object]:
    """A row as the law may make it: opened, perhaps closed, perhaps paused, perhaps moved by that."""
    opens, falls = draw(DAYS), draw(DAYS)
    row: dict[str, object] = {
        "rule": draw(st.sampled_from(["T4", "T7", "T9", "T13"])), "opens_on": min(opens, falls), "falls_on": falls,
        "act_by": act_by(falls), "surfaces_on": falls - timedelta(days=30),
        "closed_on": draw(st.none() | st.dates(min(opens, falls), D("2026-04-20"))),
    }  # fmt: skip
    if draw(st.booleans()):
        since = draw(st.dates(min(opens, falls), falls))
        until = draw(st.none() | st.dates(since + ONE_DAY, since + timedelta(days=20)))
        days = (until - since).days if until and draw(st.booleans()) else 0
        moved = falls + timedelta(days=days)
        row |= {"falls_on": moved, "act_by": act_by(moved), "paused_from": since, "paused_until": until}
        row["pauses"] = [[f"{since}", until and f"{until}", days, f"{falls}"]]
    return row


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    before=st.lists(deadlines(), max_size=4),
    meanwhile=st.lists(st.tuples(st.integers(1, 7), deadlines()), max_size=3),
    run_on=st.sets(st.integers(1, 6)),
)
def test_whatever_days_are_missed_the_end_is_that_of_daily_runs(
    in_fund: Fund,
    dossier_of: Callable[..., Dossier],
    before: list[dict[str, object]],
    meanwhile: list[tuple[int, dict[str, object]]],
    run_on: set[int],
) -> None:
    """Deadlines of before the week and some recorded in it, with runs on all its days, on some, on the last alone."""
    with transaction.atomic():
        dossiers = [dossier_of(start=D("2026-03-01"), today=D("2026-03-02")) for _ in range(2)]

        def record(dossier: Dossier, n: int, row: dict[str, object]) -> None:
            Deadline.objects.create(
                fund=in_fund, dossier=dossier, opened_by=f"{n}", occurrence=1, version=D("2022-01-01"),
                anchor="start", anchor_on=D("2026-03-01"), **row,
            )  # fmt: skip
            Dossier.objects.filter(pk=dossier.pk).update(unswept=True)

        def week(days: set[int]) -> set[tuple[str, ...]]:
            sid = transaction.savepoint()
            for n, row in enumerate(before):
                record(dossiers[0], n, row)
            sweep(in_fund, FIRST, RULE_IDS)
            for day in range(1, 8):
                for n, (on, row) in enumerate(meanwhile):
                    if on == day:
                        record(dossiers[1], n, row)
                if day in days or day == 7:
                    sweep(in_fund, FIRST + timedelta(days=day), RULE_IDS)
            found = Reminder.objects.order_by("deadline__dossier", "deadline__opened_by", "falls_on", "step")
            names = ("deadline__dossier", "deadline__opened_by", "falls_on", "step", "audience", "on")
            result = {tuple(map(str, row)) for row in found.values_list(*names)}
            assert not SweptThrough.objects.exclude(day=LAST).exists()
            transaction.savepoint_rollback(sid)
            return result

        daily = week(set(range(1, 8)))
        assert week(set()) == daily
        assert week(run_on) == daily
        transaction.set_rollback(True)
