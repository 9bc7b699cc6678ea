"""The table of steps: what is taken on which day, for which deadlines (T21, T22)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from dossiers.law.calendar import ONE_DAY, act_by, add_months, last_working_day_before
from dossiers.law.rules import RULES
from dossiers.models import Deadline, Dossier, Reminder, ReminderStep, SweptThrough
from dossiers.reminders import RULE_IDS, seed_steps, sweep
from dossiers.reminders.steps import Step, default_steps
from tnw.accounts.models import Fund

D = date.fromisoformat


def test_every_rule_has_steps_and_what_only_informs_escalates_to_nobody() -> None:
    by_rule: dict[str, set[str]] = {}
    for step in default_steps():
        by_rule.setdefault(step.rule, set()).add(f"{step.code} {step.audience}")
    assert set(by_rule) == set(RULE_IDS)
    usual = {"act_by-14 owner", "act_by-5 owner", "act_by+0 owner", "falls_on+1 team_lead"}
    assert by_rule["T4"] == by_rule["T7"] == by_rule["T12"] == usual
    # The system's to do: told of where it still waits for the post.
    assert by_rule["T1"] == {"workdays-2 owner", "act_by+0 owner", "falls_on+1 team_lead"}
    assert by_rule["T9"] == {"act_by-2 owner", "act_by+0 owner", "falls_on+1 team_lead"}
    assert by_rule["T13"] == {"surfaces+0 owner"}


@pytest.mark.parametrize(
    ("counted", "days"), [("act_by", -14), ("act_by", 0), ("falls_on", 1), ("falls_on", -3)]
)
def test_the_dates_of_a_step_are_exactly_those_whose_day_it_is(counted: str, days: int) -> None:
    """The range of legal dates that the index is asked for neither misses one nor takes one too many."""
    step = Step("T1", counted, days, "owner")
    day = D("2021-12-01")
    while day < D("2032-01-10"):
        between = step.falls_between(day)
        for falls_on in (day - timedelta(days=days) + timedelta(days=n) for n in range(-9, 10)):
            dated = act_by(falls_on) if counted == "act_by" else falls_on
            inside = between is not None and between[0] <= falls_on <= between[1]
            assert inside == (dated + timedelta(days=days) == day), (day, falls_on)
        day += ONE_DAY


def before(day: date, count: int) -> date:
    """So many working days earlier."""
    for _day in range(count):
        day = last_working_day_before(day)
    return day


@pytest.mark.parametrize("days", [-1, -2, -20])
def test_a_step_in_working_days_comes_on_one_and_only_for_its_dates(days: int) -> None:
    step = Step("T1", "workdays", days, "owner")
    day = D("2025-12-01")
    while day < D("2027-01-10"):
        between = step.falls_between(day)
        for falls_on in (day + timedelta(days=n) for n in range(45)):
            inside = between is not None and between[0] <= falls_on <= between[1]
            assert inside == (before(act_by(falls_on), -days) == day), (day, falls_on)
        day += ONE_DAY


def test_what_comes_into_view_lies_within_the_range_asked_for() -> None:
    for rule in RULES:
        if rule.shown_from is None:
            continue
        for n in range(3 * 366):
            anchor = D("2023-01-01") + timedelta(days=n)
            shown = add_months(anchor, rule.shown_from.months)
            falls = add_months(anchor, rule.falls.months) - timedelta(days=rule.falls.less_days)
            low, high = Step(rule.id, "surfaces", 0, "owner").falls_between(shown) or (anchor, anchor)
            assert low <= falls <= high


def test_seeding_twice_changes_nothing(in_fund: Fund) -> None:
    before = set(ReminderStep.objects.filter(fund=in_fund).values_list("pk", flat=True))
    assert len(before) == len(list(default_steps()))
    seed_steps(in_fund)
    assert set(ReminderStep.objects.filter(fund=in_fund).values_list("pk", flat=True)) == before


def taken(rule: str) -> list[tuple[str, str, str]]:
    rows = Reminder.objects.filter(deadline__rule=rule).order_by("on", "step")
    return [(f"{row.on}", row.step, row.audience) for row in rows]


def test_the_steps_of_a_questionnaire_day_by_day(in_fund: Fund, dossier_of: Callable[..., Dossier]) -> None:
    """S 5 January 2026: T1 on Monday 16 March, T4 on Monday 4 May."""
    dossier_of(start=D("2026-01-05"), today=D("2026-01-12"))
    day = D("2026-02-28")
    while day <= D("2026-03-20"):
        sweep(in_fund, day, RULE_IDS)
        day += ONE_DAY
    assert taken("T1") == [
        ("2026-03-12", "workdays-2", "owner"),
        ("2026-03-16", "act_by+0", "owner"),
        ("2026-03-17", "falls_on+1", "team_lead"),
    ]
    assert taken("T4") == []


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("2026-01-09", "2026-03-18"),  # T1 on Friday 20 March
        ("2026-01-11", "2026-03-18"),  # on Sunday the 22nd: the Friday before
        ("2026-01-27", "2026-04-02"),  # on Tuesday 7 April, the day after Easter Monday
        ("2026-03-05", "2026-05-11"),  # on Ascension Day, 14 May: by Wednesday the 13th
        ("2026-03-06", "2026-05-12"),  # on the Friday after it
        ("2025-10-27", "2025-12-31"),  # on Monday 5 January, over New Year
    ],
)
def test_two_working_days_before_by_dossier_and_by_day(
    start: str, told: str, in_fund: Fund, dossier_of: Callable[..., Dossier]
) -> None:
    dossier_of(start=D(start), today=D(start))
    rows = Deadline.objects.filter(rule="T1")
    found = []
    for swept in (None, D(start)):
        SweptThrough.objects.filter(fund=in_fund).delete()
        if swept:
            SweptThrough.objects.bulk_create(
                SweptThrough(fund=in_fund, rule=rule, day=swept) for rule in RULE_IDS
            )
        sweep(in_fund, rows.get().falls_on, ["T1"])
        found.append([on for on, step, _audience in taken("T1") if step == "workdays-2"])
        Reminder.objects.all().delete()
    assert found == [[told], [told]]


def test_counted_from_the_last_working_day_and_escalated_after_the_legal_date(
    in_fund: Fund, dossier_of: Callable[..., Dossier]
) -> None:
    """S 11 January 2026: T4 on Sunday 10 May, to be done by Friday 8 May."""
    dossier = dossier_of(start=D("2026-01-11"), today=D("2026-01-12"))
    assert Deadline.objects.get(dossier=dossier, rule="T4").falls_on == D("2026-05-10")
    sweep(in_fund, D("2026-06-01"), RULE_IDS)
    assert taken("T4") == [
        ("2026-04-24", "act_by-14", "owner"),
        ("2026-05-03", "act_by-5", "owner"),
        ("2026-05-08", "act_by+0", "owner"),
        ("2026-05-11", "falls_on+1", "team_lead"),
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ["workdays-2", "act_by+0", "falls_on+1"]),
        ({"opens_on": D("2026-03-13")}, ["act_by+0", "falls_on+1"]),
        ({"opens_on": D("2026-03-12")}, ["workdays-2", "act_by+0", "falls_on+1"]),
        # Born overdue: what says that it is due and late is said on the day it opens.
        ({"opens_on": D("2026-03-20")}, ["act_by+0", "falls_on+1"]),
        ({"closed_on": D("2026-03-16"), "outcome": "met"}, ["workdays-2"]),
        ({"closed_on": D("2026-03-17"), "outcome": "met_late"}, ["workdays-2", "act_by+0"]),
        ({"closed_on": D("2026-03-12"), "outcome": "met"}, []),
        # A pause that lasts: nothing from its first day on.
        (
            {"paused_from": D("2026-03-13"), "pauses": [["2026-03-13", None, 0, "2026-03-16"]]},
            ["workdays-2"],
        ),
        # A pause that moved the date: the steps of the new date lie behind it.
        (
            {
                "paused_from": D("2026-03-04"),
                "paused_until": D("2026-03-10"),
                "pauses": [["2026-03-04", "2026-03-10", 6, "2026-03-10"]],
            },
            ["workdays-2", "act_by+0", "falls_on+1"],
        ),
    ],
)
def test_a_step_is_taken_where_the_deadline_was_open_on_its_day(
    in_fund: Fund, dossier_of: Callable[..., Dossier], change: dict[str, object], expected: list[str]
) -> None:
    """T1 on Monday 16 March 2026, as its row may stand otherwise."""
    dossier = dossier_of(start=D("2026-01-05"), today=D("2026-01-12"))
    row = Deadline.objects.filter(dossier=dossier, rule="T1")
    row.update(**change)
    SweptThrough.objects.filter(fund=in_fund).delete()
    sweep(in_fund, D("2026-06-01"), ["T1"])
    assert [step for _on, step, _audience in taken("T1")] == expected
    Reminder.objects.all().delete()

    # By days instead of by dossier: the same, but for what was born late, which only its recording can bring.
    SweptThrough.objects.filter(fund=in_fund).update(day=D("2026-02-01"))
    sweep(in_fund, D("2026-06-01"), ["T1"])
    opened = row.get().opens_on
    by_days = [step for on, step, _audience in taken("T1") if D(on) > opened or opened < D("2026-03-16")]
    assert by_days == [step for step in expected if opened < D("2026-03-16")]


def test_nothing_before_the_fund_started(in_fund: Fund, dossier_of: Callable[..., Dossier]) -> None:
    """T22: nobody is written to for a day before the start."""
    in_fund.live_from = D("2026-03-13")
    in_fund.save()
    dossier_of(start=D("2026-01-05"), today=D("2026-03-20"))
    sweep(in_fund, D("2026-03-20"), RULE_IDS)
    assert [on for on, _step, _audience in taken("T1")] == ["2026-03-16", "2026-03-17"]


def test_the_end_of_the_presumption_is_told_once_when_it_comes_into_view(
    in_fund: Fund, dossier_of: Callable[..., Dossier]
) -> None:
    dossier = dossier_of(start=D("2026-01-05"), today=D("2026-01-12"))
    Deadline.objects.create(
        fund=in_fund, dossier=dossier, rule="T13", opened_by="x", occurrence=1, version=D("2022-01-01"),
        opens_on=D("2026-02-28"), falls_on=D("2026-08-28"), act_by=D("2026-08-28"), surfaces_on=D("2026-07-28"),
        anchor="last_signature", anchor_on=D("2026-02-28"), closed_on=D("2026-08-29"), outcome="met",
    )  # fmt: skip
    sweep(in_fund, D("2026-07-01"), RULE_IDS)
    assert taken("T13") == []
    sweep(in_fund, D("2026-09-01"), RULE_IDS)
    assert taken("T13") == [("2026-07-28", "surfaces+0", "owner")]


def test_a_second_run_does_nothing(in_fund: Fund, dossier_of: Callable[..., Dossier]) -> None:
    dossier_of(start=D("2026-01-05"), today=D("2026-01-12"))
    assert sweep(in_fund, D("2026-03-17"), RULE_IDS) == (2, 1)
    before = list(Reminder.objects.order_by("pk").values())
    assert sweep(in_fund, D("2026-03-17"), RULE_IDS) == (0, 0)
    assert list(Reminder.objects.order_by("pk").values()) == before


def test_a_run_for_a_day_that_has_gone_loses_nothing(
    in_fund: Fund, dossier_of: Callable[..., Dossier]
) -> None:
    """What is recorded now and swept with an old date is taken as far as the days were taken already."""
    sweep(in_fund, D("2026-03-17"), RULE_IDS)
    dossier_of(start=D("2026-01-05"), today=D("2026-03-17"))
    sweep(in_fund, D("2026-01-20"), RULE_IDS)
    sweep(in_fund, D("2026-03-17"), RULE_IDS)
    assert len(taken("T1")) == 3
