"""The agenda as a coordinator uses it: planned from a dossier, moved by keys and by dragging, on a desk and on a phone."""

import os
import re
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Page, expect

from dossiers.law.calendar import add_working_days
from dossiers.law.facts import fact
from dossiers.models import Dossier
from tests.browser.axe import violations
from tests.browser.desk import Desk, days_ago, seed
from tests.browser.stage import Stage
from tests.browser.test_pages import in_language, wider_than_the_window
from tnw.accounts.models import Role
from tnw.core import clock, scope
from trajects.models import Appointment, CalendarMessage

SEND = "form[data-draft] .btn-primary"


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.BRUSSELS)


def waits(stage: Stage, *met: datetime, **columns: object) -> Dossier:
    """Somebody of the coordinator's who waits for the first contact, with these appointments."""
    facts = [
        fact("assessment_made", days_ago(20), "a-1", category=4),
        fact("referral_made", days_ago(15), "r-1"),
    ]
    facts += [
        fact("appointment_made", days_ago(3), f"m-{n}", f"met-{n}", purpose="follow_up", at=at, form="phone")
        for n, at in enumerate(met)
    ]
    return seed(stage, days_ago(150), facts, **columns)


def planned(dossier: Dossier) -> datetime:
    with scope.funds(dossier.fund_id):
        return Appointment.objects.get(dossier=dossier, state="planned").at.astimezone(clock.BRUSSELS)


def fine(page: Page, name: str) -> list[str]:
    """What is wrong with this page, in Dutch and in French, on a desk and on a phone."""
    wrong = []
    for language in ("nl", "fr"):
        if page.locator("html").get_attribute("lang") != language:
            in_language(page, language)
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            # What a narrow window changes it changes in every language.
            rules = violations(page) if width == 1280 or (language, width) == ("nl", 390) else []
            found = [*rules, *wider_than_the_window(page)]
            wrong += [f"{name} {language} {width}: {one}" for one in found]
            if folder := os.environ.get("TNW_SHOTS"):
                page.screenshot(path=Path(folder, f"{name}-{language}-{width}.png"), full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})
    in_language(page, "nl")
    return wrong


def test_planned_moved_by_keys_and_dragged(stage: Stage, sit: Callable[..., Desk]) -> None:
    on = add_working_days(clock.today(), 6)
    waits(stage, moment(on, 15), last_name="Claes", phone="0470 11 22 33")
    waits(stage, moment(on, 15, 15), last_name="Maes")
    new = waits(stage, last_name="Wouters", first_name="Lena", email="lena@example.org")
    desk = sit(Role.COORDINATOR, new)
    page = desk.page
    week = f"{reverse('agenda')}?view=week&on={on}"

    # From the dossier to a free moment, and to its form.
    desk.overview()
    desk.opens("plan")
    page.locator("main a[href*='/agenda?']").first.click()
    expect(page.locator(".choosing")).to_contain_text("Wouters Lena")
    page.goto(f"{page.url}&view=week&on={on}")
    slot = page.locator(f"[data-day='{on}'] .slot a", has_text="10:00")
    expect(page.locator(f"[data-day='{on}'] .slot a", has_text="15:00")).to_have_count(0)
    wrong = fine(page, "choosing")
    slot.click()
    page.wait_for_url("**/do/plan**")
    expect(page.locator("[name=time]")).to_have_value("10:00")
    desk.fills(how="in_person", mail=True)
    desk.sends()
    entry = page.locator(".entry", has_text="Wouters")
    expect(entry).to_contain_text("10:00")
    assert planned(new) == moment(on, 10)
    with scope.funds(new.fund_id):
        assert CalendarMessage.objects.get(dossier=new).method == "request"

    # By keys alone: to the appointment, m, half an hour later, Enter.
    page.goto(week)
    expect(page.locator(".entry.clashes")).to_have_count(2)
    wrong += fine(page, "week")
    entry.locator(".who").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".entry .who:focus")).to_contain_text("Claes")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("m")
    expect(page.locator(".choosing")).to_be_visible()
    expect(page.locator(".slot a:focus")).to_have_text("10:00 " + desk.word("free"))
    page.wait_for_load_state()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/do/move**")
    expect(page.locator("[name=time]")).to_have_value("10:30")
    expect(
        page.locator("[name=mail]")
    ).not_to_be_checked()  # nobody was invited yet: it waits to go as it is then
    expect(page.locator("#preview h2 ~ p").first).to_be_visible()
    page.locator(SEND).focus()
    page.keyboard.press("Enter")
    expect(page.locator("main [role=status].good a")).to_be_visible()
    page.wait_for_load_state()
    assert planned(new) == moment(on, 10, 30)

    # Dragged to four in the afternoon it is asked first; a clash is told; nothing moves before it is confirmed.
    hours = page.locator(".hours .track").bounding_box()
    day = page.locator(f"[data-day='{on}']").bounding_box()
    box = entry.bounding_box()
    assert hours
    assert day
    assert box
    at_four = hours["y"] + hours["height"] * 8 / 10
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(day["x"] + 20, at_four - 30, steps=4)
    page.mouse.move(day["x"] + 20, at_four + 8, steps=4)
    expect(page.locator(".ghost")).to_have_text("16:00")
    page.mouse.up()
    page.wait_for_url("**/do/move**")
    expect(page.locator("[name=time]")).to_have_value("16:00")
    assert planned(new) == moment(on, 10, 30)
    page.locator("[name=time]").fill("15:30")
    page.locator("[name=reason]").focus()
    expect(page.locator("#preview .note")).to_contain_text("Maes")
    page.locator("[name=time]").fill("16:00")
    page.locator("[name=reason]").focus()
    expect(page.locator("#preview .note")).to_have_count(0)
    desk.fills(reason="De zaal is bezet.")
    desk.sends()
    assert planned(new) == moment(on, 16)

    for view in ("day", "month"):
        page.goto(f"{reverse('agenda')}?view={view}&on={on}")
        expect(page.locator("main")).to_contain_text("Wouters")
        wrong += fine(page, view)
    page.goto(reverse("calendar_feed"))
    page.locator("button[name=make]").click()
    expect(page.locator("#address")).to_have_value(re.compile(r"/calendar/[\w-]{43}\.ics$"))
    wrong += fine(page, "feed")
    assert wrong == []
