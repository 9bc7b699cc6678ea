"""A reintegration plan that was agreed, with an action that is done."""

from datetime import date, time

from tests.letters.stage import Play, Scene, Stage
from tests.route_a.stage import COORDINATOR
from trajects.models import ReintegrationPlan
from trajects.plans import Action, Contents, Interview, Objective
from trajects.services import plan

SIGNED, AGREED = date(2026, 3, 9), date(2026, 3, 23)
CONTENTS = Contents(
    objectives=(
        Objective("Het basisattest informatica behalen", date(2026, 6, 30)),
        Objective("Een stage van twee weken op een secretariaat", date(2026, 9, 30)),
    ),
    result="Halftijds administratief werk bij een werkgever in de buurt van Gent.",
    actions=(
        Action("1", "Inschrijven voor de cursus informatica", "Zoë Van Hée", date(2026, 4, 10)),
        Action("2", "Drie werkgevers aanschrijven over een stage", "Lies Peeters", date(2026, 5, 29)),
    ),
    next=Interview(date(2026, 6, 22), time(10, 30), "in_person", "Kouter 8, 9000 Gent"),
)


def agreed(stage: Stage) -> str:
    """A plan since 23 March 2026; gives the fact that it is."""
    stage.running(date(2026, 3, 2)).on(SIGNED)
    stage.start()
    stage.signed_by_all()
    stage.on(AGREED)
    stage.act(plan.hold_meeting, COORDINATOR, form="in_person", report="Samen het plan opgemaakt.")
    stage.act(plan.agree, COORDINATOR, contents=CONTENTS)
    stage.on(date(2026, 4, 8))
    stage.act(plan.mark_action_done, COORDINATOR, plan_action="1")
    return ReintegrationPlan.objects.get(dossier=stage.dossier).fact


def on_paper(stage: Stage) -> Scene:
    return Scene(agreed(stage), {"text": "Breng bij het volgende gesprek uw cursusmap mee."})


SCENES: dict[str, Play] = {"reintegration_plan": on_paper}
