"""T20: a fact is corrected or taken back with a reason; what no longer fits is named, and the team lead resolves it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from dossiers import acts, machines
from dossiers.law.deadlines import deadlines
from dossiers.law.facts import Fact, corrected, fact
from dossiers.models import Dossier, LedgerEntry, LedgerPayload
from dossiers.policies import SIGHTS
from dossiers.policies.corrections import may_correct, may_void
from dossiers.projection import facts_of
from tests.route_a.stage import refused
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Role
from tnw.core import clock

START = date(2026, 1, 5)
TODAY = date(2026, 6, 15)
DAY = timedelta(1)
ROLES = (Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD)
C, D, M, L = ROLES


def on(number: int) -> date:
    return date(2026, 4, 1) + number * DAY


AT = datetime(2026, 5, 4, 10, tzinfo=clock.BRUSSELS)
ASSESSED = fact("assessment_made", on(0), "a-1", category=4)
REFERRED = fact("referral_made", on(1), "r-1")
PLANNED = fact("appointment_made", on(2), "p-1", "s-1", purpose="first_contact", at=AT, form="phone")
CONTACT = fact("first_contact_held", on(3), "f-1", "s-1", route="A", form="phone")
CONSENT = fact("consent_given", on(3), "c-1", purpose="data_processing")
STARTED = fact("traject_started", on(3), "t-1", route="A")
FORMAL = fact("reintegration_started", on(4), "z-1", "", condition=1)
DRAWN = fact("declaration_drawn_up", on(5), "d-1", "d")
SIGNED = [
    fact("declaration_signed", on(6 + n), f"d-s{n}", "d", role=role, method="paper")
    for n, role in enumerate(("insured", "coordinator", "advisory_doctor"))
]
COMPLETED = fact("declaration_completed", on(8), "d-2", "d")
MET = fact("plan_meeting_held", on(10), "m-1")
LIFE = [ASSESSED, REFERRED, PLANNED, CONTACT, CONSENT, STARTED, FORMAL, DRAWN, *SIGNED, COMPLETED]


class Book:
    """One dossier with these facts, and everybody who corrects in it."""

    def __init__(self, dossier: Dossier, people: dict[str, Actor]) -> None:
        self.dossier, self.people = dossier, people

    def correct(self, fact_id: str, by: str = L, day: date | None = None, **values: Any) -> None:
        reads = next(one for one in corrected(self.facts) if one.id == fact_id)
        self._act(
            acts.correct, by, fact_id=fact_id, day=day or reads.on, values=values, reason="A slip of the pen."
        )

    def void(self, fact_id: str, by: str = L) -> None:
        self._act(acts.void, by, fact_id=fact_id, reason="mistake")

    def _act(self, service: Callable[..., object], by: str, **told: Any) -> None:
        actor = self.people[by]
        with audit.acting_as(actor, self.dossier.fund), clock.at(TODAY):
            service(dossier_id=self.dossier.public_id, actor=actor, on=TODAY, **told)

    @property
    def facts(self) -> tuple[Fact, ...]:
        return facts_of([self.dossier.pk])[self.dossier.pk]

    def reads(self, fact_id: str) -> Fact:
        return next(one for one in corrected(self.facts) if one.id == fact_id)

    @property
    def misfits(self) -> list[str]:
        return [one.id for one in machines.misfits(self.facts)]

    @property
    def flag(self) -> str:
        return Dossier.objects.get(pk=self.dossier.pk).out_of_order

    @property
    def states(self) -> dict[str, str]:
        return machines.states_of(self.dossier)

    def due(self, rule: str) -> date:
        return next(row.falls_on for row in deadlines(self.facts, date(2022, 1, 1)) if row.rule == rule)


def test_t20_another_day_moves_what_follows_and_both_dates_stay_readable(book: Callable[..., Book]) -> None:
    one = book(ASSESSED, REFERRED)
    before = one.due("T7")
    one.correct("r-1", by=D, day=on(6))
    assert (before, one.due("T7")) == (date(2026, 5, 2), date(2026, 5, 7))
    entry = LedgerEntry.objects.get(dossier=one.dossier, kind="fact_corrected")
    assert entry.values == {"fact": "r-1", "version": 2, "to": {"on": "2026-04-07"}}
    assert LedgerPayload.objects.get(dossier=one.dossier, seq=entry.seq).body == {
        "text": "A slip of the pen."
    }
    # Again, and back to what it was: the highest version wins, and says all that differs.
    one.correct("r-1", by=D, day=on(4))
    assert one.reads("r-1").on == on(4)
    one.correct("r-1", by=D, day=on(1))
    assert (one.reads("r-1").on, one.due("T7")) == (on(1), before)
    versions = [one.get("version") for one in one.facts if one.kind == "fact_corrected"]
    assert versions == [2, 3, 4]


def test_t20_values_of_every_type(book: Callable[..., Book]) -> None:
    work = fact("adapted_work_planned", on(20), "w-1", "w", starts_on=on(30))
    permitted = fact("adapted_work_permitted", on(22), "w-2", "w", **{"from": on(30), "hours": "12"})
    declared = fact("adapted_work_declared", on(21), "w-3", "w")
    received = fact("questionnaire_received", on(0), "q-1", complete=False, channel="post")
    one = book(received, ASSESSED, REFERRED, PLANNED, work, declared, permitted)
    later = AT + timedelta(days=2, hours=3)
    one.correct("p-1", by=C, at=later, form="video")
    assert (one.reads("p-1").get("at"), one.reads("p-1").get("form")) == (later, "video")
    one.correct("p-1", by=C, form=None)  # an optional value can be taken away, the other stays corrected
    assert (one.reads("p-1").get("at"), one.reads("p-1").get("form")) == (later, None)
    one.correct("a-1", by=M, category=3)
    assert one.reads("a-1").get("category") == 3
    one.correct("q-1", by=M, complete=True)
    assert one.reads("q-1").get("complete") is True
    one.correct("w-2", by=D, hours=Decimal("19.5"), to=on(40))
    assert (one.reads("w-2").get("hours"), one.reads("w-2").get("to")) == (Decimal("19.5"), on(40))
    one.correct("w-1", by=C, starts_on=on(33))
    assert one.due("T15") < on(33)


def test_t20_what_is_refused(book: Callable[..., Book]) -> None:
    one = book(*LIFE)
    wrong: dict[str, dict[str, Any]] = {
        "in_future": {"day": TODAY + DAY},
        "not_recognized": {"day": START - DAY},
        "nothing_to_change": {"category": 4},
        "unknown_code": {"category": 5},
        "unknown_value": {"colour": "red"},
        "required": {"category": None},
        "wrong_type": {"category": "four"},
    }
    for code, told in wrong.items():
        with refused(code):
            one.correct("a-1", by=D, **told)
    with refused("fixed"):
        one.correct("d-s0", by=C, role="advisory_doctor")
    with refused("required"):
        one._act(acts.correct, D, fact_id="a-1", day=on(0), values={"category": 3}, reason=" ")
    with refused("unknown_fact"):
        one._act(acts.correct, L, fact_id="nothing", day=on(0), values={}, reason="x")
    with refused("not_allowed"):  # the team lead takes back what a doctor found, and finds nothing himself
        one.correct("a-1", by=L, category=3)
    with refused("not_allowed"):  # nor does a coordinator take back the signature of the doctor
        one.void("d-s2", by=C)
    one.correct("d-s0", by=C, method="eid")
    correction = next(one.id for one in one.facts if one.kind == "fact_corrected")
    with refused("not_allowed"):  # a correction is corrected by another one
        one._act(acts.correct, L, fact_id=correction, day=on(0), values={}, reason="x")
    recognized = one.facts[0].id
    with refused("not_allowed"):  # what was delivered stays
        one._act(acts.correct, L, fact_id=recognized, day=START, values={}, reason="x")
    one.void("a-1")
    with refused("voided_already"):
        one._act(acts.correct, D, fact_id="a-1", day=on(1), values={}, reason="x")


FOUND_BY_DOCTORS = """
assessment_made referral_made referral_withdrawn medical_contact_held permission_granted permission_refused
training_advised adapted_work_permitted adapted_work_refused
"""


def test_t20_who_may_correct_is_who_may_take_back(people: dict[str, Actor]) -> None:
    """But for the team lead, who takes back what a doctor found, and finds nothing in his place (section 8)."""
    for kind in SIGHTS:
        for role, actor in people.items():
            shut = kind == "reduction_confirmed" or (role == L and kind in FOUND_BY_DOCTORS.split())
            may = may_correct(actor, kind, {})
            assert bool(may) == (bool(may_void(actor, kind, {})) and not shut), (kind, role)
            assert may or may.reason
    allowed = {
        kind: {role for role, actor in people.items() if may_void(actor, kind, {})}
        for kind in (
            "reduction_confirmed",
            "reduction_refused",
            "reduction_proposed",
            "assessment_made",
            "fact_voided",
        )
    }
    assert allowed == {
        "reduction_confirmed": {L},
        "reduction_refused": {L},
        "reduction_proposed": {C, D, L},
        "assessment_made": {D, M, L},
        "fact_voided": set(),
    }
    assert not may_correct(actors.system(), "assessment_made", {})


@pytest.mark.parametrize("kind", ["declaration_signed", "declaration_refused"])
def test_t20_a_signature_is_taken_back_by_who_records_it(people: dict[str, Actor], kind: str) -> None:
    for signs, own in {"insured": C, "coordinator": C, "advisory_doctor": D}.items():
        values = {"role": signs}
        assert {role for role, one in people.items() if may_void(one, kind, values)} == {own, L}, signs
        may = {role for role, one in people.items() if may_correct(one, kind, values)}
        assert may == ({D} if own == D else {C, L}), signs


def test_t20_the_start_of_the_formal_part_taken_back_after_the_declaration(book: Callable[..., Book]) -> None:
    one = book(*LIFE, MET)
    assert (one.flag, one.misfits) == ("", [])
    states, due = one.states, one.due("T11")
    one.void("z-1")
    assert one.flag == one.misfits[0]
    assert one.misfits == ["d-1", "d-s0", "d-s1", "d-s2", "d-2", "m-1"]
    # Others are refused until the team lead has resolved it, from the first on.
    with refused("contradicts"):
        done = acts.Done("contact_held", TODAY, {"form": "phone"})
        with audit.acting_as(one.people[C], one.dossier.fund), clock.at(TODAY):
            acts.record(one.dossier, one.people[C], done)
    steps = 0
    while left := one.misfits:
        one.void(left[0])
        steps += 1
        assert steps <= len(LIFE)
        assert len(one.misfits) < len(left)
    assert one.flag == ""
    assert not [name for name in one.states if name.startswith("reintegration")]
    assert not any(row.rule in ("T11", "T13") for row in deadlines(one.facts, date(2022, 1, 1)))
    assert (states["traject 1"], due) == ("running", date(2026, 5, 9))
    with audit.acting_as(one.people[C], one.dossier.fund), clock.at(TODAY):
        acts.record(one.dossier, one.people[C], done)


def test_t20_a_day_that_does_not_fit_is_flagged_and_put_right_by_another_correction(
    book: Callable[..., Book],
) -> None:
    one = book(*LIFE)
    one.correct("z-1", by=C, day=on(5))  # on the day on which the declaration was drawn up
    assert (one.flag, one.misfits) == ("", [])
    one.correct("z-1", by=C, day=on(9))  # after it was complete
    assert one.flag == one.misfits[0] == "d-1"
    assert "d-2" in one.misfits
    one.correct("z-1", by=L, day=on(4))
    assert (one.flag, one.misfits) == ("", [])
    one.correct("d-2", by=C, day=on(6))  # complete before the last signature
    assert one.flag
    one.correct("d-2", by=L, day=on(8))
    assert one.flag == ""


@pytest.mark.parametrize("taken", [item.id for item in LIFE[:8] if item != CONSENT])  # a traject rests on it
def test_t20_whatever_is_taken_back_the_lead_resolves(book: Callable[..., Book], taken: str) -> None:
    one = book(*LIFE, MET)
    one.void(taken)
    for _step in range(len(LIFE) + 1):
        if not one.misfits:
            break
        one.void(one.misfits[0])
    assert (one.misfits, one.flag) == ([], "")
