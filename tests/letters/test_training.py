"""Letters on a training: the application that is its submission, and the decision, a refusal registered (H1, H2)."""

import pytest

from dossiers.documents.kinds import kind_of
from dossiers.documents.letter import Missing
from tests.letters import golden
from tests.letters.scenes.training import SAID, advised, decided
from tests.letters.stage import Scene, Stage
from tests.route_a.stage import refused

REGISTERED = {"channel": "registered", "number": "RR 1"}
WHY = {"why": "Geen vraag in de streek."}


def test_h1_the_application_that_leaves_is_the_submission(stage: Stage) -> None:
    one = advised(stage)
    scene = Scene(one.subject, SAID)
    way = stage.send("training_application", scene)
    assert one.state == "submitted"
    assert [fact.id for fact in stage.facts if fact.kind == "training_submitted"] == [way.fact]
    again = stage.send("training_application", scene)
    assert again.fact == ""
    assert stage.kinds.count("training_submitted") == 1


@pytest.mark.parametrize("lacks", ["address", "provider", "period", "goal", "costs"])
def test_h1_riziv_gets_all_that_it_asks(stage: Stage, lacks: str) -> None:
    one = advised(stage)
    with pytest.raises(Missing):
        stage.letter(kind_of("training_application"), Scene(one.subject, {**SAID, lacks: " "}))


def test_h1_the_application_names_the_insured_and_no_reason_of_health(stage: Stage) -> None:
    one = advised(stage)
    text = golden.text_of(stage.letter(kind_of("training_application"), Scene(one.subject, SAID)).content)
    for word in ("Zoë Van Hée", "85.07.30-033.28", "Lasser, in Gent", "Galileelaan 5/01"):
        assert word in text
    assert "The back" not in text


def test_h2_a_refusal_goes_by_registered_letter_alone(stage: Stage) -> None:
    one = decided(stage)
    scene = Scene(one.subject, WHY)
    with refused("not_allowed"):
        stage.send("training_refused", scene)
    way = stage.send("training_refused", scene, **REGISTERED)
    (fact,) = [fact for fact in stage.facts if fact.kind == "registered_letter_sent"]
    assert (fact.id, fact.subject, fact.values["step"]) == (way.fact, one.subject, "training_decision")
    assert one.row.letter_on == stage.day


def test_h2_a_refusal_says_why(stage: Stage) -> None:
    one = decided(stage)
    with pytest.raises(Missing, match="The reason"):
        stage.letter(kind_of("training_refused"), Scene(one.subject))


@pytest.mark.parametrize(("how", "recorded"), [({}, False), (REGISTERED, True)])
def test_h2_an_approval_goes_as_the_fund_wants(stage: Stage, how: dict[str, str], recorded: bool) -> None:
    one = decided(stage, "2026-04-07", "2026-09-30")
    assert bool(stage.send("training_approved", Scene(one.subject), **how).fact) is recorded
    assert ("registered_letter_sent" in stage.kinds) is recorded


def test_h2_of_a_refusal_no_approval_is_written(stage: Stage) -> None:
    one = decided(stage)
    with refused("nothing_to_write"):
        stage.letter(kind_of("training_approved"), Scene(one.subject))
