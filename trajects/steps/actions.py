"""Recording what was done for the insured: always possible while a traject runs, and for who assesses before it (A3)."""

from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from tnw.accounts.models import MEDICAL, Actor, Role
from tnw.accounts.policies import in_role
from trajects.models import Traject
from trajects.policies import actions as policies


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """On the card of the traject, where there is one."""
    card = Traject.NAME if dossier.trajects.all() else ""
    assesses = bool(in_role(actor, *MEDICAL))
    if not (card or assesses):
        return []
    may = policies.may_record_action(actor, dossier, today)
    whose = Role.ADVISORY_DOCTOR if assesses else Role.COORDINATOR
    return [Step("record-action", may, whose, main=False, of=card)]
