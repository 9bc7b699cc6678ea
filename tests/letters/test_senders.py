"""Whose name stands under a letter, and whose decision it tells of."""

from collections.abc import Callable

import pytest

from dossiers.documents.kinds import kind_of
from tests.letters import golden
from tests.letters.scenes.contacts import PLANNED, REFERRED
from tests.letters.stage import Scene, Stage, kind_and_scene
from tests.route_a.stage import COORDINATOR, DOCTOR
from tnw.accounts.models import Role, User

SENDERS = {COORDINATOR: "Lies Peeters", DOCTOR: "Dr. Karim Amrani"}


@pytest.mark.parametrize("by", [COORDINATOR, DOCTOR])
def test_whoever_writes_it_stands_under_it(stage: Stage, by: str) -> None:
    stage.on(REFERRED)
    subject = stage.plan(PLANNED, purpose="medical_examination")
    letter = stage.letter(kind_of("invitation"), Scene(subject), by=by).letter
    assert letter.closing[-1] == SENDERS[by]


def test_a_deputy_writes_under_the_own_name(stage: Stage, make_user: Callable[..., User]) -> None:
    writer = stage.people[COORDINATOR].user
    assert writer is not None
    other = make_user(Role.COORDINATOR, fund=stage.fund)
    other.name = "An Claes"
    other.save()
    type(stage.dossier).objects.filter(pk=stage.dossier.pk).update(coordinator=other)
    stage.on(REFERRED)
    subject = stage.plan(PLANNED)
    written = stage.letter(kind_of("invitation"), Scene(subject), language="en")
    assert written.letter.closing[-1] == writer.name
    assert "With An Claes" in " ".join(golden.text_of(written.content).split())


@pytest.mark.parametrize("slug", ["adapted_work_permitted", "adapted_work_refused", "permission_refused"])
def test_a_decision_bears_the_name_of_its_doctor_whoever_writes(stage: Stage, slug: str) -> None:
    kind, scene = kind_and_scene(slug, stage)
    written = stage.letter(kind, scene, language="en", by=COORDINATOR)
    assert written.letter.closing[-1] == SENDERS[COORDINATOR]
    assert "Decided by Dr. Karim Amrani, advisory doctor" in " ".join(golden.text_of(written.content).split())
