"""A case of 2022 that is in invalidity while the pilot runs, on a day of June 2023."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.api.client import Caller
from tests.api.conftest import Api
from tests.route_c.conftest import begin as begin
from tests.route_c.conftest import case as case
from tnw.core import clock

DAY = date(2023, 6, 5)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with clock.at(DAY, hour=11):
        yield


@pytest.fixture
def vdab(api: Api) -> Caller:
    return api.as_partner("vdab")
