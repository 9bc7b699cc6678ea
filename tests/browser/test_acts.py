"""Acts in a real Chromium: the preview beside the form, what is typed survives, a second click sends nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from dossiers.law.facts import fact
from dossiers.models import Dossier, LedgerEntry
from tests import population
from tests.browser.axe import violations
from tests.browser.stage import Stage
from tests.browser.test_pages import wider_than_the_window
from tests.conftest import PASSWORD
from tnw.accounts.models import Role, User
from tnw.core import clock, scope

SignIn = Callable[[User], None]


@pytest.fixture
def referred(stage: Stage) -> Dossier:
    start = clock.today() - timedelta(days=160)
    facts = [
        fact("questionnaire_sent", start + timedelta(70), "q-1", channel="post", language="nl"),
        fact("assessment_made", start + timedelta(120), "a-1", category=4),
        fact("referral_made", start + timedelta(155), "r-1"),
    ]
    return population.dossier(fund=stage.people[Role.COORDINATOR].fund, start=start, facts=facts)


def act(dossier: Dossier, slug: str) -> str:
    return reverse("act", args=[dossier.public_id, slug])


def held(dossier: Dossier) -> int:
    with scope.funds(dossier.fund_id):
        return LedgerEntry.objects.filter(dossier=dossier, kind="first_contact_held").count()


def fill(page: Page) -> None:
    page.locator("input[name=how][value=phone]").check()
    page.locator("textarea[name=report]").fill("Elk woord hiervan blijft staan.")
    page.locator("input[name=role_explained]").check()
    page.locator("input[name=consent][value=given]").check()
    page.locator("input[name=first_step][value=guidance]").check()


def test_the_preview_follows_what_is_typed(
    stage: Stage, referred: Dossier, page: Page, sign_in: SignIn
) -> None:
    sign_in(stage.people[Role.COORDINATOR])
    page.goto(act(referred, "first-contact"))
    preview = page.locator("#preview")
    expect(preview.locator(".soft")).to_be_visible()
    fill(page)
    expect(preview.locator(".changes li")).to_have_count(1)
    assert held(referred) == 0
    assert not page.wrong  # type: ignore[attr-defined]  # set where the page is made


def test_what_is_typed_survives_the_end_of_the_session(
    stage: Stage, referred: Dossier, page: Page, sign_in: SignIn
) -> None:
    coordinator = stage.people[Role.COORDINATOR]
    sign_in(coordinator)
    page.goto(act(referred, "first-contact"))
    fill(page)
    expect(page.locator("#preview .changes li")).to_have_count(1)  # nothing is on its way any more
    Session.objects.all().delete()
    page.locator("form[data-draft] .btn-primary").click()
    page.wait_for_url("**/account/login/**")
    page.get_by_role("textbox").first.fill(coordinator.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/first-contact")
    expect(page.locator("textarea[name=report]")).to_have_value("Elk woord hiervan blijft staan.")
    expect(page.locator("input[name=consent][value=given]")).to_be_checked()
    expect(page.locator("[data-restored]")).to_be_visible()
    page.locator("form[data-draft] .btn-primary").dblclick()
    page.wait_for_url(f"**/dossiers/{referred.public_id}")
    assert held(referred) == 1
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft'))") == []
    assert not page.wrong  # type: ignore[attr-defined]  # the same


def test_a_draft_is_discarded_and_goes_with_the_sign_out(
    stage: Stage, referred: Dossier, page: Page, sign_in: SignIn
) -> None:
    sign_in(stage.people[Role.COORDINATOR])
    report = page.locator("textarea[name=report]")
    page.goto(act(referred, "first-contact"))
    report.fill("Weg ermee.")
    page.goto(act(referred, "first-contact"))
    expect(report).to_have_value("Weg ermee.")
    page.locator("[data-discard]").click()
    expect(report).to_have_value("")
    report.fill("Ook weg.")
    page.evaluate("sessionStorage.setItem('draft somebody-else /dossiers/', '[]')")
    page.goto(reverse("home"))
    kept = page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft'))")
    assert len(kept) == 1, "what somebody else typed goes with any page, one's own stays"
    page.locator("details.me summary").click()
    page.locator("details.me form[action*=logout] button").click()
    page.wait_for_url("**/account/login/**")
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft'))") == []


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_the_pages_of_acts(
    language: str, stage: Stage, referred: Dossier, page: Page, sign_in: SignIn
) -> None:
    sign_in(stage.people[Role.COORDINATOR])
    page.locator(f".foot button[value={language}]").click()
    page.wait_for_selector(f"html[lang={language}]")
    outdated = "document.querySelector('[name=seen]').value = 1"
    faults: dict[str, object] = {}
    overview = reverse("dossier", args=[referred.public_id])
    for name, path, then in (
        ("overview", overview, ""),
        ("contacts", reverse("dossier_contacts", args=[referred.public_id]), ""),
        ("form", act(referred, "first-contact"), ""),
        ("refused", act(referred, "first-contact"), "true"),
        ("conflict", act(referred, "plan"), outdated),
        ("closed", act(referred, "refer"), ""),
    ):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        if then:
            page.evaluate(then)
            page.locator("form[data-draft] .btn-primary").click()
            page.wait_for_selector("[data-focus]:focus")
        faults[name] = violations(page)
        page.set_viewport_size({"width": 320, "height": 800})
        faults[f"{name} narrow"] = wider_than_the_window(page)
    assert {name: found for name, found in faults.items() if found} == {}
    assert not page.wrong  # type: ignore[attr-defined]  # the same
