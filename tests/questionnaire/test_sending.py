"""Sending by hand, posting, waiving and helping: who may, in which state, and what is recorded of it (A2, A3, T2, T3)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import translation

from dossiers.acts import Outdated, head_of
from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Deadline, Dossier, LedgerPayload
from dossiers.notes import notes_of
from dossiers.reading import entries_of
from routing.models import Questionnaire, RouteA
from routing.models.route_a import RouteAState
from routing.questionnaires import policies, sending
from routing.questionnaires.job import act
from routing.questionnaires.mailing import deliver
from routing.questionnaires.steps import steps
from tests.questionnaire.conftest import READY, ROLES, D, states, told
from tnw.accounts.models import Actor, AuditEntry, Fund, Role
from tnw.core import clock
from tnw.core.errors import DomainError, NotAllowed
from trajects.services.actions import record_action
from trajects.steps import actions

Due = Callable[..., Dossier]
Acting = Callable[[str], Actor]
C, DOC, MT, LEAD = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with clock.at(READY):
        yield


def the(dossier: Dossier, actor: Actor, **more: Any) -> dict[str, Any]:
    return {"dossier_id": dossier.public_id, "actor": actor, "on": READY, **more}


CASE = (C, DOC, MT, LEAD)
MAY: list[tuple[str, Callable[[Dossier, Actor], object], set[str]]] = [
    ("send", lambda d, a: sending.send(**the(d, a), channel="in_person"), {C, DOC, MT}),
    ("post", lambda d, a: sending.posted(questionnaire_ids=[], actor=a, on=READY), {C, DOC, MT}),
    ("waive", lambda d, a: sending.waive(**the(d, a), reason="near_pension"), {C, DOC}),
    ("waive, medical", lambda d, a: sending.waive(**the(d, a), reason="medical", note="x"), {DOC}),
    ("support", lambda d, a: sending.offer_support(**the(d, a), channel="phone"), {C}),
]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("name", "do", "roles"), MAY, ids=[row[0] for row in MAY])
def test_who_may(
    due: Due, acting: Acting, role: str, name: str, do: Callable[[Dossier, Actor], object], roles: set[str]
) -> None:
    dossier, actor = due(), acting(role)
    if role in roles:
        do(dossier, actor)
    else:
        with pytest.raises(DomainError) as refusal:
            do(dossier, actor)
        expected = "not_allowed" if role in CASE or name == "post" else "dossier_unknown"
        assert refusal.value.code == expected
        assert told(dossier) == []


PATHS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    RouteAState.AWAITING: [],
    RouteAState.SENT: [("questionnaire_sent", {"channel": "post", "language": "nl"})],
    RouteAState.RECEIVED: [("questionnaire_received", {"channel": "post", "complete": True})],
    RouteAState.WAIVED: [("questionnaire_waived", {"reason": "medical"})],
    RouteAState.ASSESSED: [("assessment_made", {"category": 4})],
    RouteAState.REFERRED: [("assessment_made", {"category": 4}), ("referral_made", {})],
}


@pytest.mark.parametrize("state", PATHS)
def test_a2_what_the_route_allows(due: Due, in_fund: Fund, acting: Acting, state: str) -> None:
    """Sent again, helped with and waived until a complete answer came."""
    dossier = due()
    facts = [
        fact(kind, D("2026-03-02") + timedelta(n), f"f{n}", **values)
        for n, (kind, values) in enumerate(PATHS[state])
    ]
    record_many([Entry(dossier.pk, one) for one in facts], fund=in_fund, actor=acting(C))
    assert RouteA.objects.get(dossier=dossier).state == state
    for do in (
        lambda: sending.send(**the(dossier, acting(DOC)), channel="in_person"),
        lambda: sending.offer_support(**the(dossier, acting(C)), channel="phone"),
        lambda: sending.waive(**the(dossier, acting(DOC)), reason="medical", note="x"),
    ):
        if state == RouteAState.RECEIVED:
            with pytest.raises(NotAllowed, match="came back complete"):
                do()
        else:
            do()


SENT = ("questionnaire_sent", {"channel": "post", "language": "nl"})
WHOLE = ("questionnaire_received", {"channel": "post", "complete": True})
PARTLY = ("questionnaire_received", {"channel": "post", "complete": False})
ASSESSED = ("assessment_made", {"category": 3})
TAKEN_BACK = ("fact_voided", {"fact": "f1", "version": 1, "reason": "other_person"})
OFFERS = ["send-questionnaire", "enter-answers", "waive-questionnaire", "offer-support"]


@pytest.mark.parametrize(
    ("told", "offered"),
    [
        ([SENT, WHOLE], False),
        ([SENT, WHOLE, ASSESSED], False),
        ([ASSESSED, SENT, WHOLE], False),
        ([SENT, WHOLE, PARTLY], False),
        ([SENT, PARTLY, ASSESSED], True),
        ([SENT, WHOLE, TAKEN_BACK, ASSESSED], True),
        ([SENT, WHOLE, ASSESSED, SENT], True),  # history: it was asked again
    ],
)
def test_a2_nothing_is_offered_of_a_questionnaire_that_came_back_complete(
    due: Due, in_fund: Fund, acting: Acting, told: list[tuple[str, dict[str, Any]]], offered: bool
) -> None:
    dossier = due()
    entries = [
        Entry(dossier.pk, fact(kind, D("2026-03-02") + timedelta(n), f"f{n}", **values))
        for n, (kind, values) in enumerate(told)
    ]
    record_many(entries, fund=in_fund, actor=acting(C))
    dossier = Dossier.objects.select_related("incapacity", "route_a").get(pk=dossier.pk)
    assert [step.act for step in steps(dossier, acting(C), READY)] == (OFFERS if offered else [])
    for policy in (policies.may_send, policies.may_waive, policies.may_offer_support):
        assert bool(policy(acting(C), dossier, READY)) == offered
    # What was posted before, and what comes in all the same, can be recorded.
    assert policies.may_say_sent(acting(C), dossier, READY)
    assert policies.may_receive(acting(C), dossier, READY)


@pytest.mark.parametrize(
    "columns", [{"end": "2026-03-01", "end_reason": "resumed"}, {"cause": "work_accident"}]
)
def test_nothing_is_done_in_a_dossier_that_is_over(due: Due, acting: Acting, columns: dict[str, Any]) -> None:
    dossier = due(**columns)
    for do in (
        lambda: sending.send(**the(dossier, acting(C)), channel="in_person"),
        lambda: sending.waive(**the(dossier, acting(C)), reason="near_pension"),
        lambda: sending.offer_support(**the(dossier, acting(C)), channel="phone"),
    ):
        with pytest.raises(DomainError):
            do()


def test_t1_by_post_it_is_sent_on_the_day_that_is_confirmed_and_not_before(
    due: Due, in_fund: Fund, acting: Acting
) -> None:
    dossier = due()
    act(in_fund, READY)
    one = Questionnaire.objects.get()
    assert told(dossier) == []
    day = READY + timedelta(2)
    with clock.at(day + timedelta(1)):
        (done,) = sending.posted(questionnaire_ids=[one.public_id], actor=acting(MT), on=day)
        assert not done.refused
        (again,) = sending.posted(questionnaire_ids=[one.public_id], actor=acting(MT), on=day)
        assert "does not wait" in str(again.refused)
    assert told(dossier) == [("questionnaire_sent", f"{day}", {"channel": "post", "language": "nl"})]
    one.refresh_from_db()
    assert (one.state, one.sent_on) == ("sent", day)
    assert dossier.entries.get(fact_id=one.sent_fact).actor == acting(MT)
    assert Deadline.objects.get(dossier=dossier, rule="T2").falls_on == day + timedelta(14)


@pytest.mark.parametrize(
    ("on", "refused"),
    [("2026-03-10", "not ready yet"), ("2026-03-12", "lies ahead"), ("2026-03-11", "")],
)
def test_t1_the_day_of_posting_is_a_day_that_can_be(
    due: Due, in_fund: Fund, acting: Acting, on: str, refused: str
) -> None:
    due()
    act(in_fund, READY)
    one = Questionnaire.objects.get()
    (done,) = sending.posted(questionnaire_ids=[one.public_id], actor=acting(C), on=date.fromisoformat(on))
    assert refused in str(done.refused)
    assert bool(done.refused) == bool(refused)
    assert states(in_fund) == {"to_post": 1} if refused else {"sent": 1}


def test_t1_of_many_posted_one_that_cannot_stops_no_other(due: Due, in_fund: Fund, acting: Acting) -> None:
    dossiers = [due() for _ in range(3)]
    act(in_fund, READY)
    record_many(
        [Entry(dossiers[1].pk, fact("incapacity_ended", READY, "e", version=2, reason="resumed"))],
        fund=in_fund, actor=acting(C),
    )  # fmt: skip
    ids = [one.public_id for one in Questionnaire.objects.order_by("dossier")]
    done = sending.posted(questionnaire_ids=[*ids, ids[0], dossiers[0].public_id], actor=acting(C), on=READY)
    assert [bool(one.refused) for one in done] == [False, True, False, True]
    assert states(in_fund) == {"sent": 2, "to_post": 1}


def test_a_mail_asked_for_by_hand_is_handed_over_once_the_transaction_is_through(
    due: Due,
    in_fund: Fund,
    acting: Acting,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("routing.tasks.deliver_questionnaires.delay", asked.append)
    dossier = due(email="an@insured.example")
    with django_capture_on_commit_callbacks(execute=True):
        sending.send(**the(dossier, acting(C)), channel="email", language="de")
        assert asked == []
    assert asked == [in_fund.pk]
    assert deliver(in_fund, READY) == (1, 0)
    assert told(dossier) == [("questionnaire_sent", f"{READY}", {"channel": "email", "language": "de"})]
    assert len(mail.outbox) == 1


def test_t2_asked_again_a_newer_sending_closes_the_older(due: Due, acting: Acting) -> None:
    dossier = due()
    sending.send(**the(dossier, acting(C)), channel="in_person")
    with clock.at(READY + timedelta(3)):
        sending.send(**the(dossier, acting(C)) | {"on": READY + timedelta(3)}, channel="in_person")
    rows = Deadline.objects.filter(dossier=dossier, rule="T2").order_by("opens_on")
    assert [(row.closed_on, row.falls_on) for row in rows] == [
        (READY + timedelta(3), READY + timedelta(14)),
        (None, READY + timedelta(17)),
    ]


def test_sending_anew_replaces_what_waits(due: Due, in_fund: Fund, acting: Acting) -> None:
    dossier = due(email="an@insured.example")
    act(in_fund, READY)
    sending.send(**the(dossier, acting(C)), channel="post")
    assert states(in_fund) == {"withdrawn": 1, "to_post": 1}
    assert Questionnaire.objects.get(state="to_post").automatic is False
    # What somebody asked for goes, whatever becomes of T1.
    record_many(
        [Entry(dossier.pk, fact("questionnaire_received", READY, "r", channel="phone", complete=False))],
        fund=in_fund, actor=acting(C),
    )  # fmt: skip
    assert act(in_fund, READY).withdrawn == 0


def test_what_waits_can_be_taken_out(due: Due, in_fund: Fund, acting: Acting) -> None:
    due()
    act(in_fund, READY)
    one = Questionnaire.objects.get()
    with pytest.raises(NotAllowed):
        sending.withdraw(questionnaire_id=one.public_id, actor=acting(LEAD))
    sending.withdraw(questionnaire_id=one.public_id, actor=acting(C))
    assert states(in_fund) == {"withdrawn": 1}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"channel": "email"}, "channel"),
        ({"channel": "pigeon"}, "channel"),
        ({"channel": "post", "language": "en"}, "language"),
    ],
)
def test_what_cannot_be_sent_so(due: Due, acting: Acting, given: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        sending.send(**the(due(), acting(C)), **given)
    assert refusal.value.field == field


def test_who_was_overtaken_is_told(due: Due, acting: Acting) -> None:
    dossier = due()
    seen = head_of(dossier)
    sending.send(**the(dossier, acting(C)), channel="in_person", seen=seen)
    for do in (
        lambda: sending.send(**the(dossier, acting(C)), channel="post", seen=seen),
        lambda: sending.waive(**the(dossier, acting(DOC)), reason="near_pension", seen=seen),
        lambda: sending.offer_support(**the(dossier, acting(C)), channel="phone", seen=seen),
    ):
        with pytest.raises(Outdated):
            do()


def test_a2_a_medical_reason_is_written_down_and_read_by_the_medical_side_only(
    due: Due, in_fund: Fund, acting: Acting
) -> None:
    dossier = due()
    act(in_fund, READY)
    with pytest.raises(DomainError, match="Write down"):
        sending.waive(**the(dossier, acting(DOC)), reason="medical", note="  ")
    sending.waive(**the(dossier, acting(DOC)), reason="medical", note="Wordt behandeld.")
    assert states(in_fund) == {"withdrawn": 1}
    assert told(dossier) == [("questionnaire_waived", f"{READY}", {"reason": "medical"})]
    assert LedgerPayload.objects.get(dossier=dossier).body == {"text": "Wordt behandeld."}
    for role, reads in ((C, False), (DOC, True), (MT, True), (LEAD, False)):
        assert bool(notes_of(acting(role), entries_of(acting(role), dossier))) == reads


def test_t3_support_after_no_answer(due: Due, acting: Acting) -> None:
    dossier = due()
    sending.send(**the(dossier, acting(C)), channel="in_person")
    day = READY + timedelta(16)
    assert Deadline.objects.get(dossier=dossier, rule="T3").opens_on == READY + timedelta(15)
    with clock.at(day):
        sending.offer_support(
            **the(dossier, acting(C)) | {"on": day}, channel="phone", note="Belt zelf terug."
        )
    assert Deadline.objects.get(dossier=dossier, rule="T3").outcome == "met"


@pytest.mark.parametrize(
    ("role", "reasons"),
    [(DOC, 5), (C, 4), (MT, 0), (LEAD, 0), (Role.ADMINISTRATOR, 0), (Role.PRIVACY_OFFICER, 0)],
)
def test_a2_who_waives_for_which_reason(due: Due, acting: Acting, role: str, reasons: int) -> None:
    verdict = policies.may_waive(acting(role), due(), READY)
    assert (bool(verdict), bool(verdict.reason)) == (reasons > 0, reasons == 0)
    found = policies.reasons_to_waive(acting(role))
    assert len(found) == reasons
    assert ("medical" in found) == (role == DOC)


def test_the_steps_say_what_can_be_done_and_why_not(due: Due, acting: Acting) -> None:
    dossier = due()
    before = {step.act: step for step in steps(dossier, acting(DOC), READY)}
    assert before["send-questionnaire"].main
    assert before["send-questionnaire"].verdict
    assert before["waive-questionnaire"].verdict
    assert not before["offer-support"].verdict
    assert policies.may_offer_support(acting(C), dossier, READY), "at any time (A3)"
    sending.send(**the(dossier, acting(C)), channel="in_person")
    dossier = Dossier.objects.get(pk=dossier.pk)
    after = {step.act: step for step in steps(dossier, acting(C), READY)}
    assert after["offer-support"].main
    assert not after["send-questionnaire"].main


def test_a3_other_data_is_asked_by_who_assesses_before_there_is_a_traject(due: Due, acting: Acting) -> None:
    dossier = due()
    asking = {role: actions.steps(dossier, acting(role), READY) for role in (DOC, MT, C)}
    assert {role: [one.act for one in found if one.verdict] for role, found in asking.items()} == {
        DOC: ["record-action"], MT: ["record-action"], C: [],
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        record_action(**the(dossier, acting(C)), kind="letter", text="Asked for a report.")
    record_action(**the(dossier, acting(DOC)), kind="letter", text="Asked for a report.")


def test_the_audit_says_who_and_never_what_the_link_holds(due: Due, acting: Acting) -> None:
    dossier = due()
    one = sending.send(**the(dossier, acting(C)), channel="post")
    with translation.override("en"):
        entries = AuditEntry.objects.filter(object_pk=str(one.pk), content_type__model="questionnaire")
        said = " ".join(str(entry.changes) for entry in entries)
    assert "to_post" in said
    assert one.token not in said
