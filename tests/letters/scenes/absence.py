"""Absent from the first contact of route A: once, twice, and once more."""

from datetime import date

from tests.letters.stage import Play, Scene, Stage
from tests.route_a.stage import COORDINATOR
from trajects.services import absence as services

REFERRED = date(2026, 4, 20)
ABSENT = (date(2026, 4, 27), date(2026, 5, 11), date(2026, 5, 25))


def absent(stage: Stage, times: int) -> str:
    """So often, each with the registered letter of the one before it; gives the last."""
    stage.on(REFERRED).assess(4)
    stage.refer()
    subject = ""
    for number, day in enumerate(ABSENT[:times]):
        if subject:
            stage.act(services.send_letter, COORDINATOR, subject=subject, proof=f"RR {number}")
        subject = stage.plan(day)
        stage.on(day).missed(subject)
    return subject


SCENES: dict[str, Play] = {
    "absence_warning": lambda stage: Scene(absent(stage, 1)),
    "absence_reduction": lambda stage: Scene(absent(stage, 2)),
    "absence_reduction_again": lambda stage: Scene(absent(stage, 3)),
}
