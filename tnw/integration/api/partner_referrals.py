"""Referrals to a regional service (G1): the fund draws up a form and sends it, the service answers and reports its steps."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from dossiers import acts, notes
from dossiers.law.kinds import SERVICE_STEPS
from dossiers.models import LedgerEntry
from routing.models.route_c import Service
from tnw.accounts import actors
from tnw.integration.api import nouns
from tnw.integration.api.nouns import Dated, Step
from tnw.integration.api.partner_pages import log_page
from tnw.integration.api.partner_steps import (
    EXAMPLE,
    ONCE,
    NewPartnerStep,
    PartnerStep,
    as_recorded,
    report,
    step_of,
    steps_of,
)
from tnw.integration.api.partner_steps import READ as READ_STEPS
from tnw.integration.api.partner_steps import WRITE as WRITE_STEPS
from tnw.integration.rest import (
    Call,
    Code,
    FromCursor,
    Link,
    Problem,
    Resource,
    Shape,
    address,
    operation,
)
from tnw.integration.rest.version import digest_in
from trajects.models import PartnerReferral as Referral
from trajects.models import Traject
from trajects.models.partner import PartnerState
from trajects.policies.sharing import REGIONAL_SERVICE, load_consents, may_share
from trajects.services import partner as services

TAG = "Partner referrals"
READ, WRITE = "partnerReferral:read", "partnerReferral:write"
TO_SERVICE = (
    "To a service: what was sent to it, as long as the insured consents. Its `If-Match` is the ETag of "
    "the referral."
)


class PartnerReferral(Shape):
    """A registration with a regional service on a form that the coordinator draws up, and its guidance there (G1)."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/partnerReferrals/{public_id}")
    dossier = serializers.URLField(required=False, help_text="For the fund.")
    service = Code(Service)
    state = Code(PartnerState)
    form = serializers.CharField(
        required=False, max_length=20_000, help_text="What the form says; not in a list."
    )
    drawn_up_on = serializers.DateField(required=False)
    sent_on = serializers.DateField(required=False)
    answered_on = serializers.DateField(required=False)
    step = Code(SERVICE_STEPS, required=False, help_text="The latest that was reported.")
    step_on = serializers.DateField(required=False)
    ended_on = serializers.DateField(required=False)


class NewPartnerReferral(Dated):
    """A form that is drawn up; it is sent by itself."""

    service = Code(Service)
    form = serializers.CharField(max_length=20_000, help_text="What the form asks of the service.")


class Answer(Step):
    """What the service answers to the form."""

    accepted = serializers.BooleanField()


class DossierReferrals(Resource):
    """The referrals of a dossier, for the fund."""

    tag = TAG

    @operation(
        "listDossierPartnerReferrals",
        "List the referrals of a dossier to regional services",
        scope=READ,
        gives=PartnerReferral,
        many=True,
    )
    def get(self, call: Call, dossier_id: UUID) -> Response:
        dossier = call.dossier(dossier_id)
        rows = Referral.objects.visible_to(call.actor).filter(dossier=dossier).select_related("dossier")
        return call.listed(PartnerReferral, [_told(call, one) for one in rows.order_by("pk")])

    @operation(
        "createDossierPartnerReferral",
        "Draw up a referral to a regional service",
        scope=WRITE,
        takes=NewPartnerReferral,
        gives=PartnerReferral,
        step=True,
        creates=True,
        problems=["transitionNotAllowed", "consentMissing"],
        example={"service": "vdab", "form": "Looks for half-time office work near home."},
    )
    def post(self, call: Call, dossier_id: UUID) -> Response:
        dossier = call.dossier(dossier_id)
        nouns.beside(Traject, call, dossier)
        subject = services.draw_up(
            dossier_id=dossier_id, actor=call.actor, on=call.take_day(), seen=call.seen, **call.body
        )
        made = Referral.objects.visible_to(call.actor).get(dossier=dossier, subject=subject)
        return call.created(PartnerReferral, _told(call, call.again(made), whole=True))


class PartnerReferrals(Resource):
    """What was sent to a regional service."""

    tag = TAG

    @operation(
        "listPartnerReferrals",
        "List what was referred to the service",
        scope=READ,
        gives=PartnerReferral,
        many=True,
        query=FromCursor,
        fund=False,
        partner=True,
        description="What was sent last comes first. A page may hold fewer than asked for: what may not be shared any "
        "more is left out.",
    )
    def get(self, call: Call) -> Response:
        rows = _sent(call).select_related("dossier__incapacity")
        order = ["-sent_on", "-public_id"]
        answer = call.stretch(PartnerReferral, rows, order, then=lambda found: _shared(call, found))
        # It would count what is left out.
        answer.data.pop("total", None)
        return answer


class OnePartnerReferral(Resource):
    """One referral, for the service and for the fund."""

    tag = TAG

    @operation(
        "getPartnerReferral",
        "Read a referral to a regional service",
        scope=READ,
        gives=PartnerReferral,
        partner=True,
        description=TO_SERVICE,
    )
    def get(self, call: Call, partner_referral_id: UUID) -> Response:
        one = _referral(call, partner_referral_id)
        return call.shown(PartnerReferral, _told(call, one, whole=True), version=_version(call))


class Sendings(Resource):
    """The form leaves the house."""

    tag = TAG

    @operation(
        "sendPartnerReferral",
        "Send the form of a referral",
        scope=WRITE,
        takes=Step,
        gives=PartnerReferral,
        step=True,
        creates=True,
        problems=["transitionNotAllowed", "consentMissing"],
        example={"on": "2026-11-02"},
    )
    def post(self, call: Call, partner_referral_id: UUID) -> Response:
        return _act(call, partner_referral_id, services.send)


class Answers(Resource):
    """The service accepts, or does not."""

    tag = TAG

    @operation(
        "answerPartnerReferral",
        "Answer a referral",
        scope=WRITE,
        takes=Answer,
        gives=PartnerReferral,
        step=True,
        creates=True,
        partner=True,
        problems=["transitionNotAllowed", "consentMissing"],
        example={"accepted": True, "on": "2026-11-09"},
        description=TO_SERVICE,
    )
    def post(self, call: Call, partner_referral_id: UUID) -> Response:
        return _act(call, partner_referral_id, services.answer)


class Endings(Resource):
    """The guidance is over, or is not taken up."""

    tag = TAG

    @operation(
        "endPartnerReferral",
        "End a referral",
        scope=WRITE,
        takes=Step,
        gives=PartnerReferral,
        step=True,
        creates=True,
        partner=True,
        problems=["transitionNotAllowed"],
        example={"on": "2026-11-30"},
        description=TO_SERVICE,
    )
    def post(self, call: Call, partner_referral_id: UUID) -> Response:
        return _act(call, partner_referral_id, services.end)


class ReferralSteps(Resource):
    """The steps of the guidance that a referral led to."""

    tag = TAG

    @operation(
        "listPartnerReferralSteps",
        "List the steps of a referral",
        scope=READ_STEPS,
        gives=PartnerStep,
        many=True,
        partner=True,
    )
    def get(self, call: Call, partner_referral_id: UUID) -> Response:
        one = _referral(call, partner_referral_id)
        return call.listed(PartnerStep, steps_of(one, _place(one)))

    @operation(
        "createPartnerReferralStep",
        "Report a step of a referral",
        scope=WRITE_STEPS,
        takes=NewPartnerStep,
        gives=PartnerStep,
        creates=True,
        partner=True,
        problems=["transitionNotAllowed", "consentMissing"],
        example=EXAMPLE,
        description=ONCE,
    )
    def post(self, call: Call, partner_referral_id: UUID) -> Response:
        one = _referral(call, partner_referral_id)
        return report(call, one, _place(one), services.take_step)


class OneReferralStep(Resource):
    """One step of a referral."""

    tag = TAG

    @operation(
        "getPartnerReferralStep",
        "Read a step of a referral",
        scope=READ_STEPS,
        gives=PartnerStep,
        partner=True,
    )
    def get(self, call: Call, partner_referral_id: UUID, step_id: UUID) -> Response:
        one = _referral(call, partner_referral_id)
        return call.shown(PartnerStep, step_of(one, _place(one), step_id), version=0)


def _place(one: Referral) -> str:
    return f"/partnerReferrals/{one.public_id}"


def _version(call: Call) -> int | None:
    """A service sees no more of a dossier than this, and answers to this: what else is recorded there is no conflict."""
    return 0 if call.actor.service else None


def _sent(call: Call) -> Any:
    rows = Referral.objects.visible_to(call.actor)
    return rows.exclude(sent_on=None) if call.actor.service else rows


def _referral(call: Call, public_id: UUID) -> Referral:
    """One that the caller may see; to a service what was sent, while it may be shared. Raises Http404."""
    one: Referral = call.one(_sent(call), public_id)
    if call.actor.service and not may_share(one.dossier, REGIONAL_SERVICE):
        raise Http404
    return one


def _shared(call: Call, found: list[Referral]) -> list[dict[str, Any]]:
    load_consents(one.dossier for one in found)
    shared = [one for one in found if may_share(one.dossier, REGIONAL_SERVICE)]
    log_page(call, (one.dossier for one in shared))
    return [_told(call, one) for one in shared]


def _told(call: Call, one: Referral, *, whole: bool = False) -> dict[str, Any]:
    names = ("public_id", "service", "state", "sent_on", "answered_on", "step", "step_on", "ended_on")
    told = {name: getattr(one, name) for name in names}
    if not call.actor.service:
        told |= {
            "dossier": address(f"/dossiers/{one.dossier.public_id}"),
            "drawn_up_on": one.drawn_up_on,
        }
    if whole:
        told["form"] = _form_of(one)
    return told


def _form_of(one: Referral) -> str:
    """What the form says: the one text of a dossier that was written to be sent to a service."""
    entries = LedgerEntry.objects.visible_to(actors.system()).filter(
        dossier=one.dossier, subject=one.subject, kind="partner_form_drawn_up"
    )
    return "\n\n".join(notes.told_to_insured(actors.system(), entries, "text").values())


def _act(call: Call, public_id: UUID, service: Callable[..., object]) -> Response:
    one = _referral(call, public_id)
    if call.actor.service:
        _expect(call, public_id)
        call.seen = None
    with as_recorded(call, one):
        service(
            dossier_id=one.dossier.public_id,
            actor=call.actor,
            on=call.take_day(),
            subject=one.subject,
            seen=call.seen,
            **call.body,
        )
    told = _told(call, call.again(one), whole=True)
    return call.created(PartnerReferral, told, version=_version(call))


def _expect(call: Call, public_id: UUID) -> None:
    """That a service saw what stands, and that nobody changes it meanwhile. Raises Problem."""
    before = _referral(call, public_id)
    acts.begin(before.dossier.public_id, call.actor)
    now = call.shown(PartnerReferral, _told(call, _referral(call, public_id), whole=True), version=0)
    if digest_in(call.request.headers["If-Match"]) != digest_in(now["ETag"]):
        raise Problem("versionConflict")
