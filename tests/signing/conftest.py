"""A declaration that waits for three signatures; a provider of signatures that listens on this machine."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from pytest_django.fixtures import Settings

from tests.reintegration.conftest import Begin, begin  # noqa: F401  # fixtures
from tests.reintegration.stage import MARCH
from tests.signing.stage import KEY, Signing
from trajects.signing.local import LocalProvider, running


@pytest.fixture
def drawn(begin: Begin) -> Callable[..., Signing]:  # noqa: F811
    """`drawn(**columns)`: drawn up on 9 March 2026."""

    def make(**columns: object) -> Signing:
        part = begin(**columns).on(MARCH)
        part.start()
        return Signing(part, part.draw_up())

    return make


@pytest.fixture
def one(drawn: Callable[..., Signing]) -> Signing:
    return drawn()


@pytest.fixture
def provider(settings: Settings) -> Iterator[LocalProvider]:
    """The provider of the environment, over HTTP; its clock stands where the test's does."""
    application = LocalProvider(KEY, now=lambda: datetime(2026, 3, 9, 16, 30, tzinfo=UTC))
    with running(application) as url:
        settings.SIGNING_URL, settings.SIGNING_KEY = url, KEY
        yield application
