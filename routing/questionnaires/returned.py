"""Whether the questionnaire came back complete: then nothing more is asked, waived or helped with."""

from dossiers.acts import happened
from dossiers.models import Dossier
from routing.models import RouteAState
from routing.models.route_a import BEFORE_ASSESSMENT

_KEPT = "came_back"


def came_back(dossier: Dossier) -> bool:
    """Whether the latest that was sent, by whatever route, came back complete; or one did without being sent.

    Until the assessment the route says so; after it the facts do, kept beside the machines where those were loaded.
    """
    route = getattr(dossier, "route_a", None)
    if route is None or route.state in BEFORE_ASSESSMENT:
        return route is not None and route.state == RouteAState.RECEIVED
    kept = getattr(dossier, "_prefetched_objects_cache", {})
    if _KEPT not in kept:
        kept[_KEPT] = _by_facts(dossier)
    return bool(kept[_KEPT])


def _by_facts(dossier: Dossier) -> bool:
    told = [
        fact.kind
        for fact in happened(dossier)
        if fact.kind == "questionnaire_sent"
        or (fact.kind == "questionnaire_received" and fact.get("complete"))
    ]
    return bool(told) and told[-1] == "questionnaire_received"
