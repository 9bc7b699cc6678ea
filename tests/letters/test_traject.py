"""The end of a traject in a letter: what fell away with it, what stays, and that nobody asks why (P3, Z8, T19)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from dossiers.law.kinds import RESULTS as OF_THE_LAW
from tests.letters.reading import said
from tests.letters.scenes.plan import agreed
from tests.letters.scenes.signing import drawn_up
from tests.letters.stage import Scene, Stage
from tests.route_a.stage import COORDINATOR, refused
from trajects.letters.traject import RESULTS
from trajects.policies.results import STOPPED
from trajects.services import partner

ENDED, STOPPED_IT = "traject_ended", "traject_stopped"
ONE = Scene("1")
FALLS = {
    "appointment": "Your appointment of Monday 22 June 2026, 10:30 does not take place.",
    "plan": "and with it the follow-up of your plan",
    "part": "Your reintegration traject ends.",
    "declaration": "The engagement declaration that waited for signatures lapses",
    "presumption": "The presumption of incapacity for work that came with your declaration ends.",
    "service": "We no longer follow your registration with VDAB.",
}


def running(stage: Stage) -> None:
    stage.running(date(2026, 3, 2))


def with_service(stage: Stage) -> None:
    running(stage)
    stage.on(date(2026, 3, 3)).record("consent_given", purpose="consultation", party="regional_service")
    subject = stage.act(partner.draw_up, COORDINATOR, service="vdab", form="Looks for office work.")
    stage.act(partner.send, COORDINATOR, subject=subject)


@pytest.mark.parametrize(
    ("come_to", "falls"),
    [
        (running, set()),
        (drawn_up, {"part", "declaration"}),
        (agreed, {"appointment", "plan", "presumption"}),
        (with_service, {"service"}),
    ],
)
def test_t19_says_what_fell_away_and_nothing_else(
    stage: Stage, come_to: Callable[[Stage], object], falls: set[str]
) -> None:
    come_to(stage)
    stage.on(date(2026, 5, 4)).stop()
    text = said(stage, STOPPED_IT, ONE)
    assert {name for name, sentence in FALLS.items() if sentence in text} == falls
    assert ("What falls away" in text) is bool(falls)


def test_p3_who_stops_is_asked_no_reason_and_keeps_the_rights(stage: Stage) -> None:
    running(stage)
    stage.on(date(2026, 5, 4)).stop()
    text = said(stage, STOPPED_IT, ONE)
    assert "you need not say why" in text
    assert "changes nothing about your benefit" in text
    assert "You can ask for a new traject at any moment" in text
    assert "You stay obliged to return the questionnaire" in text
    with refused("nothing_to_write"):
        said(stage, ENDED, ONE)


def test_z8_each_result_has_its_sentence(stage: Stage) -> None:
    assert set(RESULTS) == set(OF_THE_LAW) - {STOPPED}
    running(stage)
    stage.on(date(2026, 5, 4)).end("no_result")
    assert str(RESULTS["no_result"]) in said(stage, ENDED, ONE)
    with refused("nothing_to_write"):
        said(stage, STOPPED_IT, ONE)


def test_once_the_incapacity_has_ended_nothing_is_promised_of_it(stage: Stage) -> None:
    running(stage)
    stage.on(date(2026, 5, 4)).end("no_result")
    stage.fed(date(2026, 5, 11), end="2026-05-08", end_reason="resumed")
    text = said(stage, ENDED, ONE)
    assert "benefit" not in text
    assert "new traject" not in text
    assert "get a copy of it" in text


def test_permitted_work_goes_on_as_permitted(stage: Stage) -> None:
    running(stage)
    stage.record("adapted_work_planned", "a", starts_on=date(2026, 4, 1))
    stage.record("adapted_work_declared", "a")
    permitted: dict[str, Any] = {"from": date(2026, 4, 2)}
    stage.on(date(2026, 4, 2)).record("adapted_work_permitted", "a", **permitted)
    stage.on(date(2026, 5, 4)).stop()
    assert "The adapted work for which you have permission goes on" in said(stage, STOPPED_IT, ONE)


def test_while_a_traject_runs_nothing_says_that_it_ended(stage: Stage) -> None:
    running(stage)
    for slug in (ENDED, STOPPED_IT):
        with refused("nothing_to_write"):
            said(stage, slug, ONE)
