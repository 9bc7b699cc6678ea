"""What a doctor judges, he judges with all that is known of it on the same page; nobody else finds it there."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from dossiers import health
from dossiers.law.facts import Fact, fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from dossiers.models.health import Sight
from routing.models import QuestionnaireVersion
from routing.questionnaires import entry
from tests.questionnaire.conftest import WHOLE
from tests.web.cases import ASSESSED, SENT, TODAY, address, typed
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund, Role, Team, User
from tnw.web.decisions import JUDGED

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
C, D = Role.COORDINATOR, Role.ADVISORY_DOCTOR

REQUEST = fact("contact_requested", date(2026, 6, 1), "b-1")
ASKED = fact("permission_requested", date(2026, 6, 9), "b-3", aim="training")
# What waits for the doctor, by the act with which he decides: its facts, and what its address names.
WAITS: dict[str, tuple[list[Fact], str]] = {
    "decide-permission": ([ASKED], ""),
    "advise-training": ([fact("training_proposed", date(2026, 6, 9), "t-1", "t", proposed_by="insured")], "t"),
    "permit-adapted-work": (
        [
            fact("adapted_work_planned", date(2026, 6, 9), "w-1", "w", starts_on=date(2026, 6, 17)),
            fact("adapted_work_declared", date(2026, 6, 9), "w-2", "w"),
        ],
        "w",
    ),
    "sign-as-doctor": (
        [
            ASKED,
            fact("permission_granted", date(2026, 6, 9), "b-4"),
            fact("traject_started", date(2026, 6, 9), "s-1", route="B"),
            fact("reintegration_started", date(2026, 6, 9), "r-1", condition=1),
            fact("declaration_drawn_up", date(2026, 6, 9), "d-1", "d"),
        ],
        "d",
    ),
}  # fmt: skip
FINDING, CONTACT, NOTE, ANSWER = "obsidiaan", "barnsteen", "serpentijn", "kobaltblauw"


def told(dossier: Dossier, facts: list[Fact], doctor: User, coordinator: User) -> None:
    """An answer, a finding, a contact and a note, each with its word; then what has to be decided."""
    with audit.acting_as(actors.of_user(coordinator), dossier.fund):
        actor = actors.of_user(coordinator)
        about: dict[str, Any] = {"dossier_id": dossier.public_id, "actor": actor, "on": TODAY}
        version = QuestionnaireVersion.objects.get(fund=dossier.fund)
        sheet = entry.save(**about, version=version, answers=WHOLE, revision=0)
        entry.receive(**about, channel="post", complete=True, revision=sheet.revision)
        held = fact("first_contact_held", date(2026, 6, 8), "f-1", route="B", form="in_person")
        entries = [
            Entry(dossier.pk, ASSESSED[2], {"text": FINDING}),
            Entry(dossier.pk, held, {"report": CONTACT}),
            *(Entry(dossier.pk, one) for one in facts),
        ]
        record_many(entries, fund=dossier.fund, actor=actor)
    with audit.acting_as(actors.of_user(doctor), dossier.fund):
        of_doctor: dict[str, Any] = {"dossier_id": dossier.public_id, "actor": actors.of_user(doctor)}
        health.write(**of_doctor, sight=Sight.MEDICAL, text=NOTE)


@pytest.mark.parametrize("act", WAITS)
def test_beside_what_the_doctor_judges_stands_what_is_known(
    act: str, browse: Browse, stand: Stand, make_user: Callable[..., User], fund: Fund, team: Team
) -> None:
    facts, subject = WAITS[act]
    dossier = stand([SENT, REQUEST])
    told(dossier, facts, make_user(D, fund=fund, team=team), make_user(C, fund=fund, team=team))
    answer = browse(D).get(address(dossier, act, subject))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert [word for word in (FINDING, CONTACT, NOTE, ANSWER) if word not in page] == []
    assert page.count("Score ") == 1
    tried = browse(D).post(address(dossier, act, subject), typed(dossier)).content.decode()
    assert NOTE in tried, "it stays when the form is refused"
    page = browse(C).get(address(dossier, act, subject)).content.decode()
    assert [word for word in (FINDING, CONTACT, NOTE, ANSWER) if word in page] == []


def test_what_is_judged_is_what_waits_for_a_doctor() -> None:
    assert WAITS.keys() == JUDGED
