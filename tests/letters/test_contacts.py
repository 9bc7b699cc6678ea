"""Letters on appointments: where and with whom, and whether one may stay away (A4, A6, X1)."""

from collections.abc import Callable
from datetime import date

import pytest

from dossiers.documents.kinds import kind_of
from dossiers.documents.letter import Missing
from tests.letters import golden
from tests.letters.scenes.contacts import PLANNED, REFERRED, planned
from tests.letters.stage import MARK, Scene, Stage
from tests.route_a.stage import COORDINATOR, DOCTOR, refused
from tnw.accounts.models import Team
from trajects.services import contacts

INVITATION, MOVED = "invitation", "appointment_moved"


def said(stage: Stage, slug: str, subject: str, by: str = COORDINATOR) -> str:
    return " ".join(golden.text_of(stage.letter(kind_of(slug), Scene(subject), by=by).content).split())


def english(stage: Stage, slug: str, subject: str, by: str = COORDINATOR) -> str:
    """In the words of the source, which no catalogue changes."""
    content = stage.letter(kind_of(slug), Scene(subject), language="en", by=by).content
    return " ".join(golden.text_of(content).split())


def test_the_place_is_that_of_the_appointment_before_that_of_the_team(stage: Stage) -> None:
    subject = planned(stage)
    assert "Kouter 8" not in said(stage, INVITATION, subject)
    at = stage.moment(PLANNED, 14)
    told = {"subject": subject, "at": at, "form": "in_person", "place": "Markt 1, Deinze"}
    stage.act(contacts.move, COORDINATOR, **told)
    assert "Markt 1, Deinze" in said(stage, MOVED, subject)


def test_where_nobody_says_the_place_it_is_that_of_the_team_and_where_there_is_none_it_lacks(
    stage: Stage,
) -> None:
    stage.on(REFERRED)
    told = {"purpose": "other", "at": stage.moment(PLANNED), "form": "in_person"}
    subject = stage.act(contacts.plan, COORDINATOR, **told)
    assert "Kouter 8" in said(stage, INVITATION, subject)
    Team.objects.update(place="")
    with pytest.raises(Missing, match="the place of the appointment"):
        stage.letter(kind_of(INVITATION), Scene(subject))


@pytest.mark.parametrize("by", [COORDINATOR, DOCTOR])
def test_a4_an_examination_is_with_the_doctor_whoever_writes(stage: Stage, by: str) -> None:
    stage.on(REFERRED)
    subject = stage.plan(PLANNED, purpose="medical_examination")
    text = said(stage, INVITATION, subject, by)
    assert ("Karim Amrani" in text) is (by == DOCTOR)
    assert (
        f"Gent {MARK}" in text
    )  # what is told of an examination is medical, and its place is told all the same
    assert "registered letter" in text or "aangetekende" in text


@pytest.mark.parametrize(
    ("purpose", "route", "obliged"),
    [("first_contact", "", True), ("first_contact", "B", False), ("follow_up", "", False), ("other", "", False)],
)  # fmt: skip
def test_x1_only_where_it_has_consequences_the_letter_names_them(
    stage: Stage, purpose: str, route: str, obliged: bool
) -> None:
    stage.on(REFERRED).assess(4)
    stage.refer()
    told = {
        "purpose": purpose,
        "at": stage.moment(PLANNED),
        "form": "in_person",
        "route": route,
        "place": "Markt 1",
    }
    subject = stage.act(contacts.plan, COORDINATOR, **told)
    text = said(stage, INVITATION, subject)
    assert ("registered letter" in text or "aangetekende" in text) is obliged


@pytest.mark.parametrize("slug", [INVITATION, MOVED])
def test_x1_who_is_no_longer_referred_is_not_obliged_to_come(stage: Stage, slug: str) -> None:
    """The appointment of no route in particular is left to his request."""
    stage.on(REFERRED)
    stage.record("contact_requested")
    stage.assess(4)
    stage.refer()
    subject = stage.plan(PLANNED)
    moved = {"subject": subject, "at": stage.moment(PLANNED, 14), "form": "in_person", "place": "Markt 1"}
    stage.act(contacts.move, COORDINATOR, **moved)
    assert "aangetekende" in said(stage, slug, subject)
    stage.withdraw()
    assert "aangetekende" not in said(stage, slug, subject)


@pytest.mark.parametrize(
    ("form", "place", "label", "obliged"),
    [
        ("phone", "0470 12 34 56", "We call you on", "obliged to be reachable"),
        ("video", "https://video.example/abc", "Link", "obliged to take part"),
        ("home_visit", "Veldstraat 5, Gent", "We come to", "obliged to be there"),
    ],
)
def test_how_one_is_reached_stands_in_it_and_nobody_has_to_come_to_a_call(
    stage: Stage, form: str, place: str, label: str, obliged: str
) -> None:
    stage.on(REFERRED).assess(4)
    stage.refer()
    told = {
        "purpose": "first_contact",
        "at": stage.moment(PLANNED),
        "form": form,
        "route": "A",
        "place": place,
    }
    subject = stage.act(contacts.plan, COORDINATOR, **told)
    text = english(stage, INVITATION, subject)
    assert f"{label} {place}" in text
    assert obliged in text
    assert "obliged to come" not in text


def test_by_phone_without_a_number_it_is_that_of_the_insured_or_it_is_asked(
    begin: Callable[..., Stage],
) -> None:
    for ssin, phone in (("85073003328", "0470 65 43 21"), ("85073003427", "")):
        stage = begin(ssin=ssin, phone=phone)
        stage.on(REFERRED)
        told = {"purpose": "other", "at": stage.moment(PLANNED), "form": "phone"}
        subject = stage.act(contacts.plan, COORDINATOR, **told)
        text = english(stage, INVITATION, subject)
        assert f"We call you on {phone or 'Let us know on which number.'}" in text


def test_a_call_by_video_without_its_link_lacks(stage: Stage) -> None:
    stage.on(REFERRED)
    told = {"purpose": "other", "at": stage.moment(PLANNED), "form": "video"}
    subject = stage.act(contacts.plan, COORDINATOR, **told)
    with pytest.raises(Missing, match="the link of the video call"):
        english(stage, INVITATION, subject)


def test_only_what_moved_is_told_to_have_moved(stage: Stage) -> None:
    subject = planned(stage)
    with refused("nothing_to_write"):
        stage.letter(kind_of(MOVED), Scene(subject))


def test_what_lies_behind_is_not_invited_to(stage: Stage) -> None:
    subject = planned(stage)
    stage.on(date(2026, 5, 21))
    with refused("nothing_to_write"):
        stage.letter(kind_of(INVITATION), Scene(subject))
