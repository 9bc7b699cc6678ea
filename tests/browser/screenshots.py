"""`make screenshots [FOLDER]`: the gallery of the README, of the demo that runs at TNW_ADDRESS (http://localhost:8000).

Twelve small PNGs of what people see: the day's screens of each role, on a desk and on a phone, in Dutch and in French.
"""

import os
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, HOME, executable

FOLDER = Path("docs/screenshots")
PASSWORD = os.environ.get("TNW_PASSWORD", "stap-voor-stap-vooruit")
DESK, TALL, PHONE = (1280, 900), (1280, 1350), (390, 844)
# So few colours as one does not see missing: a third of the size.
COLOURS = 128
MOST_BYTES = 1_500_000

COORDINATOR, COORDINATRICE = "coordinator@fund311.example", "coordinatrice@fund311.example"
DOCTOR, TEAM_LEAD = "arts@fund311.example", "teamlead@fund311.example"
RICHEST = """() => {
  const rows = [...document.querySelectorAll("main tbody th[scope=row] a")];
  return rows.map((row) => row.getAttribute("href"));
}"""


class Shot(NamedTuple):
    """A picture: its name, who signs in, and how one comes there."""

    name: str
    email: str
    go: Callable[[Page], object]
    size: tuple[int, int] = DESK


def at(path: str) -> Callable[[Page], object]:
    return lambda page: page.goto(path)


def dossier(tab: str = "") -> Callable[[Page], None]:
    """The dossier of the worklist in which most happened."""

    def go(page: Page) -> None:
        page.goto("/?all=1")
        most, best = -1, ""
        for path in dict.fromkeys(page.evaluate(RICHEST)[:12]):
            page.goto(f"{path}/history")
            if (number := page.locator(".story > li").count()) > most:
                most, best = number, path
        page.goto(best + tab)

    return go


def choosing(page: Page) -> None:
    """The agenda with the moments that are free for somebody."""
    dossier("/contacts")(page)
    target = page.locator("main a[href^='/agenda?']").first.get_attribute("href")
    assert target, page.url
    page.goto(target)
    page.locator("a[rel=next]").click()
    page.wait_for_load_state("networkidle")


def first(path: str, link: str) -> Callable[[Page], None]:
    """What the first such link of a page leads to."""

    def go(page: Page) -> None:
        page.goto(path)
        target = page.locator(link).first.get_attribute("href")
        assert target, f"{path} has no {link}"
        page.goto(target)
        page.wait_for_load_state("networkidle")

    return go


SHOTS = [
    Shot("home-nl", TEAM_LEAD, at("/")),
    Shot("dossier-nl", COORDINATOR, dossier(), TALL),
    Shot("traject-nl", COORDINATOR, dossier("/traject")),
    Shot("act-nl", COORDINATOR, first("/", "main a.step")),
    Shot("agenda-nl", COORDINATOR, choosing),
    Shot("home-fr-phone", COORDINATRICE, at("/"), PHONE),
    Shot("dossier-fr-phone", COORDINATRICE, dossier(), PHONE),
    Shot("agenda-fr-phone", COORDINATRICE, choosing, PHONE),
    Shot("assessment-nl", DOCTOR, first("/assessments?all=1", "main tbody th a")),
    Shot("figures-nl", TEAM_LEAD, at("/figures")),
    Shot("team-nl", TEAM_LEAD, at("/team")),
    Shot("rules-nl", TEAM_LEAD, at("/rules")),
]


def sign_in(browser: Browser, address: str, shot: Shot) -> Page:
    """Their first page, in the language that the picture is named after."""
    width, height = shot.size
    page = browser.new_page(base_url=address, viewport={"width": width, "height": height})
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(shot.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(HOME)
    language = shot.name.split("-")[1]
    page.locator(f".foot button[value={language}]").click()
    page.wait_for_selector(f"html[lang={language}]")
    done = page.locator("main .first-day button[type=submit]")
    if done.count():
        done.click()
        page.wait_for_load_state()
    return page


def small(picture: bytes) -> bytes:
    packed = BytesIO()
    image = Image.open(BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    return packed.getvalue()


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    address = os.environ.get("TNW_ADDRESS", "http://localhost:8000")
    total = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        for shot in SHOTS:
            page = sign_in(browser, address, shot)
            shot.go(page)
            page.evaluate("document.fonts.ready")
            picture = small(page.screenshot())
            (folder / f"{shot.name}.png").write_bytes(picture)
            total += len(picture)
            print(f"{shot.name}.png  {len(picture) // 1000} kB")
            page.close()
        browser.close()
    print(f"{total // 1000} kB in all")
    return int(total > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
