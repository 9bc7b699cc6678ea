"""When a route was closed last: what is recorded of that day comes before it (F1), and begins nothing."""

from datetime import date

from dossiers.law.facts import corrected
from dossiers.models import Dossier
from dossiers.projection import facts_of


def closed_on(dossier: Dossier, route: str) -> date | None:
    """The last day on which this route was closed, by itself or by a traject that started; None where it never was."""
    return max(
        (
            fact.on
            for fact in corrected(facts_of([dossier.pk]).get(dossier.pk, ()))
            if (fact.kind == "route_closed" and fact.get("route") == route) or fact.kind == "traject_started"
        ),
        default=None,
    )
