"""What the coordinator does for the insured besides contacts with him: calls, letters, meetings with whoever can help."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.law.kinds import ACTIONS
from tnw.accounts.models import Actor
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects.policies import actions as policies


@transaction.atomic
def record_action(
    *, dossier_id: UUID, actor: Actor, on: date, kind: str, text: str, seen: int | None = None
) -> None:
    """An action in the dossier, with what it was. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_record_action(actor, dossier, on))
    if kind not in ACTIONS:
        raise DomainError(_("Say what kind of action it was."), code="unknown_code", field="kind")
    acts.required(text, "text", _("Say what was done."))
    acts.record(dossier, actor, Done("action_taken", on, {"kind": kind}, note=acts.note(text=text)))
