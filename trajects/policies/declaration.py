"""Who draws up, signs and refuses the engagement declaration (domain.md sections 7 and 8): nobody in two roles (Z2)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier, LedgerEntry
from dossiers.policies import in_person
from tnw.accounts.models import Actor, Role
from tnw.core.policies import YES, Verdict
from trajects.models import EngagementDeclaration
from trajects.models.declaration import TO_SIGN, DeclarationState
from trajects.models.reintegration import ReintegrationState
from trajects.policies.reintegration import NOT_RUNNING, running_part

INSURED, COORDINATOR, DOCTOR = "insured", "coordinator", "advisory_doctor"
# Who records what each of them does: what the insured signs or refuses is recorded by the coordinator.
RECORDED_BY = {INSURED: Role.COORDINATOR, COORDINATOR: Role.COORDINATOR, DOCTOR: Role.ADVISORY_DOCTOR}
THEMSELVES = (COORDINATOR, DOCTOR)
# As themselves they sign here; the insured signs something that the coordinator saw.
METHOD_HERE = "application"
NOT_TO_SIGN = Verdict(False, _("This declaration is not open for signature any more."))
NO_LONGER = Verdict(False, _("This declaration does not count any more: it is not sent."))
SIGNED_ALREADY = Verdict(False, _("This signature is given already."))


def declaration_in_force(dossier: Dossier) -> EngagementDeclaration | None:
    """The one of the formal part that runs: to be signed, or signed by all three."""
    if (part := running_part(dossier)) is None:
        return None
    states = (*TO_SIGN, DeclarationState.COMPLETE)
    mine = [
        one
        for one in dossier.declarations.all()
        if one.state in states and one.drawn_up_on >= part.started_on
    ]
    return max(mine, key=lambda one: (one.drawn_up_on, one.pk), default=None)


def may_draw_up(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """The coordinator, while the formal part waits for signatures; anew after a refusal."""
    if not (verdict := in_person(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if (part := running_part(dossier)) is None:
        return NOT_RUNNING
    if part.stage != ReintegrationState.AWAITING_SIGNATURES:
        return Verdict(False, _("The declaration is signed by all three already."))
    if declaration_in_force(dossier):
        return Verdict(False, _("A declaration waits for signatures already: change its text."))
    return YES


def may_change(actor: Actor, dossier: Dossier, one: EngagementDeclaration, on: date) -> Verdict:
    """Another text voids the signatures given; once the plan is agreed, it stays as it was signed (Z2)."""
    if not (verdict := in_person(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if one.state not in (*TO_SIGN, DeclarationState.COMPLETE):
        return NOT_TO_SIGN
    if (part := running_part(dossier)) is None or declaration_in_force(dossier) != one:
        return NOT_RUNNING
    if part.plan_version is not None:
        return Verdict(False, _("The plan that rests on this declaration is agreed: its text stays."))
    return YES


def may_sign(actor: Actor, dossier: Dossier, one: EngagementDeclaration, role: str, on: date) -> Verdict:
    """Coordinator and doctor each for themselves, the coordinator records the insured; nobody in two roles."""
    if not (verdict := _may_record(actor, dossier, one, role, on)):
        return verdict
    if one.signed[role]:
        return SIGNED_ALREADY
    return _not_in_two_roles(actor, one, role)


def may_refuse(actor: Actor, dossier: Dossier, one: EngagementDeclaration, role: str, on: date) -> Verdict:
    """By one of the three, until all have signed."""
    return _may_record(actor, dossier, one, role, on)


def may_refuse_for_any(actor: Actor, dossier: Dossier, one: EngagementDeclaration, on: date) -> Verdict:
    """For at least one of the three."""
    verdicts = [may_refuse(actor, dossier, one, role, on) for role in RECORDED_BY]
    return next((verdict for verdict in verdicts if verdict), verdicts[0])


def _may_record(actor: Actor, dossier: Dossier, one: EngagementDeclaration, role: str, on: date) -> Verdict:
    if not (verdict := in_person(actor, dossier, on, RECORDED_BY[role])):
        return verdict
    if one.state not in TO_SIGN:
        return NOT_TO_SIGN
    return YES if one.drawn_up_on <= on else Verdict(False, _("It was drawn up after this day."))


def _not_in_two_roles(actor: Actor, one: EngagementDeclaration, role: str) -> Verdict:
    """Who signed as coordinator does not sign as doctor, nor the other way round."""
    others = [other for other in THEMSELVES if other != role and one.signed[other]]
    if role not in THEMSELVES or not others:
        return YES
    entries = LedgerEntry.objects.filter(fund=one.fund_id, dossier=one.dossier_id)
    voided = entries.filter(kind="fact_voided").values_list("values__fact", flat=True)
    signed = entries.filter(
        kind="declaration_signed", subject=one.subject, actor=actor, values__role__in=others
    )
    if signed.exclude(fact_id__in=list(voided)).exists():
        return Verdict(False, _("You signed this declaration in another role: nobody signs in two."))
    return YES
