"""The appointments above the worklist: of today, and of the past without an outcome, for whom they are."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.models import Dossier
from tests.web.cases import STATES, TODAY, appointment
from tnw.accounts import actors, audit
from tnw.accounts.models import Deputy, Fund, Role, Team, User
from tnw.core import scope
from tnw.web.worklist import appointments

Stand = Callable[..., Dossier]
PAST, AHEAD = date(2026, 6, 10), date(2026, 6, 22)
FIRST, EXAMINED = "first_contact", "medical_examination"
C, D, M, L = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD


def seen(client: Client, user: User, query: str = "") -> tuple[list[str], list[str]]:
    client.force_login(user)
    answer = client.get(f"{reverse('home')}?{query}")
    assert answer.status_code == 200
    agenda = answer.context["agenda"]
    return tuple([item.appointment.purpose for item in items] for items in (agenda.today, agenda.past))  # type: ignore[return-value]


@pytest.fixture
def met(stand: Stand, make_user: Callable[..., User], fund: Fund, team: Team) -> Callable[..., Dossier]:
    """A dossier of a coordinator, with an appointment."""

    def make(on: date, purpose: str, coordinator: User, **columns: object) -> Dossier:
        dossier = stand([*STATES["referred"], appointment(on, purpose)], **columns)
        with scope.funds(fund.pk):
            Dossier.objects.filter(pk=dossier.pk).update(coordinator=coordinator, team=team)
        return dossier

    return make


# The day and the purpose of an appointment; who sees it as of today, and who as without an outcome.
AGENDA: dict[str, tuple[date, str, set[Role], set[Role]]] = {
    "first contact today": (TODAY, FIRST, {C}, set()),
    "first contact past": (PAST, FIRST, set(), {C, L}),
    "first contact ahead": (AHEAD, FIRST, set(), set()),
    "examination today": (TODAY, EXAMINED, {D, M}, set()),
    "examination past": (PAST, EXAMINED, set(), {D, M, L}),
}


@pytest.mark.parametrize("name", AGENDA)
def test_whose_appointments_stand_at_home(
    name: str,
    met: Callable[..., Dossier],
    make_user: Callable[..., User],
    client: Client,
    fund: Fund,
    team: Team,
) -> None:
    on, purpose, today, past = AGENDA[name]
    users = {role: make_user(role, fund=fund, team=team) for role in (C, D, M, L)}
    with scope.funds(fund.pk):
        Team.objects.filter(pk=team.pk).update(lead=users[L])
    dossier = met(on, purpose, users[C])
    for role, user in users.items():
        assert seen(client, user) == (
            [purpose] if role in today else [],
            [purpose] if role in past else [],
        ), role
    page = client.get(reverse("home")).content.decode()
    assert (reverse("dossier_contacts", args=[dossier.public_id]) in page) == (L in past)
    assert ("outcome not recorded" in page) == (L in past)


def test_of_colleagues_only_while_standing_in(
    met: Callable[..., Dossier], make_user: Callable[..., User], client: Client, fund: Fund, team: Team
) -> None:
    mine, away = (make_user(C, fund=fund, team=team) for _one in range(2))
    met(TODAY, FIRST, away)
    assert seen(client, mine) == ([], [])
    with audit.acting_as(actors.system(), fund):
        Deputy.objects.create(fund=fund, user=away, deputy=mine, first_day=TODAY, last_day=TODAY)
    assert seen(client, mine) == ([FIRST], [])
    assert f"for {away.name}" in client.get(reverse("home")).content.decode()
    for page in ("home", "silent"):
        told = client.get(reverse(page)).content.decode()
        assert f"You stand in for {away.name} until {TODAY:%d/%m/%Y}" in told, page
    assert seen(client, mine, "whose=mine") == ([], [])


@pytest.mark.parametrize(
    ("columns", "there"),
    [
        ({"end": "2026-06-12", "end_reason": "resumed"}, True),
        ({"end": "2026-06-09", "end_reason": "resumed"}, False),
    ],
)
def test_after_the_end_no_outcome_is_asked(
    columns: dict[str, str], there: bool, met: Callable[..., Dossier], coordinator: User, client: Client
) -> None:
    met(PAST, FIRST, coordinator, **columns)
    assert seen(client, coordinator) == ([], [FIRST] if there else [])


def test_filters_on_the_dossier_hold_and_those_on_deadlines_hide_it(
    met: Callable[..., Dossier], coordinator: User, client: Client
) -> None:
    met(TODAY, FIRST, coordinator)
    assert seen(client, coordinator, "language=nl") == ([FIRST], [])
    assert seen(client, coordinator, "language=de") == ([], [])
    assert seen(client, coordinator, "bucket=overdue") == ([], [])


def test_it_is_counted_and_not_all_of_it_shown(
    met: Callable[..., Dossier], coordinator: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appointments, "SHOWN", 1)
    monkeypatch.setattr(appointments, "COUNTED", 2)
    for _one in range(3):
        met(PAST, FIRST, coordinator)
    client.force_login(coordinator)
    answer = client.get(reverse("home"))
    agenda = answer.context["agenda"]
    assert (len(agenda.past), agenda.number) == (1, "2+")
    assert "2+ past without an outcome" in answer.content.decode()


@pytest.mark.parametrize("on", [PAST, date(2025, 12, 30)])
def test_a_day_of_another_year_is_told_with_its_year(
    on: date, met: Callable[..., Dossier], coordinator: User, client: Client
) -> None:
    met(on, FIRST, coordinator)
    client.force_login(coordinator)
    page = client.get(reverse("home")).content.decode()
    assert (f">{on:%d/%m/%Y} 10:00<" in page) == (on.year != TODAY.year)
    assert (f">{on:%d/%m} 10:00<" in page) == (on.year == TODAY.year)


def test_what_is_overdue_stands_before_the_appointments(
    met: Callable[..., Dossier], coordinator: User, client: Client
) -> None:
    """On a phone all of it stands below each other, in the order of the page."""
    met(PAST, FIRST, coordinator)
    client.force_login(coordinator)
    page = client.get(reverse("home")).content.decode()
    places = ["counts strip", 'href="#agenda"', "first-day at-home slim", 'id="list"', 'id="agenda"']
    assert sorted(places, key=page.index) == places
