"""Registrations with a regional service (route C): reported by the service itself, or entered from its message."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from dossiers.law.kinds import DENIALS, REGISTRATION_REFUSALS, SERVICE_STEPS
from routing.models import RouteC, RouteCState
from routing.models.route_c import Service
from routing.policies.route_c import may_tell
from routing.services import route_c as services
from tnw.accounts.models import Actor
from tnw.integration import registrations
from tnw.integration.api import status
from tnw.integration.api.nouns import Dated
from tnw.integration.api.partner_pages import log_page
from tnw.integration.api.ssin import Ssin
from tnw.integration.api.status import Progress
from tnw.integration.models import PartnerRegistration as Reported
from tnw.integration.rest import (
    Call,
    Code,
    FromCursor,
    Link,
    Problem,
    Resource,
    Shape,
    address,
    codes_of,
    operation,
)
from tnw.integration.tasks import match_registrations
from trajects.policies.sharing import load_consents

TAG = "Partner registrations"
READ, WRITE = "partnerRegistration:read", "partnerRegistration:write"
WAIT = timedelta(minutes=1)
# What the service is told of why; the reason of a closing is the fund's own.
REASONS = codes_of(REGISTRATION_REFUSALS, DENIALS)
GIVEN_UP = _("This could not be recorded: ask the fund, and report it again.")
TOLD_WHY = (RouteCState.REFUSED, RouteCState.DENIED)


class PartnerRegistration(Shape):
    """A registration with a regional service (C1 to C4). Without a `state` it waits, or may not be told of any more."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/partnerRegistrations/{public_id}")
    dossier = serializers.URLField(required=False, help_text="For the fund.")
    status = Progress(required=False, help_text="Of what the service reported over the API: how far it is.")
    service = Code(Service)
    registered_on = serializers.DateField(required=False)
    reported_on = serializers.DateField()
    state = Code(RouteCState, required=False)
    reason = Code(REASONS, required=False, help_text="Why it was refused, or the invalidity denied.")
    step = Code(SERVICE_STEPS, required=False, help_text="The latest that was reported.")
    step_on = serializers.DateField(required=False)


class NewReport(Shape):
    """A registration that the service made."""

    ssin = Ssin()
    registered_on = serializers.DateField(help_text="Not in the future.")


class NewRegistration(Dated):
    """A registration that the fund enters from a message of the service; `on` is the day of the message."""

    service = Code(Service)
    registered_on = serializers.DateField()
    note = serializers.CharField(required=False, max_length=2000, help_text="What the message says.")


class PartnerRegistrations(Resource):
    """What a regional service reported."""

    tag = TAG

    @operation(
        "listPartnerRegistrations",
        "List the registrations that the service reported",
        scope=READ,
        gives=PartnerRegistration,
        many=True,
        query=FromCursor,
        fund=False,
        partner=True,
        description="The newest first. What a fund entered from a message is read by its own address.",
    )
    def get(self, call: Call) -> Response:
        rows = Reported.objects.visible_to(call.actor).select_related("dossier__incapacity")
        return call.stretch(PartnerRegistration, rows, ["-public_id"], then=lambda found: _page(call, found))

    @operation(
        "createPartnerRegistration",
        "Report a registration with the service",
        scope=WRITE,
        takes=NewReport,
        accepts=True,
        fund=False,
        partner=True,
        example={"ssin": "80010100107", "registeredOn": "2026-11-02"},
        description="The answer is the same whoever it is about: who it is, is looked for afterwards. Location tells what "
        "came of it, and so does the event `partnerRegistration.processed`.",
    )
    def post(self, call: Call) -> Response:
        one = registrations.receive(client=call.client, **call.body)
        match_registrations.delay_on_commit()
        return call.accepted(f"/partnerRegistrations/{one.public_id}")


class OnePartnerRegistration(Resource):
    """One registration, for the service and for the fund."""

    tag = TAG

    @operation(
        "getPartnerRegistration",
        "Read a registration with a regional service",
        scope=READ,
        gives=PartnerRegistration,
        partner=True,
        see_other=True,
        description="What was known already when it was reported leads on to what it was known as. Once the insured "
        "withdraws the consent, the service is told no more than what it reported.",
    )
    def get(self, call: Call, partner_registration_id: UUID) -> Response:
        if call.actor.service:
            mine = Reported.objects.visible_to(call.actor).select_related("dossier__incapacity")
            if (reported := mine.filter(public_id=partner_registration_id).first()) is not None:
                return _reported(call, reported)
        route = call.one(RouteC.objects.visible_to(call.actor), partner_registration_id)
        if call.actor.service:
            return call.shown(PartnerRegistration, _to_service(route), version=0)
        return call.shown(PartnerRegistration, _to_fund(route))


class DossierRegistrations(Resource):
    """The registrations of a dossier, for the fund."""

    tag = TAG

    @operation(
        "listDossierPartnerRegistrations",
        "List the registrations of a dossier with regional services",
        scope=READ,
        gives=PartnerRegistration,
        many=True,
    )
    def get(self, call: Call, dossier_id: UUID) -> Response:
        dossier = call.dossier(dossier_id)
        rows = RouteC.objects.visible_to(call.actor).filter(dossier=dossier).select_related("dossier")
        return call.listed(PartnerRegistration, [_to_fund(one) for one in rows.order_by("pk")])

    @operation(
        "createDossierPartnerRegistration",
        "Enter a registration from a message of the service",
        scope=WRITE,
        takes=NewRegistration,
        gives=PartnerRegistration,
        step=True,
        creates=True,
        problems=["transitionNotAllowed"],
        example={"service": "vdab", "registeredOn": "2026-11-02"},
        description="The same one entered again is the same one, also once it is closed, unless it was closed because "
        "the insured person did not consent. Outside the window of the service it is refused by itself, and recorded so.",
    )
    def post(self, call: Call, dossier_id: UUID) -> Response:
        dossier = call.dossier(dossier_id)
        subject = services.report_registration(
            dossier_id=dossier_id, actor=call.actor, on=call.take_day(), seen=call.seen, **call.body
        )
        made = RouteC.objects.visible_to(call.actor).get(dossier=dossier, subject=subject)
        return call.created(PartnerRegistration, _to_fund(call.again(made)))


def _to_fund(route: RouteC) -> dict[str, Any]:
    told = _of(route)
    return {**told, "dossier": address(f"/dossiers/{route.dossier.public_id}"), **_stands(route)}


def _to_service(route: RouteC) -> dict[str, Any]:
    return {**_of(route), **(_stands(route) if may_tell(route.dossier) else {})}


def _of(route: RouteC) -> dict[str, Any]:
    return {name: getattr(route, name) for name in ("public_id", "service", "registered_on", "reported_on")}


def _stands(route: RouteC) -> dict[str, Any]:
    reason = route.reason if route.state in TOLD_WHY else ""
    return {"state": route.state, "reason": reason, "step": route.step, "step_on": route.step_on}


def _reported(call: Call, one: Reported) -> Response:
    """What the service reported, as far as it is known what it is."""
    if one.dossier is not None:
        call.saw(one.dossier)
        route = _routes_of(call.actor, [one]).get((one.dossier_id, one.subject))
        if route is not None and route.public_id != one.public_id:
            return call.elsewhere(f"/partnerRegistrations/{route.public_id}")
    (told,) = _of_reported(call.actor, [one])
    return call.shown(PartnerRegistration, told, version=0)


def _page(call: Call, found: Sequence[Reported]) -> list[dict[str, Any]]:
    known = [one.dossier for one in found if one.dossier]
    load_consents(known)
    log_page(call, known)
    return _of_reported(call.actor, found)


def _of_reported(actor: Actor, found: Sequence[Reported]) -> list[dict[str, Any]]:
    routes = _routes_of(actor, found)
    return [_one_reported(one, routes) for one in found]


def _one_reported(one: Reported, routes: dict[tuple[int | None, str], RouteC]) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: getattr(one, name) for name in ("public_id", "service", "registered_on", "reported_on")
    }
    if one.processed_at is None:
        return {**told, "status": status.processing(WAIT)}
    if one.given_up:
        given_up = Problem("transitionNotAllowed", GIVEN_UP)
        return {**told, "status": status.failed(one.processed_at, given_up, one.public_id)}
    told["status"] = status.done(one.processed_at)
    if one.dossier is None:
        return {**told, "state": RouteCState.REFUSED, "reason": "unknown_person"}
    route = routes.get((one.dossier_id, one.subject))
    if route is None or not may_tell(one.dossier):
        return told
    return {**told, **_stands(route)}


def _routes_of(actor: Actor, found: Sequence[Reported]) -> dict[tuple[int | None, str], RouteC]:
    subjects = {one.subject for one in found if one.subject}
    dossiers = {one.dossier_id for one in found if one.dossier_id}
    rows = RouteC.objects.visible_to(actor).filter(dossier_id__in=dossiers, subject__in=subjects)
    return {(row.dossier_id, row.subject): row for row in rows}
