"""Career, health and consents in a real Chromium, with the conflict of two people at work on one thing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from dossiers import health
from dossiers.models.health import Sight
from tests.browser.axe import violations
from tests.browser.stage import Stage
from tests.browser.test_pages import in_language, wider_than_the_window
from tnw.accounts import actors, audit
from tnw.accounts.models import Role, User


def faults(page: Page) -> list[str]:
    """What is wrong with the page as it stands, wide and on a phone."""
    for details in page.locator("main details").all():
        details.evaluate("element => { element.open = true }")
    page.set_viewport_size({"width": 1280, "height": 900})
    found = violations(page)
    page.set_viewport_size({"width": 320, "height": 800})
    found += violations(page) + wider_than_the_window(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    return [f"{page.url}: {fault}" for fault in found]


def save(page: Page) -> None:
    page.locator("main .btn-primary").click()


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_a_career_is_kept(language: str, stage: Stage, page: Page, sign_in: Callable[[User], None]) -> None:
    sign_in(stage.people[Role.COORDINATOR])
    in_language(page, language)
    career = f"/dossiers/{stage.dossiers['running'].public_id}/career"
    page.goto(career)
    assert faults(page) == []
    for kind, typed in {
        "job": {
            "title": "Bakker",
            "organization": "Smets",
            "physician_name": "Dr. Claes",
            "first_day": "01/02/2020",
        },
        "training": {"title": "Patisserie", "level": "basis"},
        "language": {"title": "Nederlands", "level": "B2"},
        "aim": {"title": "Halftijds beginnen", "note": "x" * 200},
    }.items():
        page.locator(f"a[href$='?kind={kind}']").click()
        for name, text in typed.items():
            page.locator(f"[name={name}]").fill(text)
        assert faults(page) == []
        save(page)
        page.wait_for_url(f"**{career}")
    page.locator(".entries li a").first.click()
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("[name=title]").fill("Banketbakker")
    save(other)
    other.wait_for_url(f"**{career}")
    page.locator("[name=title]").fill("Nachtbakker")
    save(page)
    page.wait_for_selector("#theirs")
    assert page.locator("[name=title]").input_value() == "Nachtbakker"
    assert "Banketbakker" in page.locator("section[aria-labelledby=theirs]").inner_text()
    assert faults(page) == []
    save(page)
    page.wait_for_url(f"**{career}")
    page.locator(".entries li a").first.click()
    page.locator("main button[name=remove]").click()
    page.wait_for_url(f"**{career}")
    assert faults(page) == []


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_a_health_note_is_written_and_changed(
    language: str, stage: Stage, page: Page, sign_in: Callable[[User], None]
) -> None:
    doctor, dossier = stage.people[Role.ADVISORY_DOCTOR], stage.dossiers["running"]
    sign_in(doctor)
    in_language(page, language)
    page.goto(f"/dossiers/{dossier.public_id}/health")
    assert faults(page) == []
    save(page)
    page.locator("textarea").fill("Rug.")
    save(page)
    page.wait_for_selector("#faults")
    assert faults(page) == []
    page.locator("[name=sight]").select_option("shared")
    save(page)
    page.wait_for_url("**/health")
    page.locator(".entries li a").click()
    with audit.acting_as(actors.of_user(doctor), doctor.fund):
        noted = page.url.rsplit("/", 1)[1]
        health.rewrite(
            dossier_id=dossier.public_id, note_id=noted, text="Rug, zit moeilijk.", version=1,  # type: ignore[arg-type]
            actor=actors.of_user(doctor),
        )  # fmt: skip
        health.write(
            dossier_id=dossier.public_id, sight=Sight.MEDICAL, text="y" * 300, actor=actors.of_user(doctor)
        )
    page.locator("textarea").fill("Rug en knie.")
    save(page)
    page.wait_for_selector("#theirs")
    assert "zit moeilijk" in page.locator("section[aria-labelledby=theirs]").inner_text()
    assert faults(page) == []
    save(page)
    page.wait_for_url("**/health")
    assert faults(page) == []
    page.goto(f"/dossiers/{dossier.public_id}/consents")
    assert faults(page) == []
    page.goto(f"/dossiers/{dossier.public_id}/history")
    assert faults(page) == []
