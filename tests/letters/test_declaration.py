"""The declaration as it is signed, and what the signed one says of its three signatures (Z2, Z3)."""

import hashlib
from datetime import date
from typing import Any

import pytest

from dossiers.documents import making
from dossiers.documents.kinds import Matter
from tests.letters.reading import said
from tests.letters.scenes.declaration import DRAWN, to_sign
from tests.letters.scenes.declaration import signed as signed_scene
from tests.letters.stage import Scene, Stage
from tests.reintegration.stage import CARD, SCAN, TEXT
from tests.route_a.stage import COORDINATOR, DOCTOR, refused
from tnw.accounts import audit
from trajects import signatures
from trajects.letters import declaration
from trajects.models import Signature

TO_SIGN, SIGNED = signatures.TO_SIGN, signatures.SEALED
DAY = "Monday 9 March 2026, 17:00"


def test_z2_the_text_with_a_place_for_each_of_the_three(stage: Stage) -> None:
    text = said(stage, TO_SIGN, to_sign(stage))
    assert TEXT in text
    for role in (
        "The insured person Zoë Van Hée",
        "The return-to-work coordinator Lies Peeters",
        "The advisory doctor",
    ):
        assert role in text
    assert "presumption of incapacity for work, for six months" in text


def test_z2_the_signed_one_says_who_when_how_and_under_which_bytes(stage: Stage) -> None:
    scene = signed_scene(stage)
    text = said(stage, SIGNED, scene)
    document = signatures.kept(stage.dossier, scene.subject)
    assert document is not None
    assert TEXT in text
    assert f"Text {document.reference} of 9 March 2026 SHA-256 {document.sha256}" in text
    assert "Signed on 10 March 2026, on screen; recorded on Tuesday 10 March 2026, 17:00" in text
    assert f"How the identity was checked: {CARD}" in text
    assert f"SHA-256 of the drawn signature: {hashlib.sha256(DRAWN.content).hexdigest()}" in text
    assert f"Dr. Karim Amrani Signed on 9 March 2026, in the application; recorded on {DAY}" in text


@pytest.mark.parametrize(
    ("method", "words"), [("paper", "SHA-256 of the scan: "), ("provider", "SHA-256 of the evidence: ")]
)
def test_z2_evidence_that_is_no_drawing_stands_there_by_its_hash(
    stage: Stage, method: str, words: str
) -> None:
    given = three(stage)
    given["insured"].method = method
    lines = told(stage, given, "insured")
    assert f"{words}{hashlib.sha256(SCAN.content).hexdigest()}" in lines
    assert all(block["image"] is None for block in blocks(stage, given))


def test_z2_a_deputy_signs_as_deputy(stage: Stage) -> None:
    given = three(stage)
    assert "As deputy of" not in " ".join(told(stage, given, COORDINATOR))
    given[COORDINATOR].stands_in_for = stage.people[DOCTOR].user
    assert "As deputy of Dr. Karim Amrani" in told(stage, given, COORDINATOR)


def test_a_declaration_whose_text_is_not_known_is_not_signed(stage: Stage) -> None:
    stage.running(date(2026, 3, 2)).on(date(2026, 3, 9)).start()
    stage.record("declaration_drawn_up", "of history")
    stage.record("declaration_signed", "of history", role="insured", method="paper")
    with refused("missing") as found:
        said(stage, TO_SIGN, Scene("of history"))
    assert "the text of the declaration" in str(found.value)


def three(stage: Stage) -> dict[str, Signature]:
    """The three signatures under a declaration, the insured on paper."""
    subject = to_sign(stage).subject
    stage.sign(subject, "insured", COORDINATOR, DOCTOR)
    return signatures.standing(stage.dossier, subject)


def blocks(stage: Stage, given: dict[str, Signature]) -> list[dict[str, Any]]:
    """The places of the three in the signed one."""
    actor = stage.people[COORDINATOR]
    with audit.acting_as(actor, stage.fund):
        dossier = making.begun(stage.dossier.public_id, actor)
        letter = declaration.signed(Matter(dossier, actor, stage.day, given["insured"].subject), given)
    return [block for block in letter.blocks if block["type"] == "signature"]


def told(stage: Stage, given: dict[str, Signature], role: str) -> list[str]:
    place = dict(zip(declaration.ROLES, blocks(stage, given), strict=True))[role]
    return list(place["told"])
