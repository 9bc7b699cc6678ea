"""A traject that ended with a result, and one that the insured stopped."""

from datetime import date

from tests.letters.scenes.plan import agreed
from tests.letters.stage import Play, Scene, Stage


def ended(stage: Stage) -> Scene:
    agreed(stage)
    stage.on(date(2026, 5, 4)).end("no_result", evaluation="De stage bleek te zwaar.")
    return Scene("1")


def stopped(stage: Stage) -> Scene:
    agreed(stage)
    stage.on(date(2026, 5, 4)).stop()
    return Scene("1")


SCENES: dict[str, Play] = {"traject_ended": ended, "traject_stopped": stopped}
