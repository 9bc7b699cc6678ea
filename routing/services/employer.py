"""The referral to the occupational physician: proposed, agreed, made; in steps or in one act (A7, B4)."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.consents import GIVEN, REFUSED
from dossiers.law.kinds import REFERRAL_ASKS
from routing.policies import employer as policies
from tnw.accounts.models import Actor
from tnw.core.errors import DomainError, NotAllowed
from tnw.core.policies import require
from trajects.policies.sharing import EMPLOYER_REFERRAL, OCCUPATIONAL_PHYSICIAN, may_ask, may_share
from trajects.services.consents import CONSENT_FACTS

CONSENT = {"purpose": EMPLOYER_REFERRAL, "party": OCCUPATIONAL_PHYSICIAN}


def _consent(on: date, answer: str, note: str = "") -> Done:
    return Done(
        CONSENT_FACTS[answer], on, CONSENT, note=acts.note(text=note), instead_of=CONSENT_FACTS.values()
    )


@transaction.atomic
def propose(*, dossier_id: UUID, actor: Actor, on: date, note: str = "", seen: int | None = None) -> None:
    """Propose a referral to the insured, who agrees or not (A7). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_propose(actor, dossier, on))
    acts.record(dossier, actor, Done("occupational_referral_proposed", on, note=acts.note(text=note)))


@transaction.atomic
def answer(
    *, dossier_id: UUID, actor: Actor, on: date, agreed: bool, note: str = "", seen: int | None = None
) -> None:
    """What the insured says to a proposal: a consent for that referral, or none. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_answer(actor, dossier, on))
    if agreed and not (verdict := may_ask(dossier, OCCUPATIONAL_PHYSICIAN)):
        raise NotAllowed(verdict.reason, field="agreed")
    acts.record(dossier, actor, _consent(on, GIVEN if agreed else REFUSED, note))


@transaction.atomic
def refer(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    asks_for: str,
    agreed: bool = False,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Refer to the occupational physician, for a visit before resumption or an employer traject (A7).

    Needs the consent of the insured; `agreed` records it in the same act. Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_refer(actor, dossier, on))
    if asks_for not in REFERRAL_ASKS:
        raise DomainError(_("Say what the referral asks for."), code="unknown_code", field="asks_for")
    stands = may_share(dossier, OCCUPATIONAL_PHYSICIAN, EMPLOYER_REFERRAL)
    if not stands and not agreed:
        raise DomainError(stands.reason, code="no_consent", field="agreed")
    given = [] if stands else [_consent(on, GIVEN)]
    referred = Done("occupational_referral_made", on, {"asks_for": asks_for}, note=acts.note(text=note))
    acts.record(dossier, actor, *given, referred)
