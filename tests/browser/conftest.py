"""A real Chromium on a real server, with one fund at work in it."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from dossiers.models import Dossier
from routing import pending
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.desk import TAKEN_BACK, Desk, comes_in
from tests.browser.stage import Stage, set_up
from tnw.accounts.models import User

PATIENCE = 60_000  # milliseconds: for what a busy machine comes to late
expect.set_options(timeout=PATIENCE)
Sit = Callable[..., Desk]

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
    """Before the server starts: static files from their sources."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ten seconds in which a decision can be taken back do not end between two looks of a busy machine."""
    monkeypatch.setattr(pending, "LASTS", timedelta(seconds=TAKEN_BACK))


@pytest.fixture
def stage(live_server: Any) -> Stage:
    """A fund with people, dossiers in every state, imports and a log."""
    return set_up()


@pytest.fixture
def context(browser: Browser, live_server: Any) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=live_server.url, locale="nl-BE", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()
    _answered()


def _answered() -> None:
    """Until the server has nothing in hand any more: what a page still asked for would stand in the way of the flush."""
    idle = 0
    for _attempt in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_stat_activity where datname = current_database() "
                "and pid <> pg_backend_pid() and state <> 'idle'"
            )
            idle = 0 if cursor.fetchone()[0] else idle + 1
        if idle == 2:  # what has come in and has not asked the database yet is not seen at once
            return
        time.sleep(0.05)


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
    """`sign_in(user)`: on the first page, as that user."""
    return lambda user: comes_in(page, user)


@pytest.fixture
def sit(stage: Stage, browser: Browser, live_server: Any) -> Iterator[Sit]:
    """`sit(role, dossier)`: somebody of that role signs in, in a browser of their own."""
    contexts = []
    wrong: list[str] = []

    def listen(page: Page) -> None:
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)

    def go(role: str, dossier: Dossier, language: str = "nl", **how: Any) -> Desk:
        size: Any = {"width": 1280, "height": 900}
        context = browser.new_context(base_url=live_server.url, locale="nl-BE", viewport=size)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        listen(page := context.new_page())
        return Desk(page, stage.people[role], dossier, language, **how)

    yield go
    for context in contexts:
        context.close()
    _answered()
    assert wrong == []
