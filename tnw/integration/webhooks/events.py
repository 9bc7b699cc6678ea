"""What happened, as the outside world is told it: a thin CloudEvent that says where to look, and nothing of what is there.

One table says which event each kind of fact is. The name of an event never tells what was decided: a permission is
`decided`, whichever way. No SSIN, no name, no health data, no category and no reason of anything stands in a body.
"""

import json
from datetime import datetime
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from tnw.integration.access import PREFIX as SCOPE
from tnw.integration.rest.shape import address

PREFIX = "be.tnw."
MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"

# By the kind of fact: what is told of it, `noun.happened`.
OF_FACTS: dict[str, str] = {
    "incapacity_recognized": "incapacity.recognized",
    "incapacity_corrected": "incapacity.corrected",
    "incapacity_excluded": "incapacity.excluded",
    "incapacity_ended": "incapacity.ended",
    "incapacity_end_withdrawn": "incapacity.endWithdrawn",
    "invalidity_recognized": "incapacity.invalidityRecognized",
    "fact_corrected": "fact.corrected",
    "fact_voided": "fact.voided",
    "questionnaire_waived": "questionnaire.waived",
    "questionnaire_sent": "questionnaire.sent",
    "questionnaire_received": "questionnaire.received",
    "support_offered": "questionnaire.supportOffered",
    "assessment_made": "assessment.made",
    "referral_made": "referral.made",
    "referral_withdrawn": "referral.withdrawn",
    "medical_contact_held": "medicalContact.held",
    "contact_requested": "contactRequest.made",
    "permission_requested": "contactRequest.permissionRequested",
    "permission_granted": "contactRequest.permissionDecided",
    "permission_refused": "contactRequest.permissionDecided",
    "registration_reported": "partnerRegistration.reported",
    "registration_refused": "partnerRegistration.refused",
    "invalidity_confirmed": "partnerRegistration.invalidityAnswered",
    "invalidity_denied": "partnerRegistration.invalidityAnswered",
    "service_step": "partnerStep.reported",
    "appointment_made": "contactMoment.planned",
    "appointment_moved": "contactMoment.moved",
    "appointment_cancelled": "contactMoment.cancelled",
    "first_contact_held": "contactMoment.firstHeld",
    "contact_held": "contactMoment.held",
    "absence_recorded": "absenceProcedure.absenceRecorded",
    "absence_excused": "absenceProcedure.absenceExcused",
    "absence_withdrawn": "absenceProcedure.absenceWithdrawn",
    "reduction_confirmed": "absenceProcedure.reductionDecided",
    "reduction_refused": "absenceProcedure.reductionDecided",
    "new_date_asked": "absenceProcedure.newDateAsked",
    "attended": "absenceProcedure.attended",
    "registered_letter_sent": "document.registeredLetterSent",
    "career_noted": "careerItem.noted",
    "consent_given": "consent.answered",
    "consent_refused": "consent.answered",
    "consent_withdrawn": "consent.withdrawn",
    "first_step_chosen": "traject.firstStepChosen",
    "traject_started": "traject.started",
    "traject_suspended": "suspension.started",
    "traject_resumed": "suspension.ended",
    "traject_evaluated": "evaluation.made",
    "traject_ended": "traject.ended",
    "reintegration_started": "traject.formalPartStarted",
    "reintegration_ended": "traject.formalPartEnded",
    "declaration_drawn_up": "declaration.drawnUp",
    "declaration_signed": "declaration.signed",
    "declaration_completed": "declaration.completed",
    "declaration_refused": "declaration.refused",
    "declaration_voided": "declaration.voided",
    "plan_meeting_held": "plan.meetingHeld",
    "plan_agreed": "plan.agreed",
    "plan_reviewed": "planReview.held",
    "plan_evaluated": "evaluation.made",
    "occupational_referral_made": "employerTraject.referralMade",
    "pre_return_visit_held": "employerTraject.visitHeld",
    "employer_traject_declined": "employerTraject.declined",
    "employer_traject_started": "employerTraject.started",
    "employer_traject_ended": "employerTraject.ended",
    "training_proposed": "trainingProject.proposed",
    "training_advised": "trainingProject.advised",
    "training_submitted": "trainingProject.submitted",
    "training_reviewed": "trainingProject.reviewed",
    "training_decided": "trainingProject.decided",
    "training_completed": "trainingProject.completed",
    "training_broken_off": "trainingProject.brokenOff",
    "partner_form_drawn_up": "partnerReferral.drawnUp",
    "partner_form_sent": "partnerReferral.sent",
    "partner_answered": "partnerReferral.answered",
    "partner_ended": "partnerReferral.ended",
    "adapted_work_planned": "adaptedWork.planned",
    "adapted_work_declared": "adaptedWork.declared",
    "adapted_work_permitted": "adaptedWork.decided",
    "adapted_work_refused": "adaptedWork.decided",
    "adapted_work_cancelled": "adaptedWork.cancelled",
    "adapted_work_ended": "adaptedWork.ended",
    "route_closed": "route.closed",
}
# What colleagues prepare or note among themselves: nobody outside is told.
UNTOLD = frozenset(
    {"occupational_referral_proposed", "reduction_proposed", "action_taken", "consultation_held"}
)

# What a regional service is told of its own registrations where the dossier as a whole moves, and what no ledger holds.
TRAJECT_STARTED, REGISTRATION_CLOSED = "partnerRegistration.trajectStarted", "partnerRegistration.closed"
BESIDE_FACTS = (
    TRAJECT_STARTED,
    REGISTRATION_CLOSED,
    "partnerRegistration.processed",
    "incapacityFeed.completed",
    "webhook.pinged",
)

EVENT_TYPES: tuple[str, ...] = tuple(sorted({PREFIX + name for name in (*OF_FACTS.values(), *BESIDE_FACTS)}))

# Under which noun's scope an event is read that is no noun of the API by itself.
READ_AS = {
    "assessment": "dossier",
    "referral": "dossier",
    "medicalContact": "dossier",
    "route": "dossier",
    "incapacityFeed": "incapacity",
}


class Event(NamedTuple):
    """One event as it is told: its id is that of the happening, whoever is told and however often."""

    id: UUID
    type: str
    body: str


def scope_of(type: str) -> str:
    """The scope with which an event of this type may be heard of."""
    noun = type.removeprefix(PREFIX).split(".")[0]
    return f"{SCOPE}{READ_AS.get(noun, noun)}:read"


def event(
    type: str,
    path: str,
    at: datetime,
    *,
    id: UUID,
    dossier: UUID | None = None,
    version: int | None = None,
) -> Event:
    """An event about the resource at `path`, below the API's root; of a dossier it says which, and its version there."""
    data: dict[str, Any] = {"href": address(path)}
    if dossier is not None:
        data["dossier"] = {"href": address(f"/dossiers/{dossier}")}
    if version is not None:
        data["version"] = version
    told = {
        "specversion": "1.0",
        "id": str(id),
        "source": address(""),
        "type": type,
        "subject": path,
        "time": at.isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
        "data": data,
    }
    return Event(id, type, json.dumps(told, separators=(",", ":")))


def id_of(dossier: UUID, seq: int, type: str) -> UUID:
    """The id of what an entry of the ledger tells, the same whenever it is worked out."""
    return uuid5(NAMESPACE_URL, f"tnw:{dossier}/{seq}/{type}")
