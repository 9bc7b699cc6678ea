"""Facts to numbers: every figure of a told story, quarter by quarter, and the list behind each number."""

import json
from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pytest

from dossiers.law.facts import fact
from dossiers.models import FigureCount
from routing.figures import rows
from routing.figures.counting import count, numbers, parameters
from routing.figures.quarter import Quarter, up_to
from routing.figures.table import FIGURES
from routing.policies.figures import whose
from tests.figures import story
from tests.figures.conftest import Tell
from tests.figures.story import TODAY
from tnw.accounts import actors
from tnw.accounts.models import Fund, User
from tnw.web.figures.asked import values_of

Q = {"Q4": date(2025, 10, 1), "Q1": date(2026, 1, 1), "Q2": date(2026, 4, 1), "Q3": date(2026, 7, 1)}

EXPECTED: dict[str, dict[str, dict[str, int]]] = {
    # Complete on the day it came, as it reads now: one corrected to complete, one moved to the last day, one taken back.
    "complete_questionnaires": {"Q4": {"": 1}, "Q1": {"": 4}},
    # Signed on the last day of the quarter counts in it; one declared void does not.
    "positive_declarations": {"Q1": {"": 1}},
    "inflow": {"Q4": {"": 7}, "Q1": {"": 3}},
    "questionnaires": {"Q4": {"in_time": 1}, "Q1": {"late": 1, "never": 1}, "Q3": {"waiting": 1}},
    "assessments": {"Q1": {"4": 1, "2": 1}},
    "referrals": {"Q1": {"": 1}},
    "routes": {"Q1": {"A": 1, "B": 1}},
    "trajects": {"Q1": {"A": 1}, "Q2": {"B": 1}},
    "permissions": {"Q2": {"granted": 1, "refused": 1}},
    "declarations": {"Q1": {"complete": 1}, "Q2": {"fallen": 1}},
    "plans": {"Q2": {"first": 1}, "Q3": {"changed": 1}},
    "results": {"Q3": {"adapted_work": 1}},
    "first_contacts": {"Q1": {"in_time": 1}, "Q2": {"late": 1}},
    "reviews": {"Q3": {"in_time": 1}},
    "answers_in_time": {"Q2": {"in_time": 2}},
    "plan_interviews": {"Q2": {"in_time": 1}},
}  # fmt: skip
# Of whom each step was first taken, the median and the ninetieth percentile of the days.
DAYS = {
    "time_to_questionnaire": {"Q4": (1, 70, 70), "Q1": (2, 70, 70), "Q3": (1, 273, 273)},
    "time_to_answer": {"Q4": (1, 84, 84), "Q1": (4, 99, 140)},
    "time_to_assessment": {"Q1": (2, 42, 106)},
    "time_to_referral": {"Q1": (1, 108, 108)},
    "time_to_first_contact": {"Q1": (1, 137, 137), "Q2": (1, 158, 158)},
    "time_to_traject": {"Q1": (1, 137, 137), "Q2": (1, 184, 184)},
    "time_to_declaration": {"Q1": (1, 176, 176), "Q2": (1, 210, 210)},
    "time_to_plan": {"Q2": (1, 196, 196)},
}


# A fact, the day it was told of, and the day that it is of.
CORRECTED = (
    ("before", "2025-10-01", "2025-10-02"),
    ("into", "2025-12-30", "2026-01-02"),
    ("within", "2026-01-20", "2026-01-21"),
)


@pytest.fixture
def told(tell: Tell, in_fund: Fund, coordinator: User, colleague: User) -> Fund:
    story.write(tell, coordinator, colleague)
    count(in_fund, TODAY)
    return in_fund


def test_every_figure_of_the_story(told: Fund, team_lead: User) -> None:
    lead = actors.of_user(team_lead)
    names = {first: name for name, first in Q.items()}
    found: dict[str, dict[str, dict[str, int]]] = {}
    days: dict[str, dict[str, tuple[int, int | None, int | None]]] = {}
    for one in FigureCount.objects.filter(cut=""):
        quarter = names.get(one.quarter, str(one.quarter))
        if FIGURES[one.figure].in_days:
            days.setdefault(one.figure, {})[quarter] = (one.number, one.median, one.ninetieth)
        else:
            found.setdefault(one.figure, {}).setdefault(quarter, {})[one.part] = one.number
    late = {name: found.pop(name) for name in ("questionnaires_in_time", "assessments_in_time")}
    assert found == EXPECTED
    assert days == DAYS
    # Due of everybody: the ten weeks and the fourth month of each, but of who is excluded.
    assert late["assessments_in_time"]["Q1"] == {
        "in_time": 1,
        "never": 6,
    }
    assert sum(sum(parts.values()) for parts in late["questionnaires_in_time"].values()) == 10
    # Counted again it is the same, and so is what is counted at once for clients.
    assert count(told, TODAY) == count(told, TODAY)
    at_once = numbers(lead, FIGURES.values(), up_to(Quarter.of(TODAY), 4), TODAY)
    assert {names[first]: parts for first, parts in at_once["questionnaires"].items()} == EXPECTED[
        "questionnaires"
    ]


def test_the_list_behind_every_number(told: Fund, team_lead: User) -> None:
    """Whatever was counted, however it was cut: the list has as many lines, in pages that miss none."""
    lead = actors.of_user(team_lead)
    every = {(one.kind, one.key): one for one in whose(lead)}
    by_key = {name: {one.key: one for one in values_of(name, told.pk)} for name in ("team", "coordinator")}
    checked = set()
    for one in FigureCount.objects.filter(quarter__gte=Q["Q4"]):
        names = one.cut.split("/") if one.cut else []
        if len(names) == 2:
            mine, dimension = names
        else:  # a cut by one dimension is read both as of whom, and as told apart by what
            mine, dimension = "fund", one.cut
        key = {"fund": None, "team": one.for_team, "coordinator": one.for_coordinator}[mine]
        if key == 0:
            continue
        value = getattr(one, dimension if dimension in ("regime", "language") else f"for_{dimension}", "")
        if dimension in by_key:
            assert value in by_key[dimension]
        listed = rows.Listed(
            FIGURES[one.figure],
            Quarter.of(one.quarter),
            every[mine, key],
            one.part,
            dimension,
            value if dimension else "",
        )
        found = rows.rows(lead, listed, TODAY)
        assert (found.number, len(found.lines)) == (one.number, one.number), one
        checked.add((one.figure, one.cut))
    assert {figure for figure, _cut in checked} == set(FIGURES)
    listed = rows.Listed(FIGURES["inflow"], Quarter(2025, 4), every["fund", None])
    pages, after = [], None
    while True:
        page = rows.rows(lead, listed, TODAY, after, size=2)
        pages.append([line.dossier.pk for line in page.lines])
        after = page.after
        if after is None:
            break
    seen = [pk for page in pages for pk in page]
    assert (len(seen), len(set(seen)), [len(page) for page in pages]) == (7, 7, [2, 2, 2, 1])


def test_of_corrections_only_those_of_the_days_asked_for_are_read(tell: Tell, in_fund: Fund) -> None:
    """What was told of these days or is of them now; of all days where something earlier or later decides."""
    for what, day, instead in CORRECTED:
        made = fact("assessment_made", date.fromisoformat(day), what, category=4)
        tell(date(2025, 7, 1), (made.on, made), story.corrected("2026-02-01", what, on=instead))
    found = {
        code: json.loads(parameters(in_fund.pk, [FIGURES[code]], [Quarter(2026, 1)], TODAY)["again"])
        for code in ("assessments", "time_to_assessment")
    }
    assert {code: sorted(one["fact_id"] for one in again) for code, again in found.items()} == {
        "assessments": ["into", "within"],
        "time_to_assessment": ["before", "into", "within"],
    }


def test_each_fund_its_own(told: Fund, other_fund: Fund, make_user: Callable[..., User]) -> None:
    stranger = actors.of_user(make_user("team_lead", fund=other_fund))
    assert not FigureCount.objects.visible_to(stranger).exists()
    listed = rows.Listed(FIGURES["inflow"], Quarter(2025, 4), whose(stranger)[0])
    assert rows.rows(stranger, listed, TODAY).lines == []


def test_quarters_follow_each_other() -> None:
    quarters = up_to(Quarter(2026, 2), 6)
    assert quarters[0] == Quarter(2025, 1)
    assert all(before.last.toordinal() + 1 == after.first.toordinal() for before, after in pairwise(quarters))
    assert (Quarter.read("2026q4"), Quarter.read("2026q5"), Quarter.read("x")) == (
        Quarter(2026, 4),
        None,
        None,
    )
