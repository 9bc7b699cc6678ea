"""The referral to the occupational physician: what it asks, with whose consent, and until when it is written (A7)."""

from datetime import date

import pytest

from routing.services import consents
from tests.letters.reading import said
from tests.letters.scenes.employer import referred
from tests.letters.stage import Scene, Stage
from tests.route_a.stage import COORDINATOR, DOCTOR, refused
from trajects.services import employer

REFERRAL = "occupational_referral"


@pytest.mark.parametrize(
    ("asks_for", "there", "not_there"),
    [
        ("visit", "A visit before the resumption of work", "chapter VI"),
        ("employer_traject", "chapter VI", "A visit before the resumption of work"),
    ],
)
def test_a7_says_what_is_asked_with_the_day_of_the_consent(
    stage: Stage, asks_for: str, there: str, not_there: str
) -> None:
    text = said(stage, REFERRAL, referred(stage, asks_for))
    assert there in text
    assert not_there not in text
    assert "consented to this referral on 16 March 2026" in text
    for known in ("Logistiek De Kaai", "Magazijnier", "0101.234.544", "Dr. Ilse Claes"):
        assert known in text
    assert "85.07.30" not in text, "the physician needs no national register number"


def test_a7_nothing_goes_once_the_consent_is_withdrawn(stage: Stage) -> None:
    scene = referred(stage)
    stage.on(date(2026, 3, 17)).act(
        consents.record_consent, COORDINATOR, answer="withdrawn",
        purpose="employer_referral", party="occupational_physician",
    )  # fmt: skip
    with refused("no_consent"):
        said(stage, REFERRAL, scene)


def test_a7_not_before_the_referral_nor_after_something_came_of_it(stage: Stage) -> None:
    with refused("no_consent"):
        said(stage, REFERRAL, Scene("1"))
    scene = referred(stage)
    stage.on(date(2026, 4, 1)).act(employer.record_visit, COORDINATOR, outcome="resumption")
    with refused("nothing_to_write"):
        said(stage, REFERRAL, scene)


def test_to_the_address_that_was_typed_by_the_coordinator_and_never_by_mail(stage: Stage) -> None:
    scene = referred(stage)
    with refused("missing") as found:
        said(stage, REFERRAL, Scene(scene.subject))
    assert "the address to which it goes" in str(found.value)
    with refused("not_allowed"):
        said(stage, REFERRAL, scene, by=DOCTOR)
    with refused("not_allowed"):
        stage.send(REFERRAL, scene, channel="email")
    assert stage.send(REFERRAL, scene).document.party == "occupational_physician"
