"""A consent of the insured, and what a no does to the routes that wait for one (A6, C4)."""

from collections.abc import Iterator
from datetime import date
from typing import Literal, get_args
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.consents import DATA_PROCESSING, GIVEN
from dossiers.models import Dossier
from routing.models import RouteAState, RouteB, RouteCState
from routing.models.route_b import BEFORE_CONTACT
from routing.policies.route_b import open_route
from tnw.accounts.models import Actor
from tnw.core.errors import DomainError
from trajects.services import consents

Consent = Literal["given", "refused", "later"]


@transaction.atomic
def record_consent(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    answer: str,
    purpose: str,
    party: str = "",
    note: str = "",
    seen: int | None = None,
) -> tuple[str, str]:
    """What the insured answered; gives the purpose and the party that it counts for.

    Data processing refused or withdrawn stops the traject, and closes what waits for that consent. A no is recorded also
    where the dossier contradicts itself or is excluded, and after the end as of the last recognized day.
    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    says_no, end = answer != GIVEN, dossier.incapacity.end
    if says_no and end:
        on = min(on, end)
    done = consents.answered(dossier, actor, on, answer, purpose, party, note)
    if says_no and purpose == DATA_PROCESSING:
        done += _closed(dossier, on)
    acts.record(dossier, actor, *done, despite=says_no)
    return purpose, done[0].values["party"] or ""


def asked(on: date, consent: Consent) -> list[Done]:
    """What the insured said of data processing, without which there is no traject; *later* is no answer yet.

    Raises DomainError.
    """
    if consent not in get_args(Consent):
        raise DomainError(_("Say what the answer was."), code="unknown_code", field="consent")
    if consent == "later":
        return []
    return [Done(consents.CONSENT_FACTS[consent], on, {"purpose": DATA_PROCESSING})]


def _closed(dossier: Dossier, on: date) -> Iterator[Done]:
    """No route goes on without it from its first contact on; the duty of a first contact, where it is asked, stays (A6)."""
    if dossier.route_a.state == RouteAState.CONTACTED:
        yield Done("route_closed", on, {"route": "A", "reason": "no_consent"})
    b = open_route(dossier)
    if b is not None and b.state not in BEFORE_CONTACT:
        # What was done in it since stays done, where the day is an earlier one.
        done = [one.on for one in acts.happened(dossier) if RouteB.key_of(one)]
        yield Done("route_closed", max(on, *done), {"route": "B", "reason": "no_consent"})
    for one in dossier.routes_c.all():
        if one.state == RouteCState.CONFIRMED:
            day = max(on, one.reported_on)
            yield Done("route_closed", day, {"route": "C", "reason": "no_consent"}, one.subject)
