"""The token endpoint: who gets which token, and how everybody else is refused (RFC 6749, RFC 7009)."""

import json
import logging
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import Resolver404, resolve
from oauth2_provider.models import get_access_token_model, get_refresh_token_model

from tests.api.access.conftest import FORM, SCOPES, ask, basic
from tnw.accounts import actors
from tnw.integration import access, clients
from tnw.integration.models import Client

Made = tuple[Client, str]
GRANT = {"grant_type": "client_credentials"}
Token = get_access_token_model()


def as_call(token: str) -> Any:
    return RequestFactory().get("/", headers={"Authorization": f"Bearer {token}"})


def in_header(made: Made) -> dict[str, str]:
    return {"Authorization": basic(made[0].client_id, made[1])}


def in_body(made: Made, **more: str) -> dict[str, str]:
    return {**GRANT, "client_id": made[0].client_id, "client_secret": made[1], **more}


@pytest.mark.parametrize("way", ["header", "body"])
def test_a_secret_gives_a_token_of_ten_minutes_with_all_scopes(made: Made, way: str) -> None:
    answer = ask(GRANT, **in_header(made)) if way == "header" else ask(in_body(made))
    assert answer.status_code == 200, answer.content
    assert answer.headers["Cache-Control"] == "no-store"
    given = answer.json()
    assert given.keys() == {"access_token", "expires_in", "token_type", "scope"}
    assert (given["expires_in"], given["token_type"]) == (600, "Bearer")
    assert given["scope"].split() == [f"scope:tnw:{scope}" for scope in SCOPES]
    client, scopes = access.client_of(as_call(given["access_token"]))
    assert client == made[0]
    assert scopes == frozenset(given["scope"].split())


@pytest.mark.usefixtures("hashed_as_in_use")
def test_nothing_that_opens_a_door_is_stored(made: Made) -> None:
    token = ask(in_body(made)).json()["access_token"]
    row = Token.objects.get()
    assert (row.token, row.token_checksum) == ("", sha256(token.encode()).hexdigest())
    assert row.user_id is None
    assert not get_refresh_token_model().objects.exists()
    client = Client.objects.get()
    assert client.client_secret.startswith("argon2")
    assert made[1] not in client.client_secret


@pytest.mark.parametrize(
    ("asked", "gets"),
    [
        ("scope:tnw:adaptedWork:read", ["adaptedWork:read"]),
        ("scope:tnw:webhook:read scope:tnw:adaptedWork:read", ["webhook:read", "adaptedWork:read"]),
        ("", list(SCOPES)),
        ("scope:tnw:plan:read", None),
        ("scope:tnw:adaptedWork:read scope:tnw:plan:read", None),
        ("adaptedWork:read", None),
        ("scope:tnw:adaptedWork:delete", None),
        ("openid", None),
        ("é\U0001f600", None),
    ],
)
def test_scopes_asked_for_are_among_those_of_the_client(
    made: Made, asked: str, gets: list[str] | None
) -> None:
    answer = ask(in_body(made, scope=asked))
    if gets is None:
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
        assert not Token.objects.exists()
    else:
        assert answer.json()["scope"].split() == [f"scope:tnw:{scope}" for scope in gets]


BAD: dict[str, tuple[Callable[[Made], dict[str, Any]], int, str]] = {
    "no grant type": (lambda made: {"fields": {**in_body(made), "grant_type": ""}}, 400, "invalid_request"),
    "password grant": (
        lambda made: {
            "fields": {**in_body(made), "grant_type": "password", "username": "a", "password": "b"}
        },
        400,
        "unsupported_grant_type",
    ),
    "code grant": (
        lambda made: {"fields": {**in_body(made), "grant_type": "authorization_code", "code": "x"}},
        400,
        "unsupported_grant_type",
    ),
    "refresh grant": (
        lambda made: {"fields": {**in_body(made), "grant_type": "refresh_token", "refresh_token": "x"}},
        400,
        "unsupported_grant_type",
    ),
    "device grant": (
        lambda made: {
            "fields": {**in_body(made), "grant_type": "urn:ietf:params:oauth:grant-type:device_code"}
        },
        400,
        "unsupported_grant_type",
    ),
    "nobody": (lambda made: {"fields": GRANT}, 401, "invalid_client"),
    "by name alone": (
        lambda made: {"fields": {**GRANT, "client_id": made[0].client_id}},
        401,
        "invalid_client",
    ),
    "unknown client": (
        lambda made: {"fields": GRANT, "Authorization": basic("x", "y")},
        401,
        "invalid_client",
    ),
    "wrong secret": (
        lambda made: {"fields": GRANT, "Authorization": basic(made[0].client_id, made[1] + "x")},
        401,
        "invalid_client",
    ),
    "the stored hash": (
        lambda made: {"fields": {**in_body(made), "client_secret": made[0].client_secret}},
        401,
        "invalid_client",
    ),
    "empty secret": (
        lambda made: {"fields": GRANT, "Authorization": basic(made[0].client_id, "")},
        401,
        "invalid_client",
    ),
    "no base64": (lambda made: {"fields": GRANT, "Authorization": "Basic ééé"}, 401, "invalid_client"),
    "a nul byte": (
        lambda made: {"fields": GRANT, "Authorization": basic("\0", "y")},
        401,
        "invalid_client",
    ),
    "a bearer token": (lambda made: {"fields": GRANT, "Authorization": "Bearer x"}, 401, "invalid_client"),
    "two ways": (lambda made: {"fields": in_body(made), **in_header(made)}, 400, "invalid_request"),
    "two clients": (
        lambda made: {"fields": {**GRANT, "client_id": "another"}, **in_header(made)},
        400,
        "invalid_request",
    ),
    "twice the scope": (
        lambda made: {"fields": {**in_body(made), "scope": ["scope:tnw:webhook:read"] * 2}},
        400,
        "invalid_request",
    ),
    "JSON": (
        lambda made: {"body": json.dumps(in_body(made)), "content_type": "application/json"},
        400,
        "invalid_request",
    ),
    "multipart": (
        lambda made: {"body": "--x\r\n", "content_type": "multipart/form-data; boundary=x"},
        400,
        "invalid_request",
    ),
    "too many fields": (
        lambda made: {"body": "&".join(f"a{number}=b" for number in range(1100))},
        400,
        "invalid_request",
    ),
    "the secret in the address": (
        lambda made: {
            "fields": GRANT,
            "path": f"/oauth2/token?client_id={made[0].client_id}&client_secret={made[1]}",
        },
        400,
        "invalid_request",
    ),
    "a token in the address": (
        lambda made: {"path": "/oauth2/token?access_token=x", **in_header(made)},
        400,
        "invalid_request",
    ),
    "a token for elsewhere": (
        lambda made: {"fields": in_body(made, resource="https://elsewhere.example")},
        400,
        "invalid_target",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused(made: Made, name: str, caplog: pytest.LogCaptureFixture) -> None:
    build, status, code = BAD[name]
    caplog.set_level(logging.INFO)
    with caplog.at_level(logging.INFO):
        answer = ask(**build(made))
    assert (answer.status_code, answer.json()["error"]) == (status, code), answer.content
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert not Token.objects.exists()
    assert made[1] not in answer.content.decode()
    assert made[1] not in caplog.text


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
@pytest.mark.parametrize("path", ["/oauth2/token", "/oauth2/revoke"])
def test_only_post(db: None, method: str, path: str) -> None:
    answer = getattr(Browser(), method)(path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "path",
    ["authorize/", "authorize", "token/", "introspect/", "device-authorization/", "applications/", "register/",
     "authorized_tokens/", "userinfo/", ".well-known/jwks.json"],
)  # fmt: skip
def test_nothing_else_of_the_library_is_there(path: str) -> None:
    with pytest.raises(Resolver404):
        resolve(f"/oauth2/{path}")


def test_a_stopped_client_is_refused_at_once_also_with_a_token_it_has(made: Made) -> None:
    token = ask(in_body(made)).json()["access_token"]
    Client.objects.update(is_active=False)
    with pytest.raises(access.InvalidAccessToken):
        access.client_of(as_call(token))
    assert ask(in_body(made)).status_code == 401
    clients.stop(client_id=made[0].client_id, actor=actors.system())
    assert not Token.objects.exists()


def test_a_rotated_secret_is_the_only_one_and_tokens_run_on(made: Made) -> None:
    token = ask(in_body(made)).json()["access_token"]
    client, new = clients.rotate(client_id=made[0].client_id, actor=actors.system())
    assert new != made[1]
    assert ask(in_body(made)).status_code == 401
    assert ask(in_body((client, new))).status_code == 200
    assert access.client_of(as_call(token))[0] == client


def test_a_token_is_taken_back_by_its_own_client_only(made: Made, make: Callable[..., Made]) -> None:
    stranger = make("Portaal")
    token = ask(in_body(made)).json()["access_token"]

    def revoke(who: Made, **more: str) -> int:
        fields = {"token": token, "client_id": who[0].client_id, "client_secret": who[1], **more}
        return int(ask(fields, path="/oauth2/revoke").status_code)

    assert revoke(stranger) == 200
    assert access.client_of(as_call(token))
    assert revoke((made[0], "wrong")) == 401
    assert ask({"token": token}, path="/oauth2/revoke").status_code == 401
    assert ask({**in_body(made)}, path="/oauth2/revoke").status_code == 400
    assert revoke(made, token_type_hint="access_token") == 200
    with pytest.raises(access.InvalidAccessToken):
        access.client_of(as_call(token))
    assert revoke(made) == 200


def test_a_form_says_its_charset(made: Made) -> None:
    assert ask(in_body(made), content_type=f"{FORM}; charset=UTF-8").status_code == 200


def test_a_password_that_holds_signs_is_written_as_a_form_writes_it(made: Made) -> None:
    """RFC 6749 2.3.1: name and secret are encoded as in a form, then joined."""
    client, _secret = made
    Client.objects.update(client_secret=make_password("a b:+%é"))
    assert ask(GRANT, Authorization=basic(client.client_id, "a+b%3A%2B%25%C3%A9")).status_code == 200
    assert ask(GRANT, Authorization=basic(client.client_id, "a b:+%é")).status_code == 401


def test_deploy_checks_of_the_library_find_nothing() -> None:
    from oauth2_provider.checks import validate_bcp_configuration

    assert validate_bcp_configuration(None) == []


def test_a_form_in_chunks_is_read(made: Made) -> None:
    environ: Any = {
        "wsgi.input": BytesIO(urlencode(in_body(made)).encode()), "wsgi.input_terminated": True, "CONTENT_TYPE": FORM,
    }  # fmt: skip
    given = Browser().generic("POST", "/oauth2/token", **environ)
    assert given.status_code == 200, given.content
