"""The assessment queue over HTTP: the list, and one dossier after another, claimed and opened."""

import re
from functools import partial

from benchmarks.pages import Browser, timed


def measure(email: str, password: str) -> dict[str, tuple[float, float]]:
    """As a doctor: the pool of the own team and of the whole fund, a later page, one screen, and the next one claimed."""
    browser = Browser(email, password)
    found = {}
    addresses = {
        "first page": "/assessments",
        "later page": _later(browser, 3),
        "whole fund": "/assessments?all=1",
    }
    for what, address in addresses.items():
        found[f"assessment queue, {what}"] = timed(partial(browser.get, address))
    screen = browser.post("/assessments", browser.get("/assessments"))
    found["assessment screen"] = timed(partial(browser.get, _here(screen)))
    pages = [screen]

    def pass_over() -> None:
        last = pages[-1]
        values = dict(re.findall(r'name="(seen|after)" value="([^"]*)"', last))
        # At the end of the queue stands the list: begin again.
        path = _here(last) if "seen" in values else "/assessments"
        pages[:] = [browser.post(path, last, **values, act="skip")]

    found["the next one opened"] = timed(pass_over)
    return found


def _here(page: str) -> str:
    """The address of the screen, as its form names it."""
    address = re.search(r'action="(/dossiers/[^"]+/assess)"', page)
    assert address, "nothing is ready to be assessed"
    return address[1]


def _later(browser: Browser, number: int) -> str:
    """The address of the page so many pages on, or of the last one."""
    address = "/assessments"
    for _page in range(number):
        more = re.search(r'href="(\?after=[^"]*)"', browser.get(address))
        if more is None:
            break
        address = f"/assessments{more[1]}"
    return address
