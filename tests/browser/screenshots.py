"""`python -m tests.browser.screenshots [FOLDER]`: PNGs of the main pages, desktop and phone, Dutch and French.

Of the application that runs at TNW_ADDRESS, signed in as TNW_EMAIL with TNW_PASSWORD (pages that this person may not
see are left out); without an address of one that it starts itself, with invented people.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tnw.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
django.setup()

from django.test.utils import (  # noqa: E402  # Django has to be ready
    override_settings,
    setup_databases,
    setup_test_environment,
    teardown_databases,
)
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402  # the same
from pytest_django.live_server_helper import LiveServer  # noqa: E402  # the same

from tests.browser.chromium import ARGUMENTS, executable  # noqa: E402  # the same
from tests.browser.stage import Stage, set_up  # noqa: E402  # the same
from tests.conftest import PASSWORD  # noqa: E402  # the same
from tnw.accounts.models import Role  # noqa: E402  # the same

SIZES = {"": (1280, 800), "-phone": (390, 844)}
LANGUAGES = ("nl", "fr")


class Shot(NamedTuple):
    """A page by its name: where it is, and who signs in for it."""

    name: str
    path: str
    email: str = ""
    password: str = ""


def shots_of(stage: Stage) -> list[Shot]:
    """The main pages of a stage."""
    pages = {name: (role, path) for name, role, path in stage.pages()}
    wanted = {
        "sign-in": "sign-in",
        "home": f"home-{Role.COORDINATOR}",
        "home-doctor": f"home-{Role.ADVISORY_DOCTOR}",
        "dossier": "dossier-running",
        "dossier-ended": "dossier-ended",
        "assessment": "assessment",
        "search": "search",
        "team": "team",
        "unassigned": "unassigned",
        "imports": "import",
        "rules": "rules",
        "access-log": "access-log",
        "profile": "profile",
    }
    shots = []
    for name, page in wanted.items():
        role, path = pages[page]
        email = stage.people[role].email if role else ""
        shots.append(Shot(name, path, email, PASSWORD))
    return shots


@contextmanager
def own_server() -> Iterator[tuple[str, list[Shot]]]:
    """Serve a stage from a test database, until the block ends."""
    setup_test_environment()
    databases = setup_databases(
        0, False, aliases={"default": False, "owner": False}, serialized_aliases=set()
    )
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    try:
        with override_settings(WHITENOISE_AUTOREFRESH=True, PASSWORD_HASHERS=quick):
            server = LiveServer("localhost")
            try:
                yield server.url, shots_of(set_up())
            finally:
                server.stop()
    finally:
        for connection in django.db.connections.all():
            connection.close()
        teardown_databases(databases, 0)


def sign_in(page: Page, shot: Shot) -> None:
    """Through the form, with nobody signed in before."""
    page.context.clear_cookies()
    page.goto("/account/login/")
    if shot.email:
        page.locator("input[name=login]").fill(shot.email)
        page.locator("input[name=password]").fill(shot.password)
        page.locator("main button[type=submit]").click()
        page.wait_for_url("**/")


def take(browser: Browser, address: str, shots: list[Shot], folder: Path) -> None:
    """One file for each page, language and size: `home-nl.png`, `home-nl-phone.png`."""
    page = browser.new_page(base_url=address)
    for shot in shots:
        sign_in(page, shot)
        for language in LANGUAGES:
            page.locator(f".foot button[value={language}]").click()
            page.wait_for_selector(f"html[lang={language}]")
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                answer = page.goto(shot.path)
                if answer is None or not answer.ok:
                    continue
                target = folder / f"{shot.name}-{language}{size}.png"
                page.screenshot(path=target, full_page=True)
                print(target)
    page.close()


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0] if arguments else "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        if address := os.environ.get("TNW_ADDRESS"):
            email, password = os.environ["TNW_EMAIL"], os.environ["TNW_PASSWORD"]
            paths = {"home": "/", "search": "/search", "unassigned": "/unassigned", "imports": "/imports"}
            paths |= {"rules": "/rules", "access-log": "/access-log", "profile": "/profile"}
            take(
                browser, address, [Shot(name, path, email, password) for name, path in paths.items()], folder
            )
        else:
            with own_server() as (address, shots):
                take(browser, address, shots, folder)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
