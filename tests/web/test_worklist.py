"""The worklist: what stands in it for whom, filter by filter, page after page, as a file, and under a name."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import Fact, fact
from dossiers.models import Deadline, Dossier, Reminder
from dossiers.reminders import RULE_IDS, sweep
from tests import population
from tnw.accounts import actors, audit
from tnw.accounts.models import AccessLog, Fund, Role, SavedView, Team, User
from tnw.accounts.services import VIEWS, start_deputy
from tnw.core import clock, scope
from tnw.web.worklist.export import safe
from tnw.web.worklist.filters import Filters
from tnw.web.worklist.reading import Worklist, place
from tnw.web.worklist.scope import scope_of
from tnw.web.worklist.silent import first

D = date.fromisoformat
MONDAY, TUESDAY, SATURDAY = D("2026-03-16"), D("2026-03-17"), D("2026-03-21")
MakeUser = Callable[..., User]
MakeDossier = Callable[..., Dossier]


@pytest.fixture
def at_home(fund: Fund) -> Iterator[None]:
    """Inside the wall, on a Monday."""
    with audit.acting_as(actors.system(), fund), clock.at(MONDAY):
        yield


def deadline(dossier: Dossier, rule: str = "T7", act_by: date = MONDAY, **more: Any) -> Deadline:
    """A row as the law could have made it."""
    return Deadline.objects.create(
        **{
            "fund_id": dossier.fund_id, "dossier": dossier, "rule": rule, "opened_by": f"{rule}{act_by}",
            "occurrence": 1, "version": D("2022-01-01"), "opens_on": D("2026-01-05"), "falls_on": act_by,
            "act_by": act_by, "anchor": "referral", "anchor_on": D("2026-01-05"), **more,
        }
    )  # fmt: skip


def bare(dossier: Dossier, coordinator: User | None) -> Dossier:
    """Without the deadlines of the law, given to somebody."""
    Deadline.objects.filter(dossier=dossier).delete()
    team = coordinator.team_id if coordinator else dossier.team_id
    Dossier.objects.filter(pk=dossier.pk).update(coordinator=coordinator, team=team)
    return dossier


def shown(user: User, query: str = "", today: date = MONDAY) -> list[tuple[str, str]]:
    """Rule and bucket of every line, page by page of two."""
    actor = actors.of_user(User.objects.select_related("fund").get(pk=user.pk))
    scope = scope_of(actor, today)
    if scope is None:
        return []
    worklist = Worklist(actor, Filters(QueryDict(query), scope=scope, fund_id=user.fund_id), today)
    found, after = [], None
    while True:
        page = worklist.page(after, 2)
        found += [(line.deadline.rule, line.bucket) for line in page.lines]
        if page.last is None:
            return found
        after = place(page.after)


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
            after = place(page.after)
        expected = sorted(rows, key=lambda row: (row.act_by, row.falls_on, row.pk))
        assert found == [row.pk for row in expected], size
    own = {line.deadline.rule: line.colleague for line in worklist.page(None, 50).lines}
    assert own == {"T4": None, "T7": colleague}
    assert sum(count.number for count in worklist.counts()) == 23


@pytest.mark.parametrize("mark", ["", "x", "2026-03-16", "2026-03-16_2026-99-01_4", "__", "a_b_c"])
def test_a_place_that_is_none_is_the_beginning(mark: str) -> None:
    assert place(mark) is None


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


def page_of(client: Client, query: str = "") -> Any:
    return client.get(f"{reverse('home')}?{query}")


@pytest.fixture
def furnished(
    at_home: None, dossier_of: MakeDossier, coordinator: User, fund: Fund, signed_in: Callable[[User], Client]
) -> tuple[Client, Dossier]:
    """A coordinator signed in, with one dossier of which a deadline is overdue and escalated."""
    dossier = bare(
        dossier_of(start=D("2026-01-05"), today=MONDAY, last_name="=Ännchen", first_name="Zoë"), coordinator
    )
    deadline(dossier, act_by=D("2026-03-12"))
    deadline(dossier, "T12", act_by=D("2026-04-30"))
    sweep(fund, MONDAY, RULE_IDS)
    return signed_in(coordinator), dossier


def test_the_page_has_groups_and_marks_what_was_reminded(furnished: tuple[Client, Dossier]) -> None:
    client, dossier = furnished
    answer = page_of(client)
    page = answer.content.decode()
    assert [bucket for bucket, _lines in answer.context["page"].groups()] == ["overdue", "later"]
    assert "The team lead was told; reminded on" in page
    assert "13/03/2026" in page
    assert "1 overdue" in page.split("</title>")[0]
    assert reverse("dossier", args=[dossier.public_id]) in page
    assert "T12" not in page.split("<main")[1].replace('value="T12"', "")
    assert "Nothing here fits these filters" in page_of(client, "rule=T9").content.decode()
    Deadline.objects.all().delete()
    assert "Nothing is due." in page_of(client).content.decode()


def test_reminders_of_an_earlier_date_are_no_mark(furnished: tuple[Client, Dossier]) -> None:
    client, _dossier = furnished
    Reminder.objects.update(falls_on=D("2026-01-01"))
    assert "Reminded on" not in page_of(client).content.decode()


def rows_of(answer: Any) -> list[list[str]]:
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_list_as_csv(furnished: tuple[Client, Dossier], fund: Fund) -> None:
    client, dossier = furnished
    answer = client.get(reverse("worklist_export", args=["csv"]), {"rule": "T7"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    raw = answer.getvalue()
    assert raw.startswith(b"\xef\xbb\xbf")
    header, line = csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";")
    assert header[:2] == ["State", "Insured person"]
    assert line[1] == "'=Ännchen Zoë"
    assert line[4] == "12/03/2026"
    found = AccessLog.objects.filter(fund=fund).values_list("dossier_id", "through")
    assert list(found) == [(dossier.pk, "export")]


def test_the_list_as_a_workbook(furnished: tuple[Client, Dossier]) -> None:
    client, _dossier = furnished
    answer = client.get(reverse("worklist_export", args=["xlsx"]))
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "=Ännchen Zoë" in sheet
    assert "<f>" not in sheet
    assert client.get(reverse("worklist_export", args=["pdf"])).status_code == 404


def test_a_list_too_long_for_a_file_is_refused(
    furnished: tuple[Client, Dossier], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _dossier = furnished
    monkeypatch.setattr("tnw.web.worklist.export.MOST", 1)
    answer = client.get(reverse("worklist_export", args=["csv"]), follow=True)
    assert "choose less with the filters" in answer.content.decode()
    assert not AccessLog.objects.exists()
    monkeypatch.setattr("tnw.web.worklist.export.MOST", 2)
    monkeypatch.setattr("tnw.web.worklist.export.CHUNK", 1)
    assert len(rows_of(client.get(reverse("worklist_export", args=["csv"])))) == 3
    assert AccessLog.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+32", "'+32"),
        ("-1", "'-1"),
        ("@a", "'@a"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("An", "An"),
        ("", ""),
        ("A=1", "A=1"),
    ],
)
def test_no_cell_is_a_formula(text: str, written: str) -> None:
    assert safe(text) == written


def keep(client: Client, query: str, **data: str) -> Any:
    return client.post(f"{reverse('worklist_views')}?{query}", data, follow=True)


def test_views_are_saved_replaced_and_deleted(
    furnished: tuple[Client, Dossier], coordinator: User, make_user: MakeUser, fund: Fund
) -> None:
    client, _dossier = furnished
    answer = keep(client, "rule=T12&after=x&coordinator=none", name="  Plans ")
    assert answer.redirect_chain[-1][0] == "/?rule=T12"
    assert list(SavedView.objects.values_list("user", "name", "query")) == [
        (coordinator.pk, "Plans", "rule=T12")
    ]
    assert 'aria-current="page">Plans' in answer.content.decode()
    keep(client, "rule=T7", name="Plans")
    assert SavedView.objects.get().query == "rule=T7"
    assert "Give the view a name" in keep(client, "rule=T7", name=" ").content.decode()
    SavedView.objects.bulk_create(SavedView(user=coordinator, name=f"{n}") for n in range(VIEWS - 1))
    page = keep(client, "rule=T7", name="One more").content.decode()
    assert "delete one first" in page
    assert "One more" in page
    keep(client, "rule=T9", name="Plans")
    assert SavedView.objects.get(name="Plans").query == "rule=T9"
    other = make_user(Role.COORDINATOR, fund=fund)
    SavedView.objects.create(user=other, name="Plans")
    keep(client, "", name="Plans", delete="1")
    assert list(SavedView.objects.filter(name="Plans").values_list("user", flat=True)) == [other.pk]


def silences(user: User, today: date) -> list[tuple[str, str]]:
    actor = actors.of_user(user)
    work = scope_of(actor, today)
    assert work
    lines, _last = first(actor, work.parts, today)
    return [(line.dossier.incapacity.reference, f"{line.since}") for line in lines]


START = D("2025-01-06")
MIDNIGHT = clock.midnight(MONDAY)
UNDER_WAY = [
    fact("questionnaire_sent", D("2025-03-10"), "q-1", channel="post", language="nl"),
    fact("questionnaire_received", D("2025-03-20"), "q-2", channel="post", complete=True),
    fact("medical_contact_held", D("2025-04-20"), "m-1", form="in_person"),
    fact("medical_contact_held", D("2025-07-20"), "m-2", form="in_person"),
    fact("medical_contact_held", D("2025-11-20"), "m-3", form="in_person"),
    fact("assessment_made", D("2025-04-25"), "a-1", category=4),
    fact("referral_made", D("2025-04-26"), "r-1"),
]
CONTACT = fact("first_contact_held", D("2026-03-11"), "c-1", route="A", form="in_person")
CONSENT = fact("consent_given", D("2026-03-11"), "cg-1", purpose="data_processing")
TRAJECT = fact("traject_started", D("2026-03-12"), "ts-1", route="A")
SILENT = [
    # facts after the referral, the days asked, silent on which of them
    ([], ["2026-03-16"], []),
    ([CONTACT], ["2026-03-11", "2026-03-12"], ["2026-03-12"]),
    ([CONTACT, CONSENT, TRAJECT], ["2026-03-12", "2026-03-13"], ["2026-03-13"]),
    (
        [CONTACT, fact("appointment_made", D("2026-03-11"), "p-1", "x", purpose="follow_up", at=MIDNIGHT)],
        ["2026-03-12", "2026-03-16", "2026-03-17"],
        ["2026-03-17"],
    ),
    ([CONTACT, fact("adapted_work_planned", D("2026-03-11"), "aw", "w", starts_on=D("2026-06-01"))], ["2026-03-16"], []),
    ([CONTACT, fact("route_closed", D("2026-03-13"), "rc", route="A", reason="no_consent")], ["2026-03-16"], []),
    (
        [CONTACT, CONSENT, TRAJECT, fact("traject_ended", D("2026-03-13"), "te", result="no_result")],
        ["2026-03-16"],
        [],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "days", "silent_on"), SILENT)
def test_nothing_falls_silent(
    facts: list[Fact],
    days: list[str],
    silent_on: list[str],
    at_home: None,
    fund: Fund,
    coordinator: User,
    team_lead: User,
    doctor: User,
    signed_in: Callable[[User], Client],
) -> None:
    """Under way with nothing due and nobody to meet: in the list of the coordinator and the lead the next day (N1)."""
    dossier = population.dossier(fund=fund, start=START, facts=[*UNDER_WAY, *facts], today=MONDAY)
    reference = dossier.incapacity.reference
    for user in (coordinator, team_lead):
        told = [day for day in days if [one for one, _since in silences(user, D(day))] == [reference]]
        assert told == silent_on
    assert [silences(doctor, D(day)) for day in days] == [[] for _day in days]
    for day in silent_on[:1]:
        assert silences(coordinator, D(day)) == [(reference, day)]
        with clock.at(D(day)):
            for address in (reverse("home"), reverse("silent")):
                assert reference in signed_in(coordinator).get(address).content.decode()


def test_silence_ends_with_the_incapacity(at_home: None, fund: Fund, coordinator: User) -> None:
    facts = [*UNDER_WAY, CONTACT]
    population.dossier(
        fund=fund, start=START, facts=facts, today=MONDAY, end="2026-03-13", end_reason="resumed"
    )
    Dossier.objects.update(coordinator=coordinator)
    assert silences(coordinator, D("2026-03-13"))
    assert not silences(coordinator, D("2026-03-14"))
