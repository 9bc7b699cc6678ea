"""The employer, regional services, consents and consultations on the pages."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import fact
from dossiers.models import Dossier
from tests.employer.stage import EMPLOYED
from tests.web.cases import STATES, TODAY, address, kinds, typed
from tests.web.conftest import browse as browse
from tests.web.conftest import stand as stand
from tests.web.conftest import static_files_from_their_sources as static_files_from_their_sources
from tnw.accounts.models import Role
from tnw.core import scope
from trajects.models import EmployerTraject, PartnerReferral

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
C, D = Role.COORDINATOR, Role.ADVISORY_DOCTOR
ON = "15/06/2026"
SERVICE = {"purpose": "consultation", "party": "regional_service"}


def tab(client: Client, dossier: Dossier, name: str) -> str:
    return client.get(reverse(name, args=[dossier.public_id])).content.decode()


def done(client: Client, dossier: Dossier, act: str, subject: str = "", **told: Any) -> None:
    answer = client.post(address(dossier, act, subject), typed(dossier, **{"on": ON, **told}))
    assert answer.status_code == 302, answer.context["form"].errors


def test_a7_z7_z9_from_the_proposal_to_the_decision(browse: Browse, stand: Stand) -> None:
    dossier = stand("started", **EMPLOYED)
    client = browse(C)
    assert "Refer to the occupational physician" in tab(client, dossier, "dossier_traject")
    done(client, dossier, "propose-referral", note="Lighter work.")
    overview = tab(client, dossier, "dossier")
    assert "Record the answer to the proposed referral" in overview
    done(client, dossier, "answer-referral", answer="yes")
    assert "agreed" not in client.get(address(dossier, "refer-physician")).context["form"].fields
    done(client, dossier, "refer-physician", asks_for="visit")
    done(client, dossier, "record-visit", outcome="employer_traject", note="The desk is to be lowered.")
    done(client, dossier, "start-employer-traject", requested_by="employee")
    page = tab(client, dossier, "dossier_traject")
    for told in ("a visit before resumption", "Running", "The desk is to be lowered.", "Record the end"):
        assert told in page
    form = client.get(address(dossier, "end-employer-traject")).context["form"]
    assert [value for value, _label in form.fields["decision"].choices] == ["A", "B", "C"]
    assert list(form.fields) == ["on", "decision", "refused_by", "plan_carried_out", "note"], (
        "what is to be remembered comes last"
    )
    ended = {"decision": "B", "refused_by": "employer", "plan_carried_out": "on"}
    done(client, dossier, "end-employer-traject", **ended)
    page = tab(client, dossier, "dossier_traject")
    assert "Plan of the employer refused by" in page
    assert "A plan of the employer was carried out" in page
    with scope.funds(dossier.fund_id):
        one = EmployerTraject.objects.get(dossier=dossier)
    assert (one.state, one.decision, one.refused_by, one.plan_carried_out) == ("ended", "B", "employer", True)
    # Who may not is told so.
    assert browse(D).get(address(dossier, "start-employer-traject")).status_code == 403


def test_t19_what_falls_away_with_the_traject_says_so(browse: Browse, stand: Stand) -> None:
    proposed = fact("training_proposed", TODAY, "t-9", "t", proposed_by="insured")
    dossier = stand([*STATES["started"], proposed], **EMPLOYED)
    client = browse(C)
    done(client, dossier, "propose-referral")
    done(client, dossier, "draw-up-form", service="vdab", form_text="Looks for office work.")
    done(client, dossier, "stop-traject")
    over = tab(client, dossier, "dossier_traject")
    assert "Referral fell away" in over
    assert "Referral declined" not in over
    # Referral, training and form, each with its reason.
    assert over.count("with the return-to-work traject") == 3
    assert "Record the answer to the proposed referral" not in over


def test_a7_without_a_consent_the_box_is_there(browse: Browse, stand: Stand) -> None:
    dossier = stand("started", **EMPLOYED)
    client = browse(C)
    answer = client.post(address(dossier, "refer-physician"), typed(dossier, on=ON, asks_for="visit"))
    assert list(answer.context["form"].errors) == ["agreed"]
    assert "record it under Consents" in answer.content.decode()
    done(client, dossier, "refer-physician", asks_for="visit", agreed="on")
    assert kinds(dossier)[-2:] == ["consent_given", "occupational_referral_made"]


def test_z9_decisions_of_before_the_change_say_so(browse: Browse, stand: Stand) -> None:
    dossier = stand([], **EMPLOYED)
    client = browse(C)
    done(client, dossier, "start-employer-traject", requested_by="employer")
    answer = client.post(address(dossier, "end-employer-traject"), typed(dossier, on=ON, decision="D"))
    assert list(answer.context["form"].errors) == ["decision"]


def test_g1_a_form_from_the_first_word_to_the_end(browse: Browse, stand: Stand) -> None:
    dossier = stand("started", **EMPLOYED)
    client = browse(C)
    assert client.get(address(dossier, "draw-up-form")).context["form"].initial["service"] == "vdab"
    done(client, dossier, "draw-up-form", service="vdab", form_text="Looks for office work.")
    with scope.funds(dossier.fund_id):
        subject = PartnerReferral.objects.get(dossier=dossier).subject
    refused = client.get(address(dossier, "send-form", subject))
    assert refused.status_code == 403
    assert "record it under Consents" in refused.content.decode()
    # The card and the overview lead to the consent that is lacking.
    assert f"/do/consent?subject={subject}" in tab(client, dossier, "dossier_traject")
    assert f"/do/consent?subject={subject}" in tab(client, dossier, "dossier")
    asked = client.get(address(dossier, "consent", subject)).context["form"].initial
    assert (asked["purpose"], asked["party"]) == ("consultation", "regional_service")
    done(client, dossier, "consent", **SERVICE, answer="given")
    done(client, dossier, "send-form", subject)
    done(client, dossier, "partner-answer", subject, answer="accepted")
    for step in ("orientation", "orientation", "coaching"):
        done(client, dossier, "service-step", subject, step=step, note=f"About {step}.")
    page = tab(client, dossier, "dossier_traject")
    assert page.count("orientation: About orientation.") == 1
    assert "coaching: About coaching." in page
    assert "Looks for office work." in page
    done(client, dossier, "end-partner", subject)
    assert kinds(dossier)[-1] == "partner_ended"
    assert client.get(address(dossier, "send-form", "another")).status_code == 404


def test_z5_the_consent_page_says_what_a_withdrawal_blocks(browse: Browse, stand: Stand) -> None:
    given = fact("consent_given", TODAY, "c-9", **SERVICE)
    dossier = stand([*STATES["started"], given], **EMPLOYED)
    client = browse(C)
    page = tab(client, dossier, "dossier_consents")
    assert "A withdrawal blocks at once: the traject that runs, which stops" in page
    assert (
        "A withdrawal blocks at once: registration forms and steps at the regional employment service" in page
    )
    for act in ("Record a consent", "Record a consultation"):
        assert act in page
    preview = client.post(
        address(dossier, "consent"),
        typed(dossier, on=ON, purpose="data_processing", answer="withdrawn", preview="1"),
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "Return-to-work traject goes to: Ended." in preview
    done(client, dossier, "consent", **SERVICE, answer="withdrawn")
    page = tab(client, dossier, "dossier_consents")
    assert "Blocked now: registration forms" in page
    assert "Record a consultation" not in page
    assert "Record a consent" not in tab(browse(D), dossier, "dossier_consents")


@pytest.mark.parametrize(
    "became", [{"cause": "work_accident"}, {"end": "2026-06-10", "end_reason": "resumed"}]
)
def test_z5_a_withdrawal_is_recorded_on_the_page_whatever_became_of_the_dossier(
    became: dict[str, str], browse: Browse, stand: Stand
) -> None:
    given = fact("consent_given", date(2026, 6, 8), "c-9", **SERVICE)
    dossier = stand([*STATES["started"], given], **EMPLOYED, **became)
    client = browse(C)
    assert "Record a consent" in tab(client, dossier, "dossier_consents")
    shut = client.get(address(dossier, "consent")).context["form"].fields["answer"].shut
    assert list(shut) == (["given"] if "cause" in became else [])
    done(client, dossier, "consent", **SERVICE, answer="withdrawn")
    assert kinds(dossier)[-1] == "consent_withdrawn"


@pytest.mark.parametrize("role", [C, D])
def test_z5_a_consultation_with_whom_there_is_a_consent_only(role: str, browse: Browse, stand: Stand) -> None:
    shut = stand("started", **EMPLOYED)
    client = browse(role)
    refused = client.get(address(shut, "consult"))
    assert refused.status_code == 403
    assert "ask the insured person for each party" in refused.content.decode()
    given = fact("consent_given", TODAY, "c-9", purpose="consultation", party="therapist")
    dossier = stand([*STATES["started"], given], **EMPLOYED)
    form = client.get(address(dossier, "consult")).context["form"]
    assert "therapist" not in form.fields["party"].shut
    assert "employer" in form.fields["party"].shut
    assert "social_insurance_fund" not in dict(form.fields["party"].choices)
    answer = client.post(
        address(dossier, "consult"), typed(dossier, on=ON, party="employer", report="Lighter work.")
    )
    assert list(answer.context["form"].errors) == ["party"]
    done(client, dossier, "consult", party="therapist", report="Twice a week.")
    assert kinds(dossier)[-1] == "consultation_held"


def test_a2_a_waiver_is_prefilled_while_an_employer_traject_runs(browse: Browse, stand: Stand) -> None:
    dossier = stand([], **EMPLOYED)
    client = browse(C)
    assert client.get(address(dossier, "waive-questionnaire")).context["form"].initial["reason"] == ""
    done(client, dossier, "start-employer-traject", requested_by="employer")
    form = client.get(address(dossier, "waive-questionnaire")).context["form"]
    assert form.initial["reason"] == "employer_traject"
