"""Deadlines are a projection: the same facts give the same rows, however they came in, and drift is found and mended."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.law.facts import Fact, fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Deadline, Dossier, Incapacity, Reminder
from tests import population
from tests.ledger.conftest import START, TODAY, Record, asked, assessed, rows
from tnw.accounts import audit
from tnw.accounts.models import Actor, Fund
from tnw.core import clock

pytestmark = pytest.mark.django_db

DAYS = st.integers(0, 250).map(lambda number: START + timedelta(days=number))
LATER = st.integers(20, 250).map(lambda number: START + timedelta(days=number))
# Kind, what it says, and the subject it needs: enough to open, meet, pause, move and close every scope of the law.
SAID: list[tuple[str, dict[str, object], str]] = [
    ("questionnaire_sent", {"channel": "post", "language": "nl"}, ""),
    ("questionnaire_received", {"channel": "post", "complete": True}, ""),
    ("questionnaire_waived", {"reason": "medical"}, ""),
    ("support_offered", {"channel": "phone"}, ""),
    ("assessment_made", {"category": 1}, ""),
    ("assessment_made", {"category": 3}, ""),
    ("assessment_made", {"category": 4}, ""),
    ("referral_made", {}, ""),
    ("referral_withdrawn", {}, ""),
    ("contact_requested", {}, ""),
    ("first_contact_held", {"route": "A", "form": "phone"}, ""),
    ("contact_held", {"form": "phone"}, ""),
    ("permission_requested", {"aim": "training"}, ""),
    ("permission_refused", {}, ""),
    ("registration_reported", {"service": "vdab", "registered_on": START}, "1"),
    ("invalidity_confirmed", {}, "1"),
    ("traject_started", {"route": "A"}, ""),
    ("reintegration_started", {"condition": 1}, ""),
    ("declaration_completed", {}, "d"),
    ("traject_suspended", {"reason": "illness"}, "s"),
    ("traject_resumed", {}, "s"),
    ("plan_agreed", {}, ""),
    ("plan_reviewed", {}, ""),
    ("route_closed", {"route": "A", "reason": "other"}, ""),
    ("incapacity_corrected", {"version": 2, "start": START + timedelta(days=9)}, ""),
    ("incapacity_excluded", {"reason": "work_accident"}, ""),
    ("incapacity_ended", {"version": 2, "reason": "resumed"}, ""),
    ("incapacity_end_withdrawn", {"version": 3}, ""),
    ("traject_ended", {"result": "no_result"}, ""),
]


def _on_a_day(said: tuple[str, dict[str, object], str]) -> st.SearchStrategy:
    """An end never lies before a start, in whatever order both become known: the door refuses that."""
    return st.tuples(st.just(said), LATER if said[0] == "incapacity_ended" else DAYS)


@st.composite
def recordings(draw: st.DrawFn) -> tuple[list[Fact], list[Fact], list[int]]:
    """Facts in one order and in another, and where the other is cut into transactions."""
    told = draw(st.lists(st.sampled_from(SAID).flatmap(_on_a_day), min_size=2, max_size=9))
    facts = [
        fact(kind, on, f"f{number}", subject, **values)
        for number, ((kind, values, subject), on) in enumerate(told)
    ]
    recognized = fact(
        "incapacity_recognized", START, "recognized-1", start=START, regime="employee", cause="illness", contract=True,
        version=1,
    )  # fmt: skip
    shuffled = draw(st.permutations([recognized, *facts]))
    target = draw(st.sampled_from(facts)).id
    corrections = draw(
        st.lists(
            st.one_of(
                st.builds(
                    lambda on, version: ("fact_corrected", {"version": version, "to": {"on": on}}),
                    LATER,
                    st.integers(1, 3),
                ),
                st.just(("fact_voided", {"version": 1})),
            ),
            max_size=2,
        )
    )
    last = [
        fact(kind, TODAY, f"c{number}", fact=target, **values)
        for number, (kind, values) in enumerate(corrections)
    ]
    cuts = draw(st.lists(st.integers(1, len(shuffled) + len(last)), max_size=5))
    return [recognized, *facts, *last], [*shuffled, *draw(st.permutations(last))], sorted(set(cuts))


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def record_in(
    dossier: Dossier, job: Actor, fund: Fund, *transactions: list[Fact]
) -> list[tuple[object, ...]]:
    with undone(), clock.at(TODAY):
        for facts in transactions:
            record_many([Entry(dossier.pk, item) for item in facts], fund=fund, actor=job)
        summary = Incapacity.objects.values_list("start", "end", "end_reason", "regime", "excluded").get()
        return [*rows(dossier), summary]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=recordings())
def test_any_order_and_any_grouping_into_transactions_give_the_same_rows(
    in_fund: Fund, empty_dossier: Dossier, job: Actor, told: tuple[list[Fact], list[Fact], list[int]]
) -> None:
    at_once, shuffled, cuts = told
    edges = [0, *cuts, len(shuffled)]
    grouped = [shuffled[start:end] for start, end in pairwise(edges)]
    expected = record_in(empty_dossier, job, in_fund, at_once)
    assert record_in(empty_dossier, job, in_fund, *grouped) == expected
    assert record_in(empty_dossier, job, in_fund, *([item] for item in shuffled)) == expected


@pytest.fixture
def empty_dossier(in_fund: Fund, dossier_without_facts: Callable[[], Dossier]) -> Dossier:
    return dossier_without_facts()


@pytest.fixture
def dossier_without_facts(fund: Fund) -> Callable[[], Dossier]:
    """A dossier as an import makes it in the moment before its first facts."""

    def make() -> Dossier:
        from dossiers.models import InsuredPerson

        person = InsuredPerson.objects.create(
            fund=fund, ssin="1", last_name="Peeters", first_name="An", search_name="peeters an", language="nl",
            street="Kerkstraat 1", postal_code="9000", city="Gent",
        )  # fmt: skip
        incapacity = Incapacity.objects.create(
            fund=fund, person=person, reference="empty", version=1, start=START, regime="employee", cause="illness",
            employment_contract=True,
        )  # fmt: skip
        return Dossier.objects.create(fund=fund, incapacity=incapacity)

    return make


def rebuild(*, check: bool = False) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("rebuild_deadlines", check=check, stdout=out)
    except SystemExit as exit:
        return int(str(exit.code)), out.getvalue()
    return 0, out.getvalue()


DRIFT: dict[str, Callable[[], object]] = {
    "another date": lambda: Deadline.objects.filter(rule="T4").update(falls_on=date(2030, 1, 1)),
    "another day of work": lambda: Deadline.objects.filter(rule="T4").update(act_by=date(2030, 1, 1)),
    "met by nobody": lambda: Deadline.objects.filter(rule="T1").update(closed_on=START, outcome="met", closed_by="x"),
    "no longer met": lambda: Deadline.objects.filter(rule="T4").update(closed_on=None, outcome="", closed_by=""),
    "a pause": lambda: Deadline.objects.filter(rule="T1").update(pauses=[["2026-01-01", None, 0, "2026-01-01"]]),
    "another key": lambda: Deadline.objects.filter(rule="T1").update(opened_by="somebody"),
    "a row gone": lambda: Deadline.objects.filter(rule="T1").delete(),
    "all rows gone": lambda: Deadline.objects.all().delete(),
    "a row too many": lambda: _one_more(),
    "another start": lambda: Incapacity.objects.update(start=date(2026, 1, 1)),
    "another regime": lambda: Incapacity.objects.update(regime="unemployed"),
    "excluded": lambda: Incapacity.objects.update(excluded="work_accident"),
    "ended": lambda: Incapacity.objects.update(end=TODAY, end_reason="other"),
}  # fmt: skip


def _one_more() -> None:
    row = Deadline.objects.filter(rule="T1").get()
    row.pk, row.occurrence = None, 9
    row.save()


def standing(dossier: Dossier) -> list[object]:
    return [
        *rows(dossier),
        Incapacity.objects.values_list("start", "end", "end_reason", "regime", "excluded").get(),
    ]


def test_drift_is_found_left_alone_by_a_check_and_mended(
    dossier: Dossier, record: Record, in_fund: Fund
) -> None:
    record(dossier, assessed(1, 4, date(2026, 6, 1)), asked(1))
    right = standing(dossier)
    assert rebuild(check=True) == (0, "fund 311: 1 dossiers, 0 rows differed\n")
    for name, tamper in DRIFT.items():
        tamper()
        wrong = standing(dossier)
        assert wrong != right, name
        code, told = rebuild(check=True)
        assert (code, " 0 rows" in told) == (1, False), name
        assert standing(dossier) == wrong, f"{name}: a check changes nothing"
        assert rebuild()[0] == 0
        assert standing(dossier) == right, name
        assert rebuild(check=True)[0] == 0, name


def test_rebuilding_keeps_keys_and_reminders(dossier: Dossier, in_fund: Fund) -> None:
    row = Deadline.objects.get(rule="T4")
    Reminder.objects.create(
        fund=in_fund, deadline=row, falls_on=row.falls_on, step="x", audience="owner", on=TODAY
    )
    before = set(Deadline.objects.values_list("id", flat=True))
    Deadline.objects.update(falls_on=date(2030, 1, 1))
    assert rebuild()[0] == 0
    assert set(Deadline.objects.values_list("id", flat=True)) == before
    assert Reminder.objects.get().deadline == row


def test_all_funds_and_all_chunks_are_rebuilt(
    fund: Fund, other_fund: Fund, monkeypatch: pytest.MonkeyPatch, job: Actor
) -> None:
    monkeypatch.setattr("dossiers.projection.REBUILD_CHUNK", 2)
    population.take_in(fund, [population.line(start=START) for _ in range(5)], TODAY)
    population.dossier(fund=other_fund, start=START, today=TODAY)
    for one in (fund, other_fund):
        with audit.acting_as(job, one):
            Deadline.objects.filter(rule="T4").update(falls_on=date(2030, 1, 1))
    assert rebuild(check=True) == (
        1, "fund 311: 5 dossiers, 5 rows differed\nfund 509: 1 dossiers, 1 rows differed\n",
    )  # fmt: skip
    assert rebuild()[0] == 0
    assert rebuild(check=True)[0] == 0


def test_a_dossier_without_facts_has_no_rows(in_fund: Fund, empty_dossier: Dossier) -> None:
    assert rebuild(check=True) == (0, "fund 311: 1 dossiers, 0 rows differed\n")
