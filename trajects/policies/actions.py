"""Who may record what was done for the insured: calls, letters, meetings (A3, domain.md sections 7 and 8)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier
from dossiers.policies import may_record
from tnw.accounts.models import MEDICAL, Actor, Role
from tnw.accounts.policies import in_role
from tnw.core.policies import YES, Verdict


def may_record_action(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator, of a day on which a traject ran: the one that runs, or one that ended since.

    Who assesses asks for other data before there is one too (A3).
    """
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR, *MEDICAL)):
        return verdict
    if in_role(actor, *MEDICAL):
        return YES
    ran = any(
        one.started_on <= on and (one.ended_on is None or on <= one.ended_on)
        for one in dossier.trajects.all()
    )
    return YES if ran else Verdict(False, _("No traject was running on that day."))
