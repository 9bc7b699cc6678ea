"""The plan on its pages: written in rows without a script too, saved while one types, agreed, compared, reviewed."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import fact
from dossiers.law.kinds import ROLES
from dossiers.models import Dossier
from tests import population
from tests.web.cases import START, STATES, address, kinds, typed
from tnw.accounts.models import AccessLog, Fund, Role, Team
from tnw.core import clock, scope
from trajects.models import Appointment, PlanDraft

TODAY = date(2026, 6, 22)
SIGNED = date(2026, 6, 10)
C, D, M, L = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD
Browse = Callable[..., Client]
FORMAL = (
    *STATES["started"],
    fact("reintegration_started", SIGNED, "re-1", condition=1),
    fact("declaration_drawn_up", SIGNED, "de-1", "d"),
    *(fact("declaration_signed", SIGNED, f"de-{role}", "d", role=role, method="paper") for role in ROLES),
    fact("declaration_completed", SIGNED, "de-5", "d"),
)
PLAN: dict[str, Any] = {
    "version": "1.1", "objectives": "2", "actions": "1", "result": "Back as a bookkeeper",
    "objective-0-text": "Half-time by autumn", "objective-0-target": "01/10/2026",
    "objective-1-text": "", "objective-1-target": "",
    "action-0-text": "Refresh the software", "action-0-who": "the insured person", "action-0-due": "01/09/2026",
    "next-on": "22/09/2026", "next-at": "14:00", "next-how": "in_person", "next-place": "Kerkstraat 1",
    "on": "22/06/2026",
}  # fmt: skip


@pytest.fixture
def dossier(fund: Fund, team: Team) -> Iterator[Dossier]:
    with clock.at(TODAY):
        yield population.dossier(fund=fund, start=START, facts=FORMAL, today=TODAY)


def page(dossier: Dossier, name: str = "dossier_plan") -> str:
    return reverse(name, args=[dossier.public_id])


def draft(dossier: Dossier) -> PlanDraft | None:
    with scope.funds(dossier.fund_id):
        return PlanDraft.objects.filter(dossier=dossier).first()


def test_z4_written_agreed_reviewed_and_compared(browse: Browse, dossier: Dossier) -> None:
    client = browse(C)
    empty = client.get(page(dossier)).content.decode()
    for told in (
        "Objectives",
        "at least one objective, with the day",
        "Agree as version 1",
        'name="objective-0-text"',
    ):
        assert told in empty
    # A row more, without a script: what was typed stays, and is saved.
    more = client.post(page(dossier), {**PLAN, "revision": "0", "do": "add-action", "result": ""})
    told = more.content.decode()
    assert 'name="action-1-text"' in told
    assert "Refresh the software" in told
    assert "the end result aimed for" in told
    one = draft(dossier)
    assert one is not None
    assert one.revision == 1
    less = client.post(page(dossier), {**PLAN, "revision": "1", "do": "remove-objective-0"}).content.decode()
    assert "Half-time by autumn" not in less
    # Saved while one types: the list says what is still lacking.
    saved = client.post(
        page(dossier, "dossier_plan_save"),
        {**PLAN, "revision": "2", "result": "", "objective-0-target": "31/2"},
    ).content.decode()
    assert "the end result aimed for" in saved
    assert 'name="revision" value="3"' in saved
    assert kinds(dossier).count("plan_agreed") == 0
    # Incomplete: refused, naming what is missing; and what cannot be read is told at its field.
    refused = client.post(
        page(dossier), {**PLAN, "revision": "3", "do": "agree", "result": ""}
    ).content.decode()
    assert "The plan cannot be agreed yet. It lacks: the end result aimed for." in refused
    wrong = {**PLAN, "revision": "4", "do": "agree", "objective-0-target": "31/02/2026"}
    assert "This day does not exist" in client.post(page(dossier), wrong).content.decode()
    # What will follow, before it is agreed.
    tried = client.post(page(dossier), {**PLAN, "revision": "5", "do": "preview"}).content.decode()
    assert "opens" in tried
    assert "22/09/2026" in tried
    assert "Follow-up interview, 22/09/2026 14:00 goes to: Planned." in tried
    assert kinds(dossier).count("plan_agreed") == 0
    answer = client.post(page(dossier), {**PLAN, "revision": "6", "do": "agree"})
    assert answer.status_code == 302, answer.content.decode()
    assert draft(dossier) is None
    with scope.funds(dossier.fund_id):
        assert Appointment.objects.get(dossier=dossier, purpose="follow_up").on == date(2026, 9, 22)
    traject = client.get(page(dossier, "dossier_traject")).content.decode()
    for told in ("Half-time by autumn", "Refresh the software", "1 version", "Review the plan"):
        assert told in traject
    # The next version begins with this one.
    again = client.get(page(dossier)).content.decode()
    assert "Back as a bookkeeper" in again
    assert "Agree as version 2" in again
    with clock.at(date(2026, 9, 22)):
        changed = {**PLAN, "version": "1.2", "revision": "0", "result": "Back with another employer",
                   "next-on": "15/12/2026", "do": "save"}  # fmt: skip
        assert client.post(page(dossier), changed).status_code == 302
        form = client.get(address(dossier, "review-plan")).content.decode()
        assert "22/09/2026 14:00" in form
        with scope.funds(dossier.fund_id):
            held = Appointment.objects.get(dossier=dossier, purpose="follow_up").subject
        review = {
            "on": "22/09/2026", "done": "Course begun.", "found": "Goes well.", "interview": "yes",
            "planned": held, "how": "in_person", "changes": "yes",
        }  # fmt: skip
        answer = client.post(address(dossier, "review-plan"), typed(dossier, **review))
        assert answer.status_code == 302, answer.content.decode()
        for role in (C, D, M, L):
            reader = browse(role)
            both = reader.get(page(dossier, "dossier_plan_versions")).content.decode()
            for told in ("Back as a bookkeeper", "Back with another employer", "changed"):
                assert told in both, role
        traject = reader.get(page(dossier, "dossier_traject")).content.decode()
        for told in ("Course begun.", "Goes well.", "with an interview", "2 versions"):
            assert told in traject
    assert kinds(dossier)[-4:] == ["contact_held", "plan_reviewed", "plan_agreed", "appointment_made"]


def test_z4_two_editors_choose_which_to_keep(browse: Browse, dossier: Dossier) -> None:
    first = browse(C)
    first.post(page(dossier), {**PLAN, "revision": "0", "do": "save"})
    second = browse(C)
    other = {**PLAN, "revision": "0", "result": "Another end"}
    with scope.funds(dossier.fund_id):
        before = AccessLog.objects.count()
    saved = second.post(page(dossier, "dossier_plan_save"), other).content.decode()
    with scope.funds(dossier.fund_id):
        assert AccessLog.objects.count() == before + 1, "what the other typed was shown"
    for told in ("saved another draft", "Back as a bookkeeper", "Another end", 'name="overwrite"'):
        assert told in saved
    told = second.post(page(dossier), {**other, "do": "agree"}).content.decode()
    assert "Choose which to keep" in told
    assert kinds(dossier).count("plan_agreed") == 0
    assert second.post(page(dossier), {**other, "overwrite": "1", "do": "save"}).status_code == 302
    one = draft(dossier)
    assert one is not None
    assert one.contents["result"] == "Another end"
    assert second.post(page(dossier), {**other, "revision": "2", "do": "discard"}).status_code == 302
    assert draft(dossier) is None


def test_who_only_reads_sees_the_plan_and_why_nothing_can_be_written(
    browse: Browse, dossier: Dossier
) -> None:
    for role in (D, M, L):
        client = browse(role)
        told = client.get(page(dossier)).content.decode()
        assert "No plan is agreed yet." in told
        assert "Your role does not give access to this." in told
        assert "btn-primary" not in told
        assert client.post(page(dossier), {**PLAN, "do": "agree", "revision": "0"}).status_code == 403
        assert "Your role" in client.post(page(dossier, "dossier_plan_save"), PLAN).content.decode()
    for role in (Role.ADMINISTRATOR, Role.PRIVACY_OFFICER):
        assert browse(role).get(page(dossier)).status_code == 403
    assert draft(dossier) is None


def test_t11_z5_the_interview_and_the_actions_by_their_acts(browse: Browse, dossier: Dossier) -> None:
    client = browse(C)
    overview = client.get(page(dossier, "dossier")).content.decode()
    assert "Plan the interview for the plan" in overview
    planned = {
        "purpose": "plan_meeting",
        "day": "23/06/2026",
        "time": "10:00",
        "how": "phone",
        "place": "",
        "party": "",
    }
    answer = client.post(address(dossier, "plan", "plan_meeting"), typed(dossier, **planned))
    assert answer.status_code == 302, answer.content.decode()
    with scope.funds(dossier.fund_id):
        subject = Appointment.objects.get(dossier=dossier, purpose="plan_meeting").subject
    with clock.at(date(2026, 6, 23), hour=17):
        held = {
            "on": "23/06/2026",
            "how": "phone",
            "party": "",
            "report": "Drawn up.",
            "outcome": "Second one.",
        }
        answer = client.post(address(dossier, "hold-meeting", subject), typed(dossier, **held))
        assert answer.status_code == 302, answer.content.decode()
        contacts = client.get(page(dossier, "dossier_contacts")).content.decode()
        for told in ("Drawn up.", "Second one.", "Interview for the plan"):
            assert told in contacts
        employer = {**held, "party": "employer"}
        refused = client.post(address(dossier, "hold-meeting"), typed(dossier, **employer))
        assert refused.status_code == 200
        action = {"on": "23/06/2026", "kind": "phone_call", "what": "Called the school."}
        answer = client.post(address(dossier, "record-action"), typed(dossier, **action))
        assert answer.status_code == 302, answer.content.decode()
        assert "Called the school." in client.get(page(dossier, "dossier_history")).content.decode()
        assert (
            client.post(
                page(dossier), {**PLAN, "revision": "0", "do": "agree", "on": "23/06/2026"}
            ).status_code
            == 302
        )
        form = client.get(address(dossier, "plan-action")).content.decode()
        assert "Refresh the software (the insured person, 01/09/2026)" in form
        with scope.funds(dossier.fund_id):
            name = form.split('name="action" value="')[1].split('"')[0]
        done = {"on": "23/06/2026", "action": name, "kind": "other", "note": ""}
        answer = client.post(address(dossier, "plan-action"), typed(dossier, **done))
        assert answer.status_code == 302, answer.content.decode()
        assert "done already" in client.get(address(dossier, "plan-action")).content.decode()
        assert "<b>done</b>" in client.get(page(dossier, "dossier_traject")).content.decode()
