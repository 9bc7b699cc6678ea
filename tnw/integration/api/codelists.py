"""Every list of codes that stands in the API, with the word for each code."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from dossiers import machines
from dossiers.explanations import phrases
from dossiers.explanations.explanation import KINDS as KINDS_OF_DEADLINES
from dossiers.explanations.table import OWNERS
from dossiers.law import kinds as law
from dossiers.models import Channel, DispatchState
from dossiers.models.case import Cause, EndReason, Exclusion, Regime
from dossiers.phases import Phase
from routing.models.question import Kind, Section
from tnw.accounts.models import LANGUAGES, ActorKind
from tnw.integration.rest.names import camel
from trajects import fact_words

# By the name of the list: the codes of the law, and the name of the value that has them.
_OF_THE_LAW: dict[str, tuple[str, tuple[str, ...]]] = {
    "waivers": ("reason", law.WAIVERS),
    "channels": ("channel", law.CHANNELS),
    "forms": ("form", law.FORMS),
    "aims": ("aim", law.AIMS),
    "services": ("service", law.SERVICES),
    "registrationRefusals": ("reason", law.REGISTRATION_REFUSALS),
    "denials": ("reason", law.DENIALS),
    "serviceSteps": ("step", law.SERVICE_STEPS),
    "routeClosings": ("reason", law.ROUTE_CLOSINGS),
    "purposes": ("purpose", law.PURPOSES),
    "consents": ("purpose", law.CONSENTS),
    "parties": ("party", law.PARTIES),
    "firstSteps": ("step", law.FIRST_STEPS),
    "actions": ("kind", law.ACTIONS),
    "results": ("result", law.RESULTS),
    "roles": ("role", law.ROLES),
    "methods": ("method", law.METHODS),
    "suspensions": ("reason", law.SUSPENSIONS),
    "referralAsks": ("asks_for", law.REFERRAL_ASKS),
    "visitOutcomes": ("outcome", law.VISIT_OUTCOMES),
    "requesters": ("requested_by", law.REQUESTERS),
    "decisions": ("decision", law.DECISIONS),
    "refusers": ("refused_by", law.REFUSERS),
    "letterSteps": ("step", law.LETTER_STEPS),
    "proposers": ("proposed_by", law.PROPOSERS),
}
_OWN: dict[str, Mapping[str, Any]] = {
    "regimes": dict(Regime.choices),
    "causes": dict(Cause.choices),
    "exclusions": dict(Exclusion.choices),
    "endReasons": dict(EndReason.choices),
    "languages": dict(LANGUAGES),
    "phases": dict(Phase.choices),
    "actorKinds": dict(ActorKind.choices),
    "deadlineStates": phrases.STATES,
    "deadlineKinds": KINDS_OF_DEADLINES,
    "deadlineOwners": OWNERS,
    "documentChannels": dict(Channel.choices),
    "dispatchStates": dict(DispatchState.choices),
    "questionKinds": dict(Kind.choices),
    "questionSections": dict(Section.choices),
}


def _word(name: str, code: str) -> Any:
    ((_label, text),) = fact_words.values({name: code})
    return text


@cache
def CODE_LISTS() -> dict[str, Mapping[str, Any]]:  # noqa: N802 - a table, made once the apps are there
    """By the name of each list, its codes as they are inside, with a word that is translated where it is shown."""
    from trajects.models.traject import Route

    states = {
        f"{camel(model.NAME)}States": dict(model._meta.get_field("state").choices or ())  # type: ignore[misc]  # each of them has one
        for model in machines.machines()
    }
    of_the_law = {
        name: {code: _word(value, code) for code in codes} for name, (value, codes) in _OF_THE_LAW.items()
    }
    return {**states, **of_the_law, **_OWN, "routes": dict(Route.choices)}


@cache
def list_of(codes: tuple[str, ...]) -> str:
    """The name of the list that has exactly these codes. Raises StopIteration where none has: a test asks for all."""
    return next(name for name, own in CODE_LISTS().items() if {str(code) for code in own} == set(codes))
