"""What signing takes besides a role: to have said who one is just before; and who takes back, reminds, sends elsewhere."""

from datetime import date, datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier
from dossiers.policies import in_person
from tnw.accounts.models import Actor, Fund, Role
from tnw.accounts.policies import in_role
from tnw.core.policies import YES, Verdict
from trajects.models import EngagementDeclaration, Signature
from trajects.models.declaration import TO_SIGN
from trajects.policies.declaration import DOCTOR, INSURED, NOT_TO_SIGN, RECORDED_BY, SIGNED_ALREADY

SIGNERS = (Role.COORDINATOR, Role.ADVISORY_DOCTOR)


def confirmed(at: datetime | None, now: datetime) -> Verdict:
    """Whether it was confirmed within the last minutes who is at the keyboard."""
    if at is None or not at <= now <= at + settings.CONFIRMED_FOR:
        return Verdict(False, _("Confirm who you are once more: that counts for five minutes."))
    return YES


def strong_enough(fund: Fund, role: str, *, second_factor: bool) -> Verdict:
    """Doctors sign with a second factor where the fund wants it."""
    if role == DOCTOR and fund.second_factor and not second_factor:
        return Verdict(
            False,
            _(
                "Your fund asks doctors to sign with a second factor: a code or a passkey besides the password."
            ),
        )
    return YES


def may_sign_any(actor: Actor) -> Verdict:
    """Who signs as oneself: coordinators and advisory doctors."""
    return in_role(actor, *SIGNERS)


def may_seal(actor: Actor) -> Verdict:
    """Coordinators and advisory doctors have it sealed; the job does so of itself."""
    return in_role(actor, *SIGNERS)


def may_ask_provider(actor: Actor) -> Verdict:
    """They ask what became of a signing at the provider; so does the job, and the provider's own call."""
    return in_role(actor, *SIGNERS)


def may_give_up(actor: Actor) -> Verdict:
    """Who sends the insured to the provider."""
    return in_role(actor, Role.COORDINATOR)


def to_take(one: EngagementDeclaration) -> Verdict:
    """Whether a signature that the insured gave at the provider still has its place: whose role changed meanwhile or not."""
    if one.state not in TO_SIGN:
        return NOT_TO_SIGN
    return SIGNED_ALREADY if one.signed[INSURED] else YES


def may_withdraw(
    actor: Actor, dossier: Dossier, one: EngagementDeclaration, given: Signature | None, role: str, on: date
) -> Verdict:
    """Before the third everybody takes back the own signature; the coordinator that of the insured."""
    if not (verdict := _open(actor, dossier, one, on, RECORDED_BY[role])):
        return verdict
    if given is None:
        return Verdict(False, _("There is no such signature to take back."))
    if role != INSURED and given.actor_id != actor.pk:
        return Verdict(False, _("Only who signed takes the signature back."))
    return YES


def may_remind(actor: Actor, dossier: Dossier, one: EngagementDeclaration, role: str, on: date) -> Verdict:
    """Coordinator and doctor remind whoever has not signed."""
    if not (verdict := _open(actor, dossier, one, on, Role.COORDINATOR, Role.ADVISORY_DOCTOR)):
        return verdict
    return SIGNED_ALREADY if one.signed[role] else YES


def _open(actor: Actor, dossier: Dossier, one: EngagementDeclaration, on: date, *roles: str) -> Verdict:
    if not (verdict := in_person(actor, dossier, on, *roles)):
        return verdict
    return YES if one.state in TO_SIGN else NOT_TO_SIGN
