"""Permissions, advice and adapted work without a mouse, in a real Chromium: decided, taken back, the next one comes."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier, LedgerEntry
from tests import population
from tests.browser.axe import violations
from tests.browser.stage import Stage
from tests.browser.test_pages import wider_than_the_window
from tests.queues.settling import settle
from tnw.accounts.models import Role, User
from tnw.core import clock, scope

# By key: what is pressed, typed, and what it comes to.
WAITS = ("permission", "training", "work") * 2
DECIDES = {
    "permission": (("1", ""), "permission_granted"),
    "training": (("2", "de rug houdt dat niet"), "training_advised"),
    "work": (("1", "19,5"), "adapted_work_permitted"),
}


def facts(kind: str) -> list[Fact]:
    today = clock.today()

    def on(days: int) -> date:
        return today - timedelta(days)

    if kind == "work":
        return [
            fact("adapted_work_planned", on(3), "w-1", "w", starts_on=today + timedelta(5)),
            fact("adapted_work_declared", on(3), "w-2", "w"),
        ]
    if kind == "training":
        return [fact("training_proposed", on(9), "t-1", "t", proposed_by="insured")]
    return [
        fact("questionnaire_sent", on(40), "q-1", channel="post", language="nl"),
        fact("questionnaire_received", on(35), "q-2", complete=True, channel="post"),
        fact("contact_requested", on(30), "b-1"),
        fact("first_contact_held", on(20), "b-2", route="B", form="in_person"),
        fact("permission_requested", on(3), "b-3", aim="guidance"),
    ]


@pytest.fixture
def waiting(stage: Stage) -> list[Dossier]:
    fund, start = stage.people[Role.COORDINATOR].fund, clock.today() - timedelta(120)
    return [
        population.dossier(fund=fund, start=start, facts=facts(kind), last_name=f"Claes {number}")
        for number, kind in enumerate(WAITS)
    ]


def leaving(page: Page, act: Callable[[], None]) -> None:
    """Do what puts another case in place, and wait for it."""
    before = page.url
    act()
    page.wait_for_url(lambda url: url != before)


def test_each_decision_by_a_key_and_the_next_one_comes(
    waiting: list[Dossier],
    stage: Stage,
    page: Page,
    sign_in: Callable[[User], None],
) -> None:
    doctor, keys = stage.people[Role.ADVISORY_DOCTOR], page.keyboard
    sign_in(doctor)
    page.goto("/decisions")
    keys.press("j")
    leaving(page, lambda: keys.press("Enter"))
    for number in range(len(WAITS)):
        case = re.search(r"/(decide-permission|advise-training|permit-adapted-work)", page.url)
        assert case, page.url
        kind = {"d": "permission", "a": "training", "p": "work"}[case.group(1)[0]]
        (key, words), _becomes = DECIDES[kind]
        if number == 0:
            assert violations(page) == []
            for width in (390, 320):
                page.set_viewport_size({"width": width, "height": 800})
                assert wider_than_the_window(page) == []
            page.set_viewport_size({"width": 1280, "height": 900})
        if number == 1:
            # It was wrong: taken back, it stands there as it was decided, and is decided again.
            before = page.url
            leaving(page, lambda: keys.press("Control+z"))
            expect(page.locator("[data-choices] :checked")).to_have_count(1)
            expect(page.locator("#strip .halt")).to_be_visible()
            leaving(page, lambda: page.locator("#decide").press("Enter"))
            assert page.url == before
        keys.press(key)
        if words:
            keys.type(words)
        if kind == "training":
            page.locator("[name=insured]").fill("Nu nog niet.")
        leaving(page, lambda: keys.press("Control+Enter"))
        expect(page.locator("#strip .back button").first).to_be_visible()
    page.wait_for_url("**/decisions")
    expect(page.locator("main tbody a[href*='/decisions/']")).to_have_count(0)
    page.goto("about:blank")  # whoever closes the window loses nothing
    assert settle(doctor.fund).refused == 0
    with scope.funds(doctor.fund_id):
        made = LedgerEntry.objects.filter(
            actor__user=doctor, kind__in=[kind for _keys, kind in DECIDES.values()]
        )
        assert made.values("dossier").distinct().count() == len(waiting)
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture
