"""Who is behind a change, for auditlog: every entry carries the fund and the acting user, client or job."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from auditlog.context import auditlog_value, set_extra_data
from auditlog.diff import model_instance_diff
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from tnw.accounts.models import Actor, AuditEntry, Deputy, Fund, Team, TeamArea, User
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


def record_many(changes: Iterable[tuple[Model | None, Model]], *, fund: Fund, actor: Actor) -> None:
    """What was written as a set, which auditlog does not see: each row before (None where it is new) and after."""
    entries = []
    for before, after in changes:
        if not (diff := model_instance_diff(before, after, use_json_for_changes=False)):
            continue
        entries.append(
            AuditEntry(
                content_type=ContentType.objects.get_for_model(after),
                object_pk=str(after.pk),
                object_id=after.pk,
                object_repr=str(after),
                action=AuditEntry.Action.UPDATE if before else AuditEntry.Action.CREATE,
                changes=diff,
                actor=actor.user,
                actor_email=actor.user.email if actor.user else None,
                acting=actor,
                fund=fund,
            )
        )
    AuditEntry.objects.bulk_create(entries, batch_size=1000)


def register() -> None:
    """What people change in this app and that has to be traceable; of a second factor only that there is one."""
    from allauth.mfa.models import Authenticator  # loaded after this app

    auditlog.register(Fund, mask_fields=["logo"], mask_callable="tnw.accounts.audit.mask_whole")
    auditlog.register(Team)
    auditlog.register(TeamArea)
    auditlog.register(Deputy)
    auditlog.register(Authenticator, include_fields=["type", "user"])
    auditlog.register(User, exclude_fields=["last_login", "password", "choices"])
