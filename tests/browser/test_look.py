"""The look where it moves: places under the thumb, what stays in place, what goes to paper."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.stage import Stage
from tests.browser.test_pages import in_language
from tnw.accounts.models import Role, User

PHONE = {"width": 390, "height": 844}
# 1280 × 1024, at 400 %.
ENLARGED = {"width": 320, "height": 256}
THUMB = 44
LOW = """(least) => [...document.querySelectorAll(
    ".places > ul > li > a, .places .menu > summary, .places .menu a, .tabs a, .btn, .links a:not(.btn), "
    + ".field input:not([type=checkbox], [type=radio]), .field select")]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < least - 0.5)
  .map((element) => `${element.className} ${element.textContent.trim().slice(0, 30)}`)"""


def test_on_a_phone_with_a_thumb(stage: Stage, page: Page, sign_in: Callable[[User], None]) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # two numbers
    sign_in(stage.people[Role.TEAM_LEAD])
    page.goto(reverse("components"))
    assert page.evaluate("scrollY") == 0
    places, more = page.locator(".places"), page.locator(".places .menu")
    box = places.bounding_box()
    assert box
    assert box["y"] + box["height"] == PHONE["height"]

    more.locator("summary").click()
    expect(more.get_by_role("link").first).to_be_visible()
    assert page.evaluate(LOW, THUMB) == []
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(more.locator("summary")).to_be_focused()
    expect(more.get_by_role("link").first).to_be_hidden()

    last = page.locator("main a:visible").last
    last.focus()
    seen = last.bounding_box()
    assert seen
    assert seen["y"] + seen["height"] <= box["y"], "what has the focus is not under the places"


def test_enlarged_nothing_stays_in_the_way(stage: Stage, page: Page, sign_in: Callable[[User], None]) -> None:
    page.set_viewport_size(ENLARGED)  # type: ignore[arg-type]  # two numbers
    sign_in(stage.people[Role.COORDINATOR])
    in_language(page, "fr")
    page.goto(reverse("dossier", args=[stage.dossiers["running"].public_id]))
    stays = """() => [...document.querySelectorAll(".places, .who")]
      .map((element) => getComputedStyle(element).position)"""
    assert set(page.evaluate(stays)) == {"static"}
    assert page.evaluate("document.documentElement.scrollWidth") <= ENLARGED["width"]


def test_on_paper(stage: Stage, page: Page, sign_in: Callable[[User], None]) -> None:
    """A page of A4 is as narrow as a phone held across: tables stay tables, and nothing is there to press."""
    page.set_viewport_size({"width": 690, "height": 980})
    sign_in(stage.people[Role.COORDINATOR])
    page.goto(reverse("dossier", args=[stage.dossiers["running"].public_id]))
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    for gone in (".top", ".foot", ".tabs", "main .btn", "main form"):
        expect(page.locator(gone).first).to_be_hidden()
    table = page.locator("table.list").first
    assert table.evaluate("table => getComputedStyle(table.tHead).display") == "table-header-group"
    assert table.locator("tbody tr").first.evaluate("row => getComputedStyle(row).display") == "table-row"
    assert page.locator(".identity").evaluate("bar => parseFloat(getComputedStyle(bar).paddingTop)") > 0
    page.goto(f"{reverse('home')}?turn=doctor")
    expect(page.locator(".work .step").first).to_be_visible()
    assert page.evaluate(CUT) == []


CUT = """() => [...document.querySelectorAll(".work td, .work th, .work a, .work span")]
  .filter((element) => element.checkVisibility() && getComputedStyle(element).display !== "inline"
    && element.clientWidth < element.scrollWidth)
  .map((element) => `${element.className} ${element.textContent.trim().slice(0, 40)}`)"""
