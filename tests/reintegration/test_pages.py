"""The formal part, its declaration and the end of the traject on the pages."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import Fact, fact
from dossiers.law.kinds import KINDS
from dossiers.models import Dossier
from tests import population
from tests.signatures.stage import on_paper, signs
from tests.web.cases import STATES, TODAY, address, appointment, kinds, typed
from tnw.accounts.models import Fund, Role
from tnw.core import clock, scope
from tnw.web.demo.people import enterprise_number
from trajects.models import EngagementDeclaration, ReintegrationTraject, Traject

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
D = "0190a000-0000-7000-8000-00000000000d"
STARTED = STATES["started"]
PART = (*STARTED, fact("reintegration_started", date(2026, 6, 9), "re-1", condition=1))
DRAWN_UP = (*PART, fact("declaration_drawn_up", date(2026, 6, 9), "de-1", D))


def signed(role: str, method: str = "application") -> Fact:
    return fact("declaration_signed", date(2026, 6, 10), f"ds-{role}", D, role=role, method=method)


TWO = (*DRAWN_UP, signed("coordinator"), signed("insured", "paper"))
COMPLETE = (*TWO, signed("advisory_doctor"), fact("declaration_completed", date(2026, 6, 10), "dc-1", D))
IN_REVIEW = (*COMPLETE, fact("plan_agreed", date(2026, 6, 11), "pa-1", version=1))


def page_of(client: Client, dossier: Dossier, name: str = "dossier") -> str:
    answer = client.get(reverse(name, args=[dossier.public_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def states(dossier: Dossier) -> tuple[str, str, str]:
    with scope.funds(dossier.fund_id):
        part = ReintegrationTraject.objects.filter(dossier=dossier).order_by("number").last()
        one = EngagementDeclaration.objects.filter(dossier=dossier).order_by("pk").last()
        return (
            Traject.objects.get(dossier=dossier).state,
            part.state if part else "",
            one.state if one else "",
        )


def test_z1_to_z3_from_the_start_of_the_formal_part_to_the_third_signature(
    browse: Browse, stand: Stand
) -> None:
    dossier = stand("started")
    coordinator = browse(Role.COORDINATOR)
    assert "Start the reintegration traject" in page_of(coordinator, dossier, "dossier_traject")
    form = coordinator.get(address(dossier, "start-reintegration")).content.decode()
    assert "There is no employment contract." in form, "a condition that does not hold says why"
    told = {"on": "15/06/2026", "condition": "1"}
    page = coordinator.post(address(dossier, "start-reintegration"), typed(dossier, **told)).content.decode()
    assert "agrees that fitting actions are looked for: ask so" in page
    answer = coordinator.post(address(dossier, "start-reintegration"), typed(dossier, **told, agreed="on"))
    assert answer.status_code == 302
    assert "Draw up the engagement declaration" in page_of(coordinator, dossier)
    form = coordinator.get(address(dossier, "draw-up-declaration")).content.decode()
    assert "</textarea>" in form
    told = {"on": "15/06/2026", "text": "Samen zoeken."}
    assert (
        coordinator.post(address(dossier, "draw-up-declaration"), typed(dossier, **told)).status_code == 302
    )
    with scope.funds(dossier.fund_id):
        subject = EngagementDeclaration.objects.get(dossier=dossier).subject
    page = page_of(coordinator, dossier)
    assert "Let the insured person sign the declaration" in page
    assert "Sign the declaration as coordinator" in page
    assert "<b>Advisory doctor</b>: Sign the declaration as advisory doctor" in page, "what others have to do"
    assert signs(coordinator, dossier, subject, "coordinator").status_code == 302
    assert on_paper(coordinator, dossier, subject, "15/06/2026").status_code == 302
    page = page_of(coordinator, dossier, "dossier_traject")
    assert "Identity card seen." in page
    assert "Samen zoeken." in page
    doctor = browse(Role.ADVISORY_DOCTOR)
    assert "Sign the declaration as advisory doctor" in page_of(doctor, dossier)
    assert signs(doctor, dossier, subject, "advisory_doctor").status_code == 302
    page = page_of(doctor, dossier)
    assert "15/07/2026" in page, "T11"
    assert states(dossier) == ("running", "planning", "complete")


def test_z2_refused_by_the_doctor_the_coordinator_does_not_read_why(browse: Browse, stand: Stand) -> None:
    dossier = stand(TWO)
    doctor = browse(Role.ADVISORY_DOCTOR)
    url = address(dossier, "refuse-declaration", D)
    told = {"on": "15/06/2026", "role": "advisory_doctor", "reason": "Surgery comes first."}
    other = doctor.post(url, typed(dossier, **{**told, "role": "insured"}))
    assert other.status_code == 200, "what is not his to refuse is shut"
    assert doctor.post(url, typed(dossier, **told)).status_code == 302
    assert "Surgery comes first." in page_of(doctor, dossier, "dossier_traject")
    coordinator = browse(Role.COORDINATOR)
    page = page_of(coordinator, dossier, "dossier_traject")
    assert "Surgery comes first." not in page
    assert "Refused" in page
    assert "Draw up the engagement declaration" in page


def test_z2_another_text_is_prefilled_and_all_three_sign_anew(browse: Browse, stand: Stand) -> None:
    dossier = stand("started")
    coordinator = browse(Role.COORDINATOR)
    told = {"on": "15/06/2026", "condition": "1", "agreed": "on"}
    coordinator.post(address(dossier, "start-reintegration"), typed(dossier, **told))
    told = {"on": "15/06/2026", "text": "Samen zoeken."}
    coordinator.post(address(dossier, "draw-up-declaration"), typed(dossier, **told))
    with scope.funds(dossier.fund_id):
        subject = EngagementDeclaration.objects.get(dossier=dossier).subject
    url = address(dossier, "change-declaration", subject)
    assert "Samen zoeken.</textarea>" in coordinator.get(url).content.decode()
    assert coordinator.post(url, typed(dossier, on="15/06/2026", text="Anders.")).status_code == 302
    page = page_of(coordinator, dossier, "dossier_traject")
    assert "all three sign anew" in page
    assert "Insured person, coordinator, advisory doctor" in page, "who still has to sign"


def test_z7_t18_suspended_and_resumed_with_its_bands(browse: Browse, stand: Stand) -> None:
    dossier = stand(COMPLETE)
    coordinator = browse(Role.COORDINATOR)
    form = coordinator.get(address(dossier, "suspend-reintegration")).content.decode()
    assert "No traject at the employer is running." in form
    told = {"on": "15/06/2026", "reason": "illness", "note": "In hospital."}
    assert (
        coordinator.post(address(dossier, "suspend-reintegration"), typed(dossier, **told)).status_code == 302
    )
    page = page_of(coordinator, dossier, "dossier_traject")
    assert "since 15/06/2026: illness" in page
    assert "In hospital." not in page, "why he is ill is medical"
    with clock.at(date(2026, 6, 25)):
        url = address(dossier, "resume-reintegration")
        assert coordinator.post(url, typed(dossier, on="25/06/2026")).status_code == 302
        page = page_of(coordinator, dossier, "dossier_traject")
        assert "from 15/06/2026 to 25/06/2026: illness" in page


def test_z8_the_traject_ends_with_its_result_and_what_is_planned_falls_away(
    browse: Browse, stand: Stand
) -> None:
    dossier = stand((*IN_REVIEW, appointment(date(2026, 6, 22), "follow_up")))
    coordinator = browse(Role.COORDINATOR)
    url = address(dossier, "end-traject")
    assert "The incapacity has not ended." in coordinator.get(url).content.decode()
    told = {"on": "15/06/2026", "result": "resumed_own_employer"}
    page = coordinator.post(url, typed(dossier, **told)).content.decode()
    assert "There is no employment contract." in page
    told["result"] = "resumed_other_employer"
    page = coordinator.post(url, typed(dossier, **told)).content.decode()
    assert "Say what came of the plan" in page
    told["evaluation"] = "The courses led to work."
    page = coordinator.post(url, typed(dossier, **told, preview="1")).content.decode()
    assert "Reintegration traject goes to: Ended." in page
    assert "goes to: Cancelled." in page
    assert coordinator.post(url, typed(dossier, **told)).status_code == 302
    assert states(dossier) == ("ended", "ended", "complete")
    page = page_of(coordinator, dossier, "dossier_traject")
    assert "The courses led to work." in page
    assert "with the return-to-work traject" in page, "why the formal part ended"


def test_z8_medically_not_possible_is_for_the_doctors(browse: Browse, stand: Stand) -> None:
    dossier = stand("started")
    coordinator = browse(Role.COORDINATOR)
    told = {"on": "15/06/2026", "result": "medically_not_possible", "note": "Relapse."}
    assert coordinator.post(address(dossier, "end-traject"), typed(dossier, **told)).status_code == 302
    assert "Relapse." not in page_of(coordinator, dossier, "dossier_traject")
    assert "Relapse." in page_of(browse(Role.ADVISORY_DOCTOR), dossier, "dossier_traject")


def test_p3_stopped_by_the_insured(browse: Browse, stand: Stand) -> None:
    dossier = stand(DRAWN_UP)
    coordinator = browse(Role.COORDINATOR)
    assert "The insured person stops the traject" in page_of(coordinator, dossier, "dossier_traject")
    answer = coordinator.post(address(dossier, "stop-traject"), typed(dossier, on="15/06/2026"))
    assert answer.status_code == 302
    assert states(dossier) == ("ended", "ended", "lapsed")
    page = page_of(coordinator, dossier, "dossier_traject")
    assert "ended before all three had signed" in page


@pytest.mark.parametrize("reason", ["pension", "resumed"])
def test_z8_what_now_proposes_the_end_once_the_incapacity_ended(
    browse: Browse, fund: Fund, team: object, reason: str
) -> None:
    facts = [*COMPLETE, fact("incapacity_ended", date(2026, 6, 13), "ie-1", reason=reason, version=2)]
    with clock.at(TODAY):
        dossier = population.dossier(
            fund=fund, start=date(2026, 1, 5), facts=facts, today=TODAY,
            employer_number=enterprise_number(12_345),
        )  # fmt: skip
        coordinator = browse(Role.COORDINATOR)
        page = page_of(coordinator, dossier)
        assert f'href="{address(dossier, "end-traject")}"' in page
        assert "btn-primary" in page
        form = coordinator.get(address(dossier, "end-traject"))
        assert form.context["form"]["result"].value() == ("incapacity_ended" if reason == "pension" else None)
        result = "incapacity_ended" if reason == "pension" else "resumed_other_employer"
        told = {"on": "12/06/2026", "result": result}
        assert coordinator.post(address(dossier, "end-traject"), typed(dossier, **told)).status_code == 302
        assert kinds(dossier)[-1] == "traject_ended"
        assert address(dossier, "end-traject") not in page_of(coordinator, dossier)


@pytest.mark.parametrize("subject", ["", "2026/06/d"])
def test_a_declaration_of_history_with_whatever_subject_has_its_page(
    subject: str, browse: Browse, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The door asks for a subject today; what came in before it did is shown all the same."""
    kind = "declaration_drawn_up"
    with monkeypatch.context() as before:
        before.setitem(KINDS, kind, KINDS[kind]._replace(subject=False))
        dossier = stand([*PART, fact(kind, date(2026, 6, 9), "de-1", subject)])
    its = reverse("dossier_declaration", args=[dossier.public_id, subject])
    for role in (Role.COORDINATOR, Role.ADVISORY_DOCTOR):
        client = browse(role)
        for name in ("dossier", "dossier_traject"):
            assert f'href="{its}"' in page_of(client, dossier, name), name
        assert client.get(its).status_code == 200
    for name in ("signatures", "decisions"):
        assert its in client.get(reverse(name)).content.decode(), name


def test_a_declaration_says_its_state_in_the_title(browse: Browse, stand: Stand) -> None:
    client = browse(Role.COORDINATOR)
    for facts, state in ((DRAWN_UP, "Drawn up"), (TWO, "Signed by some"), (COMPLETE, "Signed by all three")):
        dossier = stand(facts)
        page = client.get(reverse("dossier_declaration", args=[dossier.public_id, D])).content.decode()
        title = " ".join(page[page.index("<title>") : page.index("</title>")].split())
        assert f"{state} · Engagement declaration · {dossier.incapacity.reference}" in title
