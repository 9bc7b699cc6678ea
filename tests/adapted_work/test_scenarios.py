"""Adapted work as it goes: alone or several, in time or late, permitted, refused, over (W1, T15)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dossiers.notes import notes_of
from dossiers.reading import entries_of
from routing.questionnaires.waivers import waiver
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL, Case, refused
from tnw.accounts import audit
from tnw.core import clock
from tnw.core.errors import NotAllowed
from trajects.models import AdaptedWork
from trajects.services import adapted_work as services
from trajects.steps.adapted_work import steps

D = date.fromisoformat


class Work:
    """Adapted work in a case, each act by whom it belongs to."""

    def __init__(self, case: Case, day: str, starts_on: str, *, declared: bool = False) -> None:
        self.case = case
        self.on(day)
        self.subject = case.act(
            services.plan,
            COORDINATOR,
            starts_on=D(starts_on),
            what="Half time in the shop",
            declared=declared,
        )

    def on(self, day: str) -> "Work":
        self.case.on(D(day))
        return self

    def act(self, service: Any, role: str = COORDINATOR, **values: Any) -> None:
        self.case.act(service, role, subject=self.subject, **values)

    def permit(self, first: str, last: str = "", hours: str = "19") -> None:
        days = {"first_day": D(first), "last_day": D(last) if last else None}
        self.act(services.permit, DOCTOR, **days, hours=Decimal(hours), medical="No lifting.")

    @property
    def row(self) -> AdaptedWork:
        return AdaptedWork.objects.get(dossier=self.case.dossier, subject=self.subject)

    def waits_for(self, role: str = COORDINATOR) -> list[tuple[str, str, tuple[str, ...]]]:
        """Who has to do what next, as what now tells."""
        with clock.at(self.case.day):
            found = steps(self.case.dossier, self.case.people[role], self.case.day)
        return [
            (str(step.whose), step.act, step.rules)
            for step in found
            if step.main and step.subject == self.subject
        ]


def test_w1_t15_alone_without_a_traject_declared_late(case: Case) -> None:
    """26 May 2026 is the Tuesday after Pentecost Monday: the last working day before it is Friday the 22nd."""
    work = Work(case, "2026-05-11", "2026-05-26")
    assert case.due("T15") == (D("2026-05-22"), "open")
    assert work.waits_for() == [(COORDINATOR, "declare-adapted-work", ("T15",))]
    work.on("2026-05-25").act(services.declare)  # on the holiday itself
    assert case.due("T15") == (D("2026-05-22"), "met_late")
    assert work.row.declared_late
    # One decision, said once for whoever does not take it.
    permit, refuse = (DOCTOR, "permit-adapted-work", ()), (DOCTOR, "refuse-adapted-work", ())
    assert work.waits_for() == [permit]
    assert work.waits_for(DOCTOR) == [permit, refuse]
    work.on("2026-06-02").permit("2026-06-02", "2026-08-31")
    assert work.waits_for() == []
    assert work.on("2026-09-01").waits_for() == [(COORDINATOR, "end-adapted-work", ())]
    work.act(services.end)
    assert (work.row.state, work.row.hours) == ("ended", Decimal("19"))
    assert {name.split()[0] for name in case.states} == {"route_a", "adapted_work"}
    assert case.flag == ""


def test_t15_declared_on_the_last_working_day_across_a_holiday(case: Case) -> None:
    work = Work(case, "2026-05-11", "2026-05-26")
    work.on("2026-05-22").act(services.declare)
    assert case.due("T15") == (D("2026-05-22"), "met")
    assert not work.row.declared_late


def test_t15_planned_and_declared_at_once(case: Case) -> None:
    work = Work(case, "2026-05-22", "2026-05-26", declared=True)
    assert (work.row.state, work.row.declared_on) == ("declared", D("2026-05-22"))
    assert case.due("T15") == (D("2026-05-22"), "met")
    late = Work(case, "2026-05-27", "2026-05-26", declared=True)
    assert late.row.declared_late
    assert case.due("T15") == (D("2026-05-22"), "met_late")


def test_t15_another_first_day_is_declared_anew(case: Case) -> None:
    work = Work(case, "2026-05-11", "2026-05-26", declared=True)
    work.on("2026-05-18").act(services.replan, starts_on=D("2026-06-15"))
    assert work.row.state == "planned"
    assert case.due("T15") == (D("2026-06-12"), "open")
    work.on("2026-06-12").act(services.declare)
    assert case.due("T15") == (D("2026-06-12"), "met")


def test_w1_two_at_once_and_one_after_the_other(case: Case) -> None:
    first = Work(case, "2026-03-02", "2026-04-01")
    second = Work(case, "2026-03-03", "2026-03-16")
    # The nearer one carries the deadline; the other is to be declared too.
    assert first.waits_for() == [(COORDINATOR, "declare-adapted-work", ())]
    assert second.waits_for() == [(COORDINATOR, "declare-adapted-work", ("T15",))]
    second.on("2026-03-13").act(services.declare)
    second.on("2026-03-16").permit("2026-03-16")
    first.on("2026-03-20").act(services.cancel)
    assert (first.row.state, second.row.state) == ("cancelled", "permitted")
    first_row, second_row = sorted(
        (row for row in case.rows if row.rule == "T15"), key=lambda row: row.opens_on
    )
    assert (first_row.state(D("2026-03-20")), second_row.state(D("2026-03-20"))) == ("fallen_away", "met")
    second.on("2026-05-01").act(services.end)
    third = Work(case, "2026-05-04", "2026-05-18", declared=True)
    assert third.row.state == "declared"


def test_w1_refused_with_a_text_for_each(case: Case) -> None:
    work = Work(case, "2026-03-02", "2026-03-16", declared=True)
    for medical, insured in (("", "Not now."), ("The heart.", "")):
        with refused("required"):
            work.act(services.refuse, DOCTOR, medical=medical, insured=insured)
    work.act(services.refuse, DOCTOR, medical="The heart.", insured="Not now.")
    assert work.row.state == "refused"
    assert read(case, COORDINATOR) == ["Half time in the shop", "Not now."]
    assert read(case, MEDICAL) == ["Half time in the shop", "Not now.", "The heart."]
    with pytest.raises(NotAllowed):
        work.permit("2026-03-16")


def test_w1_permitted_anew_and_what_is_not_taken(case: Case) -> None:
    work = Work(case, "2026-03-02", "2026-03-16", declared=True)
    for first, last, hours, code in (
        ("2026-03-16", "2026-03-15", "19", "wrong_period"),
        ("2026-03-02", "2026-03-15", "19", "wrong_period"),  # wholly before it starts
        ("2026-03-16", "", "0", "wrong_hours"),
        ("2026-03-16", "", "169", "wrong_hours"),
        ("2026-01-04", "", "19", "not_recognized"),
    ):
        with refused(code):
            work.permit(first, last, hours)
    work.permit("2026-03-16", "2026-06-30", "19")
    work.permit("2026-03-16", "2026-06-30", "12.5")  # on the same day: the last one stands
    assert work.row.hours == Decimal("12.5")
    work.on("2026-05-04").permit("2026-05-11", "2026-12-31", "24")
    row = work.row
    assert (row.permitted_from, row.permitted_to, row.hours) == (
        D("2026-05-11"),
        D("2026-12-31"),
        Decimal("24"),
    )
    assert case.flag == ""


def test_a2_permitted_and_running_nobody_is_asked(case: Case) -> None:
    work = Work(case, "2026-03-02", "2026-03-16", declared=True)
    work.on("2026-03-04").permit("2026-03-16", "2026-06-30")
    asked = {
        day: waiver(case.facts, None, D(day))
        for day in ("2026-03-15", "2026-03-16", "2026-06-30", "2026-07-01")
    }
    assert asked == {
        "2026-03-15": None, "2026-03-16": "adapted_work", "2026-06-30": "adapted_work", "2026-07-01": None,
    }  # fmt: skip
    work.on("2026-04-01").act(services.end)
    assert waiver(case.facts, None, D("2026-04-02")) is None


def test_w1_it_begins_in_the_incapacity_and_ends_after_it_began(case: Case) -> None:
    with refused("not_recognized"):
        Work(case, "2026-03-02", "2026-01-04")
    work = Work(case, "2026-03-02", "2026-03-16", declared=True)
    work.permit("2026-03-16")
    with pytest.raises(NotAllowed):
        work.act(services.end)
    work.on("2026-03-16")
    with pytest.raises(NotAllowed):
        work.act(services.cancel)
    work.subject = "another"
    with refused("adapted_work_unknown"):
        work.act(services.end)


def read(case: Case, role: str) -> list[str]:
    """What somebody of a role reads of the texts."""
    with audit.acting_as(case.people[role], case.fund):
        notes = notes_of(case.people[role], entries_of(case.people[role], case.dossier))
    return sorted(text for note in notes.values() for text in note.texts)
