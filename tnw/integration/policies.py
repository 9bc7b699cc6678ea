"""Who may decide on the API's clients (domain.md section 8)."""

from tnw.accounts.models import Actor, ActorKind, Fund, Role
from tnw.accounts.policies import NO_ACCESS, in_role
from tnw.core.policies import YES, Verdict


def may_keep_clients(actor: Actor, fund: Fund | None) -> Verdict:
    """An administrator those of the own fund; those of a regional service, with several funds, the operators only."""
    if actor.kind == ActorKind.JOB:
        return YES
    if fund is None or actor.user is None or actor.user.fund_id != fund.pk:
        return NO_ACCESS
    return in_role(actor, Role.ADMINISTRATOR)
