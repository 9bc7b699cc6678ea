"""Appointments: planned, moved, cancelled."""

from datetime import date

from tests.letters.stage import Play, Scene, Stage
from tests.route_a.stage import COORDINATOR
from trajects.services import contacts

REFERRED, PLANNED = date(2026, 5, 4), date(2026, 5, 20)
ASKED = "Neem uw identiteitskaart mee.\n\nParkeren kan achter het gebouw."


def planned(stage: Stage) -> str:
    """A first contact of route A, on 20 May 2026 at ten."""
    stage.on(REFERRED).assess(4)
    stage.refer()
    return stage.plan(PLANNED)


def invitation(stage: Stage) -> Scene:
    return Scene(planned(stage), {"text": ASKED})


def moved(stage: Stage) -> Scene:
    subject = planned(stage)
    stage.move(subject, date(2026, 5, 27))
    return Scene(subject)


def cancelled(stage: Stage) -> Scene:
    subject = planned(stage)
    stage.act(contacts.cancel, COORDINATOR, subject=subject)
    return Scene(subject)


SCENES: dict[str, Play] = {
    "invitation": invitation,
    "appointment_moved": moved,
    "appointment_cancelled": cancelled,
}
