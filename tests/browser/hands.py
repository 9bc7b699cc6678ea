"""The ways of `tests.walk.ways`, gone in a browser: by mouse, or by keyboard alone."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.desk import Desk, written
from tests.queues.settling import settle
from tests.walk.ways import FEED, Somebody, Step, in_queue, leads_to

SEND = "form[data-draft] .btn-primary"
GOOD = "main [role=status].good"


class Mouse:
    """Everything by clicks; only text is typed."""

    KEYBOARD = False

    def __init__(self, desk: Desk) -> None:
        self.desk, self.page = desk, desk.page

    def finds(self, name: str, address: str) -> None:
        """A dossier, by the search at the top of every page."""
        self.page.locator("input[type=search]").first.fill(name)
        self.page.locator("form.find button").click()
        self.follows(f"main a[href='{address}']")

    def follows(self, link: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(link).first.click()

    def fills(self, told: dict[str, Any]) -> None:
        self.desk.fills(**told)

    def decides(self) -> None:
        """In a queue: what comes then is the next case, or its list."""
        self.follows("#decide")

    def sends(self) -> None:
        self.desk.sends()


class Keyboard(Mouse):
    """Tab, arrows, Space, Enter, and what is typed; past the head of each page by the link that is there for it."""

    KEYBOARD = True

    def finds(self, name: str, address: str) -> None:
        self.desk.types("input[type=search]", name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.follows(f"main a[href='{address}']")

    def follows(self, link: str) -> None:
        if link.startswith("main"):
            self.skips()
        self.desk.tabs_to(link)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def skips(self) -> None:
        self.desk.tabs_to(".skip")
        self.page.keyboard.press("Enter")

    def fills(self, told: dict[str, Any]) -> None:
        self.skips()
        for name, value in told.items():
            field = f"form [name='{name}']"
            kind = self.page.locator(field).first.evaluate("field => field.type")
            if kind == "radio":
                self.desk.picks(name, value)
            elif kind == "checkbox":
                self.desk.tabs_to(field)
                if self.page.locator(field).is_checked() != value:
                    self.page.keyboard.press("Space")
            else:
                self.desk.types(field, written(value) if isinstance(value, date) else value)

    def decides(self) -> None:
        self.sends_by("#decide")

    def sends(self) -> None:
        self.sends_by(SEND)
        expect(self.page.locator(GOOD)).to_be_visible()

    def sends_by(self, button: str) -> None:
        self.desk.tabs_to(button)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


class Walker:
    """People who take turns in one dossier after the other; `set_day` puts the clock on a day."""

    def __init__(self, sit: Callable[[str], Mouse], set_day: Callable[[date], None]) -> None:
        self.sit, self.set_day = sit, set_day
        self.hands: dict[str, Mouse] = {}
        # Whose page each of them has before him, as it is now; and in whose dossier he is.
        self.open: dict[str, tuple[Somebody, str]] = {}
        self.at: dict[str, Somebody | None] = {}

    def go(self, whose: Somebody, steps: tuple[Step, ...], day: date) -> date:
        """Take these steps; gives the day of the last."""
        for step in steps:
            day += timedelta(step.after)
            self.set_day(day)
            if step.by == FEED:
                whose.told(step)
                self.open = {}
            else:
                self.act(whose, step)
        return day

    def act(self, whose: Somebody, step: Step) -> None:
        if step.by not in self.hands:
            self.hands[step.by] = self.sit(step.by)
        hands, key = self.hands[step.by], whose.dossier.public_id
        # From one day to the next nothing comes to be offered that was not before.
        if step.after > 1 or self.open.get(step.by) != (whose, step.page):
            self.turn_to(hands, whose, step)
        hands.follows(f"main a[href*='{leads_to(step, key)}']")
        hands.fills(step.fields())
        if in_queue(step):
            hands.decides()
            assert settle(whose.dossier.fund) == (1, 0, 0)
            # The queue goes on by itself to whatever is next: from here it is left.
            hands.page.goto(reverse("home"))
            self.open, self.at[step.by] = {}, None
            return
        hands.sends()
        # One comes back to where one was; what others have before them is of before.
        self.open = {step.by: (whose, step.page)}

    def turn_to(self, hands: Mouse, whose: Somebody, step: Step) -> None:
        if step.page == "decisions":
            hands.follows(f"a[href='{reverse('decisions')}']")
            self.at[step.by] = None
            return
        key = whose.dossier.public_id
        overview, page = (reverse(name, args=[key]) for name in ("dossier", step.page))
        if found := self.at.get(step.by) is not whose:
            hands.finds(whose.line["last_name"], overview)
            self.at[step.by] = whose
        if not found or page != overview:
            hands.follows(f"main .tabs a[href='{page}']")
