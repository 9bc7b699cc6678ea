"""One way through: what a letter records when it goes is not told beside it while it waits; and what is kept of one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from dossiers.documents import dispatching, making
from dossiers.documents.kinds import Matter, kind_of
from dossiers.models import Dispatch, Document
from tests.letters import golden
from tests.letters.scenes import absence, partner, training
from tests.letters.stage import Scene, Stage
from tests.route_a.stage import COORDINATOR, refused
from tnw.accounts import audit
from tnw.accounts.models import new_uuid
from tnw.core import clock
from tnw.core.policies import Verdict
from tnw.web.acts.act import Occasion
from tnw.web.acts.registry import ACTS
from trajects.models import AbsenceProcedure, PartnerReferral, TrainingProject


def by(stage: Stage) -> dict[str, Any]:
    return {"actor": stage.people[COORDINATOR], "on": stage.day}


def waiting(stage: Stage, slug: str, scene: Scene, channel: str) -> Dispatch:
    document = stage.act(making.write, COORDINATOR, kind=slug, subject=scene.subject, said=scene.said)
    with audit.acting_as(stage.people[COORDINATOR], stage.fund), clock.at(stage.day):
        return dispatching.prepare(document_id=document.public_id, channel=channel, **by(stage))


def allowed(stage: Stage, act: str, model: Any, subject: str) -> Verdict:
    row = model.objects.get(dossier=stage.dossier, subject=subject)
    dossier = making.begun(stage.dossier.public_id, stage.people[COORDINATOR])
    return ACTS[act].allowed(Occasion(dossier, stage.people[COORDINATOR], stage.day, subject, row=row))


def once_absent(stage: Stage) -> Scene:
    return Scene(absence.absent(stage, 1))


@pytest.mark.parametrize(
    ("act", "model", "slug", "play", "channel"),
    [
        ("absence-letter", AbsenceProcedure, "absence_warning", once_absent, "registered"),
        ("send-form", PartnerReferral, "partner_form", partner.drawn_up, "post"),
        ("submit-training", TrainingProject, "training_application", training.application, "post"),
        ("training-letter", TrainingProject, "training_refused", training.refused, "registered"),
    ],
)
def test_what_a_letter_records_is_not_told_beside_it(
    stage: Stage, act: str, model: Any, slug: str, play: Callable[[Stage], Scene], channel: str
) -> None:
    scene = play(stage)
    assert allowed(stage, act, model, scene.subject)
    way = waiting(stage, slug, scene, channel)
    told = allowed(stage, act, model, scene.subject)
    assert not told
    assert "waits under Letters" in str(told.reason)
    with audit.acting_as(stage.people[COORDINATOR], stage.fund):
        dispatching.withdraw(dispatch_id=way.public_id, actor=stage.people[COORDINATOR])
    assert allowed(stage, act, model, scene.subject)  # made elsewhere


@pytest.mark.parametrize("number", ["  ", "R" * 201])
def test_a_registered_letter_has_its_number(stage: Stage, number: str) -> None:
    way = waiting(stage, "absence_warning", once_absent(stage), "registered")
    with refused("required"), clock.at(stage.day):
        dispatching.confirm(dispatch_id=way.public_id, number=number, **by(stage))
    assert "registered_letter_sent" not in stage.kinds


def test_what_is_made_by_an_act_of_its_own_is_not_written_by_hand(stage: Stage) -> None:
    with refused("not_by_hand"):
        stage.act(making.write, COORDINATOR, kind="declaration")
    assert not Document.objects.exists()


def test_what_is_longer_than_its_column_is_cut_there_and_not_in_the_letter(stage: Stage) -> None:
    scene = partner.drawn_up(stage)
    long = " ".join(["Langestraat"] * 32)
    scene = scene._replace(said={**scene.said, "address": f"VDAB\n{long}"})
    document = stage.act(
        making.write, COORDINATOR, kind="partner_form", subject=scene.subject, said=scene.said
    )
    assert document.postal_order == long[:340]
    assert document.address.endswith(long)


def test_a_draft_is_told_apart_from_a_letter(stage: Stage) -> None:
    subject, actor = once_absent(stage).subject, stage.people[COORDINATOR]
    with audit.acting_as(actor, stage.fund), clock.at(stage.day):
        dossier = making.begun(stage.dossier.public_id, actor)
        drafted = making.preview(kind_of("absence_warning"), Matter(dossier, actor, stage.day, subject))
    text = golden.text_of(drafted.content)
    assert "00000-00000" in text
    assert "ONTWERP" in text or "DRAFT" in text
    letter = stage.act(making.write, COORDINATOR, kind="absence_warning", subject=subject)
    text = golden.text_of(bytes(letter.content))
    assert "00000-00000" not in text
    assert not {"ONTWERP", "DRAFT"} & set(text.split())


def test_a_signed_declaration_without_its_seal_is_not_kept(stage: Stage) -> None:
    letter = stage.act(making.write, COORDINATOR, kind="absence_warning", subject=once_absent(stage).subject)
    letter.pk, letter.public_id, letter.kind = None, new_uuid(), "declaration_signed"
    with pytest.raises(IntegrityError, match="document_signed_is_sealed"), transaction.atomic():
        letter.save(force_insert=True)


@pytest.mark.parametrize(("channel", "marked"), [("registered", True), ("post", False), ("", False)])
def test_a_letter_that_goes_registered_says_so(stage: Stage, channel: str, marked: bool) -> None:
    scene = training.application(stage)
    told = {"kind": "training_application", "subject": scene.subject, "said": scene.said}
    document = stage.act(making.write, COORDINATOR, channel=channel, **told)
    text = golden.text_of(bytes(document.content))
    assert ("AANGETEKEND" in text or "REGISTERED" in text) is marked
