"""Every page in a real Chromium: no violation of WCAG, no sideways scrolling at 400 %, all of it by keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.stage import Stage
from tnw.accounts.models import Role, User


def in_language(page: Page, code: str) -> None:
    page.locator(f".foot button[value={code}]").click()
    page.wait_for_selector(f"html[lang={code}]")
    page.wait_for_load_state()  # its scripts too


def wider_than_the_window(page: Page) -> list[str]:
    """Elements that stick out to the right, where the page can be scrolled sideways."""
    page.wait_for_load_state()
    return page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.body.querySelectorAll("*")]
            .filter((element) => element.getBoundingClientRect().right > width + 1)
            .map((element) => element.tagName + "." + element.className)
            .slice(0, 5);
        }"""
    )


def test_the_checks_see(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    page.set_content("<main><img src=x><table width=900><tr><td>x</table></main>")
    assert any("image-alt" in fault for fault in violations(page))
    assert wider_than_the_window(page)


def test_contrast_is_seen_wherever_it_is_too_low(page: Page) -> None:
    """What passed once is not looked at again; what did not is, and so is the same text elsewhere."""
    for ground, faulty in (("#fff", False), ("#777", True), ("#fff", False), ("#777", True)):
        page.set_content(
            f"<html lang=nl><title>x</title><main style='background:{ground}'><h1 style='color:#555'>Aan</h1>"
            "<p style='color:#555'>een</p><p style='color:#555'>twee</p></main>"
        )
        found = [fault for fault in violations(page) if fault.startswith("color-contrast")]
        assert len(found) == (3 if faulty else 0), found


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_every_page(language: str, stage: Stage, page: Page, sign_in: Callable[[User], None]) -> None:
    faults: dict[str, Any] = {}
    signed_in_as = ""
    for name, role, path in sorted(stage.pages(), key=lambda entry: entry[1]):
        page.set_viewport_size({"width": 1280, "height": 900})
        if role != signed_in_as:
            sign_in(stage.people[role])
            signed_in_as = role
        page.goto(path)
        if page.locator("html").get_attribute("lang") != language:
            in_language(page, language)
            page.goto(path)
        for details in page.locator("main details").all():
            details.evaluate("element => { element.open = true }")
        if found := violations(page):
            faults[f"{name} axe"] = found
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            if found := wider_than_the_window(page):
                faults[f"{name} {width}"] = found
        # What a narrow window changes it changes in every language.
        if language == "nl" and (found := violations(page)):
            faults[f"{name} narrow axe"] = found
        assert page.title() != " · TNW", name
    assert faults == {}
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture


def test_results_and_faults_are_accessible_too(
    stage: Stage, page: Page, sign_in: Callable[[User], None]
) -> None:
    sign_in(stage.people[Role.COORDINATOR])
    page.get_by_role("searchbox").fill("van hee")
    page.locator(".find button").click()
    page.wait_for_selector("text=Van Hée Zoë")
    assert violations(page) == []
    assert "hee" not in page.url
    page.goto("/rules?on=31/31/2026")
    assert page.locator("#faults").is_visible()
    assert violations(page) == []
    page.locator("#faults a").click()
    assert page.evaluate("document.activeElement.name") == "on"


def test_the_ssin_appears_in_its_place(stage: Stage, page: Page, sign_in: Callable[[User], None]) -> None:
    sign_in(stage.people[Role.COORDINATOR])
    page.goto(f"/dossiers/{stage.dossiers['running'].public_id}")
    assert "***" in page.locator("#ssin").inner_text()
    address = page.url
    page.locator("#ssin button").click()
    page.wait_for_selector("#ssin:not(:has(form))")
    assert "***" not in page.locator("#ssin").inner_text()
    assert page.url == address
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture


def test_by_keyboard_alone(stage: Stage, page: Page, sign_in: Callable[[User], None]) -> None:
    sign_in(stage.people[Role.TEAM_LEAD])
    reached: list[str] = []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _step in range(200):
        page.keyboard.press("Tab")
        here = page.evaluate(
            """() => {
              const element = document.activeElement;
              const style = getComputedStyle(element);
              const box = element.getBoundingClientRect();
              const seen = style.outlineStyle !== "none" && box.width > 0 && box.height > 0;
              return element === document.body ? "end" : (seen ? "" : "unseen ") + (element.name || element.innerText);
            }"""
        )
        if here == "end":
            break
        reached.append(here)
    assert not [name for name in reached if name.startswith("unseen")]
    links = page.locator("main a, main button, .foot button, .places a:visible").count()
    assert len(reached) >= links
    page.locator("main table a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/dossiers/*")


def test_works_without_script(stage: Stage, browser: Any, live_server: Any) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(stage.people[Role.COORDINATOR].email)
    page.locator("input[name=password]").fill("een heel lang wachtwoord")
    page.locator("main button").click()
    page.goto(f"/dossiers/{stage.dossiers['running'].public_id}")
    page.locator("#ssin button").click()
    assert "***" not in page.locator("#ssin").inner_text()
    assert page.locator("h1").inner_text() == "Van Hée Zoë"
    context.close()
