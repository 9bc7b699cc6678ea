"""Looked back on and ended with a result, or stopped: what falls away and what goes on (Z8, P3, T19)."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from dossiers import acts
from dossiers.law.kinds import RESULTS
from routing.services import consents
from tests.reintegration.conftest import RUNS, Begin
from tests.reintegration.stage import APRIL, DAY, MARCH, Part, fails
from tests.route_a.stage import COORDINATOR, DOCTOR
from tnw.core import clock
from tnw.core.errors import NotAllowed
from trajects.models import Appointment, PartnerReferral, PlanDraft
from trajects.policies.results import result_fits
from trajects.services import reintegration, traject

STAGES = ("no part", "awaiting_signatures", "planning", "in_review", "evaluated", "suspended")


@pytest.mark.parametrize("stage", STAGES)
def test_p3_t19_stopped_by_the_insured_in_every_state(part: Part, stage: str) -> None:
    subject = part.come_to(stage)
    part.record("partner_form_drawn_up", service="vdab")
    part.record("partner_form_sent", service="vdab")
    ahead = part.plan(date(2026, 5, 4), purpose="follow_up")
    examination = part.plan(date(2026, 5, 5), purpose="medical_examination")
    part.on(APRIL).stop()
    assert (part.whole.state, part.whole.result, part.flag) == ("ended", "stopped_by_insured", "")
    assert [one.state for one in part.parts] == ([] if stage == "no part" else ["ended"])
    assert part.open & {"T11", "T12", "T13"} == set()
    if stage == "awaiting_signatures":
        assert part.declared(subject).state == "lapsed"
    assert PartnerReferral.objects.get(dossier=part.dossier).state == "ended"
    states = dict(Appointment.objects.filter(dossier=part.dossier).values_list("subject", "state"))
    assert states == {ahead: "cancelled", examination: "planned"}
    # Nothing of it goes on.
    for act in (part.stop, part.end, part.start, part.suspend, part.resume, part.end_part, part.draw_up):
        fails("not_allowed", act)


Told = tuple[str, str, dict[str, Any]]  # kind, subject, values
PROPOSED: Told = ("occupational_referral_proposed", "", {})
AGREED: Told = ("consent_given", "", {"purpose": "employer_referral", "party": "occupational_physician"})
REFERRED: Told = ("occupational_referral_made", "", {"asks_for": "visit"})
AT_EMPLOYER: Told = ("employer_traject_started", "", {"requested_by": "employee"})
TRAINING: Told = ("training_proposed", "t", {"proposed_by": "insured"})
ADVISED: Told = ("training_advised", "t", {"favorable": True})
AGAINST: Told = ("training_advised", "t", {"favorable": False})
SUBMITTED: Told = ("training_submitted", "t", {})
REVIEWED: Told = ("training_reviewed", "t", {"favorable": True})
APPROVED: Told = ("training_decided", "t", {"approved": True, "from": MARCH, "to": date(2026, 6, 30)})
TRAINED: Told = ("training_completed", "t", {"success": True})
FORM: Told = ("partner_form_drawn_up", "p", {"service": "vdab"})
SENT: Told = ("partner_form_sent", "p", {"service": "vdab"})
ACCEPTED: Told = ("partner_answered", "p", {"accepted": True})
WORK: Told = ("adapted_work_planned", "w", {"starts_on": date(2026, 5, 4)})
DECLARED: Told = ("adapted_work_declared", "w", {})
PERMITTED: Told = ("adapted_work_permitted", "w", {"from": date(2026, 3, 16), "to": date(2026, 8, 31)})

# Open when the traject ends, and how it stands after: one of each, beside the others.
OPEN: dict[str, tuple[str, list[Told]]] = {
    "training proposed": ("broken_off", [TRAINING]),
    "training advised": ("broken_off", [TRAINING, ADVISED]),
    "training against": ("broken_off", [TRAINING, AGAINST]),
    "training submitted": ("submitted", [TRAINING, ADVISED, SUBMITTED]),
    "training reviewed": ("reviewed", [TRAINING, ADVISED, SUBMITTED, REVIEWED]),
    "training approved": ("approved", [TRAINING, ADVISED, SUBMITTED, REVIEWED, APPROVED]),
    "partner drawn_up": ("ended", [FORM]),
    "partner sent": ("ended", [FORM, SENT]),
    "partner accepted": ("ended", [FORM, SENT, ACCEPTED]),
    "adapted_work planned": ("planned", [WORK]),
    "adapted_work declared": ("declared", [WORK, DECLARED]),
    "adapted_work permitted": ("permitted", [WORK, DECLARED, PERMITTED]),
}


@pytest.mark.parametrize(
    ("at_employer", "after", "by"),
    [
        ([PROPOSED], "declined", "stop"),
        ([PROPOSED], "declined", "end"),
        ([PROPOSED, AGREED], "declined", "stop"),
        ([PROPOSED, AGREED], "declined", "consent withdrawn"),
        ([PROPOSED, AGREED, REFERRED], "referred", "stop"),
        ([AT_EMPLOYER], "running", "end"),
    ],
)
def test_t19_p3_what_is_open_in_the_traject_falls_away(
    begin: Begin, at_employer: list[Told], after: str, by: str
) -> None:
    part = begin(contract=True).on(MARCH)
    record(part, at_employer)
    for key, (_after, told) in OPEN.items():
        record(part, [(kind, key.split()[1], values) for kind, _subject, values in told])
    part.on(APRIL)
    if by == "consent withdrawn":
        part.act(consents.record_consent, COORDINATOR, answer="withdrawn", purpose="data_processing")
    else:
        part.stop() if by == "stop" else part.end()
    states = part.states
    assert {key: states[key] for key in OPEN} == {key: state for key, (state, _told) in OPEN.items()}
    assert (states["employer 1"], part.whole.state, part.flag) == (after, "ended", "")


def test_t19_the_dates_of_a_training_and_of_adapted_work_survive(part: Part) -> None:
    part.on(MARCH)
    record(part, [TRAINING, ADVISED, SUBMITTED, REVIEWED, APPROVED, TRAINED, WORK])
    part.on(APRIL).stop()
    assert part.open >= {"T14", "T15"}


def record(part: Part, told: list[Told]) -> None:
    for kind, subject, values in told:
        part.record(kind, subject, **values)


# What is recorded, and which results it does not contradict besides those that nothing can.
ALWAYS = {
    "resumed_other_employer", "resumed_self_employed", "stopped_by_insured", "medically_not_possible", "no_result",
}  # fmt: skip
RECORDED: list[tuple[dict[str, object], list[Told], set[str]]] = [
    ({}, [], set()),
    ({"contract": True}, [], {"resumed_own_employer"}),
    ({"contract": True, "regime": "self_employed"}, [], set()),
    ({}, [WORK], set()),
    ({}, [WORK, DECLARED], {"adapted_work"}),
    ({}, [WORK, DECLARED, PERMITTED], {"adapted_work"}),
    ({}, [WORK, DECLARED, PERMITTED, ("adapted_work_ended", "w", {})], set()),
    ({}, [WORK, DECLARED, ("adapted_work_refused", "w", {})], set()),
    ({}, [WORK, DECLARED, ("adapted_work_permitted", "w", {"from": MARCH, "to": APRIL - DAY})], set()),
    ({}, [TRAINING, ADVISED, SUBMITTED, REVIEWED, APPROVED], set()),
    ({}, [TRAINING, ADVISED, SUBMITTED, REVIEWED, APPROVED, TRAINED], {"training_finished"}),
    ({}, [TRAINING, ADVISED, SUBMITTED, REVIEWED, APPROVED, ("training_broken_off", "t", {})], set()),
    ({}, [FORM, SENT, ACCEPTED, ("service_step", "p", {"step": "training"})], {"training_finished"}),
    ({}, [FORM, SENT, ACCEPTED, ("service_step", "p", {"step": "coaching"})], set()),
]


@pytest.mark.parametrize(("columns", "told", "more"), RECORDED)
def test_z8_a_result_does_not_contradict_what_is_recorded(
    begin: Begin, columns: dict[str, object], told: list[Told], more: set[str]
) -> None:
    part = begin(**columns).on(MARCH)
    record(part, told)
    assert fitting(part.on(APRIL)) == ALWAYS | more


# Why the incapacity ended, and which results this contradicts.
ENDED = {
    "resumed": {"incapacity_ended"},
    "not_recognized": set(),
    "pension": {"resumed_other_employer", "resumed_self_employed"},
    "death": {"resumed_other_employer", "resumed_self_employed"},
    "other": set(),
}


@pytest.mark.parametrize("reason", ENDED)
def test_z8_a_result_does_not_contradict_how_the_incapacity_ended(part: Part, reason: str) -> None:
    part.fed(APRIL, end=APRIL, end_reason=reason)
    assert fitting(part) == (ALWAYS | {"incapacity_ended"}) - ENDED[reason]


def fitting(part: Part) -> set[str]:
    """The results that the service takes and that the policy calls fitting, which are the same."""
    facts = acts.happened(part.dossier)
    fit = {one for one in RESULTS if result_fits(part.dossier, facts, one, part.day)}
    for result in set(RESULTS) - fit:
        fails("result_does_not_fit", partial(part.end, result))
    return fit


@pytest.mark.parametrize("result", ["resumed_other_employer", "stopped_by_insured", "medically_not_possible"])
def test_z8_ended_with_a_result(part: Part, result: str) -> None:
    part.on(MARCH).act(traject.evaluate, COORDINATOR, evaluation="Well guided.")
    fails("not_allowed", lambda: part.act(traject.evaluate, COORDINATOR, evaluation="Again."))
    part.end(result)
    assert (part.whole.result, part.whole.evaluated_on, part.whole.ended_on) == (result, MARCH, MARCH)


def test_z8_the_plan_is_evaluated_before_the_traject_ends(part: Part) -> None:
    part.come_to("in_review")
    part.on(APRIL)
    fails("required", part.end)
    fails("required", part.end_part)
    fails("required", lambda: part.act(reintegration.evaluate_plan, COORDINATOR, evaluation=""))
    fails("result_does_not_fit", lambda: part.end_part("resumed_own_employer", evaluation="Led to work."))
    part.end("resumed_other_employer", evaluation="The courses led to work.")
    assert part.kinds[-2:] == ["plan_evaluated", "traject_ended"]
    assert (part.whole.state, part.part, part.flag) == ("ended", "ended", "")


def test_z8_evaluated_by_itself_also_while_suspended(part: Part) -> None:
    part.come_to("in_review")
    part.on(APRIL).suspend()
    part.act(reintegration.evaluate_plan, COORDINATOR, evaluation="Done.")
    part.end()
    assert (part.part, part.kinds.count("plan_evaluated")) == ("ended", 1)


def test_z8_a_second_formal_part_after_the_first(part: Part) -> None:
    part.come_to("in_review")
    by = {"revision": 1, "saved_at": clock.now(), "saved_by": part.people[COORDINATOR]}
    PlanDraft.objects.create(fund=part.fund, dossier=part.dossier, **by)
    part.on(APRIL).end_part("no_result", evaluation="Nothing came of it.")
    assert (part.whole.state, part.part, part.open & {"T11", "T12", "T13"}) == ("running", "ended", set())
    part.on(APRIL + DAY).start()
    assert not PlanDraft.objects.filter(dossier=part.dossier).exists(), "of the first one"
    second = part.draw_up()
    part.sign(second, "insured", COORDINATOR, DOCTOR)
    assert [(one.number, one.state) for one in part.parts] == [(1, "ended"), (2, "planning")]
    assert part.due("T11") == (date(2026, 5, 7), "open")
    part.end()
    assert [one.state for one in part.parts] == ["ended", "ended"]


def test_z8_ended_after_the_incapacity_ended(part: Part) -> None:
    part.come_to("in_review")
    ahead = part.plan(date(2026, 4, 20), purpose="follow_up")
    part.fed(APRIL, end=date(2026, 4, 3), end_reason="pension")
    fails("not_allowed", lambda: part.end("incapacity_ended"))
    part.backdated(traject.end, COORDINATOR, date(2026, 4, 3), result="incapacity_ended")
    assert (part.whole.state, part.whole.ended_on, part.part, part.flag) == (
        "ended", date(2026, 4, 3), "ended", "",
    )  # fmt: skip
    assert Appointment.objects.get(dossier=part.dossier, subject=ahead).state == "cancelled"


def test_z8_what_was_arranged_after_an_end_that_came_late_is_taken_back(part: Part) -> None:
    moved = part.on(MARCH).plan(date(2026, 4, 20), purpose="follow_up")
    part.on(date(2026, 4, 2)).move(moved, date(2026, 4, 21))
    made = part.plan(date(2026, 4, 22), purpose="other")
    part.fed(APRIL, end=date(2026, 3, 31), end_reason="resumed")
    part.backdated(traject.end, COORDINATOR, date(2026, 3, 31), result="resumed_other_employer")
    assert (part.whole.state, part.flag) == ("ended", "")
    states = dict(Appointment.objects.filter(dossier=part.dossier).values_list("subject", "state"))
    assert states == {moved: "cancelled"}, made


def test_z8_a_traject_that_started_after_the_end_is_taken_back_instead(begin: Begin) -> None:
    part = begin()
    part.fed(MARCH, end=RUNS - DAY, end_reason="resumed")
    with pytest.raises(NotAllowed, match="started after this day"):
        part.backdated(traject.end, COORDINATOR, RUNS - DAY, result="incapacity_ended")


def test_z8_a_past_appointment_waits_for_its_outcome(part: Part) -> None:
    past = part.on(MARCH).plan(date(2026, 3, 10), purpose="follow_up")
    part.on(APRIL).stop()
    assert Appointment.objects.get(dossier=part.dossier, subject=past).state == "planned"


def test_p3_the_facts_of_an_end_beside_another_act(part: Part) -> None:
    part.come_to("planning")
    subject = part.plan(date(2026, 5, 4), purpose="plan_meeting")
    done = traject.end_all(part.dossier, part.day, "stopped_by_insured", "Consent withdrawn.")
    assert [(one.kind, one.subject) for one in done] == [
        ("appointment_cancelled", subject), ("traject_ended", ""),
    ]  # fmt: skip
    assert done[-1].note == {"text": "Consent withdrawn."}
    part.stop()
    assert traject.end_all(part.dossier, part.day, "no_result", "") == []
