"""What was written goes only as long as its consent and its ground hold; what went before that is said of its own day."""

from datetime import date, timedelta
from typing import Any

import pytest

from dossiers import acts
from dossiers.documents import dispatching, mailing, making
from dossiers.models import Channel, Dispatch, DispatchState
from routing.services import consents
from tests.letters.scenes import adapted_work, contacts, employer, partner, training
from tests.letters.stage import Scene, Stage
from tests.route_a.stage import COORDINATOR, DOCTOR, refused
from tnw.accounts import audit
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.web import letters
from trajects.services import adapted_work as works
from trajects.services import contacts as appointments
from trajects.services import traject

DAY = timedelta(1)
REFERRAL = {"purpose": "employer_referral", "party": "occupational_physician"}
SERVICE = {"purpose": "consultation", "party": "regional_service"}
PROCESSING = {"purpose": "data_processing"}


def waiting(stage: Stage, kind: str, scene: Scene) -> Dispatch:
    """Written, and put to the post."""
    told = {"kind": kind, "subject": scene.subject, "said": scene.said}
    document = stage.act(making.write, scene.by, **told)
    return prepared(stage, document.public_id, Channel.POST)


def prepared(stage: Stage, document_id: Any, channel: str) -> Dispatch:
    actor = stage.people[COORDINATOR]
    with audit.acting_as(actor, stage.fund), clock.at(stage.day, hour=17):
        return dispatching.prepare(document_id=document_id, actor=actor, on=stage.day, channel=channel)


def posted(stage: Stage, way: Dispatch, on: date) -> Dispatch:
    actor = stage.people[COORDINATOR]
    with audit.acting_as(actor, stage.fund), clock.at(stage.day, hour=17):
        return dispatching.confirm(dispatch_id=way.public_id, actor=actor, on=on)


def no(stage: Stage, what: dict[str, str], answer: str = "withdrawn") -> None:
    stage.act(consents.record_consent, COORDINATOR, answer=answer, **what)


def to_print(stage: Stage, way: Dispatch) -> bool:
    """Whether the page of the post prints it; where not, it says why beside it."""
    actor = stage.people[COORDINATOR]
    with audit.acting_as(actor, stage.fund):
        listed = next(one for one in letters.to_post(actor, 10, stage.day) if one.pk == way.pk)
        printed = letters.for_printer(actor, [way.public_id], stage.day)
    assert bool(listed.no_more) is not bool(printed)  # type: ignore[attr-defined]
    return bool(printed)


TO_OTHERS = {
    "physician": ("occupational_referral", lambda stage: employer.referred(stage), REFERRAL),
    "physician, all": ("occupational_referral", lambda stage: employer.referred(stage), PROCESSING),
    "service": ("partner_form", lambda stage: partner.drawn_up(stage), SERVICE),
}


@pytest.mark.parametrize("case", TO_OTHERS)
def test_z5_what_waits_for_a_party_does_not_go_once_its_consent_is_withdrawn(stage: Stage, case: str) -> None:
    kind, play, consent = TO_OTHERS[case]
    scene = play(stage)
    way = waiting(stage, kind, scene)
    before = stage.day
    assert to_print(stage, way)
    stage.on(before + DAY)
    no(stage, consent)
    assert not to_print(stage, way)
    with refused("no_consent"):
        prepared(stage, way.document.public_id, Channel.HANDED_OVER)
    for on in (stage.day, stage.day + DAY):
        stage.on(on)
        with pytest.raises(DomainError):
            posted(stage, way, on)
    assert Dispatch.objects.get(pk=way.pk).state == DispatchState.WAITING


def test_z5_what_went_before_the_withdrawal_is_said_of_its_day(stage: Stage) -> None:
    way = waiting(stage, "occupational_referral", employer.referred(stage))
    before = stage.day
    no(stage.on(before + DAY), REFERRAL)
    assert posted(stage, way, before).sent_on == before


def test_z5_a_form_that_went_before_the_withdrawal_is_said_of_its_day(stage: Stage) -> None:
    way = waiting(stage, "partner_form", partner.drawn_up(stage))
    before = stage.day
    no(stage.on(before + DAY), SERVICE)
    assert posted(stage, way, before).fact


def test_p2_who_is_excluded_is_not_referred(stage: Stage) -> None:
    way = waiting(stage, "occupational_referral", employer.referred(stage))
    stage.fed(stage.day + DAY, cause="work_accident")
    assert not to_print(stage, way)
    with refused("not_allowed"):
        posted(stage, way, stage.day)


@pytest.mark.parametrize("by", ["withdrawn", "broken off"])
def test_h1_a_training_that_came_to_nothing_is_not_applied_for(stage: Stage, by: str) -> None:
    one = training.advised(stage)
    stage.record("consent_given", purpose="data_processing")
    way = waiting(stage, "training_application", Scene(one.subject, training.SAID))
    before = stage.day
    stage.on(before + DAY)
    if by == "withdrawn":
        no(stage, PROCESSING)
    else:
        one.break_off()
    assert one.state == "broken_off"
    assert not to_print(stage, way)
    with pytest.raises(DomainError):
        posted(stage, way, stage.day)
    assert "training_submitted" not in stage.kinds


def test_h1_riziv_is_not_asked_over_a_withdrawal(stage: Stage) -> None:
    """Submitted, the training goes on; the application is not sent again all the same."""
    one = training.advised(stage)
    stage.record("consent_given", purpose="data_processing")
    stage.send("training_application", Scene(one.subject, training.SAID))
    no(stage.on(stage.day + DAY), PROCESSING)
    assert one.state == "submitted"
    with refused("no_consent"):
        stage.act(
            making.write, COORDINATOR, kind="training_application", subject=one.subject, said=training.SAID
        )


@pytest.mark.parametrize("kind", ["invitation", "appointment_moved"])
def test_an_appointment_that_was_called_off_invites_nobody(stage: Stage, kind: str) -> None:
    scene = contacts.SCENES[kind](stage)
    way = waiting(stage, kind, scene)
    before = stage.day
    stage.on(before + DAY).act(appointments.cancel, COORDINATOR, subject=scene.subject)
    assert not to_print(stage, way)
    with refused("not_allowed"):
        posted(stage, way, stage.day)
    assert posted(stage, way, before).sent_on == before


@pytest.mark.parametrize("kind", ["invitation", "appointment_moved"])
def test_a_letter_that_tells_a_moment_that_is_not_so_any_more_does_not_go(stage: Stage, kind: str) -> None:
    scene = contacts.SCENES[kind](stage)
    way = waiting(stage, kind, scene)
    before = stage.day
    assert to_print(stage, way)
    stage.move(scene.subject, date(2026, 5, 28))  # on the very day
    assert not to_print(stage, way)
    with refused("not_allowed"):
        posted(stage, way, stage.day)
    actor = stage.people[COORDINATOR]
    with audit.acting_as(actor, stage.fund), clock.at(stage.day, hour=17):
        dispatching.withdraw(dispatch_id=way.public_id, actor=actor)
    anew = waiting(stage, "appointment_moved", scene)
    assert to_print(stage, anew)
    assert posted(stage.on(before + DAY), anew, before + DAY).state == DispatchState.SENT


def test_p3_a_stop_calls_its_invitations_off(stage: Stage) -> None:
    stage.running(date(2026, 3, 2))
    subject = stage.plan(date(2026, 3, 30), purpose="follow_up")
    way = waiting(stage, "invitation", Scene(subject))
    stage.on(stage.day + DAY).act(traject.stop, COORDINATOR)
    with refused("not_allowed"):
        posted(stage, way, stage.day)


def test_an_invitation_that_went_is_said_to_after_its_appointment(stage: Stage) -> None:
    subject = contacts.planned(stage)
    way = waiting(stage, "invitation", Scene(subject))
    before = stage.day
    stage.on(contacts.PLANNED).meet(subject=subject)
    assert to_print(stage, way)
    assert posted(stage.on(stage.day + DAY), way, before + DAY).state == DispatchState.SENT


def test_w1_a_permission_for_work_that_was_cancelled_does_not_go(stage: Stage) -> None:
    scene = adapted_work.permitted(stage)
    way = waiting(stage, "adapted_work_permitted", scene)
    before = stage.day
    stage.on(before + DAY).act(works.cancel, COORDINATOR, subject=scene.subject)
    with refused("not_allowed"):
        posted(stage, way, stage.day)
    assert posted(stage, way, before).sent_on == before


def test_w1_a_refusal_that_was_taken_back_does_not_go(stage: Stage) -> None:
    scene = adapted_work.refused(stage)
    way = waiting(stage, "adapted_work_refused", scene)
    told = next(one for one in stage.facts if one.kind == "adapted_work_refused")
    stage.on(stage.day + DAY).act(acts.void, DOCTOR, fact_id=told.id, reason="not_so")
    with refused("not_allowed"):
        posted(stage, way, stage.day)


def test_an_invitation_that_lost_its_ground_is_not_mailed(begin: Any, mailoutbox: list[Any]) -> None:
    stage = begin(email="an@example.org")
    subject = contacts.planned(stage)
    document = stage.act(making.write, COORDINATOR, kind="invitation", subject=subject)
    way = prepared(stage, document.public_id, Channel.EMAIL)
    stage.act(appointments.cancel, COORDINATOR, subject=subject)
    with audit.acting_as(stage.people["system"], stage.fund), clock.at(stage.day, hour=18):
        from_now = mailing.deliver(stage.fund, stage.day).mailed
    way.refresh_from_db()
    assert (from_now, way.state, bool(way.returned_why)) == (0, DispatchState.REFUSED, True)
    assert not mailoutbox
