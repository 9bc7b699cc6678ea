"""People with an employer, in a traject that looks for help at a regional service."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.employer.conftest import begin as begin
from tests.employer.conftest import case as case
from tests.employer.stage import Work
from tnw.core import clock

DAY = date(2026, 4, 22)


@pytest.fixture
def ready(case: Work) -> Iterator[Work]:
    """A traject runs, and the insured consents to sharing with regional services."""
    case.started("regional_service").on(DAY).consent("given", party="regional_service")
    with clock.at(DAY, hour=18):
        yield case
