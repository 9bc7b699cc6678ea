"""A client of the fund with its secret, and asking the token endpoint as it would."""

import base64
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client as Browser

from tnw.accounts import actors
from tnw.accounts.models import Fund
from tnw.integration import clients
from tnw.integration.models import Client
from tnw.integration.oauth import limits

SCOPES = ("adaptedWork:read", "adaptedWork:write", "webhook:read")
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def _redis_is_there() -> Iterator[None]:
    """A test that takes Redis away takes it from no other."""
    yield
    limits._away_until = 0.0
    limits._redis.cache_clear()


@pytest.fixture
def make(fund: Fund) -> Callable[..., tuple[Client, str]]:
    """`make(name, …)`: a client as `clients.create` makes it, of the fund unless said otherwise."""

    def of_fund(name: str = "Kern", **details: Any) -> tuple[Client, str]:
        whose = {} if "service" in details else {"fund": fund}
        given = {"scopes": SCOPES, "actor": actors.system(actors.COMMAND), **whose, **details}
        return clients.create(name=name, **given)

    return of_fund


@pytest.fixture
def made(make: Callable[..., tuple[Client, str]]) -> tuple[Client, str]:
    return make()


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def ask(
    fields: dict[str, Any] | None = None, path: str = "/oauth2/token", body: str | None = None, **headers: str
) -> Any:
    """POST a form to the token endpoint; without fields, that asks for client credentials."""
    given = {"grant_type": "client_credentials"} if fields is None else fields
    kind = headers.pop("content_type", FORM)
    browser = Browser(enforce_csrf_checks=True)
    return browser.post(
        path, urlencode(given, doseq=True) if body is None else body, content_type=kind, headers=headers
    )
