"""A dossier whose traject runs, its coordinator's desk and the machines of the fund beside it."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.reintegration.conftest import begin as begin
from tests.reintegration.conftest import part as part
from tests.reintegration.stage import MARCH, Part
from tnw.core import clock

DAY = date(2026, 3, 9)


@pytest.fixture
def running(part: Part) -> Iterator[Part]:
    """A traject since 2 March 2026; today is the 9th."""
    part.on(MARCH)
    with clock.at(DAY, hour=11):
        yield part
