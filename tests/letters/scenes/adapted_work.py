"""Adapted work that was asked for: permitted, refused."""

from datetime import date
from decimal import Decimal

from tests.letters.stage import Play, Scene, Stage
from tests.route_a.stage import COORDINATOR, DOCTOR
from trajects.services import adapted_work as services

ASKED, STARTS, ENDS = date(2026, 5, 4), date(2026, 6, 1), date(2026, 11, 30)
TOLD = "Dit werk is nu nog te zwaar voor u.\n\nVraag het gerust opnieuw na de zomer."


def asked(stage: Stage) -> str:
    what = "Administratie bij de eigen werkgever"
    return str(stage.on(ASKED).act(services.plan, COORDINATOR, starts_on=STARTS, what=what, declared=True))


def permitted(stage: Stage) -> Scene:
    subject = asked(stage)
    allowed = {
        "first_day": STARTS,
        "last_day": ENDS,
        "hours": Decimal("15.20"),
        "medical": "De rug houdt het.",
    }
    stage.act(services.permit, DOCTOR, subject=subject, **allowed)
    return Scene(subject)


def refused(stage: Stage) -> Scene:
    subject = asked(stage)
    stage.act(services.refuse, DOCTOR, subject=subject, medical="De rug houdt het niet.", insured=TOLD)
    return Scene(subject)


SCENES: dict[str, Play] = {"adapted_work_permitted": permitted, "adapted_work_refused": refused}
