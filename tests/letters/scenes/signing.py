"""The signing of the declaration: its text changed, the signature of the insured is missing."""

from tests.letters.stage import Play, Scene, Stage
from tests.reintegration.stage import DAY, MARCH
from tests.route_a.stage import COORDINATOR


def drawn_up(stage: Stage) -> str:
    """A declaration that waits for three signatures, since early March."""
    stage.running(MARCH - 7 * DAY).on(MARCH).start()
    return stage.draw_up()


def changed(stage: Stage) -> Scene:
    """Signed by the coordinator, and then another text."""
    subject = drawn_up(stage)
    stage.sign(subject, COORDINATOR)
    stage.on(MARCH + DAY)
    return Scene(stage.change(subject))


def reminder(stage: Stage) -> Scene:
    subject = drawn_up(stage)
    stage.on(MARCH + 14 * DAY)
    return Scene(subject)


SCENES: dict[str, Play] = {"declaration_changed": changed, "signature_reminder": reminder}
