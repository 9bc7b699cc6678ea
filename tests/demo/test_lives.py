"""The script of the demo, without a database: the same for the same seed, nobody real, every state of every rule."""

from collections import Counter
from datetime import date, timedelta
from itertools import product
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from stdnum.be import nn

from dossiers import machines
from dossiers.feed.recognitions import COLUMNS, Recognition, check
from dossiers.identifiers import age_on, is_enterprise_number, is_ssin
from dossiers.law import facts as door
from dossiers.law.deadlines import deadlines
from dossiers.law.row import STATES
from dossiers.law.rules import RULES
from routing.models import RouteB
from routing.models.question import Kind
from tests.demo.ledgers import ledger_of
from tnw.web.demo import feed
from tnw.web.demo.answers import answers
from tnw.web.demo.course import Life
from tnw.web.demo.people import SERIALS, next_number, ssin
from tnw.web.demo.population import LARGE, SMALL, Plan

TODAY = date(2026, 11, 21)
# A Saturday, a Monday after Easter, a day between holidays, a leap day, the start of a year.
DAYS = [TODAY, date(2027, 3, 29), date(2026, 12, 28), date(2028, 2, 29), date(2027, 1, 1)]


def plan(today: date = TODAY, people: int = 500, months: int = 24) -> Plan:
    return Plan.until(today, people=people, months=months)


def everybody(today: date = TODAY) -> list[Life]:
    return [life for fund in (LARGE, SMALL) for life in plan(today).lives(fund, today)]


@pytest.fixture(scope="module")
def lives() -> list[Life]:
    return everybody()


def test_the_same_seed_tells_the_same_lives(lives: list[Life]) -> None:
    assert everybody() == lives


def test_another_seed_tells_others(lives: list[Life]) -> None:
    other = list(plan()._replace(seed=1).lives(LARGE, TODAY))
    assert [life.person.ssin for life in other] != [life.person.ssin for life in lives[: len(other)]]


def test_a_life_that_was_begun_goes_on_as_it_was_told(lives: list[Life]) -> None:
    later = {life.person.reference: life for life in plan().lives(LARGE, TODAY + timedelta(days=400))}
    assert [later[life.person.reference] for life in lives if life.person.fund == LARGE] == [
        life for life in lives if life.person.fund == LARGE
    ]
    assert len(later) > 700


def test_so_many_people_over_so_many_months(lives: list[Life]) -> None:
    count = Counter(life.person.fund for life in lives)
    assert count == {LARGE: pytest.approx(500, abs=1), SMALL: 40}
    starts = [life.person.start for life in lives]
    assert date(2024, 11, 21) <= min(starts) < date(2024, 12, 1)
    assert date(2026, 11, 10) < max(starts) <= TODAY
    per_quarter = Counter((start.year, start.month // 4) for start in starts)
    assert max(per_quarter.values()) < 150


def test_numbers_are_right_and_nobody_has_them(lives: list[Life]) -> None:
    for life in lives:
        person = life.person
        assert is_ssin(person.ssin, person.start)
        assert nn.is_valid(person.ssin) or int(person.ssin[2:4]) > 40, "a bis number"
        assert SERIALS[0] <= int(person.ssin[6:9]) <= SERIALS[1]
        assert (person.birth_date.month, person.birth_date.day) != (1, 1)
        assert person.email == "" or person.email.endswith("@example.org")
        assert person.phone == "" or person.phone.startswith("02 000 ")
        if person.employer_number:
            assert is_enterprise_number(person.employer_number)
            assert person.employer_number.startswith("010")


def test_ssins_are_of_one_person_each(lives: list[Life]) -> None:
    count = Counter((life.person.fund, life.person.ssin) for life in lives)
    assert max(count.values()) == 1


@pytest.mark.parametrize(
    ("people", "today"), [(260, date(2026, 11, 22)), (260, DAYS[1]), (400, DAYS[2]), (120, DAYS[3])]
)
def test_no_ssin_is_given_twice_whatever_the_size_or_the_day(people: int, today: date) -> None:
    """260 people on 22/11/2026 had two with the same; the import refused the second, and the replay died of it."""
    count = Counter(life.person.ssin for life in plan(today, people).lives(LARGE, today))
    assert not {ssin for ssin, times in count.items() if times > 1}


def test_the_next_number_of_a_day_is_as_right_as_the_first() -> None:
    for born in (date(1971, 5, 3), date(2003, 5, 3)):
        for woman, bis in product((True, False), repeat=2):
            one = ssin(born, woman=woman, serial=990, bis=bis)
            seen = {one}
            while (one := next_number(one)) not in seen:
                seen.add(one)
                assert is_ssin(one, date(2026, 11, 22))
                assert int(one[6:9]) % 2 == (not woman)
                assert SERIALS[0] <= int(one[6:9]) <= SERIALS[1]
            assert len(seen) == 19


def test_people_differ(lives: list[Life]) -> None:
    people = [life.person for life in lives]
    assert {person.language for person in people} == {"nl", "fr", "de"}
    assert {person.regime for person in people} == {"employee", "unemployed", "self_employed"}
    assert len({(person.last_name, person.first_name) for person in people}) > 400
    assert {"1300", "1400", "59100"} & {person.postal_code for person in people}


def test_every_line_passes_the_feed(lives: list[Life]) -> None:
    for life in lives:
        for version, (day, line) in enumerate(feed.lines(life), start=1):
            read = check(2, [line[name] for name in COLUMNS], life.person.fund, day)
            assert isinstance(read, Recognition), (life.person.reference, read)
            assert read.version == version


def test_some_lines_are_refused_on_purpose() -> None:
    days = [TODAY - timedelta(days=n) for n in range(120)]
    refused = [line for day in days for line in feed.faulty(LARGE, day)]
    found = [check(2, [line[name] for name in COLUMNS], LARGE, TODAY) for line in refused]
    assert len(found) >= 6
    assert not any(isinstance(read, Recognition) for read in found)


def test_every_act_passes_the_door_in_its_order(lives: list[Life]) -> None:
    for life in lives:
        first_day = life.lines[0].day
        known: dict[str, door.Fact] = {}
        for act in life.acts:
            assert first_day <= act.day
            for fact in act.facts:
                assert fact.id not in known
                door.check(
                    fact.kind,
                    on=fact.on,
                    id=fact.id,
                    subject=fact.subject,
                    values=dict(fact.values),
                    today=act.day,
                )
                if fact.kind in ("fact_corrected", "fact_voided"):
                    door.check_correction(fact, known[fact.get("fact")], today=act.day)
                known[fact.id] = fact


def test_nothing_contradicts_on_any_day(lives: list[Life]) -> None:
    for life in lives:
        for day in {act.day for act in life.acts if act.day <= TODAY}:
            assert not machines.out_of_order({1: ledger_of(life, day)}), (life.person.reference, day)


def test_everything_comes_to_every_state(lives: list[Life]) -> None:
    found: dict[str, Counter[str]] = {}
    for life in lives:
        facts = door.in_order(door.corrected(ledger_of(life, TODAY)))
        for model in machines.machines():
            count = found.setdefault(model.NAME, Counter())
            count.update(one.state for one in machines.fold(model, facts).made)
    for model in machines.machines():
        state = next(field for field in model._meta.fields if field.name == "state")
        wanted = {value for value, _label in state.choices or ()}
        if model is RouteB:  # the traject starts in the same act
            wanted.discard("permission_granted")
        assert set(found[model.NAME]) == wanted, model


def test_some_appointments_lie_ahead(lives: list[Life]) -> None:
    ahead = [
        fact.values["at"].date()
        for life in lives
        for act in life.acts
        for fact in act.facts
        if act.day <= TODAY and fact.kind == "appointment_made"
    ]
    assert len([day for day in ahead if day > TODAY]) >= 5


def test_near_the_pension_is_who_has_the_age_for_it(lives: list[Life]) -> None:
    for life in lives:
        for act in life.acts:
            if act.fact.get("reason") == "near_pension":
                assert age_on(life.person.birth_date, act.day) >= 65, life.person.reference


def test_who_answers_nothing_of_it_answers_nothing_else() -> None:
    options = [SimpleNamespace(code=code) for code in ("lifting", "travelling", "nothing")]
    asked: Any = [SimpleNamespace(kind=Kind.MULTIPLE, code="hard", required=True, choices=options)]
    given = [answers(asked, Random(n), "nl", whole=True)["hard"] for n in range(50)]
    assert ["nothing"] in given
    assert not [one for one in given if "nothing" in one and len(one) > 1]


def test_staff_works_on_working_days(lives: list[Life]) -> None:
    recorded = {act.fact.on.weekday() for life in lives for act in life.acts if act.by == "coordinator"}
    assert recorded == {0, 1, 2, 3, 4}


def test_nobody_has_two_trajects_at_once(lives: list[Life]) -> None:
    for life in lives:
        running = 0
        facts = sorted((fact for act in life.acts for fact in act.facts), key=lambda fact: fact.on)
        for fact in facts:
            running += {"traject_started": 1, "traject_ended": -1}.get(fact.kind, 0)
            assert running in (0, 1), life.person.reference


def expected() -> set[tuple[str, str]]:
    """What can be: only what a suspension touches is paused, and what informs only is never late (T13)."""
    states = set(STATES) - {"not_open", "paused"}
    found = {
        (rule.id, state)
        for rule in RULES
        for state in (states - {"overdue", "met_late", "missed"} if rule.informs_only else states)
    }
    return found | {(rule.id, "paused") for rule in RULES if rule.paused_by_suspension}


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_every_rule_is_met_with_in_every_state(today: date) -> None:
    made = plan(today)
    found = {
        (row.rule, row.state(today))
        for life in made.lives(LARGE, today)
        for row in deadlines(ledger_of(life, today), made.first_day)
    }
    assert expected() - found == set()


def test_most_dates_are_kept(lives: list[Life]) -> None:
    count = Counter(
        row.state(TODAY) for life in lives for row in deadlines(ledger_of(life, TODAY), plan().first_day)
    )
    assert count["met"] > 2 * (count["met_late"] + count["missed"])
    assert count["overdue"] < count["open"]


def test_few_people_or_months_go_without_scenes() -> None:
    few = plan(people=20, months=2)
    assert not few.with_scenes
    assert len(list(few.lives(LARGE, TODAY))) == 20
    assert len(list(few.lives(SMALL, TODAY))) == 2
