"""What a caller of the API is answered about its token, its scopes and its pace."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.api.access.conftest import ask, basic
from tests.api.client import Caller
from tests.api.conftest import Api, token_of
from tnw.accounts import actors
from tnw.integration import clients
from tnw.integration.models import Client

Made = tuple[Client, str]
PATH = f"/adaptedWorks/{uuid4()}"


def answered(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def test_from_the_secret_to_an_answer(made: Made) -> None:
    given = ask(None, Authorization=basic(made[0].client_id, made[1])).json()
    assert answered(Caller(given["access_token"]).get(PATH)) == (404, "resourceNotFound")


@pytest.mark.parametrize(
    ("header", "kind", "challenge"),
    [
        (None, "noAccessToken", "Bearer"),
        ("Basic eDp5", "noAccessToken", "Bearer"),
        ("Bearer unknown", "invalidAccessToken", 'Bearer error="invalid_token"'),
    ],
)
def test_without_a_good_token(db: None, header: str | None, kind: str, challenge: str) -> None:
    answer = Caller().get(PATH, **({"Authorization": header} if header else {}))
    assert answered(answer) == (401, kind)
    assert answer["WWW-Authenticate"] == challenge


def test_an_expired_token(made: Made) -> None:
    answer = Caller(token_of(made[0], life=-timedelta(minutes=1))).get(PATH)
    assert answered(answer) == (401, "expiredAccessToken")


def test_a_stopped_client(made: Made) -> None:
    caller = Caller(token_of(made[0]))
    clients.stop(client_id=made[0].client_id, actor=actors.system())
    assert answered(caller.get(PATH)) == (401, "invalidAccessToken")


def test_a_token_in_the_address_opens_nothing(made: Made) -> None:
    token = token_of(made[0])
    assert answered(Caller().get(f"{PATH}?access_token={token}")) == (401, "noAccessToken")
    refused = Caller(token).get(f"{PATH}?access_token={token}")
    assert answered(refused) == (400, "badRequest")
    assert refused.json()["issues"][0]["in"] == "query"
    assert token not in refused.content.decode()


def test_a_scope_that_is_missing_is_named(api: Api) -> None:
    answer = api.as_fund("plan:read").get(PATH)
    assert answered(answer) == (403, "missingScope")
    assert answer.json()["requiredScopes"] == ["scope:tnw:adaptedWork:read"]


@pytest.mark.parametrize("scope", ["adaptedWork:read", "plan:read"])
def test_too_many_calls(api: Api, scope: str) -> None:
    """Also of one that lacks the scope: it costs as much."""
    caller = api.as_fund(scope)
    Client.objects.update(calls_a_minute=1)
    found = [caller.get(PATH) for _call in range(4)]  # two of them in one minute, whatever the clock says
    refused = [answer for answer in found if answer.status_code == 429]
    assert refused
    assert answered(refused[0]) == (429, "tooManyRequests")
    assert 1 <= int(refused[0]["Retry-After"]) <= 60
