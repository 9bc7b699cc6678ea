"""The registration form: one for each service, with consent, and its sending is the fact that the law knows (G1, Z5)."""

from datetime import date

import pytest

from dossiers import ledger
from dossiers.documents import dispatching, making
from dossiers.models import Dispatch, InsuredPerson, LedgerEntry
from routing.services import consents
from tests.letters.reading import said
from tests.letters.scenes.partner import ADDRESS, drawn_up
from tests.letters.stage import Stage
from tests.route_a.stage import COORDINATOR, refused
from tnw.accounts import actors, audit
from tnw.core import clock
from trajects.letters.partner import SERVICES

FORM = "partner_form"


def withdraw(stage: Stage) -> None:
    stage.act(
        consents.record_consent, COORDINATOR, answer="withdrawn",
        purpose="consultation", party="regional_service",
    )  # fmt: skip


@pytest.mark.parametrize("service", SERVICES)
def test_g1_a_form_for_each_service_with_what_it_asks_and_the_career(stage: Stage, service: str) -> None:
    text = said(stage, FORM, drawn_up(stage, service))
    for known in (
        SERVICES[service],
        "85.07.30-033.28",
        "Magazijnier",
        "Frans, B1",
        "Een oriëntatie is gewenst.",
    ):
        assert known in text
    assert " ".join(ADDRESS[service].split()) in text
    assert "consented on 9 March 2026" in text


@pytest.mark.parametrize(
    ("service", "spoken", "written"),
    [
        ("vdab", "fr", "nl"),
        ("forem", "nl", "fr"),
        ("adg", "fr", "de"),
        ("actiris", "nl", "nl"),
        ("actiris", "fr", "fr"),
        ("actiris", "de", "fr"),
    ],
)
def test_g1_a_service_reads_it_in_its_own_language(
    stage: Stage, service: str, spoken: str, written: str
) -> None:
    scene = drawn_up(stage, service)
    InsuredPerson.objects.update(language=spoken)
    form = stage.act(making.write, COORDINATOR, kind=FORM, subject=scene.subject, said=scene.said)
    assert form.language == written
    chosen = {**scene.said, "language": "de"}
    form = stage.act(making.write, COORDINATOR, kind=FORM, subject=scene.subject, said=chosen)
    assert form.language == "de"


def test_g1_its_sending_is_recorded_once_and_then_there_is_none_to_write(stage: Stage) -> None:
    scene = drawn_up(stage)
    way = stage.send(FORM, scene)
    fact = next(one for one in stage.facts if one.id == way.fact)
    assert (fact.kind, fact.on, fact.subject) == ("partner_form_sent", stage.day, scene.subject)
    assert stage.kinds.count("partner_form_sent") == 1
    with refused("nothing_to_write"):
        said(stage, FORM, scene)


def test_z5_a_withdrawn_consent_stops_what_waits_for_the_post(stage: Stage) -> None:
    scene = drawn_up(stage)
    actor = stage.people[COORDINATOR]
    form = stage.act(making.write, COORDINATOR, kind=FORM, subject=scene.subject, said=scene.said)
    with audit.acting_as(actor, stage.fund), clock.at(stage.day):
        way = dispatching.prepare(document_id=form.public_id, actor=actor, on=stage.day, channel="post")
    stage.on(date(2026, 3, 10))
    withdraw(stage)
    with refused("no_consent"), audit.acting_as(actor, stage.fund), clock.at(stage.day):
        dispatching.confirm(dispatch_id=way.public_id, actor=actor, on=stage.day)
    assert Dispatch.objects.get(pk=way.pk).state == "waiting"
    assert "partner_form_sent" not in stage.kinds
    with refused("no_consent"):
        said(stage, FORM, scene)


def test_a_form_whose_text_was_erased_is_not_written(stage: Stage) -> None:
    scene = drawn_up(stage)
    entry = LedgerEntry.objects.get(dossier=stage.dossier, kind="partner_form_drawn_up")
    with audit.acting_as(actors.system(), stage.fund):
        ledger.erase(dossier_id=stage.dossier.pk, seq=entry.seq, because="asked", actor=actors.system())
    with refused("missing") as found:
        said(stage, FORM, scene)
    assert "what the form asks of the service" in str(found.value)
