"""Clients of the API: of the fund of a test, of another, of a regional service; and the people of the desks."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from auditlog.context import disable_auditlog
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from tests.api.client import Caller
from tests.route_a.conftest import begin as begin
from tests.route_a.conftest import case as case
from tnw.accounts.models import Actor, ActorKind, Fund
from tnw.integration.access import PARTNER_SCOPES, SCOPES
from tnw.integration.models import Client
from tnw.integration.oauth import limits

FUND_SCOPES = frozenset(SCOPES)


def make_client(name: str, *, fund: Fund | None = None, service: str = "", funds: tuple[Fund, ...] = (),
                scopes: frozenset[str] = FUND_SCOPES) -> Client:  # fmt: skip
    actor = Actor.objects.create(kind=ActorKind.CLIENT, name=name, fund=fund, service=service)
    with disable_auditlog():  # whose entry would it be, outside of all walls
        client = Client.objects.create(
            name=name, actor=actor, scopes=sorted(scopes), client_type="confidential",
            authorization_grant_type="client-credentials", calls_a_minute=100_000,
        )  # fmt: skip
        client.funds.set(funds)
    return client


def token_of(client: Client, *, life: timedelta = timedelta(minutes=5)) -> str:
    token = secrets.token_urlsafe(20)
    model = get_access_token_model()
    made = model(application=client, scope=" ".join(client.scopes), expires=timezone.now() + life)
    made._raw_token = token
    made.save()
    assert made.token_checksum == sha256(token.encode()).hexdigest()
    return token


class Api:
    """Makes callers: `as_fund("adaptedWork:read")`, `as_partner("vdab")`; without scopes they have all they may have."""

    def __init__(self, fund: Fund) -> None:
        self.fund = fund
        self.made = 0

    def as_fund(self, *scopes: str, fund: Fund | None = None) -> Caller:
        wanted = frozenset(f"scope:tnw:{one}" for one in scopes) or FUND_SCOPES
        return self._caller(fund=fund or self.fund, scopes=wanted)

    def as_partner(self, service: str, *scopes: str, funds: tuple[Fund, ...] = ()) -> Caller:
        wanted = frozenset(f"scope:tnw:{one}" for one in scopes) or PARTNER_SCOPES
        return self._caller(service=service, funds=funds or (self.fund,), scopes=wanted)

    def _caller(self, **details: object) -> Caller:
        self.made += 1
        client = make_client(f"Client {self.made}", **details)  # type: ignore[arg-type]
        caller = Caller(token_of(client))
        caller.client = client
        return caller


@pytest.fixture(autouse=True)
def _redis_is_asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test before did to Redis, calls are counted again, from nothing."""
    monkeypatch.setattr(limits, "PREFIX", f"tnw:limit:{uuid4()}")
    # A machine under load is not without Redis.
    monkeypatch.setattr(limits, "TIMEOUT", 5.0)
    limits._away_until = 0.0
    limits._redis.cache_clear()


@pytest.fixture
def api(fund: Fund) -> Api:
    return Api(fund)


@pytest.fixture
def new_fund() -> Callable[[str], Fund]:
    from tests.conftest import make_fund

    return make_fund
