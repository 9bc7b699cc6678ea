"""Answers typed in by keyboard, saved by themselves; and the paper, on screens of every width."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from dossiers.models import Dossier, InsuredPerson
from routing.models import AnswerSheet, Questionnaire, QuestionnaireVersion
from routing.questionnaires import entry
from routing.questionnaires.job import act
from tests.browser.axe import violations
from tests.browser.stage import Stage
from tests.browser.test_pages import in_language, wider_than_the_window
from tests.questionnaire.conftest import WHOLE
from tnw.accounts import actors, audit
from tnw.accounts.models import Role, User
from tnw.core import clock

SignIn = Callable[[User], None]


@pytest.fixture
def dossier(stage: Stage) -> Dossier:
    return stage.dossiers["new"]


def kept(dossier: Dossier) -> dict[str, Any]:
    with audit.acting_as(actors.system(), dossier.fund):
        sheet = AnswerSheet.objects.filter(dossier=dossier).order_by("-pk").first()
    return sheet.answers if sheet else {}


def wait_until(page: Page, there: Callable[[], bool]) -> None:
    """Until it is saved, a minute at most."""
    for _try in range(600):
        if there():
            return
        page.wait_for_timeout(100)


def typed_by(stage: Stage, dossier: Dossier, role: str, answers: dict[str, Any], revision: int) -> None:
    """What somebody else saves at their own desk."""
    with audit.acting_as(actors.of_user(stage.people[role]), dossier.fund):
        version = QuestionnaireVersion.objects.get(fund=dossier.fund)
        entry.save(
            dossier_id=dossier.public_id, actor=actors.of_user(stage.people[role]), on=clock.today(),
            version=version, answers=answers, revision=revision,
        )  # fmt: skip


def test_a_coordinator_types_answers_in_by_keyboard_and_a_reload_keeps_them(
    stage: Stage, dossier: Dossier, page: Page, sign_in: SignIn
) -> None:
    sign_in(stage.people[Role.COORDINATOR])
    address = reverse("dossier_questionnaire_answers", args=[dossier.public_id])
    page.goto(reverse("dossier_questionnaire", args=[dossier.public_id]))
    page.locator("main .btn-primary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    page.locator("#q_health_now input").first.focus()
    page.keyboard.press("Space")
    for _step in range(6):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#saved")).to_contain_text(stage.people[Role.COORDINATOR].name)
    page.locator("#q_last_work").focus()
    page.keyboard.type("Magazijnier bij een groothandel")
    # While it is typed, what stands so far is kept.
    wait_until(page, lambda: kept(dossier).get("last_work") == "Magazijnier bij een groothandel")
    page.reload()
    assert page.locator("#q_last_work").input_value() == "Magazijnier bij een groothandel"
    assert page.locator("#q_health_now input:checked").get_attribute("value") == "6"
    assert page.locator("#q_health_course input:checked").get_attribute("value") == "same"
    assert kept(dossier) == {
        "health_now": 6, "health_course": "same", "last_work": "Magazijnier bij een groothandel"
    }  # fmt: skip
    # Not complete is told by name, at the top, with a way to each question.
    page.locator("button[name=do][value=complete]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#faults")).to_be_focused()
    assert page.locator("#faults a").count() == 10
    assert violations(page) == []
    page.locator("button[name=do][value=incomplete]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/questionnaire")
    assert "Magazijnier" in page.locator("main").inner_text()
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture


def test_who_types_at_once_sees_both_and_keeps_one(
    stage: Stage, dossier: Dossier, page: Page, sign_in: SignIn
) -> None:
    sign_in(stage.people[Role.COORDINATOR])
    page.goto(reverse("dossier_questionnaire_answers", args=[dossier.public_id]))
    page.locator("#q_last_work").fill("bakker")
    page.locator("#q_jobs").focus()  # which leaves the field, and saves
    expect(page.locator("#saved input[name=revision]")).to_have_value("1")
    typed_by(stage, dossier, Role.MEDICAL_TEAM, {"last_work": "smid"}, 1)
    page.locator("#q_last_work").fill("bakker en kok")
    page.locator("#q_jobs").focus()
    page.wait_for_selector("#saved .fault")
    told = page.locator("#saved").inner_text()
    assert "smid" in told
    assert "bakker en kok" in told
    assert violations(page) == []
    page.locator("button[name=overwrite]").click()
    page.wait_for_load_state()
    assert page.locator("#q_last_work").input_value() == "bakker en kok"
    assert kept(dossier) == {"last_work": "bakker en kok"}


def test_leaving_in_the_middle_of_a_word_loses_nothing(
    stage: Stage, dossier: Dossier, page: Page, sign_in: SignIn
) -> None:
    sign_in(stage.people[Role.COORDINATOR])
    page.goto(reverse("dossier_questionnaire_answers", args=[dossier.public_id]))
    page.locator("#q_last_work").type("bakk")
    page.goto("/rules")
    wait_until(page, lambda: kept(dossier) == {"last_work": "bakk"})


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_the_pages_are_for_everybody(
    language: str, stage: Stage, dossier: Dossier, page: Page, sign_in: SignIn
) -> None:
    with audit.acting_as(actors.system(), dossier.fund):
        InsuredPerson.objects.update(birth_date="1980-05-05")
        act(dossier.fund, clock.today())
        one = Questionnaire.objects.get(dossier=dossier)
    running = stage.dossiers["running"]
    coordinator = actors.of_user(stage.people[Role.COORDINATOR])
    typed_by(stage, running, Role.COORDINATOR, WHOLE, 0)
    with audit.acting_as(coordinator, running.fund):
        entry.receive(
            dossier_id=running.public_id,
            actor=coordinator,
            on=clock.today(),
            channel="phone",
            complete=True,
            revision=1,
        )
    public = reverse("questionnaire_public", args=[dossier.fund.number, one.token])
    acts = ("send-questionnaire", "waive-questionnaire", "offer-support")
    addresses = [
        *[(Role.COORDINATOR, reverse("act", args=[dossier.public_id, slug])) for slug in acts],
        (Role.COORDINATOR, reverse("questionnaires_to_post")),
        (Role.COORDINATOR, reverse("dossier_questionnaire", args=[dossier.public_id])),
        (Role.COORDINATOR, reverse("dossier_questionnaire_answers", args=[dossier.public_id])),
        (Role.COORDINATOR, reverse("dossier_questionnaire", args=[running.public_id])),
        (Role.COORDINATOR, public),
        (Role.ADVISORY_DOCTOR, reverse("dossier_questionnaire", args=[running.public_id])),
    ]
    faults: dict[str, Any] = {}
    signed_in_as = ""
    for role, path in addresses:
        page.set_viewport_size({"width": 1280, "height": 900})
        if role != signed_in_as:
            sign_in(stage.people[role])
            in_language(page, language)
            signed_in_as = role
        page.goto(path)
        if found := violations(page):
            faults[f"{path} axe"] = found
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            if found := wider_than_the_window(page):
                faults[f"{path} {width}"] = found
    sign_in(stage.people[Role.COORDINATOR])
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(reverse("questionnaires_to_post"))
    page.locator("input[name=questionnaire]").first.check()
    with page.context.expect_event("response", lambda one: one.url.endswith("/letters")) as printed:
        page.locator(f'button[formaction="{reverse("questionnaires_print")}"]').click()
    assert printed.value.headers["content-type"] == "application/pdf"
    assert faults == {}
    assert page.wrong == []  # type: ignore[attr-defined]  # set by the fixture
