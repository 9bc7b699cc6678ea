"""Forty assessments without a mouse, and the screens of the queue by axe."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dossiers.law.facts import fact
from dossiers.ledger import record
from dossiers.models import Dossier, LedgerEntry
from routing.models import Claim
from tests import population
from tests.browser.axe import violations
from tests.browser.desk import TAKEN_BACK
from tests.browser.stage import Stage
from tests.browser.test_pages import wider_than_the_window
from tests.conftest import PASSWORD
from tests.queues.settling import settle
from tnw.accounts import actors
from tnw.accounts.models import Role, User
from tnw.core import clock, scope

MANY = 45


@pytest.fixture
def waiting(stage: Stage) -> Stage:
    """Many that wait for their first assessment, in month 4."""
    today = clock.today()
    lines = [
        population.line(fund="311", start=today - timedelta(100 + number % 20), last_name=f"Peeters {number}")
        for number in range(MANY)
    ]
    population.take_in(stage.people[Role.COORDINATOR].fund, lines, today)
    return stage


def leaving(page: Page, act: Callable[[], None]) -> None:
    """Do what opens another page, and wait for it."""
    before = page.url
    act()
    page.wait_for_url(lambda url: url != before)


def still(page: Page) -> None:
    """The page has loaded the next case too: nothing is under way when a test ends."""
    expect(page.locator("#queue[data-ready]")).to_be_attached()


def test_forty_assessments_by_keyboard(waiting: Stage, page: Page, sign_in: Callable[[User], None]) -> None:
    doctor = waiting.people[Role.ADVISORY_DOCTOR]
    sign_in(doctor)
    keys = page.keyboard
    page.goto("/assessments")
    # The first of all is the one that should have been assessed long ago: month 6 is past, so not in category 1.
    keys.press("j")
    leaving(page, lambda: keys.press("Enter"))
    keys.press("1")
    assert "6" in page.locator("#said").inner_text()
    assert page.locator("[name=category]:checked").count() == 0
    # Nor is what was chosen before it decided then.
    here = page.url
    keys.press("r")
    keys.press("1")
    assert page.locator("[name=category]:checked, [name=refer]:checked").count() == 0
    keys.press("Enter")
    assert "6" in page.locator("#said").inner_text()
    assert page.url == here
    keys.press("?")
    assert page.locator("#keys").is_visible()
    assert violations(page) == []
    keys.press("Escape")
    expected: Counter[str] = Counter()
    for number in range(40):
        category = ["2", "1", "3", "r", "4"][number % 5]
        if number % 4 == 0:
            keys.press("m")
            expected["medical_contact_held"] += 1
        keys.press(category)
        if category in "23":
            keys.type("omdat")
            leaving(page, lambda: keys.press("Control+Enter"))
        else:
            expected["referral_made"] += category == "r"
            leaving(page, lambda: keys.press("Enter"))
        expected["assessment_made"] += 1
        expected[f"category {4 if category == 'r' else category}"] += 1
    # The last of them was a mistake: taken back it stands there again as it was decided, and is decided again.
    decided = page.url
    leaving(page, lambda: keys.press("u"))
    expect(page.locator("[name=category]:checked")).to_have_value("4")
    expect(page.locator("#strip .halt")).to_be_visible()
    assert violations(page) == []
    leaving(page, lambda: keys.press("Enter"))
    assert page.url == decided
    # The next one lies ready before it is asked for: the answer to a decision then is no page.
    still(page)
    with page.expect_response(lambda answer: answer.request.headers.get("x-queue") == "next") as answered:
        keys.press("3")
        keys.type("omdat")
        leaving(page, lambda: keys.press("Control+Enter"))
    assert answered.value.headers["x-queue-ready"] == "1"
    expect(page.locator("#announced")).not_to_be_empty()
    expect(page.locator("h1")).to_be_focused()
    expected["assessment_made"] += 1
    expected["category 3"] += 1
    # Pass one over, call one for an examination.
    leaving(page, lambda: keys.press("s"))
    keys.press("e")
    keys.type((clock.today() + timedelta(7)).strftime("%d/%m/%Y"))
    keys.press("Tab")
    keys.type("09:30")
    expected["appointment_made"] += 1
    leaving(page, lambda: keys.press("Enter"))
    # Whoever closes the window now loses nothing.
    still(page)
    page.goto("about:blank")
    assert settle(doctor.fund).refused == 0
    with scope.funds(doctor.fund_id):
        entries = LedgerEntry.objects.filter(actor__user=doctor)
        found = Counter(entries.values_list("kind", flat=True))
        found.update(
            f"category {entry.values['category']}" for entry in entries.filter(kind="assessment_made")
        )
        assert found == expected
        assert entries.filter(kind="assessment_made").values("dossier").distinct().count() == 41
        assert entries.filter(kind="medical_contact_held").values("dossier").distinct().count() == 10
        assert Claim.objects.count() <= 1
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture


@pytest.mark.parametrize("role", [Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM])
def test_the_screens_are_accessible(
    role: Role, waiting: Stage, page: Page, sign_in: Callable[[User], None]
) -> None:
    sign_in(waiting.people[role])
    dossier = waiting.dossiers["running"].public_id
    faults = {}
    for path in ("/assessments", "/assessments?all=1", f"/dossiers/{dossier}/assess"):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        for details in page.locator("main details").all():
            details.evaluate("element => { element.open = true }")
        faults[path] = violations(page)
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            faults[f"{path} {width}"] = wider_than_the_window(page)
    assert {path: found for path, found in faults.items() if found} == {}
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#faults")
    assert violations(page) == []
    still(page)
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture


def test_what_is_typed_after_an_error_is_no_command(
    waiting: Stage, page: Page, sign_in: Callable[[User], None]
) -> None:
    sign_in(waiting.people[Role.ADVISORY_DOCTOR])
    page.goto("/assessments")
    page.keyboard.press("j")
    leaving(page, lambda: page.keyboard.press("Enter"))
    page.keyboard.press("3")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#faults")
    expect(page.locator("[name=reason]")).to_be_focused()
    page.keyboard.type("met spoed verwezen")
    expect(page.locator("[name=reason]")).to_have_value("met spoed verwezen")
    # Nor is what is typed where the error is read; Escape leaves that.
    page.locator("#faults").focus()
    page.keyboard.type("met")
    page.keyboard.press("Enter")
    for name in ("contact", "day"):
        expect(page.locator(f"[name={name}]")).to_have_value("")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator("[name=contact]")).not_to_have_value("")
    still(page)
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture


def test_of_several_decisions_the_last_is_shown_and_all_can_be_taken_back(
    waiting: Stage, page: Page, sign_in: Callable[[User], None]
) -> None:
    sign_in(waiting.people[Role.ADVISORY_DOCTOR])
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/assessments")
    page.keyboard.press("j")
    leaving(page, lambda: page.keyboard.press("Enter"))
    told = []
    for number in range(3):
        page.keyboard.press("2")
        page.keyboard.type(f"omdat {number}")
        told.append(page.url)
        leaving(page, lambda: page.keyboard.press("Control+Enter"))
    still(page)
    bars = page.locator("#strip .pending:visible")
    expect(bars).to_have_count(1)
    # However much stands above and below, the button is in view.
    expect(page.locator("#decide")).to_be_in_viewport(ratio=1)
    page.locator("#strip summary").press("Enter")
    expect(bars).to_have_count(3)
    assert violations(page) == []
    page.locator("#strip details .back button").last.click()
    page.wait_for_url(told[0])
    expect(page.locator("[name=reason]")).to_have_value("omdat 0")
    leaving(page, lambda: page.keyboard.press("u"))
    expect(page.locator("[name=reason]")).to_have_value("omdat 2")
    still(page)
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture


def test_the_dates_that_follow_appear_in_their_place(
    waiting: Stage, page: Page, sign_in: Callable[[User], None]
) -> None:
    sign_in(waiting.people[Role.ADVISORY_DOCTOR])
    page.goto("/assessments")
    page.keyboard.press("j")
    leaving(page, lambda: page.keyboard.press("Enter"))
    page.keyboard.press("r")
    page.wait_for_selector("#follows .changes")
    assert violations(page) == []
    still(page)
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture


def test_the_referral_that_is_waited_for_by_two_keys(
    waiting: Stage, page: Page, sign_in: Callable[[User], None]
) -> None:
    doctor, dossier = waiting.people[Role.ADVISORY_DOCTOR], waiting.dossiers["new"]
    with scope.funds(doctor.fund_id), clock.at(clock.today()):
        start = dossier.incapacity.start
        record(
            dossier,
            fact("assessment_made", start, "a-1", category=4),
            fund=doctor.fund,
            actor=actors.system(),
        )
    page.clock.install()
    sign_in(doctor)
    page.goto(f"/dossiers/{dossier.public_id}/assess")
    page.wait_for_selector("#follows .changes")
    assert violations(page) == []
    # The category that stands is not chosen again: what comes after it is the referral.
    page.keyboard.press("4")
    expect(page.locator("button[value=refer]")).to_be_focused()
    assert page.locator("[name=category]:checked").count() == 0
    page.keyboard.press("r")
    leaving(page, lambda: page.keyboard.press("Enter"))
    still(page)
    assert settle(doctor.fund).recorded == 1
    with scope.funds(doctor.fund_id):
        assert (
            LedgerEntry.objects.filter(dossier=dossier, kind="referral_made", actor__user=doctor).count() == 1
        )
    page.clock.fast_forward((TAKEN_BACK + 1) * 1000)
    expect(page.locator("#strip .pending")).to_have_count(0)
    # What can no longer be recorded by then comes back as soon as the seconds are over.
    with scope.funds(doctor.fund_id):
        other = Dossier.objects.select_related("fund").get(public_id=page.url.split("/")[4])
        page.keyboard.press("2")
        page.keyboard.type("omdat")
        leaving(page, lambda: page.keyboard.press("Control+Enter"))
        record(
            other, fact("contact_requested", clock.today(), "c-1"), fund=doctor.fund, actor=actors.system()
        )
        assert settle(doctor.fund).refused == 1
    page.clock.fast_forward((TAKEN_BACK + 1) * 1000)
    expect(page.locator("#strip .fault")).to_be_visible()
    assert (
        page.locator("#announced").inner_text().split()
        == page.locator("#strip .fault p").inner_text().split()
    )
    assert violations(page) == []


def test_without_script_the_same_form_decides(waiting: Stage, browser: Any, live_server: Any) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(waiting.people[Role.MEDICAL_TEAM].email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button").click()
    page.goto("/assessments")
    page.locator("main form .btn-primary").click()
    address = page.url
    page.locator("[name=category][value='2']").check()
    page.locator("#decide").click()
    expect(page.locator("#faults")).to_be_visible()
    page.locator("[name=reason]").fill("omdat")
    page.locator("#decide").click()
    assert page.url != address
    expect(page.locator("#decision")).to_be_visible()
    page.locator("#strip .back button").click()
    assert page.url == address
    expect(page.locator("[name=reason]")).to_have_value("omdat")
    context.close()
