"""A no to data processing, at the first contact or after it: nothing is shared, nothing starts, nothing goes on (A6, P3)."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.consents_sharing.test_sharing import look, shares
from tests.employer.stage import Work
from tests.route_a.stage import refused
from trajects.policies.sharing import EMPLOYER_REFERRAL, OCCUPATIONAL_PHYSICIAN, may_share

Begin = Callable[..., Work]
PROCESSING = "data_processing"


def test_a6_z5_refused_at_the_first_contact_nothing_is_shared(case: Work) -> None:
    case.on(date(2026, 4, 6)).assess(4, refer=True)
    case.on(date(2026, 4, 13)).meet(consent="refused", step="")
    assert case.state == "closed"
    case.on(date(2026, 4, 20)).consent("given", party="employer")
    case.consent("given", EMPLOYER_REFERRAL)
    assert shares(case) == set()
    assert not may_share(look(case), OCCUPATIONAL_PHYSICIAN, EMPLOYER_REFERRAL)
    with refused("not_allowed"):
        case.consult("employer")
    case.on(date(2026, 4, 21)).request()
    case.on(date(2026, 4, 27)).meet_b("later")
    with refused("no_consent"):
        case.to_physician()
    case.consent("given", PROCESSING)
    case.to_physician()


def test_a6_refused_once_the_traject_of_route_b_runs_it_stops(case: Work) -> None:
    case.on(date(2026, 2, 2)).request()
    case.on(date(2026, 2, 16)).meet_b("later")
    case.on(date(2026, 2, 17)).ask()
    case.on(date(2026, 2, 24)).grant()
    case.consent("given", party="treating_doctor")
    case.on(date(2026, 3, 2)).consent("refused", PROCESSING)
    assert (case.of("traject"), case.flag) == (["ended"], "")
    assert shares(case) == set()


@pytest.mark.parametrize("answer", ["withdrawn", "refused"])
def test_a6_b5_a_no_after_the_first_contact_closes_route_b(case: Work, answer: str) -> None:
    case.on(date(2026, 2, 2)).request()
    case.on(date(2026, 2, 16)).meet_b("given" if answer == "withdrawn" else "later")
    case.on(date(2026, 2, 17)).ask()
    case.on(date(2026, 2, 18)).consent(answer, PROCESSING)
    assert (case.b, case.of("traject"), case.flag) == ("closed", [], "")
    closed = next(one for one in case.facts if one.kind == "route_closed")
    assert (closed.get("route"), closed.get("reason")) == ("B", "no_consent")
    assert "T9" not in case.open


def test_a6_b5_a_no_of_an_earlier_day_closes_route_b_after_what_was_done(case: Work) -> None:
    case.asked()
    case.on(date(2026, 2, 23)).ask()
    case.withdrawn_on(date(2026, 2, 20))
    assert (case.b, case.flag) == ("closed", "")


def test_a6_b3_a_request_waits_for_its_first_contact_all_the_same(case: Work) -> None:
    case.asked()
    case.close_b()
    case.on(date(2026, 2, 23)).request()
    case.on(date(2026, 2, 24)).consent("withdrawn", PROCESSING)
    assert (case.b, case.flag) == ("questionnaire_received", "")


@pytest.mark.parametrize("answer", ["consent_refused", "consent_withdrawn"])
def test_a6_b5_no_permission_is_granted_over_a_no(case: Work, answer: str) -> None:
    """As the facts of an import may tell it, which close nothing by themselves."""
    case.asked()
    case.on(date(2026, 2, 17)).ask()
    case.record(answer, purpose=PROCESSING)
    with refused("not_allowed"):
        case.grant()
    case.on(date(2026, 2, 18)).consent("given", PROCESSING)
    case.grant()
    assert case.of("traject") == ["running"]
