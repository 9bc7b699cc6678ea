"""Acts as pages: who may in which state, and two people on one dossier."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier
from routing.models import RouteAState
from tests.web.cases import (
    APPOINTMENT,
    FIRST_CONTACT,
    STATES,
    address,
    appointment,
    kinds,
    route_of,
    typed,
)
from tnw.accounts import actors, audit
from tnw.accounts.models import Role
from tnw.core import clock, scope
from trajects.models import Appointment, Proposal, Traject

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]


def test_refer_plan_and_first_contact(browse: Browse, stand: Stand) -> None:
    dossier = stand("category 4")
    doctor = browse(Role.ADVISORY_DOCTOR)
    assert doctor.get(address(dossier, "refer")).status_code == 200
    answer = doctor.post(address(dossier, "refer"), typed(dossier, on="15/06/2026"))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("dossier", args=[dossier.public_id])
    assert route_of(dossier).state == RouteAState.REFERRED
    coordinator = browse(Role.COORDINATOR)
    planned = {
        "purpose": "first_contact",
        "day": "22/06/2026",
        "time": "10:30",
        "how": "phone",
        "place": "0470",
    }
    answer = coordinator.post(address(dossier, "plan"), typed(dossier, **planned))
    assert answer.status_code == 302
    with scope.funds(dossier.fund_id):
        one = Appointment.objects.get(dossier=dossier)
    assert (one.at, one.form) == (datetime(2026, 6, 22, 10, 30, tzinfo=clock.BRUSSELS), "phone")
    with clock.at(date(2026, 6, 22)):
        held = {**FIRST_CONTACT, "on": "22/06/2026"}
        answer = coordinator.post(address(dossier, "first-contact", one.subject), typed(dossier, **held))
        assert answer.status_code == 302, answer.content.decode()
    with scope.funds(dossier.fund_id):
        assert Traject.objects.get(dossier=dossier).first_step == "guidance"
        assert Appointment.objects.get(dossier=dossier).state == "held"


CASE = (Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD)
C, D, M = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM
ALWAYS = {"plan": {C, D, M}, "hold-contact": {C}, "consent": {C}, "medical-contact": {D, M}}
OPEN = {**ALWAYS, "close-route": {C, D}}
# Which acts each state allows to whom; what is not named is refused, with the reason.
MAY: dict[str, dict[str, set[Role]]] = {
    "awaiting": OPEN,
    "sent": OPEN,
    "category 2": OPEN,
    "category 4": {**OPEN, "refer": {D}},
    "referred": {**OPEN, "withdraw-referral": {D}, "first-contact": {C}},
    "contacted": {**OPEN, "consent-decision": {C}},
    "started": {**ALWAYS, "first-step": {C}},
    "closed": ALWAYS,
}
WITHOUT_SUBJECT = ("refer", "withdraw-referral", "first-contact", "consent-decision", "medical-contact",
                   "close-route", "plan", "hold-contact", "consent", "first-step")  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_each_act_in_each_state_by_each_role(state: str, browse: Browse, stand: Stand) -> None:
    dossier = stand(state)
    for role in CASE:
        client = browse(role)
        for act in WITHOUT_SUBJECT:
            answer = client.get(address(dossier, act))
            may = role in MAY[state].get(act, set())
            assert answer.status_code == (200 if may else 403), (role, act)
            page = answer.content.decode()
            assert ("btn-primary" in page) == may, (role, act)
            assert ("This cannot be done now." in page) != may, (role, act)
            if not may:
                assert str(answer.context["verdict"].reason), (role, act)
                # What was not offered is not done either.
                assert client.post(address(dossier, act), typed(dossier)).status_code == 403


AHEAD, PAST = date(2026, 6, 22), date(2026, 6, 10)
MISSED = fact("absence_recorded", PAST, "ab-1", APPOINTMENT, purpose="follow_up")
APPOINTMENTS: dict[str, tuple[Sequence[Fact], dict[str, set[Role]]]] = {
    "ahead": ((appointment(AHEAD, "follow_up"),), {"move": {C}, "cancel": {C}}),
    "past": (
        (appointment(PAST, "follow_up"),),
        {"move": {C}, "cancel": {C}, "absence": {C}, "hold-contact": {C}},
    ),
    "examination": (
        (appointment(PAST, "medical_examination"),),
        {"move": {D, M}, "cancel": {D, M}, "absence": {D, M}, "medical-contact": {D, M}},
    ),
    "first contact": (
        (appointment(PAST, "first_contact"),),
        {"move": {C}, "cancel": {C}, "absence": {C}, "first-contact": {C}},
    ),
    "missed": ((appointment(PAST, "follow_up"), MISSED), {"excuse": {C}}),
}
# An outcome of its own: of another appointment there is no such act.
OF = {"first-contact": ("first contact",), "medical-contact": ("examination",),
      "hold-contact": ("ahead", "past", "missed")}  # fmt: skip


@pytest.mark.parametrize("state", APPOINTMENTS)
def test_each_act_on_an_appointment(state: str, browse: Browse, stand: Stand) -> None:
    facts, may = APPOINTMENTS[state]
    dossier = stand([*STATES["referred"], *facts])
    for role in CASE:
        client = browse(role)
        for act in ("move", "cancel", "absence", "excuse", *OF):
            answer = client.get(address(dossier, act, APPOINTMENT))
            there = act not in OF or state in OF[act]
            expected = (200 if role in may.get(act, set()) else 403) if there else 404
            assert answer.status_code == expected, (role, act)


def test_what_is_not_there(browse: Browse, stand: Stand, foreign: Any) -> None:
    dossier = stand("referred")
    client = browse(Role.COORDINATOR)
    assert client.get(address(dossier, "dance")).status_code == 404
    assert client.get(address(dossier, "move")).status_code == 404
    assert client.get(address(dossier, "move", "another")).status_code == 404
    assert client.get(address(dossier, "correction", "another")).status_code == 404
    assert client.get(address(foreign.dossier, "plan")).status_code == 404
    assert browse(Role.ADMINISTRATOR).get(address(dossier, "plan")).status_code == 403


def test_two_people_on_one_dossier(browse: Browse, stand: Stand) -> None:
    dossier = stand("referred")
    mine = typed(dossier, **{**FIRST_CONTACT, "report": "Every word of this stays."})
    browse(D).post(
        address(dossier, "medical-contact"),
        typed(dossier, on="15/06/2026", how="phone", note="Confidential"),
    )
    client = browse(C)
    answer = client.post(address(dossier, "first-contact"), mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    for told in (
        "Every word of this stays.",
        "Medical contact held",
        "recorded on 15/06/2026 09:00 by Advisory Doctor",
    ):
        assert told in page
    assert "Confidential" not in page
    assert "first_contact_held" not in kinds(dossier)
    again = {**mine, "seen": answer.context["seen"]}
    assert client.post(address(dossier, "first-contact"), again).status_code == 302
    assert kinds(dossier).count("first_contact_held") == 1


def test_who_was_first_may_have_made_it_impossible(browse: Browse, stand: Stand) -> None:
    dossier = stand("referred")
    mine = typed(dossier, **FIRST_CONTACT)
    browse(D).post(address(dossier, "withdraw-referral"), typed(dossier, on="15/06/2026"))
    answer = browse(C).post(address(dossier, "first-contact"), mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Looked at the former job together." in page
    assert "There is no referral that waits for its first contact." in page
    assert 'disabled aria-describedby="why-not"' in page
    assert "it cannot be done any more" in page
    assert "Send it again" not in page


def test_a_proposed_moment_is_said_to_be_free_only_as_long_as_it_stands(browse: Browse, stand: Stand) -> None:
    dossier = stand("referred")
    with scope.funds(dossier.fund_id), audit.acting_as(actors.system(), dossier.fund):
        Proposal.objects.create(
            fund=dossier.fund, dossier=dossier, purpose="first_contact", at=datetime(2026, 6, 22, 10, tzinfo=clock.BRUSSELS),
            made_on=date(2026, 6, 15), rule="T7", opened_by="r-1", occurrence=1,
        )  # fmt: skip
    client, url = browse(C), address(dossier, "plan", "first_contact")
    assert "this moment is free" in client.get(url).content.decode()
    refused = typed(dossier, purpose="first_contact", day="01/06/2026", time="10:00", how="phone")
    page = client.post(url, refused).content.decode()
    assert "This cannot be taken as it is" in page
    assert "this moment is free" not in page


def test_the_note_of_a_closing_says_who_reads_it(browse: Browse, stand: Stand) -> None:
    page = browse(C).get(address(stand("referred"), "close-route")).content.decode()
    assert "where health is the reason, by the advisory doctors and the medical team only." in page


def test_a_second_click_records_nothing(browse: Browse, stand: Stand) -> None:
    dossier = stand("category 4")
    client = browse(D)
    mine = typed(dossier, on="15/06/2026")
    assert client.post(address(dossier, "refer"), mine).status_code == 302
    answer = client.post(address(dossier, "refer"), mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "You recorded something in this dossier" in page
    assert "<title>Changed meanwhile · " in page
    assert "Somebody was first" not in page
    assert client.post(address(dossier, "refer"), typed(dossier, on="15/06/2026")).status_code == 403
    without = {name: value for name, value in mine.items() if name != "seen"}
    assert client.post(address(dossier, "refer"), without).status_code == 409
    assert kinds(dossier).count("referral_made") == 1


# Out of their order: the act, its form, at which field it is refused and with what words.
WRONG: dict[str, tuple[str, str, Role, dict[str, str], str, str]] = {
    "held in the future": (
        "referred", "first-contact", C, {**FIRST_CONTACT, "on": "16/06/2026"}, "on", "This day lies ahead",
    ),
    "contact before the referral": (
        "referred", "first-contact", C, {**FIRST_CONTACT, "on": "25/05/2026"}, "on",
        "On 25/05/2026 the route stood at: Assessed.",
    ),
    "referral before the assessment": (
        "category 4", "refer", D, {"on": "01/05/2026"}, "on",
        "On 01/05/2026 the route stood at: Questionnaire sent.",
    ),
    "before the incapacity": (
        "referred", "medical-contact", D, {"on": "04/01/2026", "how": "phone"}, "on",
        "before the incapacity began",
    ),
    "planned in the past": (
        "referred", "plan", C,
        {"purpose": "follow_up", "day": "14/06/2026", "time": "10:00", "how": "phone"}, "day",
        "An appointment lies ahead",
    ),
    "first contact planned without a referral": (
        "category 4", "plan", C,
        {"purpose": "first_contact", "day": "22/06/2026", "time": "10:00", "how": "phone"}, "purpose",
        "No first contact is waited for.",
    ),
    "role not explained": (
        "referred", "first-contact", C, {**FIRST_CONTACT, "role_explained": ""}, "role_explained",
        "explains his role",
    ),
    "no first step": (
        "referred", "first-contact", C, {**FIRST_CONTACT, "first_step": ""}, "first_step", "Choose the first step",
    ),
    "no employer": (
        "referred", "first-contact", C, {**FIRST_CONTACT, "first_step": "employer"}, "first_step",
        "There is no employment contract.",
    ),
    "consultation of nobody": (
        "started", "consent", C, {"on": "15/06/2026", "purpose": "consultation", "answer": "given"}, "party",
        "Say with whom",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_the_wrong_order_is_refused_at_its_field(name: str, browse: Browse, stand: Stand) -> None:
    state, act, role, data, field, told = WRONG[name]
    dossier = stand(state)
    before = kinds(dossier)
    answer = browse(role).post(address(dossier, act), typed(dossier, **data))
    assert answer.status_code == 200
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert told in " ".join(form.errors[field])
    page = answer.content.decode()
    assert f'<a href="#{form[field].id_for_label or form[field].auto_id}">' in page
    assert f'id="{form[field].id_for_label or form[field].auto_id}"' in page
    assert kinds(dossier) == before


def test_a_day_ahead_is_said_together_with_what_lacks(browse: Browse, stand: Stand) -> None:
    dossier = stand("referred")
    data = typed(dossier, **{**FIRST_CONTACT, "on": "16/06/2026", "first_step": ""})
    form = browse(C).post(address(dossier, "first-contact"), data).context["form"]
    assert set(form.errors) == {"on", "first_step"}


def test_impossible_first_steps_say_why(browse: Browse, stand: Stand) -> None:
    page = browse(C).get(address(stand("referred"), "first-contact")).content.decode()
    assert "There is no employment contract." in page
    alone = stand("referred", regime="self_employed")
    page = browse(C).get(address(alone, "first-contact")).content.decode()
    assert "A self-employed person has no employer to go to." in page


def test_what_was_typed_belongs_to_a_user_and_a_tab(browse: Browse, stand: Stand) -> None:
    dossier = stand("referred")
    client = browse(C)
    fresh = client.get(address(dossier, "first-contact")).content.decode()
    assert f'data-draft="{client.get("/profile").context["user"].public_id}"' in fresh
    assert "data-fresh" in fresh
    refused = client.post(address(dossier, "first-contact"), typed(dossier, on="soon")).content.decode()
    assert "data-fresh" not in refused


def test_a_draft_meets_only_what_others_recorded(browse: Browse, stand: Stand) -> None:
    """The form says up to where others recorded: a draft that read that far is as fresh as the page."""
    dossier = stand("referred")
    before = typed(dossier)["seen"]
    client, contact = browse(C), {"on": "15/06/2026", "how": "phone", "report": "Called."}
    assert client.post(address(dossier, "hold-contact"), typed(dossier, **contact)).status_code == 302
    answer = client.get(address(dossier, "plan"))
    assert (answer.context["theirs"], answer.context["seen"]) == (before, before + 1)
    assert f'data-theirs="{before}"' in answer.content.decode()
    browse(D).post(address(dossier, "medical-contact"), typed(dossier, on="15/06/2026", how="phone", note=""))
    assert client.get(address(dossier, "plan")).context["theirs"] == before + 1
    assert browse(C).get(address(dossier, "plan")).context["theirs"] == before + 2


def test_it_returns_to_where_it_was_opened_and_never_elsewhere(browse: Browse, stand: Stand) -> None:
    dossier = stand("category 4")
    client = browse(D)
    for after, expected in (("/search", "/search"), ("https://elsewhere.example/", "/dossiers/")):
        data = {"on": "15/06/2026", "how": "phone", "note": ""}
        answer = client.post(address(dossier, "medical-contact"), typed(dossier, next=after, **data))
        assert answer["Location"].startswith(expected)
