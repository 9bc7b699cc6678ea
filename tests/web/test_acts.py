"""Acts as pages: who may in which state, what a preview shows and leaves behind, and two people on one dossier."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import Fact, fact
from dossiers.models import Deadline, Dossier, LedgerEntry, LedgerPayload, Outbox, Reminder
from routing.models import RouteA, RouteAState
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
from tnw.accounts.models import AuditEntry, Role
from tnw.core import clock, scope
from trajects.models import Appointment, Traject

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


def traces(dossier: Dossier) -> list[Any]:
    """Everything that doing something would leave behind."""
    with scope.funds(dossier.fund_id):
        return [
            *(
                list(model.objects.filter(dossier=dossier).order_by("pk").values())
                for model in (LedgerEntry, LedgerPayload, Outbox, Deadline, RouteA, Traject, Appointment)
            ),
            list(Dossier.objects.filter(pk=dossier.pk).values()),
            Reminder.objects.count(),
            AuditEntry.objects.count(),
        ]


MEETING = "Hold the first contact after a referral"
PREVIEWS: dict[str, tuple[Any, ...]] = {
    "refer": (
        "category 4", D, {"on": "15/06/2026"}, "Referred to the coordinator",
        [("Refer after category 4", "is met, late", date(2026, 5, 11)), (MEETING, "opens", date(2026, 7, 15))],
    ),
    "withdraw-referral": (
        "referred", D, {"on": "15/06/2026", "note": "Not yet."}, "Assessed",
        [(MEETING, "falls away", date(2026, 7, 1))],
    ),
    "first-contact": (
        "referred", C, FIRST_CONTACT, "Traject started", [(MEETING, "is met", date(2026, 7, 1))],
    ),
    "first-contact, refused": (
        "referred", C, {**FIRST_CONTACT, "consent": "refused"}, "Closed",
        [(MEETING, "is met", date(2026, 7, 1))],
    ),
    "close-route": (
        "referred", C, {"on": "15/06/2026", "reason": "declined"}, "Closed",
        [(MEETING, "falls away", date(2026, 7, 1))],
    ),
    "medical-contact": (
        "sent", M, {"on": "15/06/2026", "how": "phone"}, "",
        [("Hold the medical contact of month 4", "is met, late", date(2026, 5, 4))],
    ),
    "plan": (
        "referred", C,
        {"purpose": "first_contact", "day": "22/06/2026", "time": "10:30", "how": "phone"}, "", [],
    ),
    "correction": (
        "contacted", C, {"reason": "mistake"}, "Referred to the coordinator",
        [(MEETING, "opens again", date(2026, 7, 1))],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PREVIEWS)
def test_a_preview_tells_what_will_be_and_leaves_nothing_behind(
    name: str, browse: Browse, stand: Stand
) -> None:
    state, role, data, route, expected = PREVIEWS[name]
    dossier = stand(state)
    client = browse(role)
    url = address(dossier, name.split(",")[0], "f-1" if name == "correction" else "")
    before = traces(dossier)
    answer = client.post(url, typed(dossier, preview="1", **data), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    told = answer.context["preview"]
    assert [(one.words.title, str(one.told), one.falls_on) for one in told.changes] == expected
    assert told.route == route
    for change in told.changes:
        assert change.words.why
    # The same without JavaScript, on the page itself; and then in earnest.
    page = client.post(url, typed(dossier, preview="1", **data)).content.decode()
    assert "What this will do" in page
    assert all(f"<b>{title}</b>" in page for title, _told, _day in expected)
    assert traces(dossier) == before
    assert client.post(url, typed(dossier, **data)).status_code == 302
    with scope.funds(dossier.fund_id):
        dates = set(Deadline.objects.filter(dossier=dossier).values_list("falls_on", flat=True))
    assert {day for _title, _told, day in expected} <= dates


# What is taken back in which state, to which states it goes, what then contradicts, and what becomes of the deadlines.
TAKEN_BACK: dict[str, tuple[str, str, str, list[str], str, list[str]]] = {
    "the start of the traject": (
        "started", "t-1", "First contact held", ["Traject is not there any more."], "", [],
    ),
    "a referral that was acted on": (
        "contacted", "r-1", "Assessed", [], "First contact held", ["opens again", "was closed, and disappears"],
    ),
    "an appointment": (
        "planned", "ap-1", "", ["First contact, 22/06/2026 10:00 is not there any more."], "", [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN_BACK)
def test_a_preview_of_a_correction_says_what_will_contradict(name: str, browse: Browse, stand: Stand) -> None:
    state, fact_id, route, states, contradicts, told = TAKEN_BACK[name]
    ahead = appointment(date(2026, 6, 22), "first_contact")
    dossier = stand([*STATES["referred"], ahead] if state == "planned" else state)
    data = typed(dossier, preview="1", reason="mistake")
    url = address(dossier, "correction", fact_id)
    answer = browse(C if fact_id != "r-1" else D).post(url, data, headers={"HX-Request": "true"})
    shown, page = answer.context["preview"], answer.content.decode()
    assert (shown.route, shown.states) == (route, states)
    assert (str(shown.trouble.title) if shown.trouble else "") == contradicts
    assert ("Further acts wait until that is resolved." in page) == bool(contradicts)
    assert [str(change.told) for change in shown.changes] == told
    with scope.funds(dossier.fund_id):
        assert Dossier.objects.get(pk=dossier.pk).out_of_order == ""


def test_a_preview_of_what_resolves_a_contradiction_says_so(browse: Browse, stand: Stand) -> None:
    dossier = stand("contacted")
    browse(D).post(address(dossier, "correction", "r-1"), typed(dossier, reason="mistake"))
    data = typed(dossier, preview="1", reason="mistake")
    answer = browse(C).post(address(dossier, "correction", "f-1"), data, headers={"HX-Request": "true"})
    assert answer.context["preview"].resolved
    assert "The contradiction is resolved" in answer.content.decode()


def test_a_preview_says_to_which_states_it_goes(browse: Browse, stand: Stand) -> None:
    dossier = stand([*STATES["referred"], appointment(date(2026, 6, 15), "first_contact")])
    data = typed(dossier, preview="1", **FIRST_CONTACT)
    url = address(dossier, "first-contact", APPOINTMENT)
    answer = browse(C).post(url, data, headers={"HX-Request": "true"})
    assert answer.context["preview"].states == [
        "Traject goes to: Running.", "First contact, 15/06/2026 10:00 goes to: Held.",
    ]  # fmt: skip
    moved = typed(dossier, preview="1", day="16/06/2026", time="11:00", how="phone")
    answer = browse(C).post(address(dossier, "move", APPOINTMENT), moved, headers={"HX-Request": "true"})
    assert answer.context["preview"].states == ["First contact, 15/06/2026 10:00 moves to 16/06/2026 11:00."]


def test_a_preview_says_what_is_lacking_or_wrong(browse: Browse, stand: Stand) -> None:
    dossier = stand("referred")
    client = browse(C)

    def tried(**data: str) -> str:
        data = {"preview": "1", "on": "15/06/2026", **data}
        answer = client.post(
            address(dossier, "first-contact"), typed(dossier, **data), headers={"HX-Request": "true"}
        )
        return answer.content.decode()

    assert "Still to be filled in: Form, Report, Consent for data processing." in tried()
    assert "A date is expected" in tried(on="soon")
    assert "only what has happened can be recorded" in tried(**{**FIRST_CONTACT, "on": "16/06/2026"})
    assert "Choose the first step" in tried(**{**FIRST_CONTACT, "first_step": ""})
    outdated = {**typed(dossier), **FIRST_CONTACT, "seen": 1, "preview": "1"}
    answer = client.post(address(dossier, "first-contact"), outdated, headers={"HX-Request": "true"})
    assert "Meanwhile something was recorded" in answer.content.decode()


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
    assert "You recorded something in this dossier" in answer.content.decode()
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
        "no referral that waits",
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


def test_it_returns_to_where_it_was_opened_and_never_elsewhere(browse: Browse, stand: Stand) -> None:
    dossier = stand("category 4")
    client = browse(D)
    for after, expected in (("/search", "/search"), ("https://elsewhere.example/", "/dossiers/")):
        data = {"on": "15/06/2026", "how": "phone", "note": ""}
        answer = client.post(address(dossier, "medical-contact"), typed(dossier, next=after, **data))
        assert answer["Location"].startswith(expected)
