"""A declaration from its draft to the sealed file, in the hands of those who sign it; and second factors as one has them."""

import time
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from dossiers.law.facts import fact
from dossiers.models import Dossier
from tests.browser.chromium import HOME
from tests.browser.conftest import Sit
from tests.browser.desk import Desk, days_ago, seed
from tests.browser.stage import Stage
from tests.browser.test_traject import answered, running
from tests.conftest import PASSWORD
from tnw.accounts.models import Fund, Role
from tnw.core import scope
from trajects.fact_words import CODES
from trajects.models import EngagementDeclaration
from trajects.models.declaration import DeclarationState
from trajects.signing.local import LocalProvider
from trajects.signing.local import running as listening

NAME = "Oosterlinck"
STATEMENT = "Identiteitskaart gezien, getekend in mijn bijzijn."


@pytest.fixture(autouse=True)
def seals(settings: Settings, tmp_path: Path) -> None:
    """The fund makes a seal of its own, as in the embedded mode."""
    settings.SEALS, settings.OWN_SEALS, settings.TIMESTAMP_URL = tmp_path / "seals", True, ""


@pytest.fixture
def dossier(stage: Stage) -> Dossier:
    facts = [
        *answered(90),
        *running("A", 30),
        fact("reintegration_started", days_ago(20), "re-1", condition=1),
    ]
    return seed(stage, days_ago(160), facts, last_name=NAME)


@pytest.fixture(autouse=True)
def patient(settings: Settings) -> None:
    """The half minute of a code may end between its reading and its check."""
    settings.MFA_TOTP_TOLERANCE = 1


def code(secret: str) -> str:
    """What the authenticator app shows."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def next_code(secret: str) -> str:
    """The next one, without waiting half a minute for it: each holds once, and what was used stands in the cache."""
    cache.clear()
    return code(secret)


def confirms(desk: Desk, secret: str = "") -> None:
    page = desk.page
    page.get_by_role("link", name=desk.word("Confirm who you are")).click()
    page.wait_for_url("**/account/confirm/**")
    expect(page.locator("[name=password]")).to_be_focused()
    page.locator("[name=password]").fill(PASSWORD)
    if secret:
        desk.fine()
        page.locator("[name=code]").fill(next_code(secret))
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/declaration/**")
    # Back where it is signed, and not at the top of the page.
    expect(page.locator("button[value=sign]")).to_be_in_viewport()
    assert page.evaluate("scrollY") > 0


def signs(desk: Desk, secret: str = "") -> None:
    """From the list of what waits: it is read, confirmed and signed."""
    page = desk.page
    page.goto(reverse("signatures"))
    page.get_by_role("link", name=NAME).click()
    page.wait_for_url("**/declaration/**")
    desk.fine()
    expect(page.locator("main img").first).to_be_visible()
    expect(page.locator("main img").first).to_have_js_property("naturalWidth", 1191)
    confirms(desk, secret)
    page.locator("button[value=sign]").click()
    expect(page.locator("main [role=status].good")).to_contain_text(desk.word("You signed the declaration."))


def draws_up(desk: Desk) -> None:
    desk.tab()
    desk.opens("draw-up-declaration")
    desk.sends()


def declared(dossier: Dossier) -> EngagementDeclaration:
    with scope.funds(dossier.fund_id):
        return EngagementDeclaration.objects.get(dossier=dossier)


def draws(page: Page) -> None:
    """With the mouse, on the field."""
    box = page.locator("canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    for x, y in ((60, 20), (110, 70), (160, 25), (220, 60)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
    page.mouse.up()


def sets_up_an_app(desk: Desk) -> str:
    """Gives the key that the app keeps."""
    page = desk.page
    page.goto(reverse("profile"))
    page.locator(f"main a[href='{reverse('mfa_index')}']").click()
    page.get_by_role("link", name=desk.word("Set up an app")).click()
    page.wait_for_url("**/account/confirm/**")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/app/")
    desk.fine()
    secret = page.locator("main code").inner_text()
    page.locator("[name=code]").fill(code(secret))
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/codes/")
    expect(page.locator("main .codes li")).to_have_count(10)
    desk.fine()
    return secret


def signs_in_again(desk: Desk, secret: str, stage: Stage, role: str) -> None:
    page = desk.page
    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.locator("input[name=login]").fill(stage.people[role].email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/second-step/")
    desk.fine()
    page.locator("[name=code]").fill(next_code(secret))
    page.locator("main .btn-primary").first.click()
    page.wait_for_url(HOME)


def verified(page: Page, content: bytes) -> str:
    """What the public page says of a file."""
    page.goto(reverse("verify"))
    page.locator("input[type=file]").set_input_files(
        {"name": "declaration.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    page.locator("main .btn-primary").click()
    return page.locator("#finding").inner_text()


def test_z2_z3_from_draft_to_sealed_with_a_second_factor(stage: Stage, sit: Sit, dossier: Dossier) -> None:
    Fund.objects.filter(pk=dossier.fund_id).update(second_factor=True)
    coordinator = sit(Role.COORDINATOR, dossier)
    draws_up(coordinator)
    signs(coordinator)

    # The insured signs on the screen of the coordinator, in her presence.
    # What now leads to that part of the page, with its first way open.
    page = coordinator.page
    coordinator.overview()
    page.locator("main a[href$='#sign-insured']").first.click()
    expect(page.locator("[name=paper-statement]")).to_be_visible()
    expect(page.locator("h3#insured")).to_be_in_viewport()
    page.get_by_text(coordinator.word("On this screen, in your presence")).click()
    page.locator("button[value=drawn]").click()
    expect(page.locator("#faults")).to_contain_text(coordinator.word("There is no signature yet."))
    expect(page.locator("#faults li")).to_have_count(2)
    coordinator.fine()
    # What was drawn comes back with the page that says what is missing.
    draws(page)
    page.locator("button[value=drawn]").click()
    expect(page.locator("#faults li")).to_have_count(1)
    page.locator("[name=drawn-statement]").fill(STATEMENT)
    page.locator("button[value=drawn]").click()
    expect(page.locator("main [role=status].good")).to_contain_text(
        coordinator.word("The signature is recorded.")
    )
    coordinator.reads(STATEMENT)

    # The fund asks its doctors for a second factor: without one there is nothing to sign with.
    doctor = sit(Role.ADVISORY_DOCTOR, dossier, "fr")
    doctor.page.goto(reverse("signatures"))
    doctor.page.get_by_role("link", name=NAME).click()
    expect(doctor.page.get_by_role("link", name=doctor.word("Set up a second factor"))).to_be_visible()
    secret = sets_up_an_app(doctor)
    signs_in_again(doctor, secret, stage, Role.ADVISORY_DOCTOR)
    signs(doctor, secret)
    assert declared(dossier).state == DeclarationState.COMPLETE

    # Sealed in the same moment; any file can be held against it.
    link = doctor.page.get_by_role("link", name=doctor.word("Open the sealed declaration"))
    # The pages are those of the sealed file, and open it.
    assert doctor.page.locator(".pages a").first.get_attribute("href") == link.get_attribute("href")
    doctor.fine()
    sealed = doctor.page.request.get(link.get_attribute("href") or "").body()
    assert sealed.startswith(b"%PDF-")
    anybody = sit(Role.COORDINATOR, dossier).page
    anybody.context.clear_cookies()
    whole = verified(anybody, sealed)
    middle = len(sealed) // 2
    touched = verified(anybody, sealed[:middle] + bytes([sealed[middle] ^ 1]) + sealed[middle + 1 :])
    assert whole != touched
    assert NAME not in whole + touched
    expect(anybody.locator(".note.fault, .note.good, .note.halt").first).to_be_visible()
    assert anybody.locator("#finding.good").count() == 0


def test_the_insured_signs_at_the_provider_in_a_browser_of_his_own(
    stage: Stage, sit: Sit, dossier: Dossier, settings: Settings, live_server: Any
) -> None:
    key = "a key of the provider"
    settings.BASE_URL = live_server.url
    with listening(LocalProvider(key)) as url:
        settings.SIGNING_URL, settings.SIGNING_KEY = url, key
        coordinator = sit(Role.COORDINATOR, dossier)
        draws_up(coordinator)
        page = coordinator.page
        one = declared(dossier)
        page.goto(reverse("dossier_declaration", args=[dossier.public_id, one.subject]))
        page.get_by_text(coordinator.word("At the provider of signatures")).click()
        page.locator("button[value=start]").click()
        there = page.get_by_role("link", name=coordinator.word("To the provider")).get_attribute("href")
        coordinator.fine()
        page.locator("button[value=fetch]").click()
        expect(page.locator("main [role=status].good")).to_contain_text(
            coordinator.word("It is not signed at the provider yet.")
        )

        insured = sit(Role.COORDINATOR, dossier).page
        insured.context.clear_cookies()
        insured.goto(there or "")
        insured.locator("[name=name]").fill(str(dossier.incapacity.person))
        insured.locator("button[value=signed]").click()
        insured.wait_for_url("**/back")
        assert NAME not in insured.content(), "who is not signed in is told nothing"
        # The provider says so by itself, and is asked; the coordinator only has to look.
        for _attempt in range(240):
            if declared(dossier).insured_on:
                break
            page.wait_for_timeout(250)
        page.reload()
        expect(page.locator("main")).to_contain_text(coordinator.word(CODES["method"]["provider"]))
        assert declared(dossier).insured_on


def test_a_passkey_is_added_signs_in_and_confirms(stage: Stage, sit: Sit, dossier: Dossier) -> None:
    desk = sit(Role.COORDINATOR, dossier)
    page = desk.page
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True,
        "hasResidentKey": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(reverse("mfa_add_webauthn"))
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/passkeys/add/")
    desk.fine()
    page.locator("[name=name]").fill("Blauwe sleutel")
    page.locator("[data-passkey]").click()
    page.wait_for_url("**/codes/")
    page.goto(reverse("mfa_index"))
    expect(page.locator("main")).to_contain_text("Blauwe sleutel")

    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.locator("input[name=login]").fill(stage.people[Role.COORDINATOR].email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/second-step/")
    page.locator("[data-passkey]").click()
    page.wait_for_url(HOME)

    page.goto(f"{reverse('confirm')}?next={reverse('rules')}")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[data-passkey]").click()
    page.wait_for_url("**/rules")
