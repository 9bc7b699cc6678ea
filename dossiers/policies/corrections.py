"""Who takes back and who corrects what was recorded (T20; domain.md section 8)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from dossiers.law.kinds import CORRECTIONS
from dossiers.policies import SIGHTS
from tnw.accounts.models import Actor, ActorKind, Role
from tnw.accounts.policies import NO_ACCESS, in_role
from tnw.core.policies import YES, Verdict

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
# The team lead confirms, as another person than who proposed (X3).
_LEADS_ONLY = ("reduction_confirmed", "reduction_refused")
_APPOINTMENTS = (
    "appointment_made", "appointment_moved", "appointment_cancelled", "absence_recorded", "absence_excused",
    "attended",
)  # fmt: skip
_ABSENCES = ("registered_letter_sent", "reduction_proposed", "new_date_asked", "absence_withdrawn")
_BOTH = ("questionnaire_waived", "route_closed", "consultation_held")
# What each does of the declaration is his own; what the insured does is recorded by the coordinator.
_DECLARED = ("declaration_signed", "declaration_refused")
COMPLETED = "declaration_completed"
_MADE_BY: dict[Role, frozenset[str]] = {
    Role.ADVISORY_DOCTOR: frozenset([*_DOCTORS_ONLY, *_APPOINTMENTS, *_ABSENCES, *_BOTH, "action_taken"]),
    Role.MEDICAL_TEAM: frozenset(
        [*_APPOINTMENTS, "assessment_made", "medical_contact_held", "questionnaire_received", "action_taken"]
    ),
    Role.COORDINATOR: frozenset(SIGHTS.keys() - set(_DOCTORS_ONLY) - set(_LEADS_ONLY)),
}


def _makers(kind: str, values: Mapping[str, Any]) -> set[Role]:
    """Whose acts make facts of this kind with these values."""
    if kind in _DECLARED:
        return {Role.ADVISORY_DOCTOR if values.get("role") == "advisory_doctor" else Role.COORDINATOR}
    return {role for role, kinds in _MADE_BY.items() if kind in kinds}


def may_void(
    actor: Actor, kind: str, values: Mapping[str, Any], *, signed: bool = False, contradicts: bool = False
) -> Verdict:
    """Whoever makes such facts takes a wrong one back, and a team lead any; what was delivered stays.

    What was signed here is taken back by its own act alone, unless the dossier `contradicts` itself; `signed` says that
    it rests on what was (`dossiers.reading.signed_here`).
    """
    if not (verdict := _may_be_corrected(kind)):
        return verdict
    if _signed_here(kind, values, signed) and not contradicts:
        return _SIGNED_HERE
    if actor.kind != ActorKind.USER:
        return NO_ACCESS
    return in_role(actor, Role.TEAM_LEAD, *_makers(kind, values))


def may_restore(actor: Actor, kind: str, values: Mapping[str, Any]) -> Verdict:
    """What was taken back by mistake the team lead lets stand again (T20); what was signed here is signed anew."""
    if not (verdict := _may_be_corrected(kind)):
        return verdict
    if _signed_here(kind, values, signed=False):
        return Verdict(False, _("This was signed here: who signed it signs anew."))
    return in_role(actor, Role.TEAM_LEAD) if actor.kind == ActorKind.USER else NO_ACCESS


def _may_be_corrected(kind: str) -> Verdict:
    if kind in CORRECTIONS:
        return Verdict(False, _("A correction is corrected by another one."))
    if kind in _DELIVERED:
        return Verdict(False, _("This comes from the fund's delivery, and its next delivery corrects it."))
    return YES


_SIGNED_HERE = Verdict(
    False,
    _(
        "This was signed here: until all three have signed, who signed takes it back on the page of the declaration; "
        "after that only another text voids it."
    ),
)


def _signed_here(kind: str, values: Mapping[str, Any], signed: bool) -> bool:
    """Whether it is a signature under a document that is kept, or says that all are given; history brings others."""
    return (kind == "declaration_signed" and bool(values.get("document"))) or (kind == COMPLETED and signed)


# What only the system counts is not written anew by hand: taken back, it is worked out and confirmed again.
_COUNTED = frozenset({"reduction_confirmed"})
# What makes an act somebody's own is no slip of the pen: taken back, whoever it is does it himself.
FIXED: dict[str, frozenset[str]] = {
    "declaration_signed": frozenset({"role", "document", "evidence"}),
    "registered_letter_sent": frozenset({"step"}),  # the letter says it
}


def may_correct(actor: Actor, kind: str, values: Mapping[str, Any], *, signed: bool = False) -> Verdict:
    """Whoever may take such a fact back may also say that its day or its values were other ones (T20).

    What the doctor found or signed nobody else finds for him: the team lead takes it back at most.
    """
    if not (may := may_void(actor, kind, values, signed=signed)):
        return may
    makers = _makers(kind, values)
    doctors = Role.ADVISORY_DOCTOR in makers and Role.COORDINATOR not in makers
    if doctors and not in_role(actor, *makers):
        return Verdict(False, _("Only the doctor corrects what the doctor found or signed: take it back."))
    if kind in _COUNTED:
        return Verdict(False, _("This was worked out: take it back, and confirm it anew."))
    return YES
