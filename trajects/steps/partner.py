"""What comes next with each regional service: the form, its answer, the steps there (G1)."""

from collections.abc import Callable, Iterator
from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from tnw.accounts.models import Actor, Role
from tnw.core.policies import Verdict
from trajects.models import PartnerReferral
from trajects.models.partner import OPEN
from trajects.models.partner import PartnerState as S
from trajects.models.traject import FirstStep
from trajects.policies import partner as policies
from trajects.policies.contacts import may_record_any_consent, running_traject
from trajects.policies.sharing import REGIONAL_SERVICE, may_share

COORDINATOR = Role.COORDINATOR
OF = PartnerReferral.NAME
# What comes next in each state, and who may do it.
ACTS: dict[str, tuple[str, Callable[[Actor, Dossier, PartnerReferral, date], Verdict]]] = {
    S.DRAWN_UP: ("send-form", policies.may_send),
    S.SENT: ("partner-answer", policies.may_answer),
    S.ACCEPTED: ("service-step", policies.may_take_step),
}


def steps(dossier: Dossier, actor: Actor, today: date) -> list[Step]:
    """Those of every form, then a new one: the next step where the traject began with the regional service."""
    referrals = sorted(dossier.partner_referrals.all(), key=lambda one: one.pk)
    return [
        *(step for one in referrals for step in of_one(dossier, one, actor, today)),
        *_beginning(dossier, referrals, actor, today),
    ]


def of_one(dossier: Dossier, one: PartnerReferral, actor: Actor, today: date) -> Iterator[Step]:
    """What can become of one form."""
    if one.state not in OPEN:
        return
    act, policy = ACTS[one.state]
    may = policy(actor, dossier, one, today)
    now = one.state == S.DRAWN_UP
    yield Step(act, may, COORDINATOR, subject=one.subject, main=now, of=OF)
    if not may_share(dossier, REGIONAL_SERVICE):
        ask = may_record_any_consent(actor, dossier, today)
        yield Step("consent", ask, COORDINATOR, subject=one.subject, main=now, of=OF)
    may_end = policies.may_end(actor, dossier, one, today)
    yield Step("end-partner", may_end, COORDINATOR, subject=one.subject, main=False, of=OF)


def _beginning(
    dossier: Dossier, referrals: list[PartnerReferral], actor: Actor, today: date
) -> Iterator[Step]:
    if (traject := running_traject(dossier)) is None:
        return
    may = policies.may_draw_up(actor, dossier, today)
    is_next = traject.first_step == FirstStep.REGIONAL_SERVICE and not referrals
    yield Step("draw-up-form", may, COORDINATOR, main=is_next, of=OF)
