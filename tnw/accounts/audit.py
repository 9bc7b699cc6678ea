"""Who is behind a change, for auditlog: every entry carries the fund and the acting user, client or job."""

from collections.abc import Iterator
from contextlib import contextmanager

from auditlog.context import auditlog_value, set_extra_data
from auditlog.registry import auditlog

from tnw.accounts.models import Actor, Deputy, Fund, Team, TeamArea, User
from tnw.core import scope


def mask_whole(value: str) -> str:
    """Health text and secrets are hidden whole: half a string still tells."""
    return "***"


@contextmanager
def acting_as(actor: Actor, fund: Fund, *, remote_addr: str | None = None) -> Iterator[None]:
    """One piece of work: inside the fund's wall, with its actor on every audit entry."""
    extra = {"actor": actor.user, "acting": actor, "fund": fund, "remote_addr": remote_addr}
    # auditlog leaves the data of work inside this work in place, and then signs nothing more: put back what was there.
    token = auditlog_value.set(extra)
    try:
        with scope.funds(fund.pk), set_extra_data(context_data=extra):
            yield
    finally:
        auditlog_value.reset(token)


def register() -> None:
    """What people change in this app and that has to be traceable."""
    auditlog.register(Fund)
    auditlog.register(Team)
    auditlog.register(TeamArea)
    auditlog.register(Deputy)
    auditlog.register(User, exclude_fields=["last_login", "password"])
