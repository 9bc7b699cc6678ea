"""Letters in a real Chromium: written with the pages in view, printed and posted, for many with progress, opened by link."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from dossiers import jobs
from dossiers.law.facts import Fact, fact
from dossiers.models import Dispatch, Dossier
from tests.browser.axe import violations
from tests.browser.desk import days_ago, seed
from tests.browser.stage import Stage
from tests.browser.test_pages import in_language, wider_than_the_window
from tnw.accounts.models import Role, User
from tnw.core import clock, scope

LOOKED = os.environ.get("TNW_LOOKED")  # a folder for pictures, for whoever looks at them
APPOINTMENT = "0190a000-0000-7000-8000-0000000000{:02}"


def planned(number: int) -> list[Fact]:
    at = clock.now() + timedelta(9)
    return [
        fact("questionnaire_sent", days_ago(40), "q-1", channel="post", language="nl"),
        fact("assessment_made", days_ago(20), "a-1", category=4),
        fact("referral_made", days_ago(10), "r-1"),
        fact(
            "appointment_made", days_ago(5), "ap-1", APPOINTMENT.format(number),
            purpose="first_contact", at=at.replace(microsecond=0), form="phone",
        ),
    ]  # fmt: skip


@pytest.fixture
def dossiers(stage: Stage) -> list[Dossier]:
    """Three of the coordinator's, each with an appointment; the first with an address for mail."""
    known = [
        {
            "last_name": "Vermeersch",
            "first_name": "Lotte",
            "email": "lotte@example.org",
            "birth_date": "1980-05-05",
        },
        {"last_name": "Dubois", "first_name": "Émile", "language": "fr"},
        {"last_name": "Maes", "first_name": "Wim"},
    ]
    return [seed(stage, days_ago(120), planned(number), **one) for number, one in enumerate(known)]


def looked_at(page: Page, name: str) -> None:
    """No fault that axe knows, and nothing that sticks out, at every width; a picture for whoever asked."""
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        if LOOKED:
            page.screenshot(path=Path(LOOKED, f"{name}-{width}.png"), full_page=True)
        assert wider_than_the_window(page) == [], (name, width)
        if width != 390:
            assert violations(page) == [], (name, width)
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_from_the_first_word_to_the_post(
    language: str, stage: Stage, dossiers: list[Dossier], page: Page, sign_in: Callable[[User], None]
) -> None:
    sign_in(stage.people[Role.COORDINATOR])
    if language != "nl":
        in_language(page, language)
    dossier = dossiers[0]
    tab = reverse("dossier_letters", args=[dossier.public_id])
    page.goto(tab)
    looked_at(page, f"tab-empty-{language}")
    page.locator(
        f"main a[href$='{reverse('dossier_letter_write', args=[dossier.public_id, 'invitation'])}']"
    ).click()
    pictures = page.locator("#preview .pages img")
    expect(pictures).to_have_count(1)
    before = pictures.get_attribute("src")
    page.locator("textarea[name=said_text]").fill("Breng uw badge mee.")
    expect(pictures).not_to_have_attribute("src", str(before))
    looked_at(page, f"write-{language}")
    page.reload()  # nothing typed is lost
    expect(page.locator("textarea[name=said_text]")).to_have_value("Breng uw badge mee.")
    page.locator("input[name=channel][value=post]").check()
    page.locator("main .btn-primary").click()
    page.wait_for_url(f"**{tab}")
    looked_at(page, f"tab-{language}")
    page.locator("main .contacts b a").first.click()
    expect(page.locator(".pages img")).to_have_count(1)
    looked_at(page, f"document-{language}")
    page.goto(reverse("letters"))
    looked_at(page, f"to-post-{language}")
    page.locator("[data-check-all=letter]").check()
    page.locator("main .btn-primary").click()
    expect(page.locator("main .note.good")).to_be_visible()
    with scope.funds(dossier.fund_id):
        assert Dispatch.objects.get().state == "sent"
    page.goto(tab)
    looked_at(page, f"tab-sent-{language}")
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture


def test_for_many_from_the_worklist(
    stage: Stage, dossiers: list[Dossier], page: Page, sign_in: Callable[[User], None]
) -> None:
    sign_in(stage.people[Role.COORDINATOR])
    page.goto("/")
    for dossier in dossiers:
        page.locator(f"input[name=dossier][value='{dossier.public_id}']").first.check()
    page.locator("button[formaction$='/letters/many']").click()
    looked_at(page, "choose")
    page.locator("input[name=kind][value=invitation]").check()
    page.locator("input[name=channel][value=email]").check()
    page.locator("main .btn-primary").click()
    progress = page.locator("#batch progress")
    expect(progress).to_have_attribute("value", "0")
    looked_at(page, "batch-at-work")
    jobs.bulk_steps(clock.today())
    expect(progress).to_have_count(0)  # the page looks again by itself
    expect(page.locator("#batch tbody tr")).to_have_count(3)
    expect(page.locator("#batch .fault-line")).to_have_count(2)
    looked_at(page, "batch")
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture


def test_the_link_of_a_mail(
    stage: Stage, dossiers: list[Dossier], page: Page, sign_in: Callable[[User], None], mailoutbox: list[Any]
) -> None:
    sign_in(stage.people[Role.COORDINATOR])
    page.goto(reverse("dossier_letter_write", args=[dossiers[0].public_id, "invitation"]))
    page.locator("input[name=channel][value=email]").check()
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/letters")
    jobs.letters_on_their_way(clock.today())
    with scope.funds(dossiers[0].fund_id):
        way = Dispatch.objects.get()
    page.context.clear_cookies()
    page.goto(reverse("document_public", args=["311", way.token]))
    looked_at(page, "link")
    page.locator("input[name=born]").fill("06/05/1980")
    page.locator("main .btn-primary").click()
    expect(page.locator("#faults")).to_be_visible()
    looked_at(page, "link-wrong")
    assert "Vermeersch" not in page.content()
    form: dict[str, str | float | bool] = {
        "born": "05/05/1980",
        "csrfmiddlewaretoken": page.locator("[name=csrfmiddlewaretoken]").input_value(),
    }
    answer = page.request.post(page.url, form=form, headers={"Referer": page.url})
    assert answer.body().startswith(b"%PDF-")
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture
