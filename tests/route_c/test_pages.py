"""Route C on the pages: entered, refused plainly, answered, consented, followed; and who follows along."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from dossiers.law.facts import fact
from dossiers.models import Dossier
from routing.models import RouteC
from tests.route_c.conftest import INVALID_FROM, START
from tests.web.cases import address, kinds, typed
from tnw.accounts.models import Fund, Role, Team, User
from tnw.core import clock, scope
from tnw.web.dossier import standing

TODAY = date(2023, 6, 15)
Browse = Callable[..., Client]
REPORTED = fact(
    "registration_reported", date(2023, 6, 8), "r-f", "r-1", service="vdab", registered_on=date(2023, 6, 5)
)


ASKED = [
    fact("questionnaire_sent", date(2022, 3, 21), "q-1", channel="post", language="nl"),
    fact("questionnaire_received", date(2022, 3, 28), "q-2", complete=True, channel="post"),
    fact("assessment_made", date(2022, 5, 2), "a-1", category=1),
]


@pytest.fixture(autouse=True)
def _static_files(settings: Settings) -> None:
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def browse(client: Client, make_user: Callable[..., User], fund: Fund, team: Team) -> Browse:
    def sign_in(role: str) -> Client:
        client.force_login(make_user(role, fund=fund, team=team))
        return client

    return sign_in


@pytest.fixture
def dossier(dossier_of: Callable[..., Dossier]) -> Dossier:
    return dossier_of(start=START, invalidity_from=INVALID_FROM, facts=ASKED)


def row_of(dossier: Dossier) -> RouteC:
    with scope.funds(dossier.fund_id):
        return RouteC.objects.filter(dossier=dossier).latest("pk")


def tab(client: Client, dossier: Dossier) -> str:
    return client.get(reverse("dossier_traject", args=[dossier.public_id])).content.decode()


def now_of(client: Client, dossier: Dossier) -> Any:
    return client.get(reverse("dossier", args=[dossier.public_id])).context["now"]


def test_c1_c3_c4_from_the_message_to_the_steps(browse: Browse, dossier: Dossier) -> None:
    coordinator = browse(Role.COORDINATOR)
    entry = coordinator.get(address(dossier, "report-registration"))
    assert "VDAB: 01/03/2023 to 31/03/2024" in entry.content.decode()
    assert "ADG: never" in entry.content.decode()
    told = {"service": "vdab", "registered_on": "12/06/2023", "on": "15/06/2023"}
    tried = coordinator.post(address(dossier, "report-registration"), typed(dossier, preview=1, **told))
    assert "Route C goes to: Registration reported." in tried.content.decode()
    answer = coordinator.post(address(dossier, "report-registration"), typed(dossier, **told))
    assert answer.status_code == 302
    subject = row_of(dossier).subject
    now = now_of(coordinator, dossier)
    assert now.next.title == "Confirm the invalidity to the regional service"
    assert now.next.line.row.rule == "T16"
    assert "No answer to VDAB: the invalidity is to be confirmed." in now.missing
    assert coordinator.post(now.next.url, typed(dossier, on="15/06/2023")).status_code == 302
    now = now_of(coordinator, dossier)
    assert now.next.title == "Record the decision on consent"
    assert "No decision on consent after the registration with VDAB." in now.missing
    later = coordinator.post(now.next.url, typed(dossier, on="15/06/2023", consent="later"))
    assert "Say how the contact was held." in later.content.decode()
    given = {"on": "15/06/2023", "consent": "given", "how": "phone", "report": "Looks forward to it."}
    assert coordinator.post(now.next.url, typed(dossier, **given)).status_code == 302
    assert row_of(dossier).state == "traject_started"
    for day, step in (("14/06/2023", "orientation"), ("15/06/2023", "coaching"), ("15/06/2023", "coaching")):
        taken = {"on": day, "step": step, "note": f"On {day}."}
        answer = coordinator.post(address(dossier, "registration-step", subject), typed(dossier, **taken))
        assert answer.status_code == 302, answer.content.decode()
    assert kinds(dossier).count("service_step") == 2
    page = tab(coordinator, dossier)
    assert "Guided by" in page
    assert page.index("coaching: On 15/06/2023.") < page.index("orientation: On 14/06/2023.")


def test_c2_outside_the_window_it_is_refused_plainly(browse: Browse, dossier: Dossier) -> None:
    coordinator = browse(Role.COORDINATOR)
    told = {"service": "adg", "registered_on": "12/06/2023", "on": "15/06/2023"}
    tried = coordinator.post(address(dossier, "report-registration"), typed(dossier, preview=1, **told))
    assert "Route C goes to: Registration refused." in tried.content.decode()
    answer = coordinator.post(
        address(dossier, "report-registration"), typed(dossier, **told), follow=True
    ).content.decode()
    assert "The registration is refused, and only that is recorded." in answer
    why = "on that day ADG could not register anybody for it."
    assert f"The registration of 12/06/2023 cannot begin a traject: {why}" in answer
    page = tab(coordinator, dossier)
    assert "Registration refused" in page
    assert why in page
    assert kinds(dossier)[-1] == "registration_refused"
    late = {**told, "registered_on": "16/06/2023"}
    faulty = coordinator.post(address(dossier, "report-registration"), typed(dossier, **late))
    assert "later day than its report" in faulty.content.decode()


def test_c1_p4_while_recognition_is_awaited_the_denial_is_prefilled(
    browse: Browse, dossier_of: Callable[..., Dossier]
) -> None:
    dossier = dossier_of(start=START, facts=[*ASKED, REPORTED])
    coordinator = browse(Role.COORDINATOR)
    now = now_of(coordinator, dossier)
    assert now.next.title == "Deny the invalidity to the regional service"
    assert any("recognition of the invalidity" in one for one in now.waits)
    shut = coordinator.get(address(dossier, "confirm-invalidity", "r-1"))
    assert shut.status_code == 403
    assert "waits for its recognition by RIZIV" in shut.content.decode()
    form = coordinator.get(now.next.url).context["form"]
    assert form.initial["reason"] == "awaiting_recognition"
    assert set(form.fields["reason"].shut) == {"incapacity_ended"}
    denied = {"on": "15/06/2023", "reason": "awaiting_recognition", "note": "Asked in May."}
    assert coordinator.post(now.next.url, typed(dossier, **denied)).status_code == 302
    page = tab(coordinator, dossier)
    assert "once it has, the registration can be reported again" in page
    assert "Asked in May." in page


@pytest.mark.parametrize(
    ("invalid_from", "offered"),
    [
        (INVALID_FROM, ["confirm-invalidity", "refuse-registration"]),
        (None, ["deny-invalidity", "refuse-registration"]),
    ],
)
def test_c1_c2_one_way_for_each_ground_to_refuse(
    browse: Browse, dossier_of: Callable[..., Dossier], invalid_from: date | None, offered: list[str]
) -> None:
    columns = {"invalidity_from": invalid_from} if invalid_from else {}
    dossier = dossier_of(start=START, facts=[*ASKED, REPORTED], **columns)
    coordinator = browse(Role.COORDINATOR)
    page = tab(coordinator, dossier)
    answers = ("confirm-invalidity", "deny-invalidity", "refuse-registration")
    assert [one for one in answers if reverse("act", args=[dossier.public_id, one]) in page] == offered
    reasons: dict[str, list[str]] = {}
    # Each says when it is the one, and names the other two ways.
    for act, says in (
        ("report-registration", "outside these periods is refused by itself"),
        ("deny-invalidity", "refuse the registration instead"),
        ("refuse-registration", "deny the invalidity instead"),
        ("refuse-registration", "refused by itself when it was entered"),
    ):
        answer = coordinator.get(address(dossier, act, "" if act == "report-registration" else "r-1"))
        if act == "deny-invalidity" and invalid_from:
            assert answer.status_code == 403
            assert "made by mistake, is refused instead" in answer.content.decode()
            continue
        assert says in answer.content.decode(), act
        if "reason" in answer.context["form"].fields:
            reasons[act] = [code for code, _label in answer.context["form"].fields["reason"].choices]
    assert [act for act, codes in reasons.items() if "other" in codes] == ["refuse-registration"]


def test_c4_others_follow_along_and_do_nothing(browse: Browse, dossier_of: Callable[..., Dossier]) -> None:
    dossier = dossier_of(start=START, invalidity_from=INVALID_FROM, facts=[*ASKED, REPORTED])
    for role in (Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD):
        client = browse(role)
        assert "Route C: registration with VDAB" in tab(client, dossier)
        for act in ("report-registration", "confirm-invalidity", "deny-invalidity", "registration-step"):
            subject = "" if act == "report-registration" else "r-1"
            assert client.get(address(dossier, act, subject)).status_code == 403, (role, act)
    closing = browse(Role.ADVISORY_DOCTOR)
    answer = closing.post(
        address(dossier, "close-registration", "r-1"),
        typed(dossier, on="15/06/2023", reason="health", note="Surgery first."),
    )
    assert answer.status_code == 302
    assert "Surgery first." in tab(closing, dossier)
    assert "Surgery first." not in tab(browse(Role.COORDINATOR), dossier)
    refusing = browse(Role.COORDINATOR)
    assert refusing.get(address(dossier, "refuse-registration", "r-1")).status_code == 403
    assert refusing.get(address(dossier, "refuse-registration", "r-2")).status_code == 404


def test_p4_the_bar_says_what_the_incapacity_is(dossier_of: Callable[..., Dossier]) -> None:
    recognized = dossier_of(start=START, invalidity_from=INVALID_FROM).incapacity
    awaited = dossier_of(start=START).incapacity
    ended = dossier_of(start=START, end=date(2023, 5, 1), end_reason="resumed").incapacity
    expected = [
        (recognized, date(2023, 1, 9), "Primary incapacity"),
        (recognized, date(2023, 1, 10), "Invalidity"),
        (awaited, date(2023, 1, 9), "Primary incapacity"),
        (awaited, date(2023, 1, 10), "Recognition of the invalidity awaited"),
        (ended, date(2023, 6, 1), ""),
    ]
    for incapacity, day, phase in expected:
        assert str(standing(incapacity, day).phase) == phase, (day, phase)


@pytest.mark.parametrize("finding", [1, 2, 4])
def test_p5_c1_confirmed_while_health_is_in_the_way_the_doctor_is_asked_to_assess(
    browse: Browse, dossier_of: Callable[..., Dossier], finding: int
) -> None:
    unfit = fact("assessment_made", date(2023, 1, 16), "a-2", category=2)
    confirmed = fact("invalidity_confirmed", date(2023, 6, 12), "i-c", "r-1")
    facts = [*ASKED, unfit, REPORTED, confirmed]
    assess, consent = "Assess the remaining capacities", "Record the decision on consent"
    dossier = dossier_of(start=START, invalidity_from=INVALID_FROM, facts=facts)
    if finding == 1:  # nobody has found anything since
        now = now_of(browse(Role.ADVISORY_DOCTOR), dossier)
        assert (now.next.title, now.next.line) == (assess, None)
        assert (
            reverse("assess", args=[dossier.public_id])
            in browse(Role.ADVISORY_DOCTOR).get(reverse("decisions")).content.decode()
        )
        now = now_of(browse(Role.COORDINATOR), dossier)
        assert now.next is None
        assert [one.title for one in now.others] == [assess]
        assert any("health does not allow the traject" in one for one in now.waits)
        assert not any("No decision on consent" in one for one in now.missing)
        asked = browse(Role.COORDINATOR).get(address(dossier, "registration-consent", "r-1"))
        assert set(asked.context["form"].fields["consent"].shut) == {"given"}
        return
    found = fact("assessment_made", date(2023, 6, 12), "a-3", category=finding)
    dossier = dossier_of(start=START, invalidity_from=INVALID_FROM, facts=[*facts, found])
    now = now_of(browse(Role.COORDINATOR), dossier)
    assert now.next.title == consent, "the doctor has answered: it is settled with the insured"
    asked = browse(Role.COORDINATOR).get(now.next.url)
    assert bool(asked.context["form"].fields["consent"].shut) == (finding == 2)
    now = now_of(browse(Role.ADVISORY_DOCTOR), dossier)
    assert now.next is None or now.next.title != assess
    queue = browse(Role.ADVISORY_DOCTOR).get(reverse("decisions")).content.decode()
    assert reverse("assess", args=[dossier.public_id]) not in queue
