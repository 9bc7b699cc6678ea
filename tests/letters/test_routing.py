"""Letters of the routes: the reminder that is the offer of help (A3, T3), the refusal of permission in route B (B5)."""

from datetime import date

import pytest

from dossiers.documents.kinds import kind_of
from routing.questionnaires import sending
from tests.letters import golden
from tests.letters.scenes import routing
from tests.letters.stage import Scene, Stage
from tests.route_a.stage import COORDINATOR, DOCTOR, refused

REMINDER, REFUSED = "questionnaire_reminder", "permission_refused"


@pytest.mark.parametrize(("channel", "told"), [("post", "post"), ("handed_over", "in_person")])
def test_t3_the_reminder_that_went_offers_help(stage: Stage, channel: str, told: str) -> None:
    routing.reminder(stage)
    assert "T3" in stage.open
    way = stage.send(REMINDER, Scene(), channel=channel)
    (fact,) = [one for one in stage.facts if one.kind == "support_offered"]
    assert (fact.id, fact.on, fact.values["channel"]) == (way.fact, stage.day, told)
    assert "T3" not in stage.open


def test_t3_what_came_back_meanwhile_needs_no_help(stage: Stage) -> None:
    routing.reminder(stage)
    stage.returned()
    with refused("not_allowed"):
        stage.letter(kind_of(REMINDER), Scene())


def test_nobody_is_reminded_of_what_was_not_sent(stage: Stage) -> None:
    with refused("nothing_to_write"):
        stage.letter(kind_of(REMINDER), Scene())


def test_a3_the_reminder_names_the_latest_sending_and_its_date(stage: Stage) -> None:
    routing.reminder(stage)
    stage.on(date(2026, 4, 2)).act(sending.send, COORDINATOR, channel="in_person")
    text = golden.text_of(stage.letter(kind_of(REMINDER), Scene()).content)
    assert "2 april 2026" in text
    assert "16 april 2026" in text


@pytest.mark.parametrize("by", [COORDINATOR, DOCTOR])
def test_b5_the_refusal_says_what_the_insured_is_told_and_no_more(stage: Stage, by: str) -> None:
    routing.refused(stage)
    text = golden.text_of(stage.letter(kind_of(REFUSED), Scene(), by=by).content)
    assert "Not yet possible." in text
    assert "The back" not in text


def test_b5_without_a_refusal_there_is_no_letter(stage: Stage) -> None:
    stage.on(routing.ASKED).request()
    stage.returned()
    with refused("nothing_to_write"):
        stage.letter(kind_of(REFUSED), Scene())
