"""Plans from the last signature on: what is lacking is named, what is agreed is reviewed, every version stays readable."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from django.utils import translation

from dossiers import ledger
from dossiers.models import LedgerEntry
from dossiers.notes import payloads_of
from dossiers.verification import verify
from routing.services.consents import record_consent
from tests.plan.conftest import COORDINATOR, DOCTOR, LEAD, MEDICAL, PlanCase, contents, later
from tests.route_a.stage import refused
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.core.errors import NotAllowed
from trajects.jobs import three_monthly_follow_up
from trajects.models import PlanDraft, Proposal
from trajects.plans import Action, Contents, Interview, missing
from trajects.services import actions, contacts
from trajects.services import plan as services
from trajects.steps.plan import steps

AGREED = later(14)  # Monday 16 March 2026


def test_z3_z4_t11_t12_from_interview_to_review(case: PlanCase) -> None:
    assert case.due("T11") == (date(2026, 4, 2), "open")
    subject = case.plan(later(7), purpose="plan_meeting")
    case.on(later(7)).meet_for_plan(subject, outcome="A second interview follows.")
    assert case.due("T11")[1] == "met"
    assert case.texts("contact_held") == [("Drawn up.", "A second interview follows.")]
    # A second interview, without an appointment: the first stays as it is.
    case.on(later(10)).meet_for_plan()
    assert case.kinds.count("plan_meeting_held") == 2
    with translation.override("en"), pytest.raises(services.Incomplete) as error:
        case.on(AGREED).agree(replace(contents(), result="", actions=()))
    assert [one.code for one in missing(Contents())] == ["objectives", "result", "actions", "next"]
    assert "the end result aimed for; at least one concrete action" in str(error.value)
    assert "plan_agreed" not in case.kinds
    assert case.agree() == 1
    assert case.states["reintegration 1"] == "in_review"
    assert case.states["plan 1 1"] == "agreed"
    assert case.due("T12") == (date(2026, 6, 16), "open")
    # The appointment for the next interview came with it, with its place for whoever may read.
    assert case.planned() == [datetime(2026, 6, 16, 14, tzinfo=clock.BRUSSELS)]
    assert case.texts("appointment_made")[-1] == ("Kerkstraat 1, Gent",)
    assert case.texts("plan_agreed", LEAD) == [
        (
            "Half-time by summer · 01/07/2026",
            "Back as a bookkeeper",
            "Refresh the software · the insured person · 01/05/2026",
            "16/06/2026 · 14:00 · Kerkstraat 1, Gent",
        )
    ]


def test_z6_reviewed_with_changes_as_a_second_version_and_both_stay_readable(case: PlanCase) -> None:
    case.on(AGREED).agree()
    case.act(
        services.mark_action_done, COORDINATOR, plan_action="a-1", kind="other", note="Certificate seen."
    )
    assert case.texts("action_taken") == [("Refresh the software", "Certificate seen.")]
    with refused("done_already"):
        case.act(services.mark_action_done, COORDINATOR, plan_action="a-1")
    with refused("unknown_action"):
        case.act(services.mark_action_done, COORDINATOR, plan_action="a-9")
    held = case.dossier.appointments.get().subject
    case.on(date(2026, 6, 16))
    began = case.beginning()
    assert [one.done for one in began.actions] == [True]
    new = Action("a-2", "Visit the workshop", "the coordinator", date(2026, 7, 15))
    changed = replace(
        began, actions=(*began.actions, new), next=Interview(date(2026, 9, 15), time(14), "phone")
    )
    case.review(with_interview=True, form="in_person", subject=held, changes=changed)
    assert case.due("T12") == (date(2026, 9, 16), "open")
    first, second = case.versions()
    assert (first.plan.state, second.plan.state) == ("superseded", "agreed")
    assert first.contents
    assert second.contents
    assert [one.text for one in first.contents.actions] == ["Refresh the software"]
    assert [(one.text, one.done) for one in second.contents.actions] == [
        ("Refresh the software", True),
        ("Visit the workshop", False),
    ]
    assert case.dossier.appointments.get(subject=held).state == "held"
    assert case.planned() == [datetime(2026, 9, 15, 14, tzinfo=clock.BRUSSELS)]
    assert case.texts("plan_reviewed", DOCTOR) == [("The course began.", "It goes well.")]
    # Once more, through the dossier alone, with the next interview asked for; and with nothing to plan.
    case.on(date(2026, 9, 1)).review(following=Interview(date(2026, 12, 1), time(9), "video"))
    assert len(case.planned()) == 2
    case.on(date(2026, 9, 2)).review()
    assert [one.get("with_interview") for one in case.facts if one.kind == "plan_reviewed"] == [
        True,
        False,
        False,
    ]
    assert case.due("T12") == (date(2026, 12, 2), "open")
    with refused("in_past"):
        case.review(following=Interview(date(2026, 8, 1), time(9), "video"))
    with refused("required"):
        case.review(with_interview=True)
    # Evaluated, what is still due of it is met all the same; and it changes no more.
    case.on(date(2026, 11, 27)).record("plan_evaluated")
    case.on(date(2026, 11, 30)).review()
    assert case.due("T12") == (date(2027, 2, 28), "open")
    assert "review-plan" in {one.act for one in steps(case.dossier, case.people[COORDINATOR], case.day)}
    with pytest.raises(NotAllowed):
        case.review(changes=changed)


def test_z4_no_second_appointment_where_one_is_planned_at_that_moment(case: PlanCase) -> None:
    case.on(AGREED)
    case.plan(date(2026, 6, 16), 14, purpose="follow_up")
    assert case.beginning().next.on == date(2026, 6, 16)
    case.agree()
    assert len(case.planned()) == 1
    with refused("in_past"):
        case.agree(contents(following=AGREED, next=Interview(AGREED, time(8), "phone")))


def test_t18_also_while_suspended(case: PlanCase) -> None:
    case.on(later(3)).record("traject_suspended", reason="other")
    case.on(later(7)).meet_for_plan()
    case.on(AGREED).agree()
    assert case.states["reintegration 1"] == "suspended"
    assert case.due("T12")[1] == "paused"
    case.on(later(20)).record("traject_resumed")
    assert case.states["reintegration 1"] == "in_review"


def test_z4_two_editors_and_nothing_is_lost(case: PlanCase) -> None:
    case.on(AGREED)
    other = "other"
    assert case.draft(Contents(), 0) is None, "what is there already begins no draft"
    mine = case.draft(replace(contents(), result="Mine"), 0)
    assert (mine.revision, mine.saved_by) == (1, case.people[COORDINATOR])
    assert case.draft(replace(contents(), result="Mine"), 0).revision == 1, "an echo changes nothing"
    with pytest.raises(services.WrittenMeanwhile) as error:
        case.draft(replace(contents(), result="Theirs"), 0, by=other)
    assert Contents.of(error.value.saved.contents).result == "Mine"
    theirs = case.draft(replace(contents(), result="Theirs"), 1, by=other)
    assert theirs.revision == 2
    with refused("written_meanwhile"):
        case.agree(revision=1)
    upon = services.upon(case.dossier)
    assert upon == "1.1"
    case.agree(replace(contents(), result="Theirs"), revision=2)
    assert not PlanDraft.objects.exists()
    assert services.draft_of(case.people[COORDINATOR], case.dossier) is None
    # What was still on its way when it was agreed comes too late, and begins nothing.
    with refused("agreed_meanwhile"):
        case.draft(replace(contents(), result="Late"), 2, version=upon)
    draft = case.draft(replace(contents(), result="Next"), 0, version="1.2")
    case.act(services.discard_draft, other, revision=draft.revision)
    assert not PlanDraft.objects.exists()
    for role in (DOCTOR, MEDICAL, LEAD):
        with pytest.raises(NotAllowed):
            case.draft(contents(), 0, by=role)
        with pytest.raises(NotAllowed):
            case.act(services.agree, role, contents=contents())


def test_z4_a_draft_of_a_formal_part_that_ended_is_none_of_the_next(case: PlanCase) -> None:
    case.on(AGREED)
    case.draft(contents(), 0)
    case.record("reintegration_ended", result="no_result")
    assert services.upon(case.dossier) == ""
    case.on(later(20)).record("reintegration_started", condition=2)
    assert services.draft_of(case.people[COORDINATOR], case.dossier) is None


def test_z6_an_erased_version_stays_with_its_hash_and_without_its_text(
    case: PlanCase, privacy: Actor
) -> None:
    case.on(AGREED).agree()
    entry = LedgerEntry.objects.get(dossier=case.dossier, kind="plan_agreed")
    told = payloads_of(case.people[MEDICAL], [entry])[entry.fact_id]
    assert told["plan"]["result"] == "Back as a bookkeeper"
    assert payloads_of(privacy, [entry]) == {}
    ledger.erase(dossier_id=case.dossier.pk, seq=entry.seq, because="asked", actor=privacy)
    assert payloads_of(case.people[COORDINATOR], [entry]) == {entry.fact_id: None}
    (version,) = case.versions()
    assert version.contents is None
    assert version.plan.state == "agreed"
    assert verify()[1] == []


def test_z5_somebody_else_is_there_only_with_consent(case: PlanCase) -> None:
    case.on(later(5))
    at = case.moment(later(9))
    asked = {"purpose": "other", "at": at, "form": "in_person", "party": "employer"}
    with refused("no_consent"):
        case.act(contacts.plan, COORDINATOR, **asked)
    consent = {"purpose": "consultation", "party": "employer"}
    case.act(record_consent, COORDINATOR, answer="given", **consent)
    subject = case.act(contacts.plan, COORDINATOR, **asked)
    assert case.dossier.appointments.get(subject=subject).party == "employer"
    case.on(later(6)).act(record_consent, COORDINATOR, answer="withdrawn", **consent)
    with refused("no_consent"):
        case.act(contacts.move, COORDINATOR, subject=subject, at=at, form="phone")
    case.on(later(9))
    held = {"form": "phone", "report": "Spoke.", "outcome": "He calls back.", "subject": subject}
    with refused("no_consent"):
        case.act(contacts.hold_contact, COORDINATOR, party="employer", **held)
    case.act(contacts.hold_contact, COORDINATOR, **held)
    assert case.texts("contact_held") == [("Spoke.", "He calls back.")]


def test_an_action_of_the_coordinator_while_the_traject_runs(case: PlanCase) -> None:
    case.on(later(4)).act(actions.record_action, COORDINATOR, kind="phone_call", text="Called the school.")
    assert case.texts("action_taken", DOCTOR) == [("Called the school.",)]
    with refused("required"):
        case.act(actions.record_action, COORDINATOR, kind="letter", text=" ")
    with refused("unknown_code"):
        case.act(actions.record_action, COORDINATOR, kind="dance", text="Danced.")
    with pytest.raises(NotAllowed):
        case.backdated(actions.record_action, COORDINATOR, date(2026, 2, 1), kind="letter", text="Before.")
    with pytest.raises(NotAllowed):
        case.act(actions.record_action, LEAD, kind="letter", text="No.")


def test_a3_who_assesses_asks_for_other_data_before_there_is_a_traject(case: PlanCase) -> None:
    case.on(later(4))
    for role in (DOCTOR, MEDICAL):
        told = {"kind": "letter", "text": "Asked the insured person for the report of the clinic."}
        case.backdated(actions.record_action, role, date(2026, 2, 1), **told)
    assert len(case.texts("action_taken", COORDINATOR)) == 2


def test_t12_a_review_is_proposed_as_the_last_interview_was(case: PlanCase) -> None:
    case.on(AGREED).agree(contents(next=Interview(date(2026, 3, 26), time(10, 30), "video", "Room 4")))
    case.on(date(2026, 3, 26)).act(
        contacts.hold_contact, COORDINATOR, form="video", report="Held.",
        subject=case.dossier.appointments.get().subject,
    )  # fmt: skip
    assert case.due("T12")[0] == date(2026, 6, 16)
    with clock.at(date(2026, 6, 1)):
        three_monthly_follow_up(date(2026, 6, 1), case.fund)
    one = Proposal.objects.get()
    # The last Thursday in time, at half past ten.
    assert one.at == datetime(2026, 6, 11, 10, 30, tzinfo=clock.BRUSSELS)
    assert one.form == "video"
