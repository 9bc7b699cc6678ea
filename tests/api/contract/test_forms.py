"""A value has one form, in bodies as in addresses: days yyyy-MM-dd, moments with offset, plain digits, plain UUIDs."""

from uuid import UUID, uuid4

import pytest

from tests.api.client import Caller
from tests.api.conftest import Api
from tests.api.incapacities.test_incapacities import BODY
from tnw.accounts.models import Fund

ONE = UUID("0193a3f6-5e1c-7d1e-9d53-2f4f9d1c0a11")
DAYS = (
    "2026-W10-1",
    "20260105",
    "2026-1-1",
    "١٩٨٠-01-01",
    "2026-01-05T00:00:00",
    " 2026-01-05",
    "2026-064",
    "05/01/2026",
)
MOMENTS = (
    "2026-11-22T00:00:00", "2026-11-22", "2026-11-22 00:00:00+01:00", "20261122T000000Z", "2026-W47-7T00:00:00Z",
    "٢٠٢٦-11-22T00:00:00Z", "2026-11-22T00:00:00+01",
)  # fmt: skip
NUMBERS = ("1_0", "5.0", "%D9%A1", "%205", "%2B5", "1e1")
IDS = (f"{{{ONE}}}", f"urn:uuid:{ONE}", ONE.hex, "١" * 8 + str(ONE)[8:])
PERIOD = {"createdFrom": "2026-11-20T00:00:00+01:00", "createdTo": "2026-11-21T00:00:00Z"}
SEEN = f'"1-{"0" * 16}"'


@pytest.fixture
def caller(api: Api, in_fund: Fund) -> Caller:
    return api.as_fund()


def issue_of(answer: object, where: str, name: str) -> None:
    assert answer.status_code == 400, answer.content  # type: ignore[attr-defined]
    (issue,) = answer.json()["issues"]  # type: ignore[attr-defined]
    assert (issue["in"], issue["name"]) == (where, name)
    assert issue["type"].endswith(":schemaViolation")


@pytest.mark.parametrize("day", DAYS)
def test_a_day_has_one_form(caller: Caller, day: str) -> None:
    issue_of(caller.put("/incapacities/a-1", {**BODY, "startDate": day}), "body", "startDate")
    issue_of(caller.get(f"/deadlines?dueFrom={day}"), "query", "dueFrom")
    changed = caller.patch(f"/careerItems/{uuid4()}", {"startDate": day}, If_Match=SEEN)
    issue_of(changed, "body", "startDate")


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_says_its_offset(caller: Caller, moment: str) -> None:
    at = f"/webhookSubscriptions/{uuid4()}/replays"
    issue_of(caller.post(at, {**PERIOD, "createdFrom": moment}), "body", "createdFrom")
    assert caller.post(at, PERIOD).status_code == 404


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_written_in_plain_digits(caller: Caller, number: str) -> None:
    issue_of(caller.get(f"/deadlines?pageSize={number}"), "query", "pageSize")
    assert caller.get("/deadlines?pageSize=5").status_code == 200


@pytest.mark.parametrize("one", IDS)
def test_a_uuid_has_one_form(caller: Caller, one: str) -> None:
    issue_of(caller.get(f"/deadlines?coordinatorId={ONE}&coordinatorId={one}"), "query", "coordinatorId[1]")
    assert caller.get(f"/deadlines?coordinatorId={ONE}").status_code == 200
