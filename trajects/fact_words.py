"""Facts in words: their kinds, values and codes (F4), for screens and letters alike."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dossiers.law.facts import Values
from dossiers.law.kinds import KINDS as LAW_KINDS
from dossiers.models.case import Cause, EndReason, Exclusion, Regime
from tnw.core import clock
from trajects.models.reintegration import Condition

Word = str | Promise

# What the machine counts and points with: nobody reads it or types it.
MACHINES_OWN = frozenset({"version", "fact", "plan_action", "document", "evidence"})

KINDS: dict[str, Word] = {
    "fact_corrected": _("Correction recorded"),
    "fact_voided": _("Fact voided"),
    "incapacity_recognized": _("Incapacity for work recognized"),
    "incapacity_corrected": _("Recognition corrected"),
    "invalidity_recognized": _("Invalidity recognized"),
    "incapacity_excluded": _("Excluded from the return-to-work traject"),
    "questionnaire_waived": _("Questionnaire waived"),
    "contact_requested": _("Contact requested by the insured person"),
    "questionnaire_sent": _("Questionnaire sent"),
    "questionnaire_received": _("Questionnaire received"),
    "support_offered": _("Support offered"),
    "assessment_made": _("Remaining capacities assessed"),
    "referral_made": _("Referred to the coordinator"),
    "referral_withdrawn": _("Referral withdrawn"),
    "registration_reported": _("Registration reported by the regional service"),
    "registration_refused": _("Registration refused"),
    "invalidity_confirmed": _("Invalidity confirmed to the regional service"),
    "invalidity_denied": _("Invalidity denied to the regional service"),
    "service_step": _("Step at the regional service"),
    "appointment_made": _("Appointment made"),
    "appointment_moved": _("Appointment moved"),
    "appointment_cancelled": _("Appointment cancelled"),
    "medical_contact_held": _("Medical contact held"),
    "first_contact_held": _("First contact held"),
    "contact_held": _("Contact held"),
    "attended": _("Came to the appointment"),
    "absence_recorded": _("Absence recorded"),
    "absence_excused": _("Absence excused"),
    "registered_letter_sent": _("Registered letter sent"),
    "reduction_proposed": _("Reduction of the benefit proposed"),
    "reduction_confirmed": _("Reduction of the benefit confirmed"),
    "reduction_refused": _("Reduction of the benefit not confirmed"),
    "absence_withdrawn": _("Consequence of the absence withdrawn"),
    "new_date_asked": _("New date asked for"),
    "career_noted": _("Career noted"),
    "consent_given": _("Consent given"),
    "consent_refused": _("Consent refused"),
    "consent_withdrawn": _("Consent withdrawn"),
    "first_step_chosen": _("First step chosen"),
    "action_taken": _("Action taken"),
    "consultation_held": _("Consultation held"),
    "permission_requested": _("Permission of the advisory doctor asked"),
    "permission_granted": _("Permission granted"),
    "permission_refused": _("Permission refused"),
    "traject_started": _("Return-to-work traject started"),
    "occupational_referral_proposed": _("Referral to the occupational physician proposed"),
    "occupational_referral_made": _("Referred to the occupational physician"),
    "pre_return_visit_held": _("Visit before resumption held"),
    "employer_traject_declined": _("No traject at the employer asked for"),
    "employer_traject_started": _("Reintegration traject at the employer started"),
    "employer_traject_ended": _("Reintegration traject at the employer ended"),
    "reintegration_started": _("Reintegration traject started"),
    "declaration_drawn_up": _("Engagement declaration drawn up"),
    "declaration_signed": _("Engagement declaration signed"),
    "declaration_completed": _("Positive engagement declaration complete"),
    "declaration_refused": _("Engagement declaration refused"),
    "declaration_voided": _("Engagement declaration voided"),
    "traject_suspended": _("Traject suspended"),
    "traject_resumed": _("Traject resumed"),
    "plan_meeting_held": _("Interview for the plan held"),
    "plan_agreed": _("Reintegration plan agreed"),
    "plan_reviewed": _("Reintegration plan reviewed"),
    "plan_evaluated": _("Reintegration plan evaluated"),
    "training_proposed": _("Training proposed"),
    "training_advised": _("Advice on the training given"),
    "training_submitted": _("Training submitted to RIZIV"),
    "training_reviewed": _("Training reviewed by RIZIV"),
    "training_decided": _("Decision on the training"),
    "training_completed": _("Training completed"),
    "training_broken_off": _("Training broken off"),
    "partner_form_drawn_up": _("Registration form for the regional service drawn up"),
    "partner_form_sent": _("Registration form sent to the regional service"),
    "partner_answered": _("Answer of the regional service"),
    "partner_ended": _("Guidance by the regional service ended"),
    "adapted_work_planned": _("Adapted work planned"),
    "adapted_work_declared": _("Adapted work declared"),
    "adapted_work_permitted": _("Adapted work permitted"),
    "adapted_work_refused": _("Adapted work refused"),
    "adapted_work_cancelled": _("Adapted work cancelled"),
    "adapted_work_ended": _("Adapted work ended"),
    "route_closed": _("Route closed"),
    "reintegration_ended": _("Reintegration traject ended"),
    "traject_evaluated": _("Return-to-work traject evaluated"),
    "traject_ended": _("Return-to-work traject ended"),
    "incapacity_end_withdrawn": _("End of the incapacity withdrawn"),
    "incapacity_ended": _("Incapacity for work ended"),
}

NAMES: dict[str, Word] = {
    "start": _("Start"),
    "end": _("Last recognized day"),
    "end_reason": _("Reason of the end"),
    "regime": _("Regime"),
    "cause": _("Cause"),
    "contract": _("Employment contract"),
    "reason": _("Reason"),
    "from": pgettext_lazy("period", "From"),
    "to": pgettext_lazy("period", "Until"),
    "on": _("Day"),
    "subject": _("Subject"),
    "channel": _("Channel"),
    "language": _("Language"),
    "complete": _("Complete"),
    "category": _("Category"),
    "service": _("Service"),
    "registered_on": _("Registered on"),
    "step": _("Step"),
    "purpose": _("Purpose"),
    "at": _("Moment"),
    "form": _("Form"),
    "route": _("Route"),
    "proof": _("Proof"),
    "proposed_by": _("Proposed by"),
    "percent": _("Percentage"),
    "party": _("Party"),
    "kind": _("Kind"),
    "aim": _("Aim"),
    "outcome": _("Outcome"),
    "asks_for": _("Asks for"),
    "requested_by": _("Asked by"),
    "decision": _("Decision"),
    "refused_by": _("Refused by"),
    "plan_carried_out": _("A plan of the employer was carried out"),
    "condition": _("Condition"),
    "role": _("Role"),
    "method": _("Method"),
    "with_interview": _("With an interview"),
    "favorable": _("Favourable"),
    "approved": _("Approved"),
    "success": _("With success"),
    "accepted": _("Accepted"),
    "starts_on": _("Starts on"),
    "hours": _("Hours a week"),
    "result": _("Result"),
}

_OTHER: dict[str, Word] = {"other": pgettext_lazy("code", "other")}
_PEOPLE: dict[str, Word] = {
    "treating_doctor": _("treating doctor"),
    "therapist": _("therapist"),
    "regional_service": _("regional employment service"),
    "employer": _("employer"),
    "employee": _("employee"),
    "worker": _("employee"),
    "advisory_doctor": _("advisory doctor"),
    "coordinator": _("coordinator"),
    "insured": _("insured person"),
    "occupational_physician": _("occupational physician"),
    "other_provider": _("other care provider"),
    "social_insurance_fund": _("social insurance fund"),
    "organization": _("organization"),
    **_OTHER,
}
_LETTERS: dict[str, Word] = {letter: letter for letter in "ABCDE"}

# Why a person takes a fact back.
VOIDS: dict[str, Word] = {
    "mistake": _("recorded by mistake"),
    "duplicate": _("recorded twice"),
    "other_person": _("meant for another person"),
}

CODES: dict[str, dict[str, Word]] = {
    "language": {"nl": _("Dutch"), "fr": _("French"), "de": _("German")},
    "channel": {
        "post": _("by post"),
        "email": _("by e-mail"),
        "portal": _("through the portal"),
        "phone": _("by phone"),
        "in_person": _("in person"),
        **_OTHER,
    },
    "form": {
        "in_person": _("in person"),
        "phone": _("by phone"),
        "video": _("by video"),
        "home_visit": _("home visit"),
        **_OTHER,
    },
    "reason": {
        "employer_traject": _("a traject at the employer runs"),
        "adapted_work": _("adapted work is permitted and running"),
        "requested_traject": _("a traject asked for by the insured person runs"),
        "near_pension": _("less than six months before pension age"),
        "medical": _("medical reason"),
        "outside_window": _("outside the period of the pilot"),
        "unknown_person": _("person not known here"),
        "not_in_invalidity": _("not in invalidity"),
        "awaiting_recognition": _("recognition of the invalidity is awaited"),
        "incapacity_ended": _("the incapacity has ended"),
        "excluded": _("excluded"),
        "declined": _("declined"),
        "no_consent": _("no consent"),
        "health": _("health does not allow it"),
        "no_need": _("no need"),
        "superseded": _("another route started"),
        "permission_refused": _("permission refused"),
        "invalidity_denied": _("invalidity denied"),
        "illness": _("illness"),
        **_OTHER,
        "replaced": _("done anew on the same day"),
        **VOIDS,
    },
    "aim": {
        "former_activity": _("former activity"),
        "other_activity": _("another activity"),
        "adapted_work": _("adapted work"),
        "training": _("training"),
        "guidance": _("guidance by the fund"),
        **_OTHER,
    },
    "service": {"vdab": "VDAB", "forem": "Forem", "actiris": "Actiris", "adg": "ADG"},
    "step": {
        "employer": _("employer"),
        "training": _("training"),
        "regional_service": _("regional employment service"),
        "adapted_work": _("adapted work"),
        "guidance": _("guidance by the fund"),
        "competence_mapping": _("mapping of competences"),
        "orientation": _("orientation"),
        "application_training": _("application training"),
        "orientation_placement": _("orientation placement"),
        "learning_at_work": _("learning at work"),
        "coaching": _("coaching"),
        "unpaid_work": _("unpaid work"),
        "self_employment_guidance": _("guidance to self-employment"),
        "first": _("first absence"),
        "second": _("second absence"),
        "again": _("again absent"),
        "training_decision": _("decision on a training"),
        **_OTHER,
    },
    "purpose": {
        "medical_examination": _("medical examination"),
        "first_contact": _("first contact"),
        "follow_up": _("follow-up interview"),
        "plan_meeting": _("interview for the plan"),
        "data_processing": _("data processing"),
        "consultation": _("consultation of others"),
        "employer_referral": _("referral to the occupational physician"),
        **_OTHER,
    },
    "party": _PEOPLE,
    "role": _PEOPLE,
    "requested_by": _PEOPLE,
    "proposed_by": _PEOPLE,
    "refused_by": _PEOPLE,
    "route": _LETTERS,
    "decision": _LETTERS,
    "kind": {
        "phone_call": _("phone call"),
        "email": _("e-mail"),
        "letter": _("letter"),
        "meeting": _("meeting"),
        "research": _("research"),
        "referral": _("referral"),
        **_OTHER,
    },
    "asks_for": {
        "visit": _("a visit before resumption"),
        "employer_traject": _("a traject at the employer"),
    },
    "outcome": {
        "employer_traject": _("traject at the employer"),
        "no_employer_traject": _("no traject at the employer"),
        "resumption": _("resumption"),
        **_OTHER,
    },
    "method": {
        "application": _("in the application"),
        "paper": _("on paper"),
        "on_screen": pgettext_lazy("code", "on screen"),
        "provider": pgettext_lazy("code", "at a provider of signatures"),
        "eid": "eID",
        "itsme": "itsme",
        **_OTHER,
    },
    "result": {
        "resumed_own_employer": _("resumed with the own employer"),
        "resumed_other_employer": _("resumed with another employer"),
        "resumed_self_employed": _("resumed as self-employed"),
        "adapted_work": _("adapted work"),
        "training_finished": _("training finished"),
        "stopped_by_insured": _("stopped by the insured person"),
        "medically_not_possible": _("medically not possible"),
        "incapacity_ended": _("the incapacity ended otherwise"),
        "no_result": _("no result"),
    },
}

_REASONS = {**dict(EndReason.choices), **dict(Exclusion.choices)}
_OWN: dict[str, Mapping[str, Word]] = {
    "regime": dict(Regime.choices),
    "cause": dict(Cause.choices),
    "end_reason": dict(EndReason.choices),
}

# Kept as text in the ledger, so that nothing is rounded.
_DECIMALS = {value.name for one in LAW_KINDS.values() for value in one.values if value.type == "decimal"}


def kind(code: str) -> Word:
    """What happened, by the kind of a fact."""
    return KINDS.get(code, code)


def labelled(label: Word, text: Word) -> str:
    """What something is called, and what it is, with the colon as the reader's language sets it."""
    colon = gettext(":")
    return f"{label}{colon} {text}"


def values(told: Mapping[str, Any]) -> Iterator[tuple[Word, Word]]:
    """The plain values of a fact as pairs of name and text; versions and ids are the machine's, and stay out."""
    for name, value in told.items():
        if name in MACHINES_OWN or value in (None, ""):
            continue
        if name == "to" and isinstance(value, Mapping):
            yield from values(value)
        else:
            yield NAMES.get(name, name), _text(name, value)


def _text(name: str, value: Any) -> Word:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Values):
        return ", ".join(labelled(label, text) for label, text in values(dict(value)))
    if isinstance(value, str):
        return _OWN.get(name, {}).get(value) or CODES.get(name, {}).get(value) or _other(name, value)
    if name == "condition":
        return Condition(value).label
    return formats.localize(value)


def _other(name: str, value: str) -> Word:
    if name == "reason" and value in _REASONS:
        return _REASONS[value]
    try:
        if len(value) == len("2026-11-21"):
            return formats.date_format(date.fromisoformat(value), "d/m/Y")
        if "T" in value:
            return formats.date_format(datetime.fromisoformat(value).astimezone(clock.BRUSSELS), "d/m/Y H:i")
    except ValueError:
        return value
    if name in _DECIMALS:
        return formats.localize(Decimal(value))
    return value
