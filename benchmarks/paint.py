"""How soon a page is there for the eye: the largest paint in Chromium."""

import statistics
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from benchmarks.pages import BASE
from tests.browser.chromium import ARGUMENTS, executable

LOOKS = 20
LARGEST = """() => new Promise((told) => {
  new PerformanceObserver((list) => told(list.getEntries().at(-1).startTime))
    .observe({type: "largest-contentful-paint", buffered: true});
})"""


class Seen(NamedTuple):
    """The largest paint in milliseconds: median and worst of all looks."""

    median: float
    worst: float


def measure(email: str, password: str, dossiers: list[str]) -> dict[str, Seen]:
    """The worklist and dossiers of somebody who signs in, each in a window of 1280 by 900."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        try:
            found = {}
            for name, paths in (("worklist", ["/"]), ("dossier", [f"/dossiers/{one}" for one in dossiers])):
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                page.goto(f"{BASE}/account/login/")
                page.locator("input[name=login]").fill(email)
                page.locator("input[type=password]").fill(password)
                with page.expect_navigation():
                    page.locator("main button[type=submit]").first.click()
                found[name] = _looked(page, paths)
                page.close()
            return found
        finally:
            browser.close()


def _looked(page: Page, paths: list[str]) -> Seen:
    taken = []
    for number in range(LOOKS):
        page.goto(BASE + paths[number % len(paths)])
        page.wait_for_load_state()
        taken.append(page.evaluate(LARGEST))
    return Seen(statistics.median(taken), max(taken))
