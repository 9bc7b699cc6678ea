"""The assessment queue: who waits on which day, in which order, and for whom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dossiers.keyset import Place
from dossiers.law.facts import Fact, fact
from routing.assessments import Queue
from tests.web.waiting import SHOWN, START, assessed, d, dossier, lines, trained
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, Team, TeamArea, User
from tnw.core import clock, scope

# The day of looking, what had happened, and for what the dossier waits then.
DAYS: list[tuple[str, list[Fact], list[str]]] = [
    ("2026-04-14", [], []),
    ("2026-04-15", [], ["T4"]),
    ("2026-05-14", [], ["T4"]),
    ("2026-06-20", [], ["T4"]),
    ("2026-05-04", [assessed("2026-05-04", 2)], []),
    # Category 1: S + 6 months is 15-7; in view a month before.
    ("2026-06-14", [assessed("2026-05-04", 1)], []),
    ("2026-06-15", [assessed("2026-05-04", 1)], ["T5"]),
    ("2026-08-01", [assessed("2026-05-04", 1)], ["T5"]),
    # Category 3: two months later is Saturday 4-7, to act by Friday 3-7.
    ("2026-06-02", [assessed("2026-05-04", 3)], []),
    ("2026-06-03", [assessed("2026-05-04", 3)], ["T6"]),
    # Category 4: to refer, at once; referred, nothing more.
    ("2026-05-04", [assessed("2026-05-04", 4)], ["T23"]),
    ("2026-05-05", [assessed("2026-05-04", 4), fact("referral_made", d("2026-05-05"), "r-1")], []),
    # After training: six months later is 10-12.
    ("2026-11-09", [assessed("2026-05-04", 2), trained("2026-06-10")], []),
    ("2026-11-10", [assessed("2026-05-04", 2), trained("2026-06-10")], ["T14"]),
]


@pytest.mark.parametrize(("day", "facts", "rules"), DAYS)
def test_who_is_in_the_queue_on_which_day(
    day: str, facts: list[Fact], rules: list[str], fund: Fund, of_doctor: Actor
) -> None:
    today = d(day)
    dossier(fund, today, facts=facts)
    assert [deadline.rule for line in lines(of_doctor, today) for deadline in line.waits_for] == rules


@pytest.mark.parametrize(
    ("columns", "there"),
    [
        ({}, True),
        ({"end": "2026-04-19", "end_reason": "resumed"}, False),
        ({"end": "2026-04-20", "end_reason": "resumed"}, False),  # over before its last working day
        ({"end": "2026-06-30", "end_reason": "resumed"}, True),  # known to end, but later
        ({"cause": "work_accident"}, False),
    ],
)
def test_ended_and_excluded_drop_out(
    columns: dict[str, Any], there: bool, fund: Fund, of_doctor: Actor
) -> None:
    today = d("2026-04-20")
    dossier(fund, today, **columns)
    assert bool(lines(of_doctor, today)) is there


def test_one_line_a_dossier_at_its_most_urgent_with_the_medical_contact_beside(
    fund: Fund, of_doctor: Actor
) -> None:
    today = d("2026-11-20")
    facts = [assessed("2026-05-04", 2), trained("2026-06-10"), assessed("2026-11-20", 4)]
    one = dossier(fund, today, facts=facts[:2])
    both = dossier(fund, today, facts=[trained("2026-06-10")])
    found = lines(of_doctor, today)
    assert {line.dossier.pk: [deadline.rule for deadline in line.waits_for] for line in found} == {
        both.pk: ["T4", "T14"],
        one.pk: ["T14"],
    }
    assert [deadline.occurrence for deadline in found[0].beside] == [4, 7, 11]


def test_the_most_urgent_first_and_page_after_page_none_twice(fund: Fund, of_doctor: Actor) -> None:
    today = d("2026-06-01")
    starts = [START + timedelta(3 * (number * 7 % 23)) for number in range(23)]
    made = {dossier(fund, today, start).pk: start for start in starts}
    with scope.funds(fund.pk), clock.at(today):
        queue = Queue(of_doctor, today)
        seen: list[int] = []
        after: Place | None = None
        while True:
            part, after = queue.stretch(after, 4)
            seen += [line.dossier.pk for line in part]
            if after is None:
                break
        assert queue.number() == len(seen)
    waiting = sorted((start, pk) for pk, start in made.items() if start <= d("2026-03-01"))
    assert sorted(seen) == sorted(pk for _start, pk in waiting)
    assert [made[pk] for pk in seen] == [start for start, _pk in waiting]
    assert Place.read(str(Place(today, today, 7))) == Place(today, today, 7)
    assert Place.read("nothing") is None


def test_the_own_team_the_teams_without_a_doctor_and_the_whole_fund(
    fund: Fund, team: Team, make_user: Callable[..., User], of_doctor: Actor, other_fund: Fund
) -> None:
    with audit.acting_as(actors.system(), fund):
        south = Team.objects.create(fund=fund, name="Zuid", languages=["nl"])
        TeamArea.objects.filter(team=team).update(first="9000")
        TeamArea.objects.create(team=south, first="1000", last="8999")
    today = SHOWN
    own = dossier(fund, today)
    theirs = dossier(fund, today, postal_code="2000")
    dossier(other_fund, today)
    assert {line.dossier.pk for line in lines(of_doctor, today)} == {own.pk, theirs.pk}
    make_user(Role.ADVISORY_DOCTOR, fund=fund, team=south)
    assert {line.dossier.pk for line in lines(of_doctor, today)} == {own.pk}
    assert {line.dossier.pk for line in lines(of_doctor, today, everyone=True)} == {own.pk, theirs.pk}
