"""A day that cannot be is bad input, named and in plain words: not a state, and not how we call things inside."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from dossiers.acts import head_of
from dossiers.models import Dossier
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.api.incapacities.test_incapacities import BODY
from tnw.accounts.models import Fund
from tnw.core import clock

OUT_OF_RANGE = "urn:problem-type:belgif-ext:input-validation:outOfRange"
# No day that the contract could have told beforehand, but one of another incapacity.
REJECTED = "urn:problem-type:belgif-ext:input-validation:rejectedInput"
BEFORE, NEVER = "2020-01-01", "2999-01-01"
TODAY, NOW = date(2026, 3, 2), f'"1-{"0" * 16}"'


@pytest.fixture
def caller(api: Api, in_fund: Fund) -> Iterator[Caller]:
    with clock.at(TODAY, hour=11):
        yield api.as_fund()


@pytest.fixture
def at(caller: Caller, dossier_of: Callable[..., Dossier]) -> str:
    return f"/dossiers/{dossier_of(start=date(2026, 1, 5)).public_id}"


@pytest.mark.parametrize("on", [BEFORE, NEVER])
@pytest.mark.parametrize(
    ("noun", "body"),
    [
        ("contactRequests", {}),
        ("adaptedWorks", {"startsOn": "2026-12-01", "declared": False}),
        ("consentDecisions", {"purpose": "consultation", "party": "therapist", "decision": "refused"}),
        ("partnerRegistrations", {"service": "vdab", "registeredOn": "2019-12-02"}),
    ],
)
def test_a_day_outside_the_incapacity(
    caller: Caller, at: str, noun: str, body: dict[str, Any], on: str
) -> None:
    refused = caller.post(f"{at}/{noun}", {**body, "on": on}, If_Match=NOW, Accept_Language="nl-BE")
    assert refused.status_code == 400, refused.content
    (issue,) = refused.json()["issues"]
    kind = REJECTED if on == BEFORE else OUT_OF_RANGE
    assert (issue["type"], issue["in"], issue["name"]) == (kind, "body", "on")
    assert "_" not in issue["detail"]
    assert "niet wat verwacht" not in issue["detail"]


def test_where_no_day_was_named_it_is_the_state_of_the_incapacity(
    caller: Caller, dossier_of: Callable[..., Dossier]
) -> None:
    over = dossier_of(start=date(2026, 1, 5), end="2026-02-01", end_reason="resumed")
    at, now = f"/dossiers/{over.public_id}", f'"{head_of(over)}-{"0" * 16}"'
    appointment = {"purpose": "followUp", "at": "2026-03-09T10:00:00+01:00", "form": "phone"}
    for noun, body in (("contactRequests", {}), ("contactMoments", appointment)):
        refused = caller.post(f"{at}/{noun}", body, If_Match=now).json()
        assert (refused["status"], refused["state"], refused["possible"]) == (409, "ended", []), noun
    named = caller.post(f"{at}/contactRequests", {"on": "2026-03-02"}, If_Match=now)
    assert (named.status_code, named.json()["issues"][0]["name"]) == (400, "on")


def test_a_value_that_no_calendar_of_ours_has(caller: Caller, at: str) -> None:
    body = {"startsOn": "9999-12-31", "declared": False}
    refused = caller.post(f"{at}/adaptedWorks", body, If_Match=NOW, Accept_Language="nl-BE")
    (issue,) = refused.json()["issues"]
    assert (issue["type"], issue["name"]) == (OUT_OF_RANGE, "startsOn")
    assert "_" not in issue["detail"]


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"endDate": "9999-12-31", "endReason": "other"}, "endDate"),
        ({"invalidityFrom": "9999-12-31"}, "invalidityFrom"),
        ({"startDate": "0001-01-01"}, "startDate"),
        ({"birthDate": "0001-01-01"}, "birthDate"),
    ],
)
def test_a_day_that_the_feed_does_not_take_is_not_called_badly_written(
    caller: Caller, wrong: dict[str, Any], name: str
) -> None:
    refused = caller.put("/incapacities/days-1", {**BODY, **wrong}, Accept_Language="nl-BE")
    (issue,) = refused.json()["issues"]
    assert (refused.status_code, issue["type"], issue["name"]) == (400, OUT_OF_RANGE, name)
    assert "2026-11-21" not in issue["detail"]
