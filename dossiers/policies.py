"""Who may read and write what in a dossier (domain.md section 8)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dossiers.law.kinds import CORRECTIONS
from dossiers.models import Dossier, Incapacity
from dossiers.models.career import CareerSource
from dossiers.models.health import Sight, sights
from tnw.accounts.models import Actor, ActorKind, Role
from tnw.accounts.policies import in_role, may_see_dossiers
from tnw.core.policies import YES, Verdict

_NOT_FOR_YOU = Verdict(False, _("Your role does not give access to this."))

# For whose eyes the free text beside a fact is, by its kind. A kind that is not named is medical: shut until judged.
# So is a correction by itself; beside the fact that it corrects it is for the same eyes as that (`dossiers.notes`).
_MEDICAL = """
assessment_made medical_contact_held permission_granted permission_refused
training_advised adapted_work_permitted adapted_work_refused fact_corrected fact_voided
"""
_SHARED = """
questionnaire_received referral_made referral_withdrawn permission_requested absence_excused
"""
_CASE = """
incapacity_recognized incapacity_corrected invalidity_recognized incapacity_excluded incapacity_end_withdrawn
incapacity_ended questionnaire_sent questionnaire_waived contact_requested support_offered registration_reported
registration_refused invalidity_confirmed invalidity_denied service_step appointment_made appointment_moved
appointment_cancelled first_contact_held contact_held attended absence_recorded registered_letter_sent reduction_proposed
reduction_confirmed new_date_asked career_noted consent_given consent_refused consent_withdrawn first_step_chosen
action_taken consultation_held traject_started occupational_referral_made pre_return_visit_held
employer_traject_started employer_traject_ended reintegration_started declaration_drawn_up declaration_signed
declaration_completed declaration_refused declaration_voided traject_suspended traject_resumed plan_meeting_held
plan_agreed plan_reviewed plan_evaluated training_proposed training_submitted training_reviewed training_decided
training_completed partner_form_sent partner_answered partner_ended adapted_work_planned adapted_work_declared
adapted_work_cancelled adapted_work_ended route_closed reintegration_ended traject_evaluated traject_ended
"""
SIGHTS: dict[str, Sight] = {
    kind: sight
    for sight, kinds in ((Sight.MEDICAL, _MEDICAL), (Sight.SHARED, _SHARED), (Sight.CASE, _CASE))
    for kind in kinds.split()
}
# What a fact says can make its text medical whatever its kind: a waiver, closing or refusal for a reason of health.
MEDICAL_WHERE: dict[str, tuple[str, str]] = {
    "questionnaire_waived": ("reason", "medical"),
    "route_closed": ("reason", "health"),
    "declaration_refused": ("role", "advisory_doctor"),
    "traject_suspended": ("reason", "illness"),
    "traject_ended": ("result", "medically_not_possible"),
    "reintegration_ended": ("result", "medically_not_possible"),
    "appointment_made": ("purpose", "medical_examination"),
    "absence_recorded": ("purpose", "medical_examination"),
}


def sight_of(kind: str, values: Mapping[str, Any]) -> Sight:
    """For whose eyes the free text is that stands beside a fact of this kind with these values."""
    name, medical = MEDICAL_WHERE.get(kind, ("", ""))
    if name and values.get(name) == medical:
        return Sight.MEDICAL
    return SIGHTS.get(kind, Sight.MEDICAL)


def may_read(actor: Actor, sight: Sight) -> Verdict:
    """Whether a text that is for these eyes is for this actor's."""
    return YES if sight in sights(actor) else _NOT_FOR_YOU


def may_read_health(actor: Actor) -> Verdict:
    """At least the notes that are shared."""
    return may_read(actor, Sight.SHARED)


def may_write_health(actor: Actor) -> Verdict:
    """A natural person's act, so that no job does it."""
    if actor.kind != ActorKind.USER:
        return _NOT_FOR_YOU
    return in_role(actor, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM)


def may_read_career(actor: Actor) -> Verdict:
    return may_see_dossiers(actor)


def may_write_career(actor: Actor, source: str = CareerSource.HAND) -> Verdict:
    """The coordinator; what a questionnaire tells also the medical team, which enters questionnaires too."""
    if source == CareerSource.QUESTIONNAIRE:
        return in_role(actor, Role.COORDINATOR, Role.MEDICAL_TEAM)
    return in_role(actor, Role.COORDINATOR)


def may_read_consents(actor: Actor) -> Verdict:
    return may_see_dossiers(actor)


# What the fund's delivery says of the incapacity is corrected by its next delivery.
_DELIVERED = (
    "incapacity_recognized", "incapacity_corrected", "invalidity_recognized", "incapacity_excluded",
    "incapacity_end_withdrawn", "incapacity_ended",
)  # fmt: skip
# Whose acts make these facts: what is the doctors' alone is not the coordinator's, and the rest is.
_DOCTORS_ONLY = (
    "assessment_made", "referral_made", "referral_withdrawn", "medical_contact_held",
    "permission_granted", "permission_refused", "training_advised", "adapted_work_permitted",
    "adapted_work_refused",
)  # fmt: skip
_APPOINTMENTS = (
    "appointment_made", "appointment_moved", "appointment_cancelled", "absence_recorded", "absence_excused",
    "attended",
)  # fmt: skip
_MADE_BY: dict[Role, frozenset[str]] = {
    Role.ADVISORY_DOCTOR: frozenset([*_DOCTORS_ONLY, *_APPOINTMENTS, "questionnaire_waived", "route_closed"]),
    Role.MEDICAL_TEAM: frozenset(
        [*_APPOINTMENTS, "assessment_made", "medical_contact_held", "questionnaire_received"]
    ),
    Role.COORDINATOR: frozenset(SIGHTS.keys() - set(_DOCTORS_ONLY)),
}


def may_void(actor: Actor, kind: str) -> Verdict:
    """Whoever makes such facts takes a wrong one back, and a team lead any; what was delivered stays."""
    if kind in CORRECTIONS:
        return Verdict(False, _("A correction is corrected by another one."))
    if kind in _DELIVERED:
        return Verdict(False, _("This comes from the fund's delivery, and its next delivery corrects it."))
    if actor.kind != ActorKind.USER:
        return _NOT_FOR_YOU
    makers = (role for role, kinds in _MADE_BY.items() if kind in kinds)
    return in_role(actor, Role.TEAM_LEAD, *makers)


CONTRADICTS = _(
    "What is recorded in this dossier contradicts itself: a correction has to resolve that first."
)


def recognized_on(incapacity: Incapacity, on: date) -> Verdict:
    """Whether the incapacity was recognized on that day, and is not excluded (P2)."""
    if incapacity.excluded:
        return Verdict(False, _("This incapacity is excluded from the return-to-work traject."))
    if on < incapacity.start:
        return Verdict(False, _("This day lies before the incapacity began."))
    if incapacity.end and on > incapacity.end:
        return Verdict(False, _("The incapacity had ended by that day."))
    return YES


def is_open(dossier: Dossier, on: date) -> Verdict:
    """Whether something of that day can be recorded: recognized, not excluded, and nothing recorded that contradicts."""
    if dossier.out_of_order:
        return Verdict(False, CONTRADICTS)
    return recognized_on(dossier.incapacity, on)
