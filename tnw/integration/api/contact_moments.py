"""Contact moments: appointments with the insured, made, moved and cancelled, and what became of them (A6, X1).

The first contact itself, in which the coordinator explains his role and asks consent, is held by a person and recorded on
the pages; so is a medical examination, from the call for it on. What was written of a contact never comes out: it is for
the people of the fund.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from dossiers.acts import head_of
from dossiers.law.kinds import PARTIES
from dossiers.models import Dossier
from routing.services.first_contact import plan_first_contact
from tnw.integration.api import facts, nouns
from tnw.integration.api.nouns import AT, Dated, Step
from tnw.integration.rest import Call, Code, Link, Resource, Shape, operation
from trajects.models import Appointment
from trajects.models.appointment import AppointmentState, Form, Purpose
from trajects.policies.contacts import PLANNED_BY_COORDINATOR
from trajects.services import contacts as services

TAG = "Contact moments"
READ, WRITE = "contactMoment:read", "contactMoment:write"


class ContactMoment(Shape):
    """An appointment with the insured person: for what, when and how."""

    id = serializers.UUIDField(source="public_id")
    href = Link("/contactMoments/{public_id}")
    dossier = Link("/dossiers/{dossier.public_id}")
    state = Code(AppointmentState)
    purpose = Code(Purpose)
    at = serializers.DateTimeField()
    form = Code(Form, required=False)
    route = Code(("A", "B"), required=False, help_text="Of a first contact that is held for one route only.")
    party = Code(PARTIES, required=False, help_text="Who else is there, besides the insured person.")


class NewContactMoment(Shape):
    """An appointment that lies ahead."""

    purpose = Code(PLANNED_BY_COORDINATOR)
    at = serializers.DateTimeField()
    form = Code(Form)
    place = serializers.CharField(
        required=False, max_length=200, help_text="An address, a room or a number to call."
    )
    party = Code(
        PARTIES,
        required=False,
        help_text="Who else is there: somebody for whom the insured person consents. Not at a first contact.",
    )


class ContactMomentChange(Shape):
    """Another moment, form or place; what is left out stays, and null takes the place away."""

    at = serializers.DateTimeField()
    form = Code(Form)
    place = serializers.CharField(max_length=200, allow_null=True)


class ContactAbsence(Shape):
    """The insured person did not come, on the day of the appointment."""

    excused = serializers.BooleanField(help_text="Whether a valid reason is known.")
    note = serializers.CharField(
        required=False, max_length=2000, help_text="Free text, for the people of the fund."
    )


class MomentReport(Shape):
    """How a planned contact went."""

    on = serializers.DateField(
        required=False, help_text="The day it was held; that of the appointment where it is left out."
    )
    form = Code(Form)
    report = serializers.CharField(max_length=4000, help_text="Free text, for the people of the fund.")
    outcome = serializers.CharField(
        required=False, max_length=2000, help_text="What was agreed, in a sentence."
    )
    party = Code(PARTIES, required=False, help_text="Who else was there, with the insured person's consent.")


class NewContactReport(Dated):
    """A contact, besides the first one, that was held without an appointment."""

    form = Code(Form)
    report = serializers.CharField(max_length=4000, help_text="Free text, for the people of the fund.")
    outcome = serializers.CharField(
        required=False, max_length=2000, help_text="What was agreed, in a sentence."
    )
    party = Code(PARTIES, required=False, help_text="Who else was there, with the insured person's consent.")


class Held(NamedTuple):
    """What is told of a contact that was held."""

    id: UUID
    dossier: Dossier
    on: date
    form: str
    party: str


class ContactReport(Shape):
    """That a contact was held: a fact of its dossier."""

    id = serializers.UUIDField()
    href = Link("/dossiers/{dossier.public_id}/facts/{id}")
    dossier = Link("/dossiers/{dossier.public_id}")
    on = serializers.DateField()
    form = Code(Form)
    party = Code(PARTIES, required=False)


_DOSSIER = "01939b6e-6a2f-7c3a-8f10-6a1d0f0c2b7e"
_SHOWN = nouns.example_of(
    "/contactMoments", "2f7d5c1e-3b9a-4d8e-9c1f-0a6b5e4d3c2b", dossier=f"{AT}/dossiers/{_DOSSIER}",
    state="planned", purpose="followUp", at="2027-02-03T10:00:00+01:00", form="inPerson",
)  # fmt: skip
_NEW = {
    "purpose": "followUp",
    "at": "2027-02-03T10:00:00+01:00",
    "form": "inPerson",
    "place": "Ghent, room 2",
}
_HELD = {"on": "2027-02-03", "form": "phone", "report": "Spoken of the training that begins in March."}
_FACT = "b1c0d9e8-f7a6-5b4c-8d3e-2f1a0b9c8d7e"


@operation(
    "createContactMoment",
    "Make an appointment with the insured person",
    scope=WRITE,
    takes=NewContactMoment,
    gives=ContactMoment,
    step=True,
    creates=True,
    problems=["transitionNotAllowed", "consentMissing"],
    description="Of a first contact only where a referral or a request waits for it, and once: that one is moved.",
    example=_NEW,
    answer_example=_SHOWN,
)
def _create(self: Resource, call: Call, dossier_id: UUID) -> Response:
    dossier = call.dossier(dossier_id)
    told = dict(call.body)
    plan: Callable[..., str] = services.plan
    if told["purpose"] == Purpose.FIRST_CONTACT:
        plan = plan_first_contact
        del told["purpose"]
    subject = plan(dossier_id=dossier_id, actor=call.actor, on=call.today, seen=call.seen, **told)
    made = Appointment.objects.visible_to(call.actor).get(dossier=dossier, subject=subject)
    return call.created(ContactMoment, call.again(made))


_noun: dict[str, Any] = {"tag": TAG, "gives": ContactMoment}
ContactMoments = nouns.listing(
    Appointment, "listContactMoments", "List the contact moments of a dossier", scope=READ, create=_create,
    answer_example=nouns.example_list(f"/dossiers/{_DOSSIER}/contactMoments", _SHOWN), **_noun,
)  # fmt: skip


class OneContactMoment(
    nouns.single(  # type: ignore[misc]  # a class that is made
        Appointment, "getContactMoment", "Read a contact moment", scope=READ, answer_example=_SHOWN, **_noun
    )
):
    """One of them, and its change: what is left out stays as it is."""

    @operation(
        "changeContactMoment",
        "Move a planned contact moment to another moment, form or place",
        scope=WRITE,
        takes=ContactMomentChange,
        gives=ContactMoment,
        problems=["transitionNotAllowed", "consentMissing"],
        example={"at": "2027-02-04T14:30:00+01:00"},
        answer_example={**_SHOWN, "at": "2027-02-04T14:30:00+01:00"},
    )
    def patch(self, call: Call, contact_moment_id: UUID) -> Response:
        one = _one(call, contact_moment_id)
        if any(one_said != getattr(one, name, "") for name, one_said in call.body.items()):
            kept = {"at": one.at, "form": one.form}
            _act(call, one, services.move, on=call.today, **{**kept, **call.body})
        return call.shown(ContactMoment, call.again(one))


def _one(call: Call, public_id: UUID) -> Appointment:
    return call.one(Appointment.objects.visible_to(call.actor), public_id)


def _act(call: Call, one: Appointment, service: Any, **told: Any) -> Response:
    service(dossier_id=one.dossier.public_id, actor=call.actor, subject=one.subject, seen=call.seen, **told)
    return call.created(ContactMoment, call.again(one))


Cancellations = nouns.step(
    Appointment, "cancelContactMoment", "Cancel a planned contact moment", scope=WRITE, service=services.cancel,
    takes=Step, example={"note": "Moved abroad."}, answer_example={**_SHOWN, "state": "cancelled"}, **_noun,
)  # fmt: skip
Justifications = nouns.step(
    Appointment, "justifyContactMoment", "Say that there was a valid reason for an absence", scope=WRITE,
    service=services.excuse, takes=Step, example={"note": "The train did not ride."},
    answer_example={**_SHOWN, "state": "excused"}, **_noun,
)  # fmt: skip
_step: dict[str, Any] = {
    "scope": WRITE, "gives": ContactMoment, "step": True, "creates": True, "problems": ["transitionNotAllowed"],
}  # fmt: skip


class Absences(Resource):
    tag = TAG

    @operation(
        "recordContactAbsence", "Record that the insured person did not come", takes=ContactAbsence,
        example={"excused": False}, answer_example={**_SHOWN, "state": "missed"}, **_step,
    )  # fmt: skip
    def post(self, call: Call, contact_moment_id: UUID) -> Response:
        one = _one(call, contact_moment_id)
        # Of one that lies ahead there is none to record.
        return _act(call, one, services.record_absence, on=min(one.on, call.today), **call.body)


class Reports(Resource):
    tag = TAG

    @operation(
        "reportContactMoment", "Report how a planned contact went", takes=MomentReport, example=_HELD,
        description="The first contact and a medical examination are recorded by a person, on the pages.",
        answer_example={**_SHOWN, "state": "held", "form": "phone"},
        **{**_step, "problems": ["transitionNotAllowed", "consentMissing"]},
    )  # fmt: skip
    def post(self, call: Call, contact_moment_id: UUID) -> Response:
        one = _one(call, contact_moment_id)
        held_on = call.body.pop("on", None) or min(one.on, call.today)
        return _act(call, one, services.hold_contact, on=held_on, **call.body)


class ContactReports(Resource):
    tag = TAG

    @operation(
        "createContactReport", "Report a contact that was held without an appointment", scope=WRITE,
        takes=NewContactReport, gives=ContactReport, step=True, creates=True, problems=["consentMissing"],
        example=_HELD,
        answer_example={
            "id": _FACT, "href": f"{AT}/dossiers/{_DOSSIER}/facts/{_FACT}", "dossier": f"{AT}/dossiers/{_DOSSIER}",
            "on": "2027-02-03", "form": "phone",
        },
    )  # fmt: skip
    def post(self, call: Call, dossier_id: UUID) -> Response:
        dossier = call.dossier(dossier_id)
        told, day = call.body, call.take_day()
        fact = services.hold_contact(dossier_id=dossier_id, actor=call.actor, on=day, seen=call.seen, **told)
        made = Held(facts.id_of(dossier, fact), dossier, day, told["form"], told.get("party", ""))
        return call.created(ContactReport, made, version=head_of(dossier))
