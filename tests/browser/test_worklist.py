"""The keys of the worklist."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.stage import Stage
from tnw.accounts.models import Role, User


def test_the_keys_of_the_list(stage: Stage, page: Page, sign_in: Callable[[User], None]) -> None:
    """Along the lines and back, to the search, to the overlay; and none of it while typing."""
    sign_in(stage.people[Role.TEAM_LEAD])
    page.goto("/")
    links = page.locator("[data-rows] tbody th[scope=row] a")
    assert links.count() > 1
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("jk?")
    expect(page.locator(".find input[type=search]")).to_have_value("jk?")
    expect(page.locator("#keys")).to_be_hidden()
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dossiers/**")
