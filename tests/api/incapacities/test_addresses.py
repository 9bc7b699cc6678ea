"""A reference stands in addresses: whichever way it comes in, it fits in one, and it is no number of a person."""

from datetime import date
from typing import Any

import pytest

from dossiers.models import Incapacity
from tests import population
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.api.incapacities.test_incapacities import BODY
from tnw.accounts.models import Fund, Team
from tnw.core import clock

TODAY = date(2026, 3, 2)
SSIN = population.ssin(3)
DOTTED = f"{SSIN[:2]}.{SSIN[2:4]}.{SSIN[4:6]}-{SSIN[6:9]}.{SSIN[9:]}"


@pytest.mark.parametrize("reference", [SSIN, DOTTED, f"AO-{SSIN}", f"{SSIN[:6]}-{SSIN[6:]}", f"{SSIN}_2"])
def test_no_number_of_a_person_stands_in_an_address(
    api: Api, team: Team, in_fund: Fund, reference: str
) -> None:
    core = api.as_fund("incapacity:read", "incapacity:write")
    with clock.at(TODAY, hour=11):
        refused = core.put(f"/incapacities/{reference}", BODY)
        (issue,) = refused.json()["issues"]
        assert (refused.status_code, issue["in"], issue["name"]) == (400, "path", "incapacityId")
        assert SSIN not in refused.content.decode()
        told = population.take_in(in_fund, [population.line(reference=reference)], TODAY)
    assert told["rejected"] == [{"line": 2, "column": "reference", "code": "unknown_code"}]
    assert not Incapacity.objects.exists()


@pytest.mark.parametrize("reference", ["2026-000123", "_A.b~c-1", "x" * 64, "311-1-000017b"])
def test_what_the_feed_takes_has_an_address_that_answers(
    api: Api, team: Team, in_fund: Fund, reference: str
) -> None:
    core: Caller = api.as_fund("incapacity:read", "incapacity:write")
    with clock.at(TODAY, hour=11):
        told: dict[str, Any] = population.take_in(in_fund, [population.line(reference=reference)], TODAY)
        assert told["accepted"] == 1
        read = core.get(f"/incapacities/{reference}")
        assert (read.status_code, read.json()["reference"]) == (200, reference)
        again = core.get(read.json()["href"].rpartition("/v1")[2])
        assert again.json() == read.json()
