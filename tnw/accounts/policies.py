"""Who may enter which part (domain.md section 8)."""

from django.utils.translation import gettext_lazy as _

from tnw.accounts.models import Actor, ActorKind, Role
from tnw.core.policies import YES, Verdict

CASE_ROLES = (Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD)


def _role(actor: Actor, *roles: str) -> Verdict:
    if actor.kind == ActorKind.JOB or (actor.user and actor.user.has_role(*roles)):
        return YES
    return Verdict(False, _("Your role does not give access to this."))


def may_see_dossiers(actor: Actor) -> Verdict:
    return _role(actor, *CASE_ROLES)


def may_assign(actor: Actor) -> Verdict:
    return _role(actor, Role.TEAM_LEAD)


def may_read_access_log(actor: Actor) -> Verdict:
    return _role(actor, Role.PRIVACY_OFFICER)


def may_import(actor: Actor) -> Verdict:
    return _role(actor, Role.ADMINISTRATOR)


def may_erase(actor: Actor) -> Verdict:
    return _role(actor, Role.PRIVACY_OFFICER)
