"""People of each role in a fund whose wall is open, and dossiers in a running traject."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.route_a.conftest import begin as begin
from tests.route_a.stage import Case
from tests.training.stage import Training
from tests.web.conftest import browse as browse
from tests.web.conftest import stand as stand
from tests.web.conftest import static_files_from_their_sources as static_files_from_their_sources


@pytest.fixture
def in_traject(begin: Callable[..., Case]) -> Callable[..., Training]:
    """`in_traject(start=…, **columns)`: a traject runs since 2 February 2026."""

    def make(start: date = date(2026, 1, 5), **columns: object) -> Training:
        return Training(begin(start, **columns))

    return make


@pytest.fixture
def training(in_traject: Callable[..., Training]) -> Training:
    return in_traject()
