"""What the insured agreed to, as the coordinator asks it."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.consents import DATA_PROCESSING, GIVEN, STATES, WITHDRAWN, register
from dossiers.law.kinds import CONSENTS, PARTIES
from dossiers.models import Dossier
from dossiers.projection import facts_of
from tnw.accounts.models import Actor
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects.policies import contacts as policies
from trajects.policies.results import STOPPED
from trajects.policies.sharing import (
    CONSULTATION,
    EMPLOYER_REFERRAL,
    OCCUPATIONAL_PHYSICIAN,
    party_fits,
)
from trajects.services.traject import end_all

CONSENT_FACTS = {state: kind for kind, state in STATES.items()}


def answered(
    dossier: Dossier, actor: Actor, on: date, answer: str, purpose: str, party: str = "", note: str = ""
) -> list[Done]:
    """What the insured answered, for one purpose and party: given, refused or withdrawn. Raises NotAllowed, DomainError.

    A no blocks from now on what needs it; one to data processing also stops the traject that runs (A6, P3).
    What it does to the routes is told a floor higher, in `routing.services.consents`, which records it all.
    """
    require(policies.may_record_consent(actor, dossier, on, answer))
    party = _party(dossier, answer, purpose, party)
    _check_consent(dossier, on, answer, purpose, party)
    values = {"purpose": purpose, "party": party or None}
    told = Done(
        CONSENT_FACTS[answer], on, values, note=acts.note(text=note), instead_of=CONSENT_FACTS.values()
    )
    return [told, *_stopped(dossier, on, answer, purpose)]


def _stopped(dossier: Dossier, on: date, answer: str, purpose: str) -> list[Done]:
    """Without the consent that it rests on no traject runs; not before it started, where the day is an earlier one."""
    traject = policies.running_traject(dossier)
    if answer == GIVEN or purpose != DATA_PROCESSING or traject is None:
        return []
    return end_all(dossier, max(on, traject.started_on), STOPPED, "")


def _party(dossier: Dossier, answer: str, purpose: str, party: str) -> str:
    """With whom: a yes names exactly one party where one is shared with, and one that there is (Z5)."""
    if answer not in CONSENT_FACTS:
        raise DomainError(_("Say what the answer was."), code="unknown_code", field="answer")
    if purpose not in CONSENTS:
        raise DomainError(_("Say what the consent is for."), code="unknown_code", field="purpose")
    if party and party not in PARTIES:
        raise DomainError(_("Say with whom."), code="unknown_code", field="party")
    if answer == WITHDRAWN:  # as it was given
        return party
    if purpose == EMPLOYER_REFERRAL:
        party = party or OCCUPATIONAL_PHYSICIAN
    wrong = {
        DATA_PROCESSING: bool(party),
        EMPLOYER_REFERRAL: party != OCCUPATIONAL_PHYSICIAN,
    }
    if wrong.get(purpose):
        raise DomainError(_("This consent is not for this party."), code="party_does_not_fit", field="party")
    if purpose == CONSULTATION and answer == GIVEN and not party:
        raise DomainError(
            _("Say with whom: each party is asked for by itself."), code="required", field="party"
        )
    if answer == GIVEN and not (verdict := party_fits(dossier, party)):
        raise DomainError(verdict.reason, code="party_does_not_fit", field="party")
    return party


def _check_consent(dossier: Dossier, on: date, answer: str, purpose: str, party: str) -> None:
    """Only what was given is withdrawn; and what the traject rests on is asked at the first contact (A6)."""
    facts = [one for one in facts_of([dossier.pk]).get(dossier.pk, ()) if one.on <= on]
    states = {(one.purpose, one.party): one.state for one in register(facts)}
    if answer == WITHDRAWN and states.get((purpose, party)) != GIVEN:
        raise DomainError(
            _("This consent was not given, so that nothing can be withdrawn."),
            code="nothing_to_withdraw",
            field="answer",
        )
    # At that of route B it decides nothing yet: not decided then, it is recorded when it is.
    met = any(one.kind == "first_contact_held" and one.get("route") == "B" for one in facts)
    asked_there = states.get((purpose, party)) != WITHDRAWN and not met
    if purpose == DATA_PROCESSING and answer != WITHDRAWN and asked_there:
        raise DomainError(
            _("Consent for data processing is asked at the first contact: record it there."),
            code="at_first_contact",
            field="purpose",
        )
