"""A real Chromium on a real server, with one fund at work in it."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.stage import Stage, set_up
from tests.conftest import PASSWORD
from tnw.accounts.models import User

# Django takes the loop of Playwright's thread for an asynchronous view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def as_in_daily_use() -> Iterator[None]:
    """Before the server starts: static files from their sources, and a password that costs nothing to check."""
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(WHITENOISE_AUTOREFRESH=True, PASSWORD_HASHERS=quick):
        yield


@pytest.fixture
def stage(live_server: Any) -> Stage:
    """A fund with people, dossiers in every state, imports and a log."""
    return set_up()


@pytest.fixture
def context(browser: Browser, live_server: Any) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=live_server.url, locale="nl-BE", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab in which an error of script or policy fails the test."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console",
        lambda message: wrong.append(message.text) if "Content Security Policy" in message.text else None,
    )
    page.wrong = wrong  # type: ignore[attr-defined]  # read at the end of a test
    return page


@pytest.fixture
def sign_in(page: Page) -> Callable[[User], None]:
    """Through the form, as people do."""

    def go(user: User) -> None:
        page.context.clear_cookies()
        page.goto("/account/login/")
        page.get_by_role("textbox").first.fill(user.email)
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        page.wait_for_url("**/")

    return go
