"""The worklist: what stands in it for whom, filter by filter, page after page."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict

from dossiers.keyset import Place
from dossiers.models import Deadline, Dossier
from tests.web.desk import MONDAY, SATURDAY, TUESDAY, D, MakeDossier, MakeUser, bare, deadline, shown
from tnw.accounts import actors
from tnw.accounts.models import Fund, Role, Team, User
from tnw.accounts.services import start_deputy
from tnw.core import scope
from tnw.web.worklist.filters import Filters
from tnw.web.worklist.reading import Worklist
from tnw.web.worklist.scope import scope_of

BUCKETS = [
    # act by, falls on, shown as on Monday 16 March
    ("2026-03-13", "2026-03-13", "overdue"),
    ("2026-03-13", "2026-03-15", "overdue"),
    ("2026-03-13", "2026-03-16", "today"),
    ("2026-03-16", "2026-03-16", "today"),
    ("2026-03-17", "2026-03-17", "week"),
    ("2026-03-20", "2026-03-22", "week"),
    ("2026-03-23", "2026-03-23", "later"),
]


@pytest.mark.parametrize(("act_by", "falls_on", "bucket"), BUCKETS)
def test_in_which_group_a_deadline_stands(
    act_by: str, falls_on: str, bucket: str, at_home: None, dossier_of: MakeDossier, coordinator: User
) -> None:
    dossier = bare(dossier_of(start=D("2026-01-05"), today=MONDAY), coordinator)
    deadline(dossier, act_by=D(act_by), falls_on=D(falls_on))
    assert shown(coordinator) == [("T7", bucket)]
    actor = actors.of_user(coordinator)
    work = scope_of(actor, MONDAY)
    assert work
    counts = Worklist(actor, Filters(QueryDict(), scope=work, fund_id=coordinator.fund_id), MONDAY).counts()
    assert {count.bucket for count in counts if count.number} == {bucket}
    assert shown(coordinator, f"bucket={bucket}") == [("T7", bucket)]
    others = {"overdue", "today", "week", "later"} - {bucket}
    assert [shown(coordinator, f"bucket={other}") for other in others] == [[], [], []]
    assert bool(shown(coordinator, "bucket=soon")) == (bucket in ("today", "week"))


@pytest.mark.parametrize(
    ("today", "bucket"), [("2026-03-20", "later"), ("2026-03-21", "week"), ("2026-03-22", "week")]
)
def test_on_a_weekend_this_week_is_the_one_that_comes(
    today: str, bucket: str, at_home: None, dossier_of: MakeDossier, coordinator: User
) -> None:
    """On a Sunday what has to be done on Monday is not "after this week"."""
    dossier = bare(dossier_of(start=D("2026-01-05"), today=MONDAY), coordinator)
    for act_by in ("2026-03-23", "2026-03-27"):
        deadline(dossier, act_by=D(act_by))
    assert {found for _rule, found in shown(coordinator, today=D(today))} == {bucket}
    assert len(shown(coordinator, f"bucket={bucket}", today=D(today))) == 2


NOT_THERE = [
    {"opens_on": TUESDAY},
    {"surfaces_on": TUESDAY},
    {"paused_from": MONDAY},
    {"closed_on": MONDAY, "outcome": "met"},
    {"closed_on": TUESDAY, "outcome": "fallen_away", "act_by": D("2026-03-18")},
]


@pytest.mark.parametrize("columns", NOT_THERE)
def test_what_does_not_wait_is_not_there(
    columns: dict[str, Any], at_home: None, dossier_of: MakeDossier, coordinator: User
) -> None:
    dossier = bare(dossier_of(start=D("2026-01-05"), today=MONDAY), coordinator)
    deadline(dossier, **{"act_by": MONDAY, **columns})
    assert shown(coordinator) == []


def test_what_is_known_to_close_later_waits_all_the_same(
    at_home: None, dossier_of: MakeDossier, coordinator: User
) -> None:
    dossier = bare(dossier_of(start=D("2026-01-05"), today=MONDAY), coordinator)
    deadline(dossier, closed_on=SATURDAY, outcome="missed")
    assert shown(coordinator) == [("T7", "today")]


FILTERS = [
    ("", ["T7", "T9", "T12", "T4"]),
    ("rule=T9", ["T9"]),
    ("route=route_a", ["T7"]),
    ("route=route_b", ["T9"]),
    ("route=formal_part", ["T12"]),
    ("route=incapacity", ["T4"]),
    ("regime=self_employed", ["T9", "T4"]),
    ("language=fr", ["T12", "T4"]),
    ("language=fr&regime=self_employed", ["T4"]),
    ("rule=T9&bucket=overdue", []),
    ("coordinator=none", ["T4"]),
    ("coordinator={other}", ["T9"]),
    ("coordinator={own}", ["T7", "T12"]),
    ("rule=T99&regime=nobody&coordinator=x&bucket=y", ["T7", "T9", "T12", "T4"]),
    ("whose=mine", ["T7", "T9", "T12", "T4"]),
]


@pytest.mark.parametrize(("query", "rules"), FILTERS)
def test_each_filter(
    query: str,
    rules: list[str],
    at_home: None,
    dossier_of: MakeDossier,
    make_user: MakeUser,
    fund: Fund,
    team: Team,
    coordinator: User,
    team_lead: User,
) -> None:
    other = make_user(Role.COORDINATOR, fund=fund, team=team)
    table = [
        ("T7", coordinator, "employee", "nl"),
        ("T9", other, "self_employed", "nl"),
        ("T12", coordinator, "employee", "fr"),
        ("T4", None, "self_employed", "fr"),
    ]
    for number, (rule, who, regime, language) in enumerate(table):
        made = dossier_of(start=D("2026-01-05"), today=MONDAY, regime=regime, language=language)
        deadline(bare(made, who), rule, MONDAY + timedelta(number))
    query = query.format(own=coordinator.public_id, other=other.public_id)
    assert [rule for rule, _bucket in shown(team_lead, query)] == rules


def test_page_after_page_nothing_is_lost_and_nothing_comes_twice(
    at_home: None, dossier_of: MakeDossier, coordinator: User, team: Team, make_user: MakeUser, fund: Fund
) -> None:
    """With days that many share, closing ones among them, and a colleague whose list holds the same deadlines."""
    doctor, colleague = (
        make_user(Role.ADVISORY_DOCTOR, Role.COORDINATOR, fund=fund, team=team) for _ in range(2)
    )
    dossier = bare(dossier_of(start=D("2026-01-05"), today=MONDAY), colleague)
    rows = [
        deadline(
            dossier,
            ("T4", "T7")[number % 2],
            MONDAY + timedelta(number % 3),
            opened_by=f"{number}",
            **({"closed_on": D("2026-06-01"), "outcome": "missed"} if number % 5 == 0 else {}),
        )
        for number in range(23)
    ]
    lead = actors.of_user(make_user(Role.TEAM_LEAD, fund=fund))
    start_deputy(user=colleague, deputy=doctor, first_day=MONDAY, last_day=MONDAY, actor=lead, today=MONDAY)
    actor = actors.of_user(doctor)
    work = scope_of(actor, MONDAY)
    assert work
    worklist = Worklist(actor, Filters(QueryDict(), scope=work, fund_id=fund.pk), MONDAY)
    for size in (1, 2, 5, 22, 23, 24):
        found, after = [], None
        while True:
            page = worklist.page(after, size)
            found += [line.deadline.pk for line in page.lines]
            if page.last is None:
                break
            after = Place.read(page.after)
        expected = sorted(rows, key=lambda row: (row.act_by, row.falls_on, row.pk))
        assert found == [row.pk for row in expected], size
    own = {line.deadline.rule: line.colleague for line in worklist.page(None, 50).lines}
    assert own == {"T4": None, "T7": colleague}
    assert sum(count.number for count in worklist.counts()) == 23


@pytest.mark.parametrize("mark", ["", "x", "2026-03-16", "2026-03-16_2026-99-01_4", "__", "a_b_c"])
def test_a_place_that_is_none_is_the_beginning(mark: str) -> None:
    assert Place.read(mark) is None


ROLES = [
    (Role.COORDINATOR, {"T7"}),
    (Role.ADVISORY_DOCTOR, {"T4"}),
    (Role.MEDICAL_TEAM, {"T4"}),
    (Role.TEAM_LEAD, {"T7", "T4", "T11"}),
    (Role.PRIVACY_OFFICER, set()),
    (Role.ADMINISTRATOR, set()),
]


@pytest.mark.parametrize(("role", "rules"), ROLES)
def test_what_each_role_has(
    role: str,
    rules: set[str],
    at_home: None,
    dossier_of: MakeDossier,
    make_user: MakeUser,
    fund: Fund,
    team: Team,
) -> None:
    user = make_user(role, fund=fund, team=team)
    own = bare(dossier_of(start=D("2026-01-05"), today=MONDAY), user if role == Role.COORDINATOR else None)
    elsewhere = bare(dossier_of(start=D("2026-01-05"), today=MONDAY), None)
    for rule in ("T7", "T4"):
        deadline(own, rule)
    deadline(elsewhere, "T11")
    assert {rule for rule, _bucket in shown(user)} == rules
    if role == Role.COORDINATOR:
        assert {rule for rule, _bucket in shown(user, "turn=all")} == {"T7", "T4"}
        assert {rule for rule, _bucket in shown(user, "turn=doctor")} == {"T4"}
        assert {rule for rule, _bucket in shown(user, "rule=T4")} == {"T4"}, "what is asked for by name"


@pytest.mark.parametrize(
    ("today", "by_itself"), [("2026-04-04", False), ("2026-04-05", True), ("2026-05-04", True)]
)
def test_a_medical_contact_comes_with_its_month_and_sooner_where_it_is_asked_for(
    today: str, by_itself: bool, at_home: None, dossier_of: MakeDossier, doctor: User
) -> None:
    dossier = bare(dossier_of(start=D("2026-01-05"), today=MONDAY), None)
    deadline(dossier, "T17", D("2026-05-04"), occurrence=4)
    deadline(dossier, "T17", D("2026-12-04"), occurrence=11)
    assert len(shown(doctor, today=D(today))) == by_itself
    assert len(shown(doctor, "rule=T17", today=D(today))) == 2


def test_another_fund_is_not_there(
    at_home: None, dossier_of: MakeDossier, make_user: MakeUser, fund: Fund, other_fund: Fund
) -> None:
    deadline(bare(dossier_of(start=D("2026-01-05"), today=MONDAY), None))
    stranger = make_user(Role.TEAM_LEAD, fund=other_fund)
    with scope.funds(fund.pk, other_fund.pk):
        assert shown(stranger) == []


def test_the_list_follows_the_dossier(
    at_home: None, dossier_of: MakeDossier, make_user: MakeUser, fund: Fund, team: Team, coordinator: User
) -> None:
    """Who looks after a deadline is kept by the database, whoever writes either row."""
    other = make_user(Role.COORDINATOR, fund=fund, team=team)
    dossier = dossier_of(start=D("2026-01-05"), today=MONDAY)
    for who in (coordinator, other, None):
        Dossier.objects.filter(pk=dossier.pk).update(coordinator=who)
        late = deadline(dossier, opened_by=f"{who}")
        assert set(Deadline.objects.filter(dossier=dossier).values_list("for_coordinator", flat=True)) == {
            who and who.pk
        }
        late.delete()
    assert Deadline.objects.filter(for_team=None, dossier__team__isnull=False).count() == 0


DEPUTIES = [
    # today, first and last day of the period, what the deputy has
    ("2026-03-15", "2026-03-16", "2026-03-20", False),
    ("2026-03-16", "2026-03-16", "2026-03-20", True),
    ("2026-03-20", "2026-03-16", "2026-03-20", True),
    ("2026-03-21", "2026-03-16", "2026-03-20", False),
]


@pytest.mark.parametrize(("today", "first_day", "last_day", "there"), DEPUTIES)
def test_a_deputy_has_the_work_of_the_period(
    today: str,
    first_day: str,
    last_day: str,
    there: bool,
    at_home: None,
    dossier_of: MakeDossier,
    make_user: MakeUser,
    fund: Fund,
    team: Team,
    coordinator: User,
) -> None:
    deputy = make_user(Role.COORDINATOR, fund=fund, team=team)
    deadline(bare(dossier_of(start=D("2026-01-05"), today=MONDAY), coordinator))
    start_deputy(
        user=coordinator, deputy=deputy, first_day=D(first_day), last_day=D(last_day),
        actor=actors.of_user(coordinator), today=D("2026-03-01"),
    )  # fmt: skip
    assert bool(shown(deputy, today=D(today))) == there
    assert shown(coordinator, today=D(today))
    assert shown(deputy, "whose=mine", today=D(today)) == ([] if there else shown(deputy, today=D(today)))
    assert bool(shown(deputy, f"whose={coordinator.public_id}", today=D(today))) == there


def test_only_the_roles_that_both_have_are_handed_over(
    at_home: None, dossier_of: MakeDossier, make_user: MakeUser, fund: Fund, team: Team
) -> None:
    both = make_user(Role.COORDINATOR, Role.ADVISORY_DOCTOR, fund=fund, team=team)
    deputy = make_user(Role.COORDINATOR, fund=fund, team=team)
    deadline(bare(dossier_of(start=D("2026-01-05"), today=MONDAY), both), "T7")
    deadline(bare(dossier_of(start=D("2026-01-05"), today=MONDAY), None), "T4")
    start_deputy(
        user=both, deputy=deputy, first_day=MONDAY, last_day=MONDAY, actor=actors.of_user(both), today=MONDAY
    )
    assert {rule for rule, _bucket in shown(both)} == {"T7", "T4"}
    assert shown(deputy) == [("T7", "today")]


def test_what_the_insured_person_has_to_do_stands_apart_where_a_date_of_the_coordinator_follows_it(
    at_home: None, dossier_of: MakeDossier, coordinator: User, team_lead: User
) -> None:
    """T3 follows up T2 once that is late; nothing follows up T15, so that stays."""
    dossier = bare(dossier_of(start=D("2026-01-05"), today=MONDAY), coordinator)
    for number, rule in enumerate(("T2", "T3", "T15", "T4")):
        deadline(dossier, rule, MONDAY + timedelta(number - 4))
    for query, rules in (
        ("", ["T3", "T15"]),
        ("turn=insured", ["T2", "T15"]),
        ("turn=doctor", ["T4"]),
        ("turn=all", ["T2", "T3", "T15", "T4"]),
        ("rule=T2", ["T2"]),
    ):
        assert [rule for rule, _bucket in shown(coordinator, query)] == rules, query
    in_time = D("2026-03-12")
    assert [rule for rule, _bucket in shown(coordinator, today=in_time)] == ["T2", "T3", "T15"]
    assert [rule for rule, _bucket in shown(team_lead)] == ["T2", "T3", "T15", "T4"]
