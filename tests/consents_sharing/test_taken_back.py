"""The consent that a traject rests on is withdrawn, and not taken back under it (A6, T20)."""

from datetime import date

import pytest

from dossiers import acts
from tests.employer.stage import Work
from tests.route_a.stage import COORDINATOR, refused


def void(case: Work, kind: str) -> None:
    told = next(one for one in case.facts if one.kind == kind)
    case.act(acts.void, COORDINATOR, fact_id=told.id, reason="not_so")


def test_a6_t20_the_consent_is_not_taken_back_under_a_traject(case: Work) -> None:
    case.started().on(date(2026, 4, 20))
    with refused("not_allowed"):
        void(case, "consent_given")
    case.consent("withdrawn", "data_processing")
    assert case.of("traject") == ["ended"]


def test_t20_a_start_that_was_none_is_taken_back_first(case: Work) -> None:
    case.started().on(date(2026, 4, 20))
    void(case, "traject_started")
    void(case, "consent_given")
    assert case.of("traject") == []


def test_t20_another_consent_is_taken_back_as_before(case: Work) -> None:
    case.started().on(date(2026, 4, 20)).consent("given", party="therapist")
    told = [one for one in case.facts if one.kind == "consent_given"]
    case.act(acts.void, COORDINATOR, fact_id=told[-1].id, reason="not_so")
    assert case.of("traject") == ["running"]


@pytest.mark.parametrize("kind", ["first_contact_held", "referral_made"])
def test_t20_what_contradicts_is_resolved_all_the_same(case: Work, kind: str) -> None:
    case.started().on(date(2026, 4, 20))
    case.record(
        "fact_voided",
        "v",
        in_order=False,
        fact=next(o.id for o in case.facts if o.kind == kind),
        reason="not_so",
    )
    assert case.flag
    void(case, "consent_given")
