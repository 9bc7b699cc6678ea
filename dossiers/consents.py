"""The register of consents: what the insured agreed to, per purpose and party, as the facts tell it (A6, Z5)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from dossiers.law.facts import Fact, corrected, in_order

GIVEN, REFUSED, WITHDRAWN = "given", "refused", "withdrawn"
STATES = {"consent_given": GIVEN, "consent_refused": REFUSED, "consent_withdrawn": WITHDRAWN}
# What is asked at the first contact, and what a no that names nothing is about (A6).
DATA_PROCESSING = "data_processing"


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
