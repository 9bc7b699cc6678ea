"""Who may enter which part (domain.md section 8)."""

from django.utils.translation import gettext_lazy as _

from tnw.accounts.models import Actor, ActorKind, Role, SavedView, User
from tnw.core.policies import YES, Verdict

CASE_ROLES = (Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD)


NO_ACCESS = Verdict(False, _("Your role does not give access to this."), forbids=True)


def in_role(actor: Actor, *roles: str) -> Verdict:
    """Whether somebody works in one of these roles.

    What acts of itself may do what they may; a fund's API client does what a coordinator records, as far as its scopes
    reach. A regional service is let in by the policies of what is its own alone.
    """
    if actor.kind == ActorKind.JOB or (actor.user and actor.user.has_role(*roles)):
        return YES
    if actor.kind == ActorKind.CLIENT and actor.fund_id and Role.COORDINATOR in roles:
        return YES
    return NO_ACCESS


def may_see_dossiers(actor: Actor) -> Verdict:
    return in_role(actor, *CASE_ROLES)


def may_assign(actor: Actor) -> Verdict:
    return in_role(actor, Role.TEAM_LEAD)


def may_reassign(actor: Actor) -> Verdict:
    """A team lead any dossier of the fund, a coordinator the own ones."""
    return in_role(actor, Role.TEAM_LEAD, Role.COORDINATOR)


def may_arrange_deputy(actor: Actor, user: User) -> Verdict:
    """Everybody for the own absence, a team lead for anybody of the fund."""
    if actor.user == user:
        return may_see_dossiers(actor)
    if actor.user and actor.user.fund_id != user.fund_id:
        return Verdict(False, _("This person works for another fund."))
    return in_role(actor, Role.TEAM_LEAD)


def may_remove_view(actor: Actor, view: SavedView) -> Verdict:
    """Who keeps it; of one that is shared with a team, a team lead too."""
    if actor.user and actor.user.pk == view.user_id:
        return YES
    if view.team_id is None:
        return NO_ACCESS
    return in_role(actor, Role.TEAM_LEAD)


def may_read_access_log(actor: Actor) -> Verdict:
    return in_role(actor, Role.PRIVACY_OFFICER)


def may_import(actor: Actor) -> Verdict:
    return in_role(actor, Role.ADMINISTRATOR)


def may_feed(actor: Actor) -> Verdict:
    """The fund's own system brings incapacities; what it sends as a file an administrator may bring too."""
    if actor.kind == ActorKind.CLIENT and actor.fund_id:
        return YES
    return may_import(actor)


def may_erase(actor: Actor) -> Verdict:
    return in_role(actor, Role.PRIVACY_OFFICER)
