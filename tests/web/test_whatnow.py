"""What now: whose the next step is, by when, what others have to do, what is missing and what is waited for."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier
from tests.web.cases import APPOINTMENT, ASSESSED, SENT, STATES, address, appointment
from tnw.accounts.models import Role
from tnw.core import clock

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
C, D, M, L = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD
REFERRED = STATES["referred"]
AHEAD, LATE, PAST = date(2026, 6, 22), date(2026, 7, 6), date(2026, 6, 10)


def now_of(client: Client, dossier: Dossier, today: date | None = None) -> Any:
    url = reverse("dossier", args=[dossier.public_id])
    with clock.at(today or clock.today()):
        return client.get(url)


# On 15/06/2026, in month 6: the state, who looks, and what is to be done first, with the rule that it serves.
NEXT: dict[str, tuple[str | Sequence[Fact], Role, str, str]] = {
    "doctor assesses": ("sent", D, "Assess the remaining capacities", "T4"),
    "medical team assesses": ("sent", M, "Assess the remaining capacities", "T4"),
    "doctor sees what is only due after that": ([SENT, ASSESSED[3]], D, "Record a medical contact", "T17"),
    "doctor refers": ("category 4", D, "Refer to the coordinator", "T23"),
    "coordinator plans": ("referred", C, "Plan the first contact", "T7"),
    "coordinator records": (
        [*REFERRED, appointment(PAST, "first_contact")], C, "Record the first contact", "T7",
    ),
    "coordinator asks again": ("contacted", C, "Record the decision on consent", ""),
    "coordinator follows up": ("started", C, "Plan a follow-up interview", ""),
    "what was planned has to be told": (
        [*REFERRED, appointment(PAST, "medical_examination")], D, "Record a medical contact", "T17",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NEXT)
def test_the_one_next_step(name: str, browse: Browse, stand: Stand) -> None:
    state, role, title, rule = NEXT[name]
    dossier = stand(state)
    answer = now_of(browse(role), dossier)
    now = answer.context["now"]
    assert now.next is not None
    assert now.next.title == title
    assert (now.next.line.row.rule if now.next.line else "") == rule
    page = answer.content.decode()
    assert page.count("btn-primary") == 1
    if now.next.line:
        assert now.next.line.words.title in page
    assert answer.client.get(now.next.url).status_code == 200


# No answer came in March, which stays due.
HELP = "Coordinator: Record the help with the questionnaire"
NOTHING: dict[str, tuple[str | Sequence[Fact], Role, list[str], list[str]]] = {
    # The state, who looks, what others have to do, and what is waited for.
    "the doctor waits for the coordinator": ("referred", D, ["Coordinator: Plan the first contact", HELP], []),
    "the coordinator waits for the doctor": (
        "category 4", C,
        ["Advisory doctor: Refer to the coordinator", "Advisory doctor: Record a medical contact"], [],
    ),
    "the coordinator waits for the appointment": (
        [*REFERRED, appointment(AHEAD, "first_contact")], C,
        ["Advisory doctor: Record a medical contact"], ["First contact, planned on 22/06/2026 10:00"],
    ),
    "a team lead looks on": (
        "referred", L,
        ["Coordinator: Plan the first contact", HELP, "Advisory doctor: Record a medical contact"], [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING)
def test_what_others_do_and_what_is_waited_for(name: str, browse: Browse, stand: Stand) -> None:
    state, role, others, waits = NOTHING[name]
    answer = now_of(browse(role), stand(state))
    now = answer.context["now"]
    assert sorted(f"{one.whose}: {one.title}" for one in now.others) == sorted(others)
    assert [text for text in waits if text not in now.waits] == []
    if role == L:
        assert now.next is None
        assert "Nothing has to be done by you now." in answer.content.decode()
    elif role == C:
        assert now.next.title in HELP


MISSING: dict[str, tuple[str | Sequence[Fact], list[str]]] = {
    "no questionnaire": ("sent", ["No complete questionnaire: the assessment does not have to wait for it."]),
    "no appointment": ("referred", ["No appointment for the first contact."]),
    "planned in time": ([*REFERRED, appointment(AHEAD, "first_contact")], []),
    "planned too late": (
        [*REFERRED, appointment(LATE, "first_contact")],
        ["The first contact is planned on 06/07/2026, after its legal date 01/07/2026."],
    ),
    "no follow-up": ("started", ["No appointment for a follow-up interview."]),
    "follow-up planned": ([*STATES["started"], appointment(AHEAD, "follow_up")], []),
}


@pytest.mark.parametrize("name", MISSING)
def test_what_is_missing(name: str, browse: Browse, stand: Stand) -> None:
    state, expected = MISSING[name]
    missing = now_of(browse(C), stand(state)).context["now"].missing
    assert [text for text in missing if text != "No coordinator."] == expected


def test_nobody_coordinates(browse: Browse, stand: Stand) -> None:
    dossier = stand("sent")  # while nobody of the fund coordinates yet
    assert "No coordinator." in now_of(browse(L), dossier).context["now"].missing


def test_what_is_looked_at_again_is_work_when_its_day_comes_near(browse: Browse, stand: Stand) -> None:
    dossier = stand([SENT, ASSESSED[3]])  # to look at again by 04/07/2026, a Saturday: by 03/07/2026
    client = browse(D)
    for today, title in (
        (date(2026, 6, 15), "Record a medical contact"),
        (date(2026, 6, 19), "Record a medical contact"),
        (date(2026, 6, 20), "Record a medical contact"),
    ):
        now = now_of(client, dossier, today).context["now"]
        assert now.next.title == title
        assess = [one.title for one in (*now.mine, *now.possible)]
        assert "Assess the remaining capacities" in assess
        near = today >= date(2026, 6, 19)
        assert ("Assess the remaining capacities" in [one.title for one in now.mine]) == near


def test_a_step_that_is_shut_says_why(browse: Browse, stand: Stand) -> None:
    page = now_of(browse(D), stand("category 2")).content.decode()
    assert "Refer to the coordinator: After category 2 a referral needs a new assessment first." in page


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"cause": "work_accident"}, "This incapacity is excluded"),
        ({"end": "2026-06-01", "end_reason": "resumed"}, "The incapacity had ended by that day."),
    ],
)
def test_nothing_can_be_done_where_it_is_over(
    columns: dict[str, str], told: str, browse: Browse, stand: Stand
) -> None:
    answer = now_of(browse(C), stand("category 4", **columns))
    now = answer.context["now"]
    assert now.next is None
    assert told in answer.content.decode()
    assert bool(now.possible) == ("end" in columns)  # what happened before the end can still be recorded


REQUESTED = fact("contact_requested", date(2026, 5, 4), "b-1")
WITH_ANSWERS = fact("questionnaire_received", date(2026, 5, 4), "qr-1", complete=True, channel="post")


@pytest.mark.parametrize(("role", "due"), [(C, True), (D, False), (L, False)])
def test_what_is_overdue_and_no_act_serves_is_still_to_do(
    role: Role, due: bool, browse: Browse, stand: Stand
) -> None:
    answer = now_of(browse(role), stand([SENT, WITH_ANSWERS, REQUESTED]))
    now, page = answer.context["now"], answer.content.decode()
    title = "Hold the first contact after a request"
    assert [(line.words.title, line.shown) for line in now.due] == ([(title, "overdue")] if due else [])
    assert ("To do by you" in page) == due
    assert any(text.startswith(title) for text in now.waits) != due
    if due:
        assert now.due[0].words.why in page
        assert "Nothing has to be done by you now." not in page


@pytest.mark.parametrize("act", ["plan", "close-route", "send-questionnaire"])
def test_nothing_that_looks_ahead_is_offered_after_the_end(act: str, browse: Browse, stand: Stand) -> None:
    dossier = stand("category 4", end="2026-06-01", end_reason="resumed")
    client = browse(C)
    now = now_of(client, dossier).context["now"]
    beside = client.get(reverse("dossier_contacts", args=[dossier.public_id])).content.decode()
    url = address(dossier, act)
    assert not any(one.url.startswith(url) for one in now.possible)
    assert url not in beside
    answer = client.get(url)
    assert answer.status_code == 403
    assert "The incapacity had ended by that day." in answer.content.decode()
    # What was held before the end is still recorded.
    assert any("hold-contact" in one.url for one in now.possible)
    assert client.get(address(dossier, "hold-contact")).status_code == 200


def test_an_outcome_that_was_not_recorded_is_the_coordinators_step(browse: Browse, stand: Stand) -> None:
    client = browse(C)
    now = now_of(client, stand([*STATES["started"], appointment(PAST, "follow_up")])).context["now"]
    assert now.next.title == "Record a contact that was held"
    now = now_of(client, stand([*STATES["referred"], appointment(PAST, "first_contact")])).context["now"]
    assert now.next.title == "Record the first contact"
    unused = [SENT, ASSESSED[4], appointment(PAST, "first_contact")]
    missing = now_of(client, stand(unused)).context["now"].missing
    assert "The outcome of the appointment of 10/06/2026 (First contact): see Contacts." in missing


def test_an_appointment_is_told_of_once(browse: Browse, stand: Stand) -> None:
    dossier = stand([*REFERRED, appointment(PAST, "first_contact")])
    now = now_of(browse(C), dossier).context["now"]
    urls = [now.next.url, *(one.url for one in (*now.mine, *now.possible))]
    assert sum("first-contact" in url for url in urls) == 1
    assert APPOINTMENT in now.next.url
