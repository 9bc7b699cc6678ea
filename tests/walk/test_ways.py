"""Each of the three routes can be taken to each result of the law's list, by what the pages offer."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from dossiers.law import kinds
from tests.queues.settling import settle
from tests.walk.pages import Page
from tests.walk.ways import DOCTOR, FEED, RESULTS, ROUTES, Somebody, Step, in_queue, leads_to, result_of
from tnw.accounts.models import Fund, Role, User
from tnw.core import clock

ELSEWHERE = {"decisions": "decisions"}  # a page of its own, not of the dossier


class Walker:
    """Two people at their screens, who take turns: each follows the button that a page offers."""

    def __init__(self, whose: Somebody, people: dict[str, Client]) -> None:
        self.whose, self.people = whose, people
        self.day = whose.way.opens

    def go(self, steps: tuple[Step, ...]) -> None:
        for step in steps:
            self.day += timedelta(step.after)
            with clock.at(self.day, hour=10):
                self.whose.told(step) if step.by == FEED else self.act(step)

    def act(self, step: Step) -> None:
        client, key = self.people[step.by], self.whose.dossier.public_id
        page = reverse(step.page) if step.page in ELSEWHERE else reverse(step.page, args=[key])
        wanted = leads_to(step, key)
        form = self.read(client, self.read(client, page).link(wanted)).form
        assert form, f"{step.act} has no form"
        answer = client.post(form.action or wanted, form.filled(step.fields()))
        assert answer.status_code == 302, f"{step.act}: {answer.context['form'].errors}"
        if in_queue(step):
            assert settle(self.whose.dossier.fund) == (1, 0, 0)

    def read(self, client: Client, address: str) -> Page:
        return Page(client.get(address).content.decode())


@pytest.fixture
def people(coordinator: User, doctor: User, settings: Settings) -> dict[str, Client]:
    settings.WHITENOISE_AUTOREFRESH = True
    found: dict[str, Client] = {Role.COORDINATOR: Client(), DOCTOR: Client()}
    for user in (coordinator, doctor):
        found[user.roles[0]].force_login(user)
    return found


# Above two seconds: nine ways of up to eight acts, each three requests; what a route begins with they share.
@pytest.mark.parametrize("route", ROUTES)
def test_z8_each_route_to_each_result_by_what_the_pages_offer(
    route: str, people: dict[str, Client], in_fund: Fund
) -> None:
    assert set(RESULTS) == set(kinds.RESULTS)
    way = ROUTES[route]
    with clock.at(way.opens):
        walker = Walker(Somebody(in_fund, way, language="nl"), people)
    walker.go(way.steps)
    assert result_of(walker.whose.dossier) == (f"{route} running",)
    day, came_to = walker.day, {}
    for result, steps in RESULTS.items():
        with transaction.atomic():
            walker.day = day
            walker.go(steps)
            came_to[result] = result_of(walker.whose.dossier)
            transaction.set_rollback(True)
    assert came_to == {result: (f"{route} {result}",) for result in kinds.RESULTS}
