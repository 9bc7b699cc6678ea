"""What can be done next with the engagement declaration: who still has to sign it (Z2)."""

from collections.abc import Iterator
from datetime import date

from dossiers.models import Dossier
from dossiers.steps import Step
from tnw.accounts.models import Actor, Role
from trajects.models import EngagementDeclaration
from trajects.models.declaration import TO_SIGN
from trajects.models.reintegration import ReintegrationState
from trajects.policies import declaration as policies
from trajects.policies.reintegration import running_part

NAME, COORDINATOR = EngagementDeclaration.NAME, Role.COORDINATOR
# By which act each of the three signs.
SIGNS = {
    policies.INSURED: "record-signature",
    policies.COORDINATOR: "sign-as-coordinator",
    policies.DOCTOR: "sign-as-doctor",
}


def steps(dossier: Dossier, actor: Actor, today: date) -> Iterator[Step]:
    """Drawn up, each of the three signs, in any order; refused, a new one is drawn up."""
    if (part := running_part(dossier)) is None:
        return
    one = policies.declaration_in_force(dossier)
    if one is None:
        if part.stage == ReintegrationState.AWAITING_SIGNATURES:
            may = policies.may_draw_up(actor, dossier, today)
            # While it is suspended it can be done, and presses nobody (T18).
            yield Step("draw-up-declaration", may, COORDINATOR, main=not part.resumes_to, of=NAME)
        return
    if one.state in TO_SIGN:
        for role, act in SIGNS.items():
            if not one.signed[role]:
                may = policies.may_sign(actor, dossier, one, role, today)
                by = policies.RECORDED_BY[role]
                yield Step(act, may, by, subject=one.subject, main=not part.resumes_to, of=NAME)
        may = policies.may_refuse_for_any(actor, dossier, one, today)
        yield Step("refuse-declaration", may, COORDINATOR, subject=one.subject, main=False, of=NAME)
    may = policies.may_change(actor, dossier, one, today)
    yield Step("change-declaration", may, COORDINATOR, subject=one.subject, main=False, of=NAME)
