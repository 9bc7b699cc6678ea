"""Who reads figures, and of which dossiers (domain.md section 8): a team lead of the fund, others of their own."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tnw.accounts.models import MEDICAL, Actor, ActorKind, Role, Team, User
from tnw.accounts.policies import NO_ACCESS, may_see_dossiers
from tnw.core.policies import YES, Verdict

FUND, TEAM, COORDINATOR = "fund", "team", "coordinator"


@dataclass(frozen=True, slots=True)
class Whose:
    """Of which dossiers figures are: of the whole fund, of a team, or of a coordinator, as they are assigned today."""

    kind: str
    key: int | None
    mark: str
    name: str | Promise


def may_read_figures(actor: Actor) -> Verdict:
    """Whoever works with dossiers, of their own ones; a fund's API client by its scope, of the fund."""
    return may_see_dossiers(actor)


def may_read_of_fund(actor: Actor) -> Verdict:
    """All of the fund: its team leads, and its API clients."""
    if actor.user:
        return YES if actor.user.has_role(Role.TEAM_LEAD) else NO_ACCESS
    return YES if actor.kind == ActorKind.JOB or actor.fund_id else NO_ACCESS


def whose(actor: Actor) -> list[Whose]:
    """Of whom this person may read figures, the widest first; nobody's for a doctor without a team."""
    user = actor.user
    if user is None or not may_see_dossiers(actor):
        return []
    if may_read_of_fund(actor):
        return _of_fund(user.fund_id)
    found = []
    if user.has_role(Role.COORDINATOR):
        found.append(Whose(COORDINATOR, user.pk, str(user.public_id), _("Your dossiers")))
    if user.has_role(*MEDICAL) and user.team:
        found.append(Whose(TEAM, user.team.pk, f"team-{user.team.pk}", user.team.name))
    return found


def _of_fund(fund_id: int) -> list[Whose]:
    teams = Team.objects.filter(fund=fund_id).order_by("name")
    people = User.objects.filter(fund=fund_id, roles__contains=[Role.COORDINATOR]).order_by("name")
    return [
        Whose(FUND, None, "", _("The whole fund")),
        *(Whose(TEAM, team.pk, f"team-{team.pk}", team.name) for team in teams),
        *(Whose(COORDINATOR, one.pk, str(one.public_id), one.name) for one in people),
    ]
