"""With whom the insured's data are shared: only with his consent, for a purpose and a party, as it stands now (Z5)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.consents import DATA_PROCESSING, GIVEN, REFUSED, WITHDRAWN, Step, register
from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.models.case import Regime
from dossiers.projection import facts_of
from tnw.core.policies import YES, Verdict

CONSULTATION, EMPLOYER_REFERRAL = "consultation", "employer_referral"
OCCUPATIONAL_PHYSICIAN, REGIONAL_SERVICE = "occupational_physician", "regional_service"

NO_CONSENT = "no_consent"

PARTY: dict[str, str | Promise] = {
    "treating_doctor": gettext_lazy("treating doctor"),
    "therapist": gettext_lazy("therapist"),
    "regional_service": gettext_lazy("regional employment service"),
    "employer": gettext_lazy("employer"),
    "occupational_physician": gettext_lazy("occupational physician"),
    "other_provider": gettext_lazy("other care provider"),
    "social_insurance_fund": gettext_lazy("social insurance fund"),
    "organization": gettext_lazy("organization"),
    "other": gettext_lazy("somebody else"),
}
PURPOSE: dict[str, str | Promise] = {
    "data_processing": gettext_lazy("data processing"),
    "consultation": gettext_lazy("consultation of others"),
    "employer_referral": gettext_lazy("referral to the occupational physician"),
    "other": gettext_lazy("another purpose"),
}
# Z5, A7: who there is to talk to differs by regime.
OF_THE_SELF_EMPLOYED = frozenset({"social_insurance_fund", "organization"})
OF_AN_EMPLOYER = frozenset({"employer", OCCUPATIONAL_PHYSICIAN})

_KEPT = "consents"
Key = tuple[str, str]


def may_share(
    dossier: Dossier, party: str, purpose: str = CONSULTATION, *, on: date | None = None
) -> Verdict:
    """Whether the insured consents to sharing with this party for this purpose; a consent covers what it names.

    Now, or as it stood at the end of a day: for what was sent on that day and is only told afterwards.
    A withdrawal blocks from the moment that it is recorded; a no to data processing blocks every party.
    """
    if not (verdict := may_ask(dossier, party, on=on)):
        return verdict
    if (state := consents_of(dossier, on=on).get((purpose, party))) == GIVEN:
        return YES
    told = {"purpose": PURPOSE.get(purpose, purpose), "party": PARTY.get(party, party)}
    if state == WITHDRAWN:
        sentence = _(
            "The consent for %(purpose)s with this party is withdrawn: %(party)s. "
            "Only a new one, recorded under Consents, opens this again."
        )
    else:
        sentence = _(
            "A consent of the insured person is lacking: %(purpose)s, with this party: %(party)s. "
            "Ask for it first, and record it under Consents."
        )
    return Verdict(False, sentence % told, code=NO_CONSENT)


def may_ask(dossier: Dossier, party: str, *, on: date | None = None) -> Verdict:
    """Whether a consent for this party can be asked at all: there is such a party, and data may be processed."""
    if not (verdict := party_fits(dossier, party)):
        return verdict
    return may_process(dossier, on=on)


def may_process(dossier: Dossier, *, on: date | None = None) -> Verdict:
    """Whether the insured did not say no to data processing: refused or withdrawn, nothing is shared (A6)."""
    told = {
        REFUSED: _("The insured person refused the consent for data processing: nothing is shared."),
        WITHDRAWN: _("The insured person has withdrawn the consent for data processing: nothing is shared."),
    }
    state = consents_of(dossier, on=on).get((DATA_PROCESSING, ""), "")
    return Verdict(False, told[state], code=NO_CONSENT) if state in told else YES


def party_fits(dossier: Dossier, party: str) -> Verdict:
    """Whether somebody of this regime has such a party (Z5)."""
    self_employed = dossier.incapacity.regime == Regime.SELF_EMPLOYED
    if self_employed and party in OF_AN_EMPLOYER:
        return Verdict(False, _("A self-employed person has no employer to go to."))
    if not self_employed and party in OF_THE_SELF_EMPLOYED:
        return Verdict(False, _("This party is there for the self-employed only."))
    return YES


def load_consents(dossiers: Iterable[Dossier]) -> None:
    """Read the consents of all of these at once: what is asked of them afterwards is known."""
    dossiers = list(dossiers)
    facts = facts_of(sorted({one.pk for one in dossiers}))
    for one in dossiers:
        keep_consents(one, facts.get(one.pk, ()))


def keep_consents(dossier: Dossier, facts: Iterable[Fact]) -> None:
    """The same of one, whose facts were read already."""
    kept: dict[str, Any] = dossier.__dict__.setdefault("_prefetched_objects_cache", {})
    kept[_KEPT] = _steps(facts)


def _steps(facts: Iterable[Fact]) -> Mapping[Key, Sequence[Step]]:
    return {(one.purpose, one.party): one.steps for one in register(facts)}


def _steps_of(dossier: Dossier) -> Mapping[Key, Sequence[Step]]:
    kept: dict[str, Any] | None = getattr(dossier, "_prefetched_objects_cache", None)
    if kept is not None and _KEPT in kept:
        found: Mapping[Key, Sequence[Step]] = kept[_KEPT]
        return found
    steps = _steps(facts_of([dossier.pk]).get(dossier.pk, ()))
    if kept is not None:
        kept[_KEPT] = steps
    return steps


def consents_of(dossier: Dossier, *, on: date | None = None) -> dict[Key, str]:
    """By purpose and party how each consent stands, now or at the end of a day.

    Kept beside the machines where those were loaded at once.
    """
    taken = {
        key: [one for one in steps if on is None or one.on <= on] for key, steps in _steps_of(dossier).items()
    }
    return {key: steps[-1].state for key, steps in taken.items() if steps}
