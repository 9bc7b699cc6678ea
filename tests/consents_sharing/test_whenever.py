"""A no is taken down whatever became of the dossier: flagged, ended or excluded (Z5, P2, P3)."""

from datetime import date, timedelta

import pytest

from dossiers import acts
from dossiers.consents import register
from tests.consents_sharing.test_sharing import look
from tests.employer.stage import Work
from tests.route_a.stage import COORDINATOR, refused
from trajects.policies.sharing import EMPLOYER_REFERRAL, OCCUPATIONAL_PHYSICIAN, may_share
from trajects.services import traject

PROCESSING = "data_processing"
DAY = date(2026, 4, 20)
END = DAY + timedelta(10)
ASKED = [("consultation", "treating_doctor"), (EMPLOYER_REFERRAL, OCCUPATIONAL_PHYSICIAN), (PROCESSING, "")]


def consented(case: Work) -> Work:
    case.started().on(DAY).consent("given", party="treating_doctor")
    case.to_physician()
    return case


def flagged(case: Work) -> None:
    """The first contact, on which all of it rests, is taken back."""
    held = next(one for one in case.facts if one.kind == "first_contact_held")
    case.on(DAY + timedelta(7)).act(acts.void, COORDINATOR, fact_id=held.id, reason="not_so")
    assert case.flag


def ended(case: Work) -> None:
    case.fed(END + timedelta(5), end=END, end_reason="resumed")


def excluded(case: Work) -> None:
    case.fed(DAY + timedelta(7), cause="work_accident")


BECAME = {"flagged": flagged, "ended": ended, "excluded": excluded}


def stands(case: Work, purpose: str, party: str) -> str:
    found = {(one.purpose, one.party): one.state for one in register(case.facts)}
    return found[purpose, party]


@pytest.mark.parametrize(("purpose", "party"), ASKED)
@pytest.mark.parametrize("became", BECAME)
def test_z5_a_consent_is_withdrawn_whatever_became_of_the_dossier(
    case: Work, became: str, purpose: str, party: str
) -> None:
    BECAME[became](consented(case))
    flag = case.flag
    case.consent("withdrawn", purpose, party)
    assert stands(case, purpose, party) == "withdrawn"
    assert case.flag == flag
    if purpose == PROCESSING:
        assert "running" not in case.of("traject")
    shared = {one: may_share(look(case), one[1], one[0]) for one in ASKED[:2]}
    assert not any(shared.values()) if purpose == PROCESSING else not shared[purpose, party]


@pytest.mark.parametrize("became", BECAME)
def test_z5_nothing_is_given_then(case: Work, became: str) -> None:
    BECAME[became](consented(case))
    with pytest.raises(acts.DomainError):
        case.consent("given", party="therapist")


def test_z5_after_the_end_it_is_of_the_last_recognized_day(case: Work) -> None:
    ended(consented(case))
    case.consent("withdrawn", party="treating_doctor")
    told = next(one for one in case.facts if one.kind == "consent_withdrawn")
    assert told.on == END


@pytest.mark.parametrize("day", [DAY + timedelta(7), DAY + timedelta(3)])
def test_p2_p3_who_is_excluded_stops_all_the_same(case: Work, day: date) -> None:
    excluded(consented(case))
    case.backdated(traject.stop, COORDINATOR, day)
    assert (case.of("traject"), case.flag) == (["ended"], "")


def test_p2_who_is_excluded_begins_nothing(case: Work) -> None:
    excluded(consented(case))
    with refused("not_allowed"):
        case.plan(DAY + timedelta(30), purpose="follow_up")
