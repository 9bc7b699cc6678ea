"""The page of the API's contract in a real Chromium: no violation of WCAG, no sideways scrolling, readable on paper."""

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.test_pages import wider_than_the_window

PAGE = "/api/tnw/v1/doc"


@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_read_at_every_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(PAGE)
    assert page.locator("h1").count() == 1
    assert wider_than_the_window(page) == []
    # Hundreds of articles are made by the same few lines: axe looks at the first of each section.
    page.evaluate(
        "document.querySelectorAll('article:nth-of-type(n + 3)').forEach((one) => one.remove());"
        "document.querySelectorAll('tr:nth-of-type(n + 6), nav li:nth-of-type(n + 8)').forEach((one) => one.remove())"
    )
    assert violations(page) == []
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture


def test_a_link_of_a_problem_leads_to_it_and_paper_has_no_menu(page: Page) -> None:
    page.goto(f"{PAGE}#transitionNotAllowed")
    assert page.locator("tr:target").inner_text().startswith("urn:problem-type:tnw:transitionNotAllowed")
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator("h1").is_visible()
