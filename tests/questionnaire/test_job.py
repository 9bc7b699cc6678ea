"""T1 acts: on its day, after a week without runs, twice, half killed, with the mail down; nothing is sent that was not."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connections, transaction

from dossiers.law.calendar import ONE_DAY
from dossiers.law.facts import Fact, fact
from dossiers.models import Deadline, Dossier, Incapacity, InsuredPerson
from routing.jobs import ten_week_questionnaire
from routing.models import Questionnaire, QuestionnaireVersion, RouteA
from routing.questionnaires import job, mailing
from routing.questionnaires.job import Acted
from routing.questionnaires.waivers import pension_day
from tests import population
from tests.conftest import make_fund
from tests.questionnaire.conftest import BORN, READY, START, D, note, run, states, told
from tnw.accounts import actors, audit
from tnw.accounts.models import AuditEntry, Fund
from tnw.core import clock

Due = Callable[..., Dossier]
T1 = D("2026-03-16")


@pytest.mark.parametrize(
    ("day", "made"),
    [
        ("2026-03-10", 0),  # the day before it is time
        ("2026-03-11", 1),  # five days before the last working day
        ("2026-03-16", 1),
        ("2026-03-17", 1),  # late, and still done
        ("2026-06-01", 1),
    ],
)
def test_t1_it_is_made_ready_from_five_days_before_the_last_working_day(
    due: Due, in_fund: Fund, day: str, made: int
) -> None:
    due()
    assert run(in_fund, D(day)).to_post == made
    assert states(in_fund) == ({"to_post": 1} if made else {})


def test_t1_counted_from_the_last_working_day_where_the_date_is_a_sunday(due: Due, in_fund: Fund) -> None:
    """S 11 January 2026: T1 on Sunday 22 March, to act by Friday 20 March."""
    dossier = due(start=D("2026-01-11"))
    row = Deadline.objects.get(dossier=dossier, rule="T1")
    assert (row.falls_on, row.act_by) == (D("2026-03-22"), D("2026-03-20"))
    assert run(in_fund, D("2026-03-14")) == Acted()
    assert run(in_fund, D("2026-03-15")).to_post == 1


@pytest.mark.parametrize(
    ("email", "language", "state"),
    [("", "nl", "to_post"), ("", "fr", "to_post"), ("", "de", "to_post"), ("a@b.example", "fr", "to_mail")],
)
def test_a2_in_the_language_of_the_insured_by_mail_where_there_is_an_address(
    due: Due, in_fund: Fund, email: str, language: str, state: str
) -> None:
    dossier = due(email=email, language=language)
    run(in_fund, READY)
    one = Questionnaire.objects.get(dossier=dossier)
    assert (one.state, one.language, one.channel) == (state, language, "email" if email else "post")
    assert (one.automatic, one.prepared_on, one.version.number) == (True, READY, 1)
    assert len(one.token) == 43
    assert told(dossier) == []
    assert RouteA.objects.get(dossier=dossier).state == "awaiting_questionnaire"


def test_t21_a_second_run_does_nothing(due: Due, in_fund: Fund) -> None:
    due()
    due(email="a@b.example", birth_date="1990-01-01")
    assert run(in_fund, READY) == Acted(to_post=1, to_mail=1)
    with mock.patch("routing.questionnaires.job.deliver", return_value=mailing.Delivered()):
        assert run(in_fund, READY) == Acted()
    assert states(in_fund) == {"to_post": 1, "to_mail": 1}


def test_t21_a_week_without_runs_ends_as_daily_runs_would(in_fund: Fund) -> None:
    lines = [
        population.line(start=START + timedelta(n), fund=in_fund.number, birth_date=BORN) for n in range(9)
    ]
    population.take_in(in_fund, lines, D("2026-01-20"))

    def made(days: list[date]) -> set[int]:
        sid = transaction.savepoint()
        for day in days:
            run(in_fund, day)
        found = set(Questionnaire.objects.values_list("dossier", flat=True))
        assert Questionnaire.objects.count() == len(found)
        transaction.savepoint_rollback(sid)
        return found

    daily = made([READY + n * ONE_DAY for n in range(8)])
    assert 7 <= len(daily) < 9
    assert made([READY + 7 * ONE_DAY]) == daily
    assert made([READY + n * ONE_DAY for n in (2, 2, 5, 7)]) == daily


def test_t21_a_run_that_dies_in_a_chunk_leaves_nothing_of_it(
    due: Due, in_fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "CHUNK", 2)
    dossiers = [due() for _ in range(5)]
    real = Questionnaire.objects.bulk_create
    calls = 0

    def dies(made: list[Questionnaire]) -> Any:
        nonlocal calls
        calls += 1
        done = real(made)
        if calls == 2:
            raise SystemExit
        return done

    with mock.patch.object(Questionnaire.objects, "bulk_create", dies), pytest.raises(SystemExit):
        run(in_fund, READY)
    assert states(in_fund) == {"to_post": 2}
    assert run(in_fund, READY).to_post == 3
    assert Questionnaire.objects.filter(dossier__in=dossiers).count() == 5


@pytest.mark.django_db(transaction=True)
def test_t21_two_runs_at_once_make_one_each_and_nobody_waits(fund: Fund) -> None:
    """A dossier that somebody holds is left to the next run."""
    population.dossier(fund=fund, start=START, today=D("2026-01-12"), birth_date=BORN)
    with audit.acting_as(actors.system(), fund):
        held = population.dossier(fund=fund, start=START, today=D("2026-01-12"), birth_date=BORN)
        other = connections["owner"]
        with transaction.atomic(using="owner"):
            with other.cursor() as cursor:
                cursor.execute("select set_config('tnw.funds', %s, false)", [str(fund.pk)])
                cursor.execute("select from dossiers_dossier where id = %s for update", [held.pk])
            assert run(fund, READY).to_post == 1
        assert run(fund, READY).to_post == 1
        assert Questionnaire.objects.count() == 2


def test_t22_nobody_is_written_to_for_what_fell_due_before_the_start(due: Due, in_fund: Fund) -> None:
    Fund.objects.filter(pk=in_fund.pk).update(live_from=D("2026-03-17"))
    in_fund.refresh_from_db()
    due()  # T1 on 16 March: before the start
    later = due(start=D("2026-01-06"))  # T1 on 17 March
    assert run(in_fund, D("2026-03-14")) == Acted()  # the fund has not started
    assert run(in_fund, D("2026-03-17")).to_post == 1
    assert Questionnaire.objects.get().dossier == later


@pytest.mark.parametrize(
    ("columns", "facts", "made"),
    [
        ({"end": "2026-03-10", "end_reason": "resumed"}, [], 0),
        ({"end": "2026-03-14", "end_reason": "resumed"}, [], 0),  # over before its day: it falls away
        ({"end": "2026-03-31", "end_reason": "other"}, [], 1),
        ({"cause": "work_accident"}, [], 0),
        ({"start": "2021-06-01"}, [], 0),  # before the law
        ({}, [fact("questionnaire_sent", D("2026-03-02"), "s", channel="post", language="nl")], 0),
        ({}, [fact("questionnaire_received", D("2026-03-02"), "r", channel="phone", complete=False)], 0),
        ({}, [fact("questionnaire_waived", D("2026-03-02"), "w", reason="medical")], 0),
        ({}, [fact("assessment_made", D("2026-03-02"), "a", category=4)], 1),
        # Contradicts itself: nothing is done of itself until a correction resolves it.
        ({}, [fact("first_contact_held", D("2026-03-02"), "f", route="A", form="phone")], 1),
        ({}, [fact("referral_made", D("2026-03-02"), "f")], 0),
    ],
)
def test_t1_only_what_runs_and_still_waits_for_it(
    due: Due, in_fund: Fund, columns: dict[str, Any], facts: list[Fact], made: int
) -> None:
    if "start" in columns:
        columns = {**columns, "start": D(columns["start"])}
    dossier = due(**columns)
    note(dossier, *facts)
    out_of_order = Dossier.objects.get(pk=dossier.pk).out_of_order
    expected = 0 if out_of_order else made
    assert run(in_fund, READY).to_post == expected
    assert not out_of_order or facts[0].kind in ("referral_made", "first_contact_held")


def test_f1_a_voided_sending_is_sent_anew(due: Due, in_fund: Fund) -> None:
    dossier = due()
    note(dossier, fact("questionnaire_sent", D("2026-03-02"), "s", channel="post", language="nl"))
    assert run(in_fund, READY).to_post == 0
    note(dossier, fact("fact_voided", D("2026-03-03"), "v", fact="s", version=1))
    assert run(in_fund, READY).to_post == 1


def employer(*ended: Fact) -> list[Fact]:
    return [fact("employer_traject_started", D("2026-02-02"), "e", requested_by="employer"), *ended]


def permitted(since: date, until: date | None = None, *after: Fact, work: str = "w1") -> list[Fact]:
    values = {"from": since, "to": until}
    return [
        fact("adapted_work_planned", D("2026-01-29"), f"{work}-1", work, starts_on=since),
        fact("adapted_work_declared", D("2026-01-30"), f"{work}-2", work),
        fact("adapted_work_permitted", D("2026-02-02"), f"{work}-3", work, **values),
        *after,
    ]


FEBRUARY, DAY_BEFORE = D("2026-02-09"), READY - ONE_DAY
WAIVERS: list[tuple[str, dict[str, Any], list[Fact], str]] = [
    ("employer", {}, employer(), "employer_traject"),
    ("employer, over", {}, employer(fact("employer_traject_ended", D("2026-02-20"), "f", decision="A")), ""),
    ("adapted work", {}, permitted(FEBRUARY), "adapted_work"),
    ("adapted work, this day only", {}, permitted(READY, READY), "adapted_work"),
    ("adapted work, not begun", {}, permitted(READY + ONE_DAY), ""),
    ("adapted work, over", {}, permitted(FEBRUARY, DAY_BEFORE), ""),
    ("adapted work, ended", {}, permitted(FEBRUARY, None, fact("adapted_work_ended", DAY_BEFORE, "q", "w1")), ""),
    ("another one ended", {},
     permitted(FEBRUARY, None, *permitted(FEBRUARY, None, fact("adapted_work_ended", DAY_BEFORE, "q", "w2"), work="w2")),
     "adapted_work"),
    ("pension near", {"birth_date": "1960-09-11"}, [], "near_pension"),
    ("pension not so near", {"birth_date": "1960-09-12"}, [], ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "facts", "reason"), [row[1:] for row in WAIVERS], ids=[row[0] for row in WAIVERS]
)
def test_a2_it_waives_by_itself(
    due: Due, in_fund: Fund, columns: dict[str, Any], facts: list[Fact], reason: str
) -> None:
    dossier = due(**columns)
    note(dossier, *facts)
    done = run(in_fund, READY)
    if not reason:
        assert (done.to_post, done.waived) == (1, 0)
        return
    assert (done.to_post, done.waived) == (0, 1)
    assert told(dossier) == [("questionnaire_waived", f"{READY}", {"reason": reason})]
    entry = dossier.entries.get(kind="questionnaire_waived")
    assert entry.actor == actors.system()
    assert Deadline.objects.get(dossier=dossier, rule="T1").closed_on == READY
    assert RouteA.objects.get(dossier=dossier).state == "waived"
    assert run(in_fund, READY + ONE_DAY) == Acted()


ASKED_FOR = {
    "B": [
        fact("contact_requested", D("2026-01-19"), "b-1"),
        fact("first_contact_held", D("2026-01-22"), "b-2", route="B", form="phone"),
        fact("permission_requested", D("2026-01-22"), "b-3", aim="training"),
        fact("permission_granted", D("2026-01-29"), "b-4"),
        fact("traject_started", D("2026-02-02"), "t", route="B"),
    ],
    "C": [
        fact(
            "registration_reported",
            D("2026-01-19"),
            "c-1",
            "r1",
            service="vdab",
            registered_on=D("2026-01-15"),
        ),
        fact("invalidity_confirmed", D("2026-01-22"), "c-2", "r1"),
        fact("traject_started", D("2026-02-02"), "t", "r1", route="C"),
    ],
}


@pytest.mark.parametrize("route", ASKED_FOR)
def test_a2_it_waives_where_a_traject_that_was_asked_for_runs(due: Due, in_fund: Fund, route: str) -> None:
    """Not where it ended, nor for a traject of this route."""
    running, over = due(), due()
    begun = ASKED_FOR[route]
    note(running, *begun)
    note(over, *begun, fact("traject_ended", D("2026-02-20"), "u", result="no_result"))
    done = run(in_fund, READY)
    assert (done.to_post, done.waived) == (1, 1)
    assert told(running)[0][2] == {"reason": "requested_traject"}


@pytest.mark.parametrize(
    ("born", "reaches"),
    [
        ("1959-01-31", "2024-01-31"),
        ("1960-01-31", "2025-01-31"),
        ("1960-02-01", "2026-02-01"),
        ("1964-01-31", "2030-01-31"),
        ("1964-02-01", "2031-02-01"),
        ("1990-06-15", "2057-06-15"),
        ("1960-02-29", "2026-02-28"),
    ],
)
def test_a2_the_pension_age_is_that_of_the_day_it_is_reached(born: str, reaches: str) -> None:
    assert pension_day(D(born)) == D(reaches)


def test_a2_without_a_birth_date_nothing_is_known_of_a_pension(due: Due, in_fund: Fund) -> None:
    dossier = due(birth_date="1950-01-01")
    InsuredPerson.objects.filter(incapacities__dossier=dossier).update(birth_date=None)
    assert run(in_fund, READY).to_post == 1


def test_t1_reminders_follow_for_what_is_still_to_be_posted(due: Due, in_fund: Fund) -> None:
    due()
    with clock.at(READY):
        done = ten_week_questionnaire(READY, in_fund)["311"]
    assert (done["to_post"], done["reminders"]) == (1, 0)
    # Two working days before the last one somebody hears that it still lies there, once.
    with clock.at(D("2026-03-12")):
        done = ten_week_questionnaire(D("2026-03-12"), in_fund)["311"]
        again = ten_week_questionnaire(D("2026-03-12"), in_fund)["311"]
    assert (done["to_post"], done["reminders"]) == (0, 1)
    assert not any(again.values())


def test_each_fund_for_itself(in_fund: Fund, due: Due) -> None:
    other = make_fund("509")
    due()
    theirs = population.dossier(fund=other, start=START, today=D("2026-01-12"), birth_date=BORN)
    with clock.at(READY):
        assert set(ten_week_questionnaire(READY)) == {"311", "509"}
    assert states(in_fund) == {"to_post": 1}
    with audit.acting_as(actors.system(), other):
        assert Questionnaire.objects.get().dossier == theirs


def test_without_a_published_questionnaire_nothing_goes_out(due: Due, in_fund: Fund) -> None:
    due()
    with mock.patch.object(QuestionnaireVersion.objects, "in_force", return_value=None):
        assert run(in_fund, READY) == Acted()


@pytest.mark.parametrize("email", ["", "an@insured.example"])
def test_every_change_of_a_run_says_who_made_it_and_never_what_the_link_holds(
    due: Due, in_fund: Fund, email: str
) -> None:
    dossier = due(email=email)
    run(in_fund, READY)
    one = Questionnaire.objects.get(dossier=dossier)
    note(dossier, fact("questionnaire_received", READY, "r", channel="phone", complete=True))
    assert run(in_fund, READY + ONE_DAY).withdrawn == 1
    made, withdrawn = AuditEntry.objects.filter(
        content_type__model="questionnaire", object_pk=str(one.pk)
    ).order_by("pk")
    for entry in (made, withdrawn):
        assert (entry.acting, entry.fund, entry.actor) == (actors.system(), in_fund, None)
        assert (entry.object_id, entry.object_repr.split()[0]) == (one.pk, str(dossier.pk))
        assert one.token not in str(entry.changes)
    assert (made.action, made.changes["state"]) == (
        AuditEntry.Action.CREATE,
        ["None", "to_mail" if email else "to_post"],
    )
    assert (withdrawn.action, list(withdrawn.changes)) == (AuditEntry.Action.UPDATE, ["state"])
    assert withdrawn.changes["state"][1] == "withdrawn"


def test_a_set_that_changed_nothing_leaves_no_entry(due: Due, in_fund: Fund) -> None:
    due()
    run(in_fund, READY)
    one = Questionnaire.objects.get()
    there = AuditEntry.objects.count()
    audit.record_many([(one, one)], fund=in_fund, actor=actors.system())
    assert AuditEntry.objects.count() == there


def test_what_a_run_costs_does_not_grow_with_its_dossiers(
    in_fund: Fund, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    lines = [
        population.line(start=START, fund=in_fund.number, birth_date=BORN if n % 3 else "1961-01-05")
        for n in range(60)
    ]
    population.take_in(in_fund, lines, D("2026-01-20"))
    assert Incapacity.objects.count() == 60
    with django_assert_max_num_queries(45):
        assert run(in_fund, READY).to_post > 30
