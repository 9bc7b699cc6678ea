"""What people do to a dossier itself."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier
from tnw.accounts.models import Actor, Role, User
from tnw.accounts.policies import may_assign
from tnw.core.errors import DomainError
from tnw.core.policies import require


@transaction.atomic
def assign(*, dossier_ids: Iterable[UUID], coordinator: User, actor: Actor) -> int:
    """Give dossiers to a coordinator of their fund, and to the coordinator's team; gives their number.

    Raises NotAllowed, and DomainError where a dossier is not there or the coordinator cannot have it.
    """
    require(may_assign(actor))
    wanted = set(dossier_ids)
    dossiers = list(Dossier.objects.visible_to(actor).filter(public_id__in=wanted).order_by("pk").locked())
    if len(dossiers) != len(wanted):
        raise DomainError(_("This dossier does not exist."), code="dossier_unknown")
    for dossier in dossiers:
        if (
            coordinator.fund_id != dossier.fund_id
            or not coordinator.is_active
            or not coordinator.has_role(Role.COORDINATOR)
        ):
            raise DomainError(
                _("This person is no coordinator of this fund."), code="no_coordinator", field="coordinator"
            )
        dossier.coordinator = coordinator
        dossier.team_id = coordinator.team_id or dossier.team_id
        # One by one: an update in bulk would pass the audit by.
        dossier.save(update_fields=["coordinator", "team"])
    return len(dossiers)
