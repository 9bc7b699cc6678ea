"""A day's work from the worklist, coordinator and doctor in turn: from the assessment to a traject that runs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from dossiers.law.facts import fact
from dossiers.models import Dossier
from routing.models import RouteA
from tests import population
from tests.browser.stage import Stage
from tests.queues.settling import settle
from tnw.accounts import actors, audit
from tnw.accounts.models import Role, User
from tnw.core import clock, scope
from trajects.models import Appointment, Traject

SignIn = Callable[[User], None]
NAME = "Oosterlinck"


@pytest.fixture
def month_four(stage: Stage) -> Dossier:
    """Somebody of the coordinator's in month 4 who sent the questionnaire back."""
    start = clock.today() - timedelta(days=110)
    facts = [
        fact("questionnaire_sent", start + timedelta(68), "q-1", channel="post", language="nl"),
        fact("questionnaire_received", start + timedelta(80), "q-2", complete=True, channel="post"),
    ]
    coordinator = stage.people[Role.COORDINATOR]
    made = population.dossier(fund=coordinator.fund, start=start, facts=facts, last_name=NAME)
    with audit.acting_as(actors.system(), coordinator.fund):
        made.coordinator = coordinator
        made.save(update_fields=["coordinator"])
    return made


def machines(dossier: Dossier) -> tuple[str, list[str], list[str]]:
    """The state of the route, of the appointments and of the trajects."""
    with scope.funds(dossier.fund_id):
        return (
            RouteA.objects.get(dossier=dossier).state,
            list(Appointment.objects.filter(dossier=dossier).order_by("at").values_list("state", flat=True)),
            list(Traject.objects.filter(dossier=dossier).values_list("state", flat=True)),
        )


def test_a_day_of_a_doctor_and_a_coordinator(
    stage: Stage, month_four: Dossier, page: Page, sign_in: SignIn
) -> None:
    # The doctor finds the assessment in the worklist, judges it by keyboard and refers at once (A4, A5, T4, T23).
    sign_in(stage.people[Role.ADVISORY_DOCTOR])
    page.get_by_role("link", name=NAME).first.click()
    page.locator(".what-now .btn-primary, main .btn-primary").first.click()
    page.wait_for_url("**/assess**")
    page.keyboard.press("r")
    page.wait_for_selector("#follows .changes")
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)
    expect(page.locator("#strip .back button").first).to_be_visible()
    assert settle(month_four.fund) == (1, 0, 0)
    assert machines(month_four) == ("referred", [], [])

    # The coordinator has the first contact to plan (T7) …
    sign_in(stage.people[Role.COORDINATOR])
    page.get_by_role("link", name=NAME).first.click()
    page.locator("main .btn-primary").first.click()
    page.wait_for_url("**/do/plan**")
    ahead = clock.today() + timedelta(days=10)
    page.locator("input[name=day], input[name=at_0]").first.fill(ahead.strftime("%d/%m/%Y"))
    page.locator("input[name=time], input[name=at_1]").first.fill("10:30")
    page.locator("input[name=how][value=in_person]").check()
    page.locator("form[data-draft] .btn-primary").click()
    page.wait_for_url(f"**/dossiers/{month_four.public_id}")
    assert machines(month_four) == ("referred", ["planned"], [])

    # … but the insured calls the same day: the contact is held by phone, with consent (A6, A7).
    page.goto(f"/dossiers/{month_four.public_id}/do/first-contact")
    page.locator("input[name=how][value=phone]").check()
    page.locator("textarea[name=report]").fill("Belde zelf, wil graag beginnen.")
    page.locator("input[name=role_explained]").check()
    page.locator("input[name=consent][value=given]").check()
    page.locator("input[name=first_step][value=guidance]").check()
    page.locator("form[data-draft] .btn-primary").click()
    page.wait_for_url(f"**/dossiers/{month_four.public_id}")
    state, appointments, trajects = machines(month_four)
    assert (state, trajects) == ("traject_started", ["running"])

    # The appointment that is not needed any more is cancelled from the contacts.
    page.goto(f"/dossiers/{month_four.public_id}/contacts")
    if "planned" in appointments:
        page.locator("a[href*='/do/cancel']").first.click()
        page.locator("form[data-draft] .btn-primary").click()
        page.wait_for_url(lambda url: "/do/" not in url)
    assert machines(month_four)[1] == ["cancelled"]

    # Nothing of this is due any more, and the report stands in the history.
    page.goto(f"/dossiers/{month_four.public_id}/history")
    expect(page.locator(".story")).to_contain_text("Belde zelf, wil graag beginnen.")
    page.goto("/")
    expect(page.locator("main")).not_to_contain_text(NAME)
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture
