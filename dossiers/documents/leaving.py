"""What is recorded as soon as a letter left the house, whichever way."""

from datetime import date

from dossiers import scans
from dossiers.documents import policies
from dossiers.documents.kinds import Sent, kind_of
from dossiers.models import Dispatch, DispatchState, Dossier
from dossiers.scans import Upload
from tnw.accounts.models import Actor
from tnw.core.policies import require


def mark_sent(one: Dispatch, dossier: Dossier, actor: Actor, on: date, scan: Upload | None = None) -> None:
    """It left the house: what the law knows of that is recorded with it. Raises DomainError where it does not fit."""
    document = one.document
    require(policies.may_go(actor, dossier, document, on))
    one.state, one.sent_on = DispatchState.SENT, on
    if hook := kind_of(document.kind).sent:
        one.fact = hook(Sent(dossier, actor, on, document.subject, one.channel, one.number))
    if scan is not None:
        one.scan = scans.keep(dossier, actor, one.fact or str(document.public_id), scan)
