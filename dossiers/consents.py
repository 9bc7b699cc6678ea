"""The register of consents: what the insured agreed to, per purpose and party, as the facts tell it (A6, Z5)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from dossiers.law.facts import Fact, corrected, in_order
from tnw.core.policies import YES, Verdict

GIVEN, REFUSED, WITHDRAWN = "given", "refused", "withdrawn"
STATES = {"consent_given": GIVEN, "consent_refused": REFUSED, "consent_withdrawn": WITHDRAWN}
# What is asked at the first contact, and what a no that names nothing is about (A6).
DATA_PROCESSING = "data_processing"
_RESTS = Verdict(
    False,
    _(
        "The traject that runs rests on this consent. Where the insured person takes it back, record that it is "
        "withdrawn, which stops the traject; where the traject should not have started, take back its start first."
    ),
)
_COURSE = ("traject_started", "traject_ended")


class Step(NamedTuple):
    """A yes or a no on a day, by the fact that says it."""

    on: date
    state: str
    fact: str


class Consent(NamedTuple):
    """How a consent stands: its state, since which day without a break, and every step up to there, the first first."""

    purpose: str
    party: str
    state: str
    since: date
    steps: tuple[Step, ...]


def register(facts: Iterable[Fact]) -> list[Consent]:
    """All consents ever asked, in the order in which they first were; corrections and voids applied.

    A yes counts for the purpose and party that it names. A no that names no party, or no purpose, counts for every
    consent that it covers: in doubt nothing is shared.
    """
    steps: dict[tuple[str, str], list[Step]] = {}
    for fact in in_order(item for item in corrected(facts) if item.kind in STATES):
        step = Step(fact.on, STATES[fact.kind], fact.id)
        for key in _covered(fact, steps):
            steps.setdefault(key, []).append(step)
    return [_consent(purpose, party, taken) for (purpose, party), taken in steps.items()]


def _covered(fact: Fact, steps: dict[tuple[str, str], list[Step]]) -> list[tuple[str, str]]:
    purpose, party = fact.get("purpose", ""), fact.get("party", "")
    if fact.kind == "consent_given":
        return [(purpose, party)]
    standing = [
        key
        for key, taken in steps.items()
        if taken[-1].state == GIVEN and purpose in ("", key[0]) and party in ("", key[1])
    ]
    if not purpose and standing:
        return standing
    named = (purpose or DATA_PROCESSING, party)
    return [*standing, named] if named not in standing else standing


def _consent(purpose: str, party: str, taken: list[Step]) -> Consent:
    since = taken[-1]
    for step in reversed(taken):
        if step.state != since.state:
            break
        since = step
    return Consent(purpose, party, since.state, since.on, tuple(taken))


def may_lose_consent(facts: Iterable[Fact], fact_id: str, *, contradicts: bool) -> Verdict:
    """A traject does not go on without the consent for data processing that it rests on (A6).

    Where the facts contradict each other anything is taken back that resolves it.
    """
    facts = in_order(corrected(facts))
    course = [one.kind for one in facts if one.kind in _COURSE]
    if contradicts or not course or course[-1] == "traject_ended":
        return YES
    without = [one for one in facts if one.id != fact_id]
    return _RESTS if _consented(facts) and not _consented(without) else YES


def _consented(facts: Sequence[Fact]) -> bool:
    states = {(one.purpose, one.party): one.state for one in register(facts)}
    return states.get((DATA_PROCESSING, "")) == GIVEN
