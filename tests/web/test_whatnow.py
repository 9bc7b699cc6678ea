"""What now: whose the next step is, by when, what others have to do, what is missing and what is waited for."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier
from routing.assessments import Queue
from tests.plan.test_pages import FORMAL
from tests.web.cases import APPOINTMENT, ASSESSED, SENT, STATES, address, appointment, moment
from tnw.accounts import actors
from tnw.accounts.models import Role, User
from tnw.core import clock, scope

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
C, D, M, L = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD
REFERRED = STATES["referred"]
AHEAD, LATE, PAST = date(2026, 6, 22), date(2026, 7, 6), date(2026, 6, 10)


PART = [*STATES["started"], fact("reintegration_started", date(2026, 6, 9), "re-1", condition=1)]
DRAWN_UP = [*PART, fact("declaration_drawn_up", date(2026, 6, 9), "de-1", "d-1")]


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
    "the formal part waits for its declaration before a follow-up": (
        PART, C, "Draw up the engagement declaration", "",
    ),
    "and then for the signatures": (
        DRAWN_UP, C, "Let the insured person sign the declaration", "",
    ),
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
RETURN = "Insured person: Return the questionnaire"
NOTHING: dict[str, tuple[str | Sequence[Fact], Role, list[str], list[str]]] = {
    # The state, who looks, what others have to do, and what is waited for.
    "the doctor waits for the coordinator": ("referred", D, ["Coordinator: Plan the first contact", HELP, RETURN], []),
    "the coordinator waits for the doctor": (
        "category 4", C,
        ["Advisory doctor: Refer to the coordinator", "Advisory doctor: Record a medical contact", RETURN], [],
    ),
    "the coordinator waits for the appointment": (
        [*REFERRED, appointment(AHEAD, "first_contact")], C,
        ["Advisory doctor: Record a medical contact", RETURN], ["First contact, planned on 22/06/2026 10:00"],
    ),
    "a team lead looks on": (
        "referred", L,
        ["Coordinator: Plan the first contact", HELP, "Advisory doctor: Record a medical contact", RETURN], [],
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
    "no interview for the plan": (FORMAL, ["No appointment for the interview for the plan."]),
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


def test_r1_a_referral_waits_until_the_traject_ends(browse: Browse, stand: Stand) -> None:
    """Assessed in category 4 while a traject runs, it is refused, and nobody is sent to it (T23)."""
    dossier = stand([*STATES["started"], fact("assessment_made", date(2026, 6, 11), "a-9", category=4)])
    late = date(2026, 6, 22)
    client = browse(D)
    now = now_of(client, dossier, late).context["now"]
    assert "Refer after category 4 (Advisory doctor): it waits until the traject ends" in now.waits
    assert not [line for line in now.due if line.row.rule == "T23"]
    with clock.at(late):
        queue = Queue(actors.of_user(User.objects.get(roles=[D])), late)
        with scope.funds(dossier.fund_id):
            assert (queue.number(), list(queue.ahead(None))) == (0, [])
        (line,) = [one for one in client.get(reverse("home")).context["page"].lines if one.held_up]
        assert (line.deadline.rule, line.step) == ("T23", "")
        assert "waits until the traject ends" in client.get(reverse("home")).content.decode()


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


def test_b3_the_first_contact_after_a_request_is_planned_by_its_date(browse: Browse, stand: Stand) -> None:
    now = now_of(browse(C), stand([SENT, WITH_ANSWERS, REQUESTED])).context["now"]
    assert (now.next.title, now.next.line.row.rule) == ("Plan the first contact", "T8")


@pytest.mark.parametrize(("role", "due"), [(D, True), (C, False), (L, False)])
def test_what_is_overdue_and_no_act_serves_is_still_to_do(
    role: Role, due: bool, browse: Browse, stand: Stand
) -> None:
    """A request has the coordinator send the questionnaire: T1, which is the doctor's, stands beside that."""
    answer = now_of(browse(role), stand([REQUESTED]))
    now, page = answer.context["now"], answer.content.decode()
    title = "Send the questionnaire"
    assert [(line.words.title, line.shown) for line in now.due if line.row.rule == "T1"] == (
        [(title, "overdue")] if due else []
    )
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


@pytest.mark.parametrize(
    ("act", "state"),
    [
        ("first-contact", REFERRED),
        ("first-contact-b", [SENT, WITH_ANSWERS, REQUESTED]),
    ],
)
def test_who_comes_before_the_appointment_has_been_met(
    act: str, state: Sequence[Fact], browse: Browse, stand: Stand
) -> None:
    """It can be recorded, and is nobody's next step while the appointment lies ahead; on its day it is."""
    dossier = stand([*state, appointment(AHEAD, "first_contact")])
    client = browse(C)
    now = now_of(client, dossier).context["now"]
    (one,) = [each for each in now.possible if each.url == address(dossier, act)]
    assert (one.title, one.subject, one.main) == ("Record the first contact", "", False)
    # What is meant with any other contact is told apart, and what ends the route stands last.
    titles = [each.title for each in now.possible]
    assert "Record another contact than the first" in titles
    assert "Record a contact that was held" not in titles
    assert [n for n, each in enumerate(now.possible) if "/close-route" in each.url] in ([], [len(titles) - 1])
    assert client.get(one.url).status_code == 200
    assert [each.title for each in (now.next, *now.mine) if each and each.title == one.title] == []
    now = now_of(client, dossier, AHEAD).context["now"]
    assert now.next.url == address(dossier, act, APPOINTMENT)


def test_a_formal_part_can_be_started_from_the_overview(browse: Browse, stand: Stand) -> None:
    """Where it could be; while one runs, the follow-up is planned after what that waits for."""
    now = now_of(browse(C), stand("started")).context["now"]
    assert "Start the reintegration traject" in [one.title for one in now.possible]
    assert now.next.title == "Plan a follow-up interview"
    for facts in (PART, DRAWN_UP):
        now = now_of(browse(C), stand(facts)).context["now"]
        titles = [one.title for one in (now.next, *now.mine, *now.possible)]
        assert "Start the reintegration traject" not in titles
        # What is only due comes after all that carries the dossier on.
        assert [one.title for one in now.mine if one.main][-1] == "Plan a follow-up interview"


def test_an_outcome_that_was_not_recorded_is_the_coordinators_step(browse: Browse, stand: Stand) -> None:
    client = browse(C)
    dossier = stand([*STATES["started"], appointment(PAST, "follow_up")])
    now = now_of(client, dossier).context["now"]
    assert now.next.title == "Record the contact of 10/06/2026"
    assert now.next.url == address(dossier, "hold-contact", APPOINTMENT)
    now = now_of(client, stand([*STATES["referred"], appointment(PAST, "first_contact")])).context["now"]
    assert now.next.title == "Record the first contact"
    assert now.next.leads_to == "What came of the appointment of 10/06/2026 is not recorded."
    unused = [SENT, ASSESSED[4], appointment(PAST, "first_contact")]
    missing = now_of(client, stand(unused)).context["now"].missing
    assert "The outcome of the appointment of 10/06/2026 (First contact): see Contacts." in missing


def test_an_appointment_is_told_of_once(browse: Browse, stand: Stand) -> None:
    dossier = stand([*REFERRED, appointment(PAST, "first_contact")])
    now = now_of(browse(C), dossier).context["now"]
    urls = [now.next.url, *(one.url for one in (*now.mine, *now.possible))]
    assert sum("first-contact" in url for url in urls) == 1
    assert APPOINTMENT in now.next.url


@pytest.mark.parametrize(("role", "helps"), [(C, True), (D, False), (L, False)])
@pytest.mark.parametrize("state", ["referred", "closed"])
def test_what_the_insured_person_has_to_do_is_said_so_with_what_can_be_done_about_it(
    state: str, role: Role, helps: bool, browse: Browse, stand: Stand
) -> None:
    """It stays due until the answers came (T2); the worklist leads to the same step."""
    client, dossier = browse(role), stand(state)
    answer = now_of(client, dossier)
    now, page = answer.context["now"], answer.content.decode()
    (one,) = [one for one in now.others if one.line and one.line.row.rule == "T2"]
    assert (one.whose, one.line.shown) == ("Insured person", "overdue")
    assert not any(text.startswith(one.title) for text in now.waits)
    leads_to = client.get(reverse("dossier_step", args=[dossier.public_id, "T2"]))["Location"]
    if helps:
        assert f'href="{one.helps.url}"' in page
        assert leads_to == one.helps.url
        assert client.get(leads_to).status_code == 200
    else:
        assert one.helps is None
        assert leads_to == reverse("dossier", args=[dossier.public_id])


def test_what_is_planned_after_its_date_leads_to_the_appointment(browse: Browse, stand: Stand) -> None:
    """Overdue and waiting for the day on which it is planned."""
    facts = [SENT, WITH_ANSWERS, *REFERRED[1:], appointment(LATE, "first_contact")]
    dossier = stand(facts)
    client = browse(C)
    answer = now_of(client, dossier, date(2026, 7, 3))
    now, page = answer.context["now"], answer.content.decode()
    assert (now.next.title, now.next.line.row.rule) == ("See the appointment of 06/07/2026", "T7")
    assert now.next.url == reverse("dossier_contacts", args=[dossier.public_id]) + "#planned"
    assert "It is planned on 06/07/2026, after its legal date 01/07/2026." in page
    assert "2 days late" in now.sentence
    assert page.count("after its legal date 01/07/2026") == 1, "said once"
    assert now.due == []
    with clock.at(date(2026, 7, 3)):
        assert 'id="planned"' in client.get(now.next.url).content.decode()
        assert client.get(reverse("dossier_step", args=[dossier.public_id, "T7"]))["Location"] == now.next.url


def test_what_is_planned_late_is_the_next_appointment_not_one_of_the_past(
    browse: Browse, stand: Stand
) -> None:
    again = {"purpose": "first_contact", "at": moment(LATE), "form": "phone"}
    second = fact(
        "appointment_made", date(2026, 6, 11), "ap-2", "0190a000-0000-7000-8000-000000000002", **again
    )
    dossier = stand([*REFERRED, appointment(PAST, "first_contact"), second])
    now = now_of(browse(C), dossier, date(2026, 7, 3)).context["now"]
    assert "The first contact is planned on 06/07/2026, after its legal date 01/07/2026." in now.missing
    assert now.next.url == address(dossier, "first-contact", APPOINTMENT)


def test_t11_an_interview_is_not_recorded_before_its_day(browse: Browse, stand: Stand) -> None:
    dossier = stand([*FORMAL, appointment(AHEAD, "plan_meeting", made=date(2026, 6, 11))])
    client, title = browse(C), "Record the interview for the plan"
    now = now_of(client, dossier).context["now"]
    assert title not in [one.title for one in (now.next, *now.mine)]
    assert "Interview for the plan, planned on 22/06/2026 10:00" in now.waits
    now = now_of(client, dossier, AHEAD).context["now"]
    assert (now.next.title, now.next.line.row.rule) == (title, "T11")
    assert now.next.url == address(dossier, "hold-meeting", APPOINTMENT)


def test_what_falls_away_before_its_day_says_so_and_presses_nobody(browse: Browse, stand: Stand) -> None:
    """As in the queue: the referral would be due on 19/06/2026, the incapacity ends before."""
    assessed = fact("assessment_made", date(2026, 6, 12), "a-1", category=4)
    client = browse(D)
    for end, falls_away in (("2026-06-16", True), ("2026-06-25", False)):
        dossier = stand([SENT, assessed], end=end, end_reason="resumed")
        answer = now_of(client, dossier)
        now, page = answer.context["now"], answer.content.decode()
        pressing = [one.title for one in (now.next, *now.mine) if one]
        assert ("Refer to the coordinator" in pressing) != falls_away
        told = "Falls away on 17/06/2026, as the incapacity ends, unless it is met before."
        assert (told in page) == falls_away
        assert any(told in text for text in now.waits) == falls_away


@pytest.mark.parametrize("page", ["dossier", "dossier_traject"])
def test_the_start_of_the_formal_part_says_that_the_declaration_follows(
    page: str, browse: Browse, stand: Stand
) -> None:
    answer = browse(C).get(reverse(page, args=[stand("started").public_id])).content.decode()
    after = answer.split("Start the reintegration traject</a>")[1]
    assert "Then the engagement declaration is drawn up, and all three sign it." in after[:120]
