"""Who may consult others about the insured, and whom: each party only with the consent for it (Z5)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from dossiers.law.kinds import PARTIES
from dossiers.models import Dossier
from dossiers.policies import may_record
from tnw.accounts.models import Actor, Role
from tnw.core.policies import YES, Verdict
from trajects.policies.sharing import may_share, party_fits

CONSULTS = (Role.COORDINATOR, Role.ADVISORY_DOCTOR)


def parties_of(dossier: Dossier) -> list[str]:
    """Whom somebody of this regime has beside him (Z5)."""
    return [party for party in PARTIES if party_fits(dossier, party)]


def may_act(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Coordinator and advisory doctor."""
    return may_record(actor, dossier, on, *CONSULTS)


def may_consult_anybody(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Where some party may be consulted."""
    if not (verdict := may_act(actor, dossier, on)):
        return verdict
    if any(may_share(dossier, party) for party in parties_of(dossier)):
        return YES
    return Verdict(
        False,
        _(
            "No consent stands to consult anybody: ask the insured person for each party, "
            "and record it under Consents."
        ),
    )
