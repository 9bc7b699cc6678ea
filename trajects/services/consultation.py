"""Consulting others about the insured, with his consent for each (Z5)."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.law.kinds import PARTIES
from tnw.accounts.models import Actor
from tnw.core.errors import DomainError, NotAllowed
from tnw.core.policies import require
from trajects.policies import consultation as policies
from trajects.policies.sharing import may_share


@transaction.atomic
def hold(
    *, dossier_id: UUID, actor: Actor, on: date, party: str, report: str, seen: int | None = None
) -> None:
    """A consultation was held: an action in the dossier, with its report (Z5). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_act(actor, dossier, on))
    if party not in PARTIES:
        raise DomainError(_("Say with whom."), code="unknown_code", field="party")
    if not (verdict := may_share(dossier, party)):
        raise NotAllowed(verdict.reason, field="party")
    acts.required(report, "report", _("Say what was discussed."))
    acts.record(dossier, actor, Done("consultation_held", on, {"party": party}, note=acts.note(text=report)))
