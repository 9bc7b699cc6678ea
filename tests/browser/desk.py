"""Somebody at work in one dossier: acts are found by their link, filled in, read and sent, as people do."""

import re
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from tests import population
from tests.browser.axe import violations
from tests.browser.chromium import HOME
from tests.browser.stage import Stage
from tests.browser.test_pages import in_language, wider_than_the_window
from tests.conftest import PASSWORD
from tests.queues.settling import settle
from tnw.accounts import actors, audit
from tnw.accounts.models import Role, User
from tnw.core import clock

# To where Tab has come, and whether one sees it.
FOCUS = """(wanted) => {
  const here = document.activeElement;
  const style = getComputedStyle(here);
  const box = here.getBoundingClientRect();
  const seen = box.width > 0 && box.height > 0
    && (style.outlineStyle !== "none" || style.boxShadow !== "none" || here.matches("input, textarea, select"));
  return [here.matches(wanted), seen, here.outerHTML.slice(0, 120)];
}"""


TAKEN_BACK = 300  # seconds in which a decision can be taken back, instead of ten: a busy machine is slow


def days_ago(days: int) -> date:
    return clock.today() - timedelta(days)


def written(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def seed(stage: Stage, start: date, facts: list[Fact], **columns: Any) -> Dossier:
    """A dossier of the coordinator's, as far as these facts."""
    coordinator = stage.people[Role.COORDINATOR]
    made = population.dossier(fund=coordinator.fund, start=start, facts=facts, **columns)
    with audit.acting_as(actors.system(), coordinator.fund):
        made.coordinator = coordinator
        made.save(update_fields=["coordinator"])
    return made


def comes_in(page: Page, user: User) -> None:
    """Signed in, on the first page. The form of it is for those who try it: by keyboard, without script, by passkey."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.goto("about:blank")  # an answer that is on its way to who sat here would bring that session back
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "domain": "localhost", "path": "/"}]
    )
    page.goto("/")


class Desk:
    """One person in a browser of their own, in one language."""

    def __init__(
        self, page: Page, user: User, dossier: Dossier, language: str = "nl", *, keyboard: bool = False
    ) -> None:
        self.page, self.dossier, self.language = page, dossier, language
        if keyboard:
            page.goto("/account/login/")
            self.types("input[name=login]", user.email)
            self.types("input[type=password]", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(HOME)
        else:
            comes_in(page, user)
        if page.locator("html").get_attribute("lang") != language:
            in_language(page, language)

    def word(self, text: str | Promise) -> str:
        """As this person reads it."""
        with translation.override(self.language):
            return str(text) if isinstance(text, Promise) else gettext(text)

    # --- where one goes

    def overview(self) -> None:
        self.page.goto(reverse("dossier", args=[self.dossier.public_id]))

    def tab(self, name: str = "traject") -> None:
        self.page.goto(reverse(f"dossier_{name}", args=[self.dossier.public_id]))

    def opens(self, slug: str) -> None:
        """The form of an act, by the first link to it on this page."""
        self.link(slug).first.click()
        self.page.wait_for_url(re.compile(f"/do/{slug}([?#]|$)"))

    def decides(self, slug: str) -> None:
        """The form of a decision, from the queue."""
        self.page.goto(reverse("decisions"))
        self.waiting(slug).click()
        self.page.wait_for_url(re.compile(f"/decisions/[^/]+/{slug}([?]|$)"))

    def waiting(self, slug: str) -> Locator:
        """What waits for this decision, in this dossier."""
        return self.page.locator(f"main tbody a[href*='/decisions/{self.dossier.public_id}/{slug}']")

    def decided(self, slug: str) -> None:
        """Sent from the queue; it can be taken back, waits no more, and ten seconds later it is recorded."""
        before = self.page.url
        self.page.locator("#decide").click()
        self.page.wait_for_url(lambda url: url != before)
        expect(self.page.locator("#strip .back button").first).to_be_visible()
        self.page.goto(reverse("decisions"))
        expect(self.waiting(slug)).to_have_count(0)
        assert settle(self.dossier.fund) == (1, 0, 0)

    def link(self, slug: str) -> Locator:
        return self.page.locator(f"main a[href$='/do/{slug}'], main a[href*='/do/{slug}?']")

    # --- what one does there

    def fills(self, **told: Any) -> None:
        for name, value in told.items():
            field = self.page.locator(f"form[data-draft] [name='{name}']")
            kind = field.first.evaluate("field => field.type")
            if kind == "radio":
                self.page.locator(f"form[data-draft] [name='{name}'][value='{value}']").check()
            elif kind == "checkbox":
                field.set_checked(value)
            elif kind == "select-one":
                field.select_option(value)
            else:
                field.fill(written(value) if isinstance(value, date) else value)

    def sends(self, told: str = "") -> None:
        """Sent once what it will do is shown; then the next page says that it is done."""
        self.page.keyboard.press("Tab")  # out of the last field, so that the preview is of all of it
        expect(self.page.locator("#preview .wrongly")).to_have_count(0)
        self.page.locator("form[data-draft] .btn-primary").click()
        self.page.wait_for_url(lambda url: "/do/" not in url)
        note = self.page.locator("main [role=status].good")
        expect(note).to_be_visible()
        if told:
            expect(note).to_contain_text(self.word(told))

    def does(self, slug: str, told: str = "", **fields: Any) -> None:
        self.opens(slug)
        self.fills(**fields)
        self.sends(told)

    # --- what one sees

    def card(self, title: str) -> Locator:
        """A card of the Traject tab."""
        heading = self.page.locator("h3", has_text=self.word(title))
        return self.page.locator("li.card").filter(has=heading)

    def state(self, title: str, state: str | Promise) -> None:
        expect(self.card(title).first.locator("h3 .state")).to_contain_text(self.word(state))

    def reads(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)

    def reads_not(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text)

    def fine(self) -> None:
        """This page is for everybody, and on a phone too."""
        assert violations(self.page) == []
        size = self.page.viewport_size
        self.page.set_viewport_size({"width": 390, "height": 844})
        assert wider_than_the_window(self.page) == []
        self.page.set_viewport_size(size)  # type: ignore[arg-type]  # it has one

    # --- by keyboard alone

    def tabs_to(self, wanted: str) -> None:
        """Tab until there; every stop on the way is seen."""
        for _step in range(150):
            self.page.keyboard.press("Tab")
            there, seen, where = self.page.evaluate(FOCUS, wanted)
            if there:
                assert seen, where
                return
        raise AssertionError(f"Tab does not come to {wanted}")

    def types(self, wanted: str, text: str) -> None:
        self.tabs_to(wanted)
        self.page.keyboard.type(text)

    def picks(self, name: str, value: str) -> None:
        """One of the radio buttons: Space on the first, arrows to the others."""
        self.tabs_to(f"input[type=radio][name={name}]")
        self.page.keyboard.press("Space")
        for _option in range(12):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} cannot be picked by keyboard")
