"""The timeline in a real Chromium: letters as wide as they were measured, by keyboard, mouse and thumb, nl and fr."""

from collections.abc import Callable
from typing import Any

import pypdfium2
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.stage import Stage
from tests.browser.test_pages import in_language, wider_than_the_window
from tnw.accounts.models import Role, User

# Words and heads that touch, as the browser draws them.
TOUCHING = """() => {
  const boxes = [...document.querySelectorAll(".picture text:not(.n, .band text), .sign.flag > path:not(.stem), "
    + ".sign.mark > :is(path, circle, rect):not(.stem, .target)")].map((one) => [one, one.getBBox()]);
  const found = [];
  boxes.forEach(([one, a], at) => boxes.slice(at + 1).forEach(([other, b]) => {
    const apart = a.x + a.width <= b.x + 0.5 || b.x + b.width <= a.x + 0.5
      || a.y + a.height * 0.85 <= b.y + 1 || b.y + b.height * 0.85 <= a.y + 1;
    if (!apart) found.push(`${one.textContent || one.tagName} | ${other.textContent || other.tagName}`);
  }));
  const width = document.querySelector(".picture").viewBox.baseVal.width;
  return found.concat(boxes.filter(([, box]) => box.x + box.width > width).map(([one]) => `out: ${one.textContent}`));
}"""


# Signs of which the explanation lies outside of the window, each with the sign at the bottom of it and on top.
OUTSIDE = """() => {
  const told = document.querySelector("[data-told]");
  const found = [];
  for (const sign of document.querySelectorAll(".sign")) {
    for (const block of ["end", "start"]) {
      sign.scrollIntoView({ block, inline: "nearest" });
      sign.dispatchEvent(new PointerEvent("pointerover", { bubbles: true, pointerType: "mouse" }));
      const { left, top, right, bottom } = told.getBoundingClientRect();
      if (told.hidden || left < 0 || top < 0 || right > innerWidth || bottom > innerHeight)
        found.push(`${block}: ${told.innerText.split("\\n")[0]} ${[left, top, right, bottom].map(Math.round)}`);
    }
  }
  return found;
}"""


def test_the_timeline(stage: Stage, page: Page, sign_in: Callable[[User], None]) -> None:
    sign_in(stage.people[Role.COORDINATOR])
    address = f"/dossiers/{stage.dossiers['running'].public_id}"
    for language in ("nl", "fr"):
        page.goto(address)
        if page.locator("html").get_attribute("lang") != language:
            in_language(page, language)
            page.goto(address)
        page.evaluate("document.fonts.ready")
        assert page.evaluate(TOUCHING) == []
        by_keyboard(page)
        assert violations(page) == []
    by_mouse(page)
    stays_in_the_window(page)
    through_another_window(page)
    on_paper(page, address)
    under_a_thumb(page, address)
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture


def by_keyboard(page: Page) -> None:
    """One stop on the way; arrows go along it, and each says what, when and why."""
    told = page.locator("[data-told]")
    assert page.locator(".sign[tabindex='0']").count() == 1
    page.locator(".sign[tabindex='0']").focus()
    page.keyboard.press("Home")
    first = page.locator(".sign").first
    expect(first).to_be_focused()
    expect(told).to_be_visible()
    before = told.inner_text()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".sign").nth(1)).to_be_focused()
    assert told.inner_text() != before
    page.keyboard.press("End")
    expect(page.locator(".sign").last).to_be_focused()
    flag = page.locator(".sign.flag:not([data-of])").last
    flag.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    expect(flag).to_be_focused()
    key = flag.get_attribute("href")
    why = page.locator(f"{key} p").nth(1).text_content()
    assert why
    assert why in (told.text_content() or "")
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    flag.focus()
    page.keyboard.press("ArrowLeft")
    expect(told).to_be_visible()


def by_mouse(page: Page) -> None:
    told = page.locator("[data-told]")
    page.locator("h1").click()
    expect(told).to_be_hidden()
    mark = page.locator(".sign.mark[data-of]").first
    mark.locator("> rect").last.hover()
    expect(told).to_be_visible()
    assert told.locator("> div").count() == len((mark.get_attribute("data-of") or "").split())
    told.hover()  # what explains can be gone to, and stays
    expect(told).to_be_visible()
    page.locator("h1").hover()
    expect(told).to_be_hidden()


def stays_in_the_window(page: Page) -> None:
    """What explains a sign at the bottom of the window, or at its side, is read without scrolling."""
    assert page.evaluate(OUTSIDE) == []
    page.mouse.move(0, 0)
    page.keyboard.press("Escape")


def through_another_window(page: Page) -> None:
    whole = page.locator("[data-pane] .sign").count()
    page.locator("#zoom-last").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#zoom-last")).to_have_attribute("aria-current", "true")
    expect(page.locator("#zoom-last")).to_be_focused()
    expect(page.locator(".sign[tabindex='0']")).to_have_count(1)
    assert page.locator("[data-pane] .sign").count() < whole
    assert violations(page) == []
    page.locator("#zoom-whole").click()
    expect(page.locator("#zoom-whole")).to_have_attribute("aria-current", "true")


def on_paper(page: Page, address: str) -> None:
    """Two pages without a gap between, and the whole time however near the screen looks."""
    page.goto(f"{address}?show=last")
    whole, part = page.locator(".printed .picture"), page.locator("[data-pane]")
    expect(whole).to_be_hidden()
    paper = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    # Where letters stand apart the text has spaces of its own.
    pages = ["".join(one.get_textpage().get_text_bounded().split()) for one in paper]
    paper.close()
    assert len(pages) == 2
    headings = ["Etmaintenant", "Échéances", "Lignedutemps"]
    assert [text for text in headings if text in pages[0]] == headings[:2]
    assert headings[2] in pages[1]
    page.emulate_media(media="print")
    expect(whole).to_be_visible()
    expect(part).to_be_hidden()
    assert whole.locator(".sign").count() > part.locator(".sign").count()
    page.emulate_media(media="screen")
    page.goto(f"{address}?show=whole")
    expect(whole).to_have_count(0)


def under_a_thumb(page: Page, address: str) -> None:
    """On a phone the drawing moves in its own sheet, and begins with today in view."""
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address)
        assert wider_than_the_window(page) == []
        seen: Any = page.locator(".today-line").bounding_box()
        assert seen
        assert 0 < seen["x"] < width
        mark = page.locator(".sign[data-start]")
        mark.scroll_into_view_if_needed()
        mark.locator("> :is(path, circle, rect):not(.stem)").last.click()
        expect(page.locator("[data-told]")).to_be_visible()
        assert wider_than_the_window(page) == []
        assert page.evaluate(OUTSIDE) == []
