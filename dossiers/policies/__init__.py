"""Who may read and write what in a dossier (domain.md section 8)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dossiers.law.rules import RULES
from dossiers.models import Dossier, Incapacity
from dossiers.models.career import CareerSource
from dossiers.models.health import Sight, sights
from tnw.accounts.models import Actor, ActorKind, Role
from tnw.accounts.policies import NO_ACCESS, in_role, may_see_dossiers
from tnw.core.policies import YES, Verdict

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
reduction_confirmed reduction_refused absence_withdrawn new_date_asked
career_noted consent_given consent_refused consent_withdrawn first_step_chosen
action_taken consultation_held traject_started occupational_referral_made pre_return_visit_held
occupational_referral_proposed employer_traject_declined partner_form_drawn_up
employer_traject_started employer_traject_ended reintegration_started declaration_drawn_up declaration_signed
declaration_completed declaration_refused declaration_voided traject_suspended traject_resumed plan_meeting_held
plan_agreed plan_reviewed plan_evaluated training_proposed training_submitted training_reviewed training_decided
training_completed training_broken_off partner_form_sent partner_answered partner_ended adapted_work_planned
adapted_work_declared adapted_work_cancelled adapted_work_ended route_closed reintegration_ended traject_evaluated
traject_ended
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


# What of a fact's plain values a machine is told, an API client; the free text beside a fact it never is. That a person
# assessed, referred, permitted or advised it is told, no category and no reason of health with it. A kind that is not
# named here is not told at all: shut until judged.
_TOLD = """
fact_corrected: fact version to
fact_voided: fact
incapacity_recognized: start end end_reason regime cause contract version
incapacity_corrected: version start end end_reason regime cause contract
invalidity_recognized: from version
incapacity_excluded: reason
incapacity_ended: version reason
incapacity_end_withdrawn: version
questionnaire_waived:
contact_requested:
questionnaire_sent: channel language
questionnaire_received: complete channel
support_offered: channel
assessment_made:
referral_made:
referral_withdrawn:
registration_reported: service registered_on
registration_refused: reason service registered_on
invalidity_confirmed:
invalidity_denied: reason
service_step: step
appointment_made: purpose at form route party
appointment_moved: at form
appointment_cancelled:
medical_contact_held: form
first_contact_held: route form
contact_held: form party
attended:
absence_recorded: purpose
registered_letter_sent: step
reduction_proposed:
reduction_confirmed: from to percent
reduction_refused:
new_date_asked:
absence_excused:
absence_withdrawn:
career_noted:
occupational_referral_proposed:
consent_given: purpose party
consent_refused: purpose party
consent_withdrawn: purpose party
first_step_chosen: step
action_taken: kind
consultation_held: party
permission_requested: aim
permission_granted:
permission_refused:
traject_started: route
occupational_referral_made: asks_for
pre_return_visit_held: outcome
employer_traject_declined:
employer_traject_started: requested_by
employer_traject_ended: decision refused_by plan_carried_out
reintegration_started: condition
declaration_drawn_up:
declaration_signed: role method
declaration_completed:
declaration_refused: role
declaration_voided:
traject_suspended: reason
traject_resumed:
plan_meeting_held:
plan_agreed: version
plan_reviewed: with_interview
plan_evaluated:
training_proposed: proposed_by
training_advised:
training_submitted:
training_reviewed: favorable
training_decided: approved from to
training_completed: success
training_broken_off:
partner_form_drawn_up: service
partner_form_sent: service
partner_answered: accepted
partner_ended:
adapted_work_planned: starts_on
adapted_work_declared:
adapted_work_permitted: from to hours
adapted_work_refused:
adapted_work_cancelled:
adapted_work_ended:
route_closed: route reason
reintegration_ended: result
traject_evaluated:
traject_ended: result
"""
TOLD_TO_MACHINES: dict[str, frozenset[str]] = {
    kind: frozenset(names.split())
    for kind, _sep, names in (line.partition(":") for line in _TOLD.split("\n") if line)
}
# What is of health among these is left out, and always others with it, so that silence does not say which it was.
_VEILED: dict[tuple[str, str], frozenset[Any]] = {
    ("route_closed", "reason"): frozenset({"health", "permission_refused", "no_need", "other"}),
    ("traject_suspended", "reason"): frozenset({"illness", "other"}),
    **dict.fromkeys(
        (("traject_ended", "result"), ("reintegration_ended", "result")),
        frozenset({"medically_not_possible", "incapacity_ended", "no_result"}),
    ),
}
# Which kinds of documents a machine may read, and which were judged and stay inside: what prints an SSIN, a reason of a
# refusal, a result that may be one of health, or what a doctor writes beside a decision. A kind that is not named here
# stays inside too: shut until judged.
_DOCUMENTS_TOLD = """
invitation appointment_moved appointment_cancelled absence_warning absence_reduction absence_reduction_again
training_approved occupational_referral reintegration_plan declaration declaration_signed declaration_changed
signature_reminder traject_stopped questionnaire questionnaire_reminder
"""
_DOCUMENTS_UNTOLD = """
adapted_work_permitted adapted_work_refused permission_refused training_application training_refused partner_form
traject_ended dossier_copy
"""
DOCUMENTS_TOLD, DOCUMENTS_UNTOLD = frozenset(_DOCUMENTS_TOLD.split()), frozenset(_DOCUMENTS_UNTOLD.split())
# These deadlines exist because of a category: that there is one tells it.
UNTOLD_RULES = frozenset(
    rule.id for rule in RULES if rule.opens.kind == "assessment_made" and rule.opens.having
)
# What closed a deadline, where that tells a category.
UNTOLD_CLOSINGS = frozenset({"not_category_4"})


def told_to_machines(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Of the plain values of a fact of this kind, or of those that a correction gives it, what a machine is told."""
    named = TOLD_TO_MACHINES.get(kind, frozenset())
    return {
        name: value
        for name, value in values.items()
        if name in named and value not in _VEILED.get((kind, name), ())
    }


def may_read(actor: Actor, sight: Sight) -> Verdict:
    """Whether a text that is for these eyes is for this actor's."""
    return YES if sight in sights(actor) else NO_ACCESS


def may_read_health(actor: Actor) -> Verdict:
    """At least the notes that are shared."""
    return may_read(actor, Sight.SHARED)


def may_write_health(actor: Actor) -> Verdict:
    """A natural person's act, so that no job does it."""
    if actor.kind != ActorKind.USER:
        return NO_ACCESS
    return in_role(actor, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM)


def may_give_away(actor: Actor, dossier: Dossier) -> Verdict:
    """Of those who may reassign at all: a team lead any dossier, a coordinator the own ones."""
    if actor.user and actor.user.pk == dossier.coordinator_id:
        return YES
    return in_role(actor, Role.TEAM_LEAD)


def may_read_career(actor: Actor) -> Verdict:
    return may_see_dossiers(actor)


def may_write_career(actor: Actor, source: str = CareerSource.HAND) -> Verdict:
    """The coordinator; what a questionnaire tells also the medical team, which enters questionnaires too."""
    if source == CareerSource.QUESTIONNAIRE:
        return in_role(actor, Role.COORDINATOR, Role.MEDICAL_TEAM)
    return in_role(actor, Role.COORDINATOR)


def may_read_consents(actor: Actor) -> Verdict:
    return may_see_dossiers(actor)


CONTRADICTS = _(
    "What is recorded in this dossier contradicts itself: a correction has to resolve that first."
)


def recognized_on(incapacity: Incapacity, on: date) -> Verdict:
    """Whether the incapacity was recognized on that day, and is not excluded (P2)."""
    if incapacity.excluded:
        return Verdict(False, _("This incapacity is excluded from the return-to-work traject."))
    return lies_in(incapacity, on)


def lies_in(incapacity: Incapacity, on: date) -> Verdict:
    """Whether that day is one of the incapacity, excluded or not."""
    if on < incapacity.start:
        return Verdict(False, _("This day lies before the incapacity began."), field="on")
    if incapacity.end and on > incapacity.end:
        return Verdict(False, _("The incapacity had ended by that day."), field="on")
    return YES


def is_open(dossier: Dossier, on: date) -> Verdict:
    """Whether something of that day can be recorded: recognized, not excluded, and nothing recorded that contradicts."""
    if dossier.out_of_order:
        return Verdict(False, CONTRADICTS)
    return recognized_on(dossier.incapacity, on)


def may_record(actor: Actor, dossier: Dossier, on: date, *roles: str) -> Verdict:
    """Somebody in one of these roles, while something of that day can be recorded."""
    return in_role(actor, *roles) and is_open(dossier, on)


IN_PERSON_ONLY = Verdict(False, _("Only a person can do this."), forbids=True)


def in_person(actor: Actor, dossier: Dossier, on: date, *roles: str) -> Verdict:
    """A person in one of these roles, while something of that day can be recorded: no machine judges or signs."""
    if actor.kind != ActorKind.USER:
        return IN_PERSON_ONLY
    return may_record(actor, dossier, on, *roles)


NOTHING_OF_THIS_DAY = Verdict(False, _("Nothing can be recorded of this day."))


def may_record_of_service(actor: Actor, dossier: Dossier, service: str, on: date, *roles: str) -> Verdict:
    """Somebody of the fund in one of these roles, or the regional service itself in what is its own.

    Why nothing can be recorded of a day a service is not told: the incapacity is not its own.
    """
    if not actor.service:
        return may_record(actor, dossier, on, *roles)
    if actor.service != service:
        return NO_ACCESS
    return YES if is_open(dossier, on) else NOTHING_OF_THIS_DAY


def passed_on(actor: Actor, dossier: Dossier, on: date, *roles: str) -> Verdict:
    """A person in one of these roles, or a fund's client that passes on what was said; no job says it of itself."""
    if actor.kind == ActorKind.CLIENT:
        return may_record(actor, dossier, on, *roles)
    return in_person(actor, dossier, on, *roles)
