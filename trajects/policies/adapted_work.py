"""Who may do what with adapted work, and in which state (W1; domain.md section 8)."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from dossiers.models import Dossier
from dossiers.policies import in_person, may_record
from tnw.accounts.models import Actor, Role
from tnw.core.policies import YES, Verdict
from trajects.models import AdaptedWork

NOT_PLANNED = Verdict(False, _("This adapted work is not planned any more."))
NOT_BEFORE_PERMISSION = Verdict(
    False, _("The start is planned again before the permission only: after it the permission is changed.")
)
NOT_DECLARED = Verdict(
    False, _("This adapted work has to be declared first, with the request for permission.")
)
NOT_ASKED = Verdict(False, _("No permission is asked for this adapted work."))
NOT_PERMITTED = Verdict(False, _("This adapted work is not running."))
NOT_BEGUN = Verdict(False, _("This adapted work has not begun yet: cancel it."))
HAS_BEGUN = Verdict(False, _("This adapted work has begun: record its end."))
IS_OVER = Verdict(False, _("This adapted work is over."))


def may_plan(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator, with a traject or without one; there may be several."""
    return may_record(actor, dossier, on, Role.COORDINATOR)


def may_replan(actor: Actor, dossier: Dossier, one: AdaptedWork, on: date) -> Verdict:
    """On another day, before it is permitted."""
    if not (verdict := may_plan(actor, dossier, on)):
        return verdict
    return YES if can_proceed(one.plan) else NOT_BEFORE_PERMISSION


def may_declare(actor: Actor, dossier: Dossier, one: AdaptedWork, on: date) -> Verdict:
    """The coordinator records that the insured declared it and asked permission, in time or late."""
    if not (verdict := may_plan(actor, dossier, on)):
        return verdict
    return YES if can_proceed(one.declare) else NOT_PLANNED


def may_permit(actor: Actor, dossier: Dossier, one: AdaptedWork, on: date) -> Verdict:
    """The advisory doctor; anew for another period or other hours."""
    if not (verdict := in_person(actor, dossier, on, Role.ADVISORY_DOCTOR)):
        return verdict
    if can_proceed(one.permit):
        return YES
    return NOT_DECLARED if can_proceed(one.declare) else IS_OVER


def may_refuse(actor: Actor, dossier: Dossier, one: AdaptedWork, on: date) -> Verdict:
    """The advisory doctor, where it is not compatible with the state of health."""
    if not (verdict := in_person(actor, dossier, on, Role.ADVISORY_DOCTOR)):
        return verdict
    return YES if can_proceed(one.refuse) else NOT_ASKED


def may_end(actor: Actor, dossier: Dossier, one: AdaptedWork, on: date) -> Verdict:
    """What was permitted and has begun."""
    if not (verdict := may_plan(actor, dossier, on)):
        return verdict
    if not can_proceed(one.end):
        return NOT_PERMITTED
    return NOT_BEGUN if _not_begun(one, on) else YES


def may_cancel(actor: Actor, dossier: Dossier, one: AdaptedWork, on: date) -> Verdict:
    """It does not begin after all."""
    if not (verdict := may_plan(actor, dossier, on)):
        return verdict
    if not can_proceed(one.cancel):
        return IS_OVER
    return HAS_BEGUN if one.permitted_from and not _not_begun(one, on) else YES


def _not_begun(one: AdaptedWork, on: date) -> bool:
    return one.permitted_from is not None and on < one.permitted_from
