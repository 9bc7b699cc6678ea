"""That others can be consulted, as long as a consent for one of them stands (Z5)."""

from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from tnw.accounts.models import Actor, Role
from trajects.policies import consultation as policies
from trajects.policies.contacts import running_traject
from trajects.policies.sharing import CONSULTATION, consents_of


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """In a traject, or once somebody may be consulted; nobody's next step by itself."""
    asked = any(purpose == CONSULTATION for purpose, _party in consents_of(dossier))
    if not asked and not running_traject(dossier):
        return []
    may = policies.may_consult_anybody(actor, dossier, today)
    doctor = Role.ADVISORY_DOCTOR
    whose = doctor if actor.user and actor.user.has_role(doctor) else Role.COORDINATOR
    return [Step("consult", may, whose, main=False)]
