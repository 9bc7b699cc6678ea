"""What people do to a dossier itself."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier, Reassignment
from dossiers.policies import may_give_away
from tnw.accounts.models import Actor, Role, User
from tnw.accounts.policies import may_assign, may_reassign
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import require


@transaction.atomic
def assign(*, dossier_ids: Iterable[UUID], coordinator: User, actor: Actor) -> int:
    """Give dossiers to a coordinator of their fund, and to the coordinator's team; gives their number.

    Raises NotAllowed, and DomainError where a dossier is not there or has a coordinator, or this one cannot have it.
    """
    require(may_assign(actor))
    wanted = set(dossier_ids)
    dossiers = list(Dossier.objects.visible_to(actor).filter(public_id__in=wanted).order_by("pk").locked())
    if len(dossiers) != len(wanted):
        raise DomainError(_("This dossier does not exist."), code="dossier_unknown")
    if given := [one.public_id for one in dossiers if one.coordinator_id]:
        # From one coordinator to another it goes by `reassign`, which says why.
        raise DomainError(
            _("Some of these dossiers have a coordinator by now: nothing was assigned."),
            code="assigned_already",
            dossiers=given,
        )
    for dossier in dossiers:
        require_coordinator(coordinator, dossier.fund_id)
        _give(dossier, coordinator)
    return len(dossiers)


class Given(NamedTuple):
    """What became of one dossier that was to be given to somebody: `done`, `theirs`, `not_allowed` or `gone`."""

    dossier_id: UUID
    outcome: str


def reassign(*, dossier_ids: Iterable[UUID], coordinator: User, reason: str, actor: Actor) -> list[Given]:
    """Give dossiers to another coordinator, each in a transaction of its own: one that cannot be given stops no other.

    Raises NotAllowed, and DomainError where the coordinator cannot have any or the reason is missing.
    """
    require(may_reassign(actor))
    reason = reason_given(reason)
    require_coordinator(coordinator, actor.user.fund_id if actor.user else coordinator.fund_id)
    return [
        Given(dossier_id, _reassign_one(dossier_id, coordinator, reason, actor))
        for dossier_id in dict.fromkeys(dossier_ids)
    ]


@transaction.atomic
def _reassign_one(dossier_id: UUID, coordinator: User, reason: str, actor: Actor) -> str:
    dossier = Dossier.objects.visible_to(actor).filter(public_id=dossier_id).locked().first()
    if dossier is None or dossier.fund_id != coordinator.fund_id:
        return "gone"
    if dossier.coordinator_id == coordinator.pk:
        return "theirs"
    if not may_give_away(actor, dossier):
        return "not_allowed"
    before = dossier.coordinator_id
    _give(dossier, coordinator)
    Reassignment.objects.create(
        fund_id=dossier.fund_id,
        dossier=dossier,
        before_id=before,
        after=coordinator,
        reason=reason[:300],
        actor=actor,
        at=clock.now(),
    )
    return "done"


def reason_given(reason: str) -> str:
    """Why a dossier changes hands. Raises DomainError where nothing is said."""
    if not reason.strip():
        raise DomainError(
            _("Say why, for the colleague and for whoever asks later."), code="required", field="reason"
        )
    return reason.strip()[:300]


def require_coordinator(coordinator: User, fund_id: int) -> None:
    """Raises DomainError for who cannot have dossiers of this fund."""
    if (
        coordinator.fund_id != fund_id
        or not coordinator.is_active
        or not coordinator.has_role(Role.COORDINATOR)
    ):
        raise DomainError(
            _("This person is no coordinator of this fund."), code="no_coordinator", field="coordinator"
        )


def _give(dossier: Dossier, coordinator: User) -> None:
    dossier.coordinator = coordinator
    dossier.team_id = coordinator.team_id or dossier.team_id
    # One by one: an update in bulk would pass the audit by.
    dossier.save(update_fields=["coordinator", "team"])
