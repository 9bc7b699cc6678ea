"""What comes across route A: an end, an exclusion, a wrong order, a correction, a history from elsewhere."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from dossiers import machines
from dossiers.feed.facts import COLUMNS
from dossiers.law.calendar import add_months
from dossiers.models import Dossier
from dossiers.models.imports import ImportKind, ImportState
from routing.intake.imports import import_file
from routing.services import route_a as services
from tests import population
from tests.route_a.stage import COORDINATOR, DOCTOR, SYSTEM, Case, refused
from tests.route_a.test_scenarios import (
    IN_MONTH_4,
    MONTH_4_ENDS,
    WEEK_11,
    Begin,
    asked_and_answered,
    referred,
    started,
)
from tests.route_a.test_states import START
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import clock
from tnw.core.errors import NotAllowed
from trajects.services import contacts, traject

# --- the incapacity ends, or is excluded

STEPS: list[Callable[[Case], object]] = [
    lambda case: None,
    lambda case: case.on(WEEK_11).sent(),
    asked_and_answered,
    lambda case: case.on(IN_MONTH_4).assess(3),
    referred,
    lambda case: referred(case).on(date(2026, 5, 11)).meet(consent="later", step=""),
    started,
]


@pytest.mark.parametrize("steps", STEPS)
def test_t19_incapacity_ended_at_each_step_keeps_the_state_and_closes_what_was_due(
    begin: Begin, steps: Callable[[Case], object]
) -> None:
    case = begin()
    steps(case)
    before = case.states
    case.fed(case.day + timedelta(days=10), end=case.day + timedelta(days=7), end_reason="resumed")
    assert (case.states, case.flag, case.open) == (before, "", set())
    with pytest.raises(NotAllowed):
        case.assess(2)
    # It went on after all: everything stands as it stood.
    case.fed(case.day + timedelta(days=3), end="", end_reason="")
    assert (case.states, case.flag) == (before, "")
    assert case.open
    case.assess(2)


@pytest.mark.parametrize("steps", STEPS)
def test_p2_excluded_late_keeps_what_was_done_and_lifted_all_stands_again(
    begin: Begin, steps: Callable[[Case], object]
) -> None:
    case = begin()
    steps(case)
    before = case.states, case.open
    case.fed(case.day + timedelta(days=1), cause="work_accident")
    assert (case.states, case.flag, case.open) == (before[0], "", set())
    with pytest.raises(NotAllowed):
        case.close()
    case.fed(case.day + timedelta(days=1), cause="illness")
    assert (case.states, case.open) == before


# --- wrong orders


def test_wrong_orders_are_refused(case: Case) -> None:
    asked_and_answered(case)
    with pytest.raises(NotAllowed):
        case.refer()
    with pytest.raises(NotAllowed):
        case.meet()
    with pytest.raises(NotAllowed):
        case.decide("given", step="guidance")
    before = case.kinds
    case.on(IN_MONTH_4)
    appointment_at = Case.moment(date(2026, 4, 19))
    with refused("in_past"):
        case.act(contacts.plan, COORDINATOR, purpose="first_contact", at=appointment_at, form="phone")
    ahead = case.plan(date(2026, 5, 4))
    with pytest.raises(NotAllowed):
        case.missed(ahead)
    with refused("appointment_unknown"):
        case.missed("nothing")
    assert case.kinds == [*before, "appointment_made"]


@pytest.mark.parametrize(
    ("day", "code"),
    [(START - timedelta(days=1), "not_allowed"), (IN_MONTH_4 + timedelta(days=1), "in_future")],
    ids=["before the incapacity", "a day ahead"],
)
def test_wrong_days_are_refused(case: Case, day: date, code: str) -> None:
    case.on(IN_MONTH_4)
    with refused(code):
        case.backdated(services.assess, DOCTOR, day, category=4)


def test_f1_an_act_of_a_day_before_has_to_fit_what_came_after(case: Case) -> None:
    referred(case).on(date(2026, 5, 11)).meet(consent="later", step="")
    case.on(date(2026, 5, 13))
    with refused("out_of_order"):
        case.backdated(services.assess, DOCTOR, date(2026, 4, 30), category=2, reason="earlier")
    case.backdated(services.assess, DOCTOR, date(2026, 4, 30), category=4)
    assert case.state == "first_contact_held"


def test_t17_a_contact_of_an_earlier_day_is_put_where_it_belongs(case: Case) -> None:
    referred(case).on(date(2026, 5, 6))
    assert case.due("T17", 4) == (MONTH_4_ENDS, "overdue")
    case.backdated(services.hold_medical_contact, DOCTOR, date(2026, 4, 30), form="phone")
    assert case.due("T17", 4)[1] == "met"


# --- corrections


def test_f1_a_void_that_contradicts_is_kept_flagged_and_resolved_by_another(case: Case) -> None:
    referred(case).on(date(2026, 5, 11)).meet(consent="later", step="")
    referral = next(one for one in case.facts if one.kind == "referral_made")
    contact = next(one for one in case.facts if one.kind == "first_contact_held")
    case.record("fact_voided", "1", fact=referral.id, reason="mistake")
    assert case.flag == contact.id
    assert case.state == "assessed", "what fits, counts"
    for act in (lambda: case.assess(4), case.refer, case.close, lambda: case.plan(date(2026, 6, 1))):
        with pytest.raises(NotAllowed):
            act()
    with refused("contradicts"):
        case.record("contact_held", form="phone")
    case.on(date(2026, 5, 12)).record("fact_voided", "2", fact=contact.id, reason="mistake")
    assert (case.flag, case.state) == ("", "assessed")
    case.refer()
    assert case.state == "referred"


def test_p3_who_is_in_a_dossier_that_contradicts_itself_stops_all_the_same(case: Case) -> None:
    started(case)
    contact = next(one for one in case.facts if one.kind == "first_contact_held")
    begun, day = case.day, case.day + timedelta(days=7)
    follow_up = case.plan(day + timedelta(days=30), purpose="follow_up")
    case.on(day).act(traject.evaluate, COORDINATOR, evaluation="He works on it.")
    case.record("fact_voided", "1", fact=contact.id, reason="mistake")
    assert (flag := case.flag), "the start of the traject is left without its ground"
    for act, by, told in (
        (traject.end, COORDINATOR, {"result": "no_result"}),
        (traject.choose_first_step, COORDINATOR, {"step": "guidance"}),
        (traject.stop, DOCTOR, {}),
        (traject.stop, SYSTEM, {}),
    ):
        with pytest.raises(NotAllowed):
            case.act(act, by, **told)
    with refused("contradicts"):  # before what was found of it since it does not fit either
        case.backdated(traject.stop, COORDINATOR, begun)
    case.act(traject.stop, COORDINATOR)
    assert (case.states["traject 1"], case.states[f"appointment {follow_up}"]) == ("ended", "cancelled")
    assert case.kinds[-1] == "traject_ended"
    assert case.flag == flag, "that is resolved by a correction, and by nothing else"
    with pytest.raises(NotAllowed, match="No traject is running"):
        case.act(traject.stop, COORDINATOR)


def test_t22_history_out_of_order_is_kept_and_flagged(case: Case) -> None:
    case.on(IN_MONTH_4).record("first_contact_held", in_order=False, route="A", form="phone")
    assert case.flag
    assert Dossier.objects.exclude(out_of_order="").get() == case.dossier


def test_d2_a_case_from_the_last_day_of_a_month(begin: Begin) -> None:
    case = begin(start=date(2026, 8, 31))
    case.on(date(2026, 12, 7)).assess(1)
    assert case.due("T5") == (add_months(date(2026, 8, 31), 6), "open")
    case.on(date(2027, 2, 27))
    with pytest.raises(NotAllowed):
        case.refer()
    case.on(date(2027, 2, 28)).refer()


# --- a history from elsewhere


def rows_of(dossier: Dossier) -> list[tuple[str, tuple[object, ...]]]:
    found = [
        (model.NAME, tuple(map(str, machines._values(one))))
        for model in machines.machines()
        for one in model.objects.filter(dossier=dossier)
    ]
    return sorted(found)


def write(path: Path, case: Case, reference: str) -> Path:
    """The facts of a case, as another system would hand its history over; those of the feed come with the feed."""
    lines = [
        (reference, one.id, one.kind, str(one.on), one.subject, json.dumps(one.values.plain()))
        for one in case.facts
        if not one.kind.startswith("incapacity_")
    ]
    quoted = (";".join('"' + value.replace('"', '""') + '"' for value in line) for line in (COLUMNS, *lines))
    path.write_text("\n".join(quoted) + "\n")
    return path


def missed_then_second_round(case: Case) -> None:
    referred(case)
    first = case.plan(date(2026, 5, 4))
    case.on(date(2026, 5, 4)).missed(first, excused=True)
    second = case.plan(date(2026, 5, 12))
    case.on(date(2026, 5, 12)).meet(consent="refused", step="", subject=second)
    case.on(date(2026, 8, 3)).assess(3)
    case.on(date(2026, 8, 3)).assess(4, refer=True)
    case.on(date(2026, 8, 20)).meet(step="training")


def contradicting(case: Case) -> None:
    referred(case).on(date(2026, 5, 11)).meet(consent="later", step="")
    referral = next(one for one in case.facts if one.kind == "referral_made")
    case.record("fact_voided", "1", fact=referral.id, reason="mistake")


@pytest.mark.parametrize("story", [started, missed_then_second_round, contradicting])
def test_imported_facts_leave_the_states_that_the_services_left(
    begin: Begin, other_fund: Fund, tmp_path: Path, story: Callable[[Case], object]
) -> None:
    case = begin()
    story(case)
    feed = actors.system(actors.FEED)
    with clock.at(case.day):
        there = population.dossier(fund=other_fund, start=START, today=case.day)
        path = write(tmp_path / "history.csv", case, there.incapacity.reference)
        with audit.acting_as(feed, other_fund):
            run = import_file(path, fund=other_fund, actor=feed, kind=ImportKind.FACTS, today=case.day)
            assert (run.state, run.lines) == (ImportState.DONE, run.accepted)
            taken_in = rows_of(there)
            flag = Dossier.objects.get(pk=there.pk).out_of_order
    assert taken_in == rows_of(case.dossier)
    assert flag == case.flag
    assert bool(flag) == (story is contradicting)
