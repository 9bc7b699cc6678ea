"""Figures in a real Chromium: drawn, narrow, in Dutch and French; a number leads to its list."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from routing.figures.counting import count
from routing.figures.quarter import Quarter
from routing.jobs import close_quarters
from tests.browser.axe import violations
from tests.browser.stage import Stage
from tests.browser.test_pages import wider_than_the_window
from tnw.accounts import actors, audit
from tnw.accounts.models import Role, User
from tnw.core import clock


def test_the_figures(stage: Stage, page: Page, sign_in: Callable[[User], None]) -> None:
    lead, today = stage.people[Role.TEAM_LEAD], clock.today()
    with audit.acting_as(actors.system(), lead.fund):
        close_quarters(today, lead.fund)
        count(lead.fund, today)
    sign_in(lead)
    faults = {}
    for language in ("nl", "fr"):
        page.goto("/figures")
        page.locator(f".foot button[value={language}]").click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        for address in (
            "/figures",
            f"/figures?until={Quarter.of(today - timedelta(120)).mark}",
            "/figures/inflow",
            "/figures/results",
            "/figures/first_contacts?by=language",
            "/figures/time_to_assessment",
            "/figures/inflow/list",
            "/figures/funding",
        ):
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(address)
            faults[f"{language} {address}"] = violations(page)
            for width in (390, 320) if language == "nl" else (320,):
                page.set_viewport_size({"width": width, "height": 800})
                faults[f"{language} {address} {width}"] = wider_than_the_window(page)
    assert {name: found for name, found in faults.items() if found} == {}
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/figures/inflow")
    expect(page.get_by_role("img").first).to_be_visible()
    assert page.locator("svg.chart rect").count() > 0
    page.locator(".figure-table td a").last.click()
    expect(page.locator("h1")).to_contain_text("T")
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture
