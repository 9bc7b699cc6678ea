"""What can be done next on the three routes: by whom, why not, and for which deadlines."""

from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from routing.steps import employer, route_a, route_b, route_c
from tnw.accounts.models import Actor

ROUTES = (route_a, route_b, route_c, employer)


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """The steps of every route, in the order in which each goes."""
    return [step for route in ROUTES for step in route.steps(dossier, actor, today)]
