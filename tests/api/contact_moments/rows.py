"""Who may do what with contact moments."""

from datetime import datetime, timedelta
from typing import Any

from tests.api.table import Row
from tests.api.world import TODAY, World
from tnw.core import clock
from trajects.services import contacts

AHEAD = "2026-12-01T10:00:00+01:00"


def _case(world: World) -> dict[str, Any]:
    case = world.case()
    case.on(TODAY)
    return {"dossier": case.dossier}


def _planned(world: World) -> dict[str, Any]:
    """Of the day before, so that it can be said what became of it."""
    places = _case(world)
    with clock.at(TODAY - timedelta(days=4)):
        subject = contacts.plan(
            dossier_id=places["dossier"].public_id, actor=world.people["coordinator"], on=clock.today(),
            purpose="follow_up", form="phone", at=datetime(2026, 11, 19, 10, tzinfo=clock.BRUSSELS),
        )  # fmt: skip
    one = places["dossier"].appointments.get(subject=subject)
    return {**places, "contactMomentId": one.public_id}


def _missed(world: World) -> dict[str, Any]:
    places = _planned(world)
    one = places["dossier"].appointments.get()
    contacts.record_absence(
        dossier_id=places["dossier"].public_id, actor=world.people["coordinator"], on=one.on,
        subject=one.subject, excused=False,
    )  # fmt: skip
    return places


HELD = {"form": "phone", "report": "Spoken of work."}
ROWS = {
    "listContactMoments": Row(),
    "createContactMoment": Row({"purpose": "other", "at": AHEAD, "form": "video"}, right=201, before=_case),
    "createContactReport": Row(HELD, right=201, before=_case),
    "getContactMoment": Row(before=_planned),
    "changeContactMoment": Row({"at": AHEAD}, before=_planned),
    "cancelContactMoment": Row(right=201, before=_planned),
    "recordContactAbsence": Row({"excused": False}, right=201, before=_planned),
    "justifyContactMoment": Row(right=201, before=_missed),
    "reportContactMoment": Row(HELD, right=201, before=_planned),
}
