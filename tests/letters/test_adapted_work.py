"""Letters on adapted work: period, hours and the rule on income; a refusal in the words for the insured (W1)."""

from collections.abc import Callable
from datetime import date

import pytest

from dossiers.documents.kinds import kind_of
from tests.letters import golden
from tests.letters.scenes.adapted_work import asked, permitted
from tests.letters.scenes.adapted_work import refused as refusal
from tests.letters.stage import Scene, Stage
from tests.route_a.stage import COORDINATOR, DOCTOR, refused
from trajects.services import adapted_work

PERMITTED, REFUSED = "adapted_work_permitted", "adapted_work_refused"


def said(stage: Stage, slug: str, scene: Scene, by: str = COORDINATOR) -> str:
    return " ".join(golden.text_of(stage.letter(kind_of(slug), scene, by=by).content).split())


def test_w1_the_permission_tells_its_days_and_hours(stage: Stage) -> None:
    text = said(stage, PERMITTED, permitted(stage))
    for word in ("1 juni 2026", "30 november 2026", "15,2 "):
        assert word in text


def test_w1_without_an_end_it_lasts_as_long_as_the_incapacity(stage: Stage) -> None:
    subject = asked(stage)
    stage.act(adapted_work.permit, DOCTOR, subject=subject, first_day=date(2026, 6, 1))
    text = said(stage, PERMITTED, Scene(subject))
    assert "30 november" not in text
    assert "15,2" not in text


def test_w1_each_regime_has_its_own_rule_on_income(begin: Callable[..., Stage]) -> None:
    one, other = begin(), begin(ssin="85073003427", regime="self_employed")
    assert said(one, PERMITTED, permitted(one)) != said(other, PERMITTED, permitted(other))


@pytest.mark.parametrize("by", [COORDINATOR, DOCTOR])
def test_w1_a_refusal_is_told_in_the_words_for_the_insured(stage: Stage, by: str) -> None:
    text = said(stage, REFUSED, refusal(stage), by)
    assert "Dit werk is nu nog te zwaar voor u." in text
    assert "De rug" not in text


def test_w1_before_the_decision_nothing_is_written(stage: Stage) -> None:
    subject = asked(stage)
    for slug in (PERMITTED, REFUSED):
        with refused("nothing_to_write"):
            stage.letter(kind_of(slug), Scene(subject))
