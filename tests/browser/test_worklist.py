"""The worklist in a real Chromium: its keys, a step for many, what it remembers, and a thumb on a phone."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from dossiers import jobs
from dossiers.law.facts import fact
from tests.browser.axe import violations
from tests.browser.desk import days_ago, seed
from tests.browser.stage import Stage
from tests.browser.test_pages import wider_than_the_window
from tnw.accounts.models import Role, User
from tnw.core import clock

# What a thumb presses in a line and around the list.
TARGETS = ".work .who a, .work a.step, .work .date, .work .pick label, .counts a, .bulk .btn, .fold > summary"


def test_the_keys_of_the_list(stage: Stage, page: Page, sign_in: Callable[[User], None]) -> None:
    """Along the lines and back, to the search, to the overlay; and none of it while typing."""
    sign_in(stage.people[Role.TEAM_LEAD])
    page.goto("/")
    links = page.locator("[data-rows] tbody th[scope=row] a")
    assert links.count() > 1
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("jk?")
    expect(page.locator(".find input[type=search]")).to_have_value("jk?")
    expect(page.locator("#keys")).to_be_hidden()
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dossiers/**")


def test_a_day_in_the_list(stage: Stage, page: Page, sign_in: Callable[[User], None]) -> None:
    """Why on that day, select by key, hand over with progress; the filters stay until everything is asked for."""
    for name in ("Maes", "Claes"):
        facts = [
            fact("questionnaire_sent", days_ago(80), "q-1", channel="post", language="nl"),
            fact("assessment_made", days_ago(50), "a-1", category=4),
            fact("referral_made", days_ago(40), "r-1"),
        ]
        seed(stage, days_ago(150), facts, last_name=name)
    sign_in(coordinator := stage.people[Role.COORDINATOR])
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("w")
    why = page.locator(".because").first
    expect(why).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(why).to_be_hidden()

    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-chosen] b")).to_have_text("1")
    page.locator(".bulk .btn").first.click()
    page.locator("select[name=coordinator]").select_option(str(coordinator.public_id))
    page.locator("input[name=reason]").fill("Terug uit verlof")
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/bulk/**")
    expect(page.locator("#batch progress")).to_have_attribute("value", "0")
    jobs.bulk_steps(clock.today())
    expect(page.locator("#batch progress")).to_have_count(0)  # the page looks again by itself
    expect(page.locator("#batch tbody tr .state")).to_have_count(1)
    assert violations(page) == []

    page.goto("/")
    expect(page.locator(".side a[href*='/bulk/']")).to_have_count(1)
    page.locator(".fold > summary").click()
    page.locator("select[name=language]").select_option("nl")
    page.locator("button[name=keep]").click()
    expect(page).to_have_url(re.compile(r"/\?language=nl$"))
    page.goto("/")
    expect(page.locator(".chip")).to_have_count(1)
    page.locator(".everything").click()
    expect(page.locator(".chip")).to_have_count(0)

    page.set_viewport_size({"width": 390, "height": 844})
    small = page.locator(TARGETS).evaluate_all(
        """found => found.map(one => [one.textContent.trim(), one.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.height < 43.5 || box.width < 43.5)).map(([text]) => text)"""
    )
    assert small == []
    assert wider_than_the_window(page) == []
    page.locator(".work a.step").first.click()
    page.wait_for_url("**/dossiers/**")
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture
