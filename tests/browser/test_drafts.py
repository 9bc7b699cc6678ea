"""A draft that comes back after one's own act goes on as if one had never left; after somebody else's it meets that."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from dossiers.acts import head_of
from dossiers.law.facts import fact
from dossiers.ledger import record
from dossiers.models import Dossier
from tests import population
from tests.browser.stage import Stage
from tnw.accounts import actors, audit
from tnw.accounts.models import Role, User
from tnw.core import clock, scope

SignIn = Callable[[User], None]
SEEN = "form[data-draft] [name=seen]"
SEND = "form[data-draft] .btn-primary"


@pytest.fixture
def dossier(stage: Stage) -> Dossier:
    start = clock.today() - timedelta(days=160)
    sent = fact("questionnaire_sent", start + timedelta(70), "q-1", channel="post", language="nl")
    return population.dossier(fund=stage.people[Role.COORDINATOR].fund, start=start, facts=[sent])


def head(dossier: Dossier) -> str:
    with scope.funds(dossier.fund_id):
        return str(head_of(dossier))


@pytest.mark.parametrize("by", [Role.COORDINATOR, Role.ADVISORY_DOCTOR])
def test_a_draft_after_an_act(by: Role, stage: Stage, dossier: Dossier, page: Page, sign_in: SignIn) -> None:
    sign_in(stage.people[Role.COORDINATOR])
    url = reverse("act", args=[dossier.public_id, "hold-contact"])
    page.goto(url)
    page.locator("input[name=how][value=phone]").check()
    page.locator("textarea[name=report]").fill("Nog niet af.")
    before = page.locator(SEEN).input_value()
    actor = actors.of_user(stage.people[by])
    with audit.acting_as(actor, dossier.fund):
        done = fact("action_taken", clock.today(), "x-1", kind="other")
        record(dossier, done, fund=dossier.fund, actor=actor)
    page.goto(reverse("home"))
    page.goto(url)
    expect(page.locator("textarea[name=report]")).to_have_value("Nog niet af.")
    own = by == Role.COORDINATOR
    expect(page.locator(SEEN)).to_have_value(head(dossier) if own else before)
    page.locator(SEND).click()
    if own:
        page.wait_for_url(f"**/dossiers/{dossier.public_id}")
    else:
        expect(page.locator("#meanwhile")).to_be_visible()
    assert not page.wrong  # type: ignore[attr-defined]  # set where the page is made


def test_what_was_sent_without_an_answer_is_not_sent_twice(
    stage: Stage, dossier: Dossier, page: Page, sign_in: SignIn
) -> None:
    """The answer is lost on its way: the draft comes back, and sent again it meets what it was itself."""
    sign_in(stage.people[Role.COORDINATOR])
    url = reverse("act", args=[dossier.public_id, "hold-contact"])
    page.goto(url)
    page.locator("input[name=how][value=phone]").check()
    page.locator("textarea[name=report]").fill("Eenmaal is genoeg.")
    before = page.locator(SEEN).input_value()
    lost = lambda route: (route.fetch(max_redirects=0), route.abort())  # noqa: E731  # recorded, and not answered
    page.route(lambda address: address.endswith("/hold-contact"), lost)
    page.locator("form[data-draft] h2").click()
    page.locator(SEND).click()
    for _attempt in range(600):
        if head(dossier) != before:
            break
        page.wait_for_timeout(50)
    page.unroute_all(behavior="wait")
    assert head(dossier) == str(int(before) + 1), "it was recorded"
    page.goto(url)
    expect(page.locator("textarea[name=report]")).to_have_value("Eenmaal is genoeg.")
    expect(page.locator(SEEN)).to_have_value(before)
    page.locator(SEND).click()
    expect(page.locator("#meanwhile")).to_be_visible()
    assert head(dossier) == str(int(before) + 1)


def test_without_a_network_nothing_typed_is_lost(
    stage: Stage, dossier: Dossier, page: Page, sign_in: SignIn
) -> None:
    """Sent where there is no network, then elsewhere, then back: what was typed stands there, and is recorded once."""
    sign_in(stage.people[Role.COORDINATOR])
    url = reverse("act", args=[dossier.public_id, "hold-contact"])
    page.goto(url)
    page.locator("input[name=how][value=phone]").check()
    page.locator("textarea[name=report]").fill("In de trein getypt.")
    before = head(dossier)
    page.locator("form[data-draft] h2").click()
    page.context.set_offline(True)
    page.locator(SEND).click()
    told = page.locator("form[data-draft] [data-unanswered]")
    expect(told).to_be_visible()
    expect(told).to_have_class("note fault")
    expect(page.locator("textarea[name=report]")).to_have_value("In de trein getypt.")
    assert page.url.endswith(url)
    page.context.set_offline(False)
    page.goto(reverse("home"))
    page.goto(url)
    assert head(dossier) == before
    expect(page.locator("textarea[name=report]")).to_have_value("In de trein getypt.")
    expect(page.locator("input[name=how][value=phone]")).to_be_checked()
    page.locator(SEND).click()
    page.wait_for_url(f"**/dossiers/{dossier.public_id}")
    assert head(dossier) == str(int(before) + 1)
    page.goto(url)
    expect(page.locator("textarea[name=report]")).to_have_value("")


def test_back_to_a_form_that_was_refused(stage: Stage, dossier: Dossier, page: Page, sign_in: SignIn) -> None:
    """It stands there with what was typed, by Back and by loading it once more; no page of the browser's own."""
    sign_in(stage.people[Role.COORDINATOR])
    page.goto(reverse("act", args=[dossier.public_id, "hold-contact"]))
    page.locator("textarea[name=report]").fill("Nog zonder vorm.")
    page.locator("form[data-draft] h2").click()
    page.locator(SEND).click()
    expect(page.locator("#faults")).to_be_visible()
    page.locator("a.brand").click()
    page.wait_for_url(lambda url: "/dossiers/" not in url)
    page.go_back()
    expect(page.locator("textarea[name=report]")).to_have_value("Nog zonder vorm.")
    page.locator(SEND).click()
    expect(page.locator("#faults")).to_be_visible()
    with page.expect_request(lambda request: request.is_navigation_request()) as asked:
        page.reload()
    assert asked.value.method == "GET"
    expect(page.locator("textarea[name=report]")).to_have_value("Nog zonder vorm.")
    assert not page.wrong  # type: ignore[attr-defined]  # set where the page is made


def test_what_was_typed_in_a_queue_and_not_decided_stays(stage: Stage, page: Page, sign_in: SignIn) -> None:
    doctor, today = stage.people[Role.ADVISORY_DOCTOR], clock.today()
    lines = [population.line(fund=doctor.fund.number, start=today - timedelta(100 + n)) for n in range(3)]
    population.take_in(doctor.fund, lines, today)
    with scope.funds(doctor.fund_id):
        one = Dossier.objects.filter(incapacity__start=today - timedelta(102)).latest("pk")
    sign_in(doctor)
    url = reverse("assess", args=[one.public_id])
    page.goto(url)
    page.locator("textarea[name=reason]").fill("Nog niet af.")
    page.locator("#skip").click()
    page.wait_for_url(lambda now: url not in now)
    # Refused in its place: of that nothing waits for an answer any more.
    page.locator("[name=category][value='3']").check()
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/assess" in answer.url):
        page.locator("#decide").click()
    expect(page.locator(".faults")).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('sent')") is None
    page.goto(url)
    expect(page.locator("textarea[name=reason]")).to_have_value("Nog niet af.")
    expect(page.locator("#queue[data-ready]")).to_be_attached()
    assert not page.wrong  # type: ignore[attr-defined]  # set where the page is made
