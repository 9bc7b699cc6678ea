"""Requests of the insured for a contact (route B), as a portal passes them on; permission is the doctor's, on the pages.

Of a permission the state alone tells: asked, granted or refused. Why a request was closed or refused may be a matter of
health, and stands nowhere.
"""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from dossiers.law.kinds import AIMS
from routing.models import RouteB
from routing.models.route_b import RouteBState
from routing.policies.route_b import TAKEN_BACK
from routing.services import route_b as services
from tnw.integration.api import nouns
from tnw.integration.api.nouns import Step
from tnw.integration.rest import Call, Code, Link, Resource, Shape, operation

TAG = "Contact requests"
READ, WRITE = "contactRequest:read", "contactRequest:write"


class ContactRequest(Shape):
    """A request of the insured person for contact with the coordinator, and how far it has come (route B)."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/contactRequests/{public_id}")
    dossier = Link("/dossiers/{dossier.public_id}")
    state = Code(RouteBState)
    requested_on = serializers.DateField()
    aim = Code(AIMS, required=False, help_text="What permission was asked for last, once it was.")


class NewContactRequest(Step):
    """What the insured person asked, and on which day."""


class ContactRequestClosure(Step):
    """The insured person takes the request back."""

    reason = Code(TAKEN_BACK)


_SHOWN = nouns.example_of(
    "/contactRequests",
    "8a0f6a3e-7c1d-4a52-9a55-2f6f0b4a1c11",
    dossier=f"{nouns.AT}/dossiers/01939b6e-6a2f-7c3a-8f10-6a1d0f0c2b7e",
    state="requested",
    requestedOn="2026-11-16",
)


@operation(
    "createContactRequest",
    "Pass on that the insured person asks for contact",
    scope=WRITE,
    takes=NewContactRequest,
    gives=ContactRequest,
    step=True,
    creates=True,
    problems=["transitionNotAllowed"],
    description="One request is open at a time, and none beside a traject that runs.",
    example={"on": "2026-11-16", "note": "Would like to speak of another job."},
    answer_example=_SHOWN,
)
def _create(self: Resource, call: Call, dossier_id: UUID) -> Response:
    dossier = call.dossier(dossier_id)
    nouns.beside(RouteB, call, dossier)
    services.request_contact(
        dossier_id=dossier_id, actor=call.actor, on=call.take_day(), seen=call.seen, **call.body
    )
    return call.created(ContactRequest, nouns.newest(RouteB, call, dossier))


_noun: dict[str, Any] = {"tag": TAG, "gives": ContactRequest}
ContactRequests = nouns.listing(
    RouteB, "listContactRequests", "List the contact requests of a dossier", scope=READ, create=_create,
    answer_example=nouns.example_list("/dossiers/01939b6e-6a2f-7c3a-8f10-6a1d0f0c2b7e/contactRequests", _SHOWN),
    **_noun,
)  # fmt: skip
OneContactRequest = nouns.single(
    RouteB, "getContactRequest", "Read a contact request", scope=READ, answer_example=_SHOWN, **_noun
)
Closures = nouns.step(
    RouteB, "closeContactRequest", "Take a contact request back", scope=WRITE, service=services.close_route,
    takes=ContactRequestClosure, example={"reason": "noNeed"}, answer_example={**_SHOWN, "state": "closed"}, **_noun,
)  # fmt: skip
