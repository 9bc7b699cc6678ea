"""The questionnaire on paper and its reminder; the permission that was refused in route B."""

from datetime import date

from routing.questionnaires import sending
from tests.letters.stage import Play, Scene, Stage
from tests.route_a.stage import COORDINATOR

DUE, LATE = date(2026, 3, 16), date(2026, 4, 1)
ASKED, CONTACT, DECIDED = date(2026, 2, 2), date(2026, 2, 20), date(2026, 3, 2)


def questionnaire(stage: Stage) -> Scene:
    one = stage.on(DUE).act(sending.send, COORDINATOR, channel="post")
    return Scene(str(one.public_id))


def reminder(stage: Stage) -> Scene:
    stage.on(DUE).act(sending.send, COORDINATOR, channel="in_person")
    stage.on(LATE)
    return Scene()


def refused(stage: Stage) -> Scene:
    stage.on(ASKED).request()
    stage.returned()
    stage.on(CONTACT).meet_b()
    stage.on(DECIDED).ask()
    stage.deny()
    return Scene()


SCENES: dict[str, Play] = {
    "questionnaire": questionnaire,
    "questionnaire_reminder": reminder,
    "permission_refused": refused,
}
