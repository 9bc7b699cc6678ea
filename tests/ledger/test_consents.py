"""The register of consents is a reading of the facts, whatever the order of recording (A6, Z5)."""

from datetime import date

import pytest

from dossiers.consents import register
from dossiers.law.facts import Fact, fact

D1, D2, D3, D4 = (date(2026, month, 2) for month in (5, 6, 7, 8))


def given(number: int, on: date, purpose: str, **party: str) -> Fact:
    return fact("consent_given", on, f"g{number}", purpose=purpose, **party)


def refused(number: int, on: date, **about: str) -> Fact:
    return fact("consent_refused", on, f"r{number}", **about)


def withdrawn(number: int, on: date, **about: str) -> Fact:
    return fact("consent_withdrawn", on, f"w{number}", **about)


DATA = "data_processing"
TO = {"purpose": "consultation"}
# Name: the facts, and what the register says of each consent: purpose, party, state, since, number of steps.
CASES: dict[str, tuple[list[Fact], set[tuple[str, str, str, date, int]]]] = {
    "nothing asked": ([], set()),
    "A6 given": ([given(1, D1, DATA)], {(DATA, "", "given", D1, 1)}),
    "A6 refused without naming it": ([refused(1, D1)], {(DATA, "", "refused", D1, 1)}),
    "refused, then given": (
        [refused(1, D1, purpose=DATA), given(2, D2, DATA)],
        {(DATA, "", "given", D2, 2)},
    ),
    "given twice stands since the first": (
        [given(1, D1, DATA), given(2, D2, DATA)],
        {(DATA, "", "given", D1, 2)},
    ),
    "Z5 each party by itself": (
        [given(1, D1, party="employer", **TO), given(2, D2, party="therapist", **TO)],
        {
            ("consultation", "employer", "given", D1, 1),
            ("consultation", "therapist", "given", D2, 1),
        },
    ),
    "Z5 withdrawn for one party": (
        [
            given(1, D1, party="employer", **TO),
            given(2, D1, party="therapist", **TO),
            withdrawn(3, D2, party="employer", **TO),
        ],
        {
            ("consultation", "employer", "withdrawn", D2, 2),
            ("consultation", "therapist", "given", D1, 1),
        },
    ),
    "withdrawn without a party covers each of the purpose": (
        [
            given(1, D1, DATA),
            given(2, D1, party="employer", **TO),
            given(3, D1, party="therapist", **TO),
            withdrawn(4, D2, **TO),
        ],
        {
            (DATA, "", "given", D1, 1),
            ("consultation", "employer", "withdrawn", D2, 2),
            ("consultation", "therapist", "withdrawn", D2, 2),
            ("consultation", "", "withdrawn", D2, 1),
        },
    ),
    "withdrawn without anything covers all that stands": (
        [given(1, D1, DATA), given(2, D1, party="employer", **TO), withdrawn(3, D2)],
        {
            (DATA, "", "withdrawn", D2, 2),
            ("consultation", "employer", "withdrawn", D2, 2),
        },
    ),
    "F1 on one day a no outweighs a yes": (
        [given(1, D1, DATA), withdrawn(2, D1, purpose=DATA)],
        {(DATA, "", "withdrawn", D1, 2)},
    ),
    "F1 voided": (
        [given(1, D1, DATA), withdrawn(2, D2, purpose=DATA), fact("fact_voided", D3, "v", fact="w2")],
        {(DATA, "", "given", D1, 1)},
    ),
    "F1 corrected to another day and party": (
        [
            given(1, D1, party="employer", **TO),
            fact("fact_corrected", D3, "c", fact="g1", version=1, to={"on": D2, "party": "therapist"}),
        ],
        {("consultation", "therapist", "given", D2, 1)},
    ),
    "given again after it was withdrawn": (
        [given(1, D1, DATA), withdrawn(2, D2, purpose=DATA), given(3, D4, DATA)],
        {(DATA, "", "given", D4, 3)},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_register(name: str) -> None:
    facts, expected = CASES[name]
    for told in (facts, facts[::-1]):
        found = register(told)
        assert {(one.purpose, one.party, one.state, one.since, len(one.steps)) for one in found} == expected
        assert len(found) == len(expected)
        assert all(list(one.steps) == sorted(one.steps, key=lambda step: step.on) for one in found)


def test_a_consent_covers_what_it_names_and_nothing_more() -> None:
    facts = [given(1, D1, "consultation", party="employer"), given(2, D1, DATA)]
    assert [(one.purpose, one.party) for one in register(facts)] == [("consultation", "employer"), (DATA, "")]
    states = {one.purpose: one.state for one in register([*facts, withdrawn(3, D2, purpose=DATA)])}
    assert states == {"consultation": "given", DATA: "withdrawn"}
