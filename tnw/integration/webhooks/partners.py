"""What a regional service is told: of its own registrations and referrals only, and as far as the consent still goes."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from django.db.models import Q, QuerySet

from dossiers.models import Dossier
from routing.models import RouteC, RouteCState
from routing.policies.route_c import may_tell
from tnw.core.policies import Verdict
from tnw.integration.webhooks.events import OF_FACTS, REGISTRATION_CLOSED, TRAJECT_STARTED
from tnw.integration.webhooks.places import RESOURCES, Told
from trajects.models import PartnerReferral
from trajects.models.partner import PartnerState
from trajects.policies.sharing import REGIONAL_SERVICE, load_consents, may_share

M = TypeVar("M", RouteC, PartnerReferral)
REGISTRATION, REFERRAL = RESOURCES["partnerRegistration"][1], RESOURCES["partnerReferral"][1]
# Of the dossier as a whole, and yet of a registration or a referral too.
MOVES_ALL = frozenset({"traject_started", "traject_ended"})
KINDS = frozenset(
    {kind for kind, name in OF_FACTS.items() if name.startswith("partner")} - {"partner_form_drawn_up"}
    | {"route_closed"}
    | MOVES_ALL
)
# After these a consent may no longer stand.
TOUCHES_CONSENT = frozenset({"consent_refused", "consent_withdrawn", "fact_corrected", "fact_voided"})


class ForService(NamedTuple):
    """One event for one service: `noun.happened`, and the path of what it is about."""

    entry: Told
    service: str
    name: str
    path: str


def may_tell_of_referral(dossier: Dossier) -> Verdict:
    """What the fund sent to a service is shared with it under a consent (G1, Z5)."""
    return may_share(dossier, REGIONAL_SERVICE)


def for_services(entries: Iterable[Told]) -> Iterator[ForService]:
    """What services are told of these entries, which are of one or more dossiers."""
    mine = [one for one in entries if one.kind in KINDS]
    if not mine:
        return
    dossier_ids = {one.dossier_id for one in mine}
    registrations = _by_dossier(RouteC.objects.exclude(service=""), dossier_ids)
    referrals = _by_dossier(PartnerReferral.objects.exclude(sent_on=None), dossier_ids)
    dossiers = {
        one.pk: one
        for one in Dossier.objects.select_related("incapacity").filter(
            pk__in=registrations.keys() | referrals.keys()
        )
    }
    load_consents(dossiers.values())
    for entry in mine:
        dossier = dossiers.get(entry.dossier_id)
        own = registrations.get(entry.dossier_id, ())
        sent = referrals.get(entry.dossier_id, ())
        if own and dossier and may_tell(dossier):
            for registration in own:
                if name := _of_registration(entry, registration):
                    yield ForService(
                        entry, registration.service, name, REGISTRATION.format(registration.public_id)
                    )
        if sent and dossier and may_tell_of_referral(dossier):
            for referral in sent:
                if name := _of_referral(entry, referral):
                    yield ForService(entry, referral.service, name, REFERRAL.format(referral.public_id))


def _of_registration(entry: Told, one: RouteC) -> str:
    if entry.subject == one.subject:
        return {"traject_started": TRAJECT_STARTED, "route_closed": REGISTRATION_CLOSED}.get(
            entry.kind, entry.name
        )
    superseded = one.state == RouteCState.CLOSED and one.reason == "superseded"
    return REGISTRATION_CLOSED if entry.kind == "traject_started" and superseded else ""


def _of_referral(entry: Told, one: PartnerReferral) -> str:
    if entry.subject == one.subject and entry.kind not in MOVES_ALL:
        return entry.name
    ended = one.state == PartnerState.ENDED and one.ended_on == entry.on
    return "partnerReferral.ended" if entry.kind == "traject_ended" and ended else ""


def no_longer_shared(dossier_ids: Iterable[int]) -> Iterator[str]:
    """Of these dossiers, the paths of what a service may not be told of any more."""
    rows = Dossier.objects.select_related("incapacity").filter(
        Q(routes_c__isnull=False) | Q(partner_referrals__isnull=False), pk__in=set(dossier_ids)
    )
    load_consents(found := list(rows.distinct()))
    for dossier in found:
        if not may_tell(dossier):
            yield from (REGISTRATION.format(one.public_id) for one in dossier.routes_c.all())
        if not may_tell_of_referral(dossier):
            yield from (REFERRAL.format(one.public_id) for one in dossier.partner_referrals.all())


def _by_dossier(rows: QuerySet[M], dossier_ids: set[int]) -> dict[int, list[M]]:
    found: dict[int, list[M]] = {}
    for row in rows.filter(dossier_id__in=dossier_ids).order_by("pk"):
        found.setdefault(row.dossier_id, []).append(row)
    return found
