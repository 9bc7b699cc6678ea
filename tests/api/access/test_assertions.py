"""`private_key_jwt` (RFC 7523): only the holder of a registered key, for this endpoint, soon, and once."""

import base64
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from tests.api.access.conftest import ask
from tnw.accounts import actors
from tnw.core.errors import DomainError
from tnw.integration import clients
from tnw.integration.models import Client, UsedAssertion
from tnw.integration.oauth import keys
from tnw.integration.oauth.presented import JWT_BEARER

Made = tuple[Client, str]
ENDPOINT = "http://localhost:8000/oauth2/token"
ELSEWHERE = "https://elsewhere.example/oauth2/token"
HERE_ALONE = f"aud has to be {ENDPOINT} and nothing else."


@cache
def key(kind: str, name: str = "") -> JWK:
    """A key pair; a name of its own gives another pair."""
    made: dict[str, Any] = {
        "RSA": {"kty": "RSA", "size": 2048}, "weak": {"kty": "RSA", "size": 1024},
        "P-256": {"kty": "EC", "crv": "P-256"}, "P-384": {"kty": "EC", "crv": "P-384"},
        "oct": {"kty": "oct", "size": 256}, "Ed25519": {"kty": "OKP", "crv": "Ed25519"},
    }  # fmt: skip
    return JWK.generate(**made[kind], **({"kid": name} if name else {}))


def public(*pairs: JWK) -> dict[str, Any]:
    return {"keys": [pair.export_public(as_dict=True) for pair in pairs]}


def sign(pair: JWK, claims: Any, alg: str = "RS256", **header: Any) -> str:
    token = JWS(claims if isinstance(claims, bytes) else json.dumps(claims).encode())
    token.allowed_algs = [alg]
    token.add_signature(pair, alg, json.dumps({"alg": alg, **header}))
    return str(token.serialize(compact=True))


def claims_of(client: Client, **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    given = {
        "iss": client.client_id, "sub": client.client_id, "aud": ENDPOINT, "iat": now, "exp": now + 60,
        "jti": f"jti-{time.monotonic_ns()}",
    }  # fmt: skip
    told = {name: value for name, value in {**given, **changes}.items() if value is not ...}
    # The tables are made when tests are collected: what is so far from now is counted from now.
    return {name: now + int(v.total_seconds()) if isinstance(v, timedelta) else v for name, v in told.items()}


def ask_with(assertion: str, **more: str) -> Any:
    given = {
        "grant_type": "client_credentials",
        "client_assertion_type": JWT_BEARER,
        "client_assertion": assertion,
    }
    return ask({**given, **more})


@pytest.fixture
def keyed(make: Callable[..., Made]) -> Client:
    """A client with an RSA key and one on P-256, and no secret."""
    client, secret = make(keys=public(key("RSA", "a"), key("P-256", "b")))
    assert secret == ""
    return client


@pytest.mark.parametrize(
    ("kind", "name", "alg"), [("RSA", "a", "RS256"), ("RSA", "a", "PS256"), ("P-256", "b", "ES256")]
)
@pytest.mark.parametrize("named", [True, False])
def test_each_algorithm_signs_in(keyed: Client, kind: str, name: str, alg: str, named: bool) -> None:
    header = {"kid": name} if named else {}
    answer = ask_with(sign(key(kind, name), claims_of(keyed), alg, **header))
    assert answer.status_code == 200, answer.content
    assert answer.json()["expires_in"] == 600


ACCEPTED: dict[str, dict[str, Any]] = {
    "the audience in a list": {"aud": [ENDPOINT]},
    "without iat": {"iat": ...},
    "nbf behind": {"nbf": timedelta(seconds=-5)},
    "five minutes ahead": {"exp": timedelta(seconds=299)},
    "what is not known": {"other": {"a": 1}},
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_an_assertion_may_say(keyed: Client, name: str) -> None:
    assert ask_with(sign(key("RSA", "a"), claims_of(keyed, **ACCEPTED[name]))).status_code == 200


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "another issuer": ({"iss": "another"}, "iss has to be the client_id."),
    "no issuer": ({"iss": ...}, "iss has to be the client_id."),
    "another endpoint": ({"aud": ELSEWHERE}, HERE_ALONE),
    "another endpoint too": ({"aud": [ENDPOINT, ELSEWHERE]}, HERE_ALONE),
    "no audience": ({"aud": ...}, HERE_ALONE),
    "expired": ({"exp": timedelta(seconds=-1)}, "exp has to lie ahead, by 5 minutes at most."),
    "far ahead": ({"exp": timedelta(seconds=3600)}, "exp has to lie ahead, by 5 minutes at most."),
    "no end": ({"exp": ...}, "exp has to lie ahead, by 5 minutes at most."),
    "an end in words": ({"exp": "soon"}, "exp has to lie ahead, by 5 minutes at most."),
    "an end that is true": ({"exp": True}, "exp has to lie ahead, by 5 minutes at most."),
    "an end that is no number": ({"exp": float("nan")}, "exp has to lie ahead, by 5 minutes at most."),
    "an end without end": ({"exp": float("inf")}, "exp has to lie ahead, by 5 minutes at most."),
    "from tomorrow": ({"nbf": timedelta(seconds=86_400)}, "nbf lies ahead."),
    "made tomorrow": ({"iat": timedelta(seconds=86_400)}, "iat lies ahead."),
    "no jti": ({"jti": ...}, "jti has 1 to 200 printable characters."),
    "an empty jti": ({"jti": ""}, "jti has 1 to 200 printable characters."),
    "a number as jti": ({"jti": 7}, "jti has 1 to 200 printable characters."),
    "a jti without end": ({"jti": "x" * 201}, "jti has 1 to 200 printable characters."),
    "a jti with half a character": ({"jti": "\ud800"}, "jti has 1 to 200 printable characters."),
    "a jti with a nul byte": ({"jti": "x\0"}, "jti has 1 to 200 printable characters."),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_an_assertion_may_not_say_and_its_signer_is_told(keyed: Client, name: str) -> None:
    changes, sentence = REFUSED[name]
    answer = ask_with(sign(key("RSA", "a"), claims_of(keyed, **changes)))
    assert answer.status_code == 401
    assert answer.json() == {"error": "invalid_client", "error_description": sentence}
    assert not UsedAssertion.objects.exists()


def unsigned(client: Client) -> str:
    parts = ({"alg": "none"}, claims_of(client))
    return ".".join(
        [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
        + ["AAAA"]
    )


def signed_with_the_public_key(client: Client) -> str:
    """The classic: HS256 with what everybody knows as its key."""
    text = key("RSA", "a").export_to_pem()
    shared = JWK(kty="oct", k=base64.urlsafe_b64encode(text).decode().rstrip("="))
    return sign(shared, claims_of(client), "HS256", kid="a")


def changed(client: Client) -> str:
    header, _payload, signature = sign(key("RSA", "a"), claims_of(client)).split(".")
    other = base64.urlsafe_b64encode(json.dumps(claims_of(client)).encode()).decode().rstrip("=")
    return f"{header}.{other}.{signature}"


FORGED: dict[str, Callable[[Client], str]] = {
    "unsigned": unsigned,
    "signed with the public key": signed_with_the_public_key,
    "changed": changed,
    "by another key": lambda client: sign(key("RSA", "stranger"), claims_of(client)),
    "by another key under a known name": lambda client: sign(
        key("RSA", "stranger"), claims_of(client), kid="a"
    ),
    "under an unknown name": lambda client: sign(key("RSA", "a"), claims_of(client), kid="z"),
    "RS512": lambda client: sign(key("RSA", "a"), claims_of(client), "RS512"),
    "with the key in its header": lambda client: sign(
        key("RSA", "stranger"), claims_of(client), jwk=key("RSA", "stranger").export_public(as_dict=True)
    ),
    "with what is critical": lambda client: sign(key("RSA", "a"), claims_of(client), crit=["b64"], b64=True),
    "for another client": lambda client: sign(key("RSA", "a"), claims_of(client, sub="another")),
    "about no client": lambda client: sign(key("RSA", "a"), claims_of(client, sub=...)),
    "about a list": lambda client: sign(key("RSA", "a"), claims_of(client, sub=[client.client_id])),
    "that is a list": lambda client: sign(key("RSA", "a"), b"[]"),
    "that is nested": lambda client: sign(key("RSA", "a"), b"[" * 4000),
    "that is no text": lambda client: sign(key("RSA", "a"), b"\xff\xfe"),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_not_by_a_key_of_the_client_is_told_nothing(keyed: Client, name: str) -> None:
    answer = ask_with(FORGED[name](keyed))
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
    assert not UsedAssertion.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"client_assertion": "no.jwt"},
        {"client_assertion": '{"payload": "", "signatures": []}'},
        {"client_assertion": "a.b." + "c" * 9000},
        {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"},
        {"client_assertion_type": ""},
        {"client_id": "another"},
        {"client_secret": "besides"},
    ],
)
def test_what_is_no_assertion_at_all(keyed: Client, more: dict[str, str]) -> None:
    answer = ask_with(**{"assertion": sign(key("RSA", "a"), claims_of(keyed)), **more})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_an_assertion_serves_once_and_of_each_client_on_its_own(
    keyed: Client, make: Callable[..., Made]
) -> None:
    other, _none = make("Portaal", keys=public(key("RSA", "a")))
    first = sign(key("RSA", "a"), claims_of(keyed, jti="same"))
    assert ask_with(first).status_code == 200
    again = ask_with(first)
    assert (again.status_code, again.json()["error_description"]) == (401, "This jti was used already.")
    assert ask_with(sign(key("RSA", "a"), claims_of(other, jti="same"))).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_uses_at_the_same_moment_one_gets_a_token(keyed: Client) -> None:
    assertion = sign(key("RSA", "a"), claims_of(keyed))
    together = Barrier(4)

    def use(_number: int) -> int:
        together.wait()
        try:
            return int(ask_with(assertion).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(use, range(4))) == [200, 401, 401, 401]


def test_with_keys_and_no_secret_keys_alone_let_in(keyed: Client) -> None:
    for secret in (keyed.client_secret, "!", " "):
        fields = {"grant_type": "client_credentials", "client_id": keyed.client_id, "client_secret": secret}
        assert ask(fields).status_code == 401
    assert keyed.client_secret.startswith("!")
    assert not clients.has_secret(keyed)


def test_with_a_secret_and_no_keys_no_assertion_lets_in(make: Callable[..., Made]) -> None:
    client, _secret = make()
    assert ask_with(sign(key("RSA", "a"), claims_of(client))).status_code == 401


def test_from_a_secret_to_keys_and_from_one_key_to_the_next(make: Callable[..., Made]) -> None:
    client, secret = make()
    by = {"client_id": client.client_id, "actor": actors.system()}
    with pytest.raises(DomainError, check=lambda error: error.code == "no_way"):
        clients.forget_secret(**by)
    clients.change(**by, keys=public(key("RSA", "a")))
    with_secret = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}
    assert ask(with_secret).status_code == 200
    clients.forget_secret(**by)
    assert ask(with_secret).status_code == 401
    clients.change(**by, keys=public(key("RSA", "a"), key("P-256", "b")))
    assert ask_with(sign(key("RSA", "a"), claims_of(client))).status_code == 200
    clients.change(**by, keys=public(key("P-256", "b")))
    assert ask_with(sign(key("RSA", "a"), claims_of(client))).status_code == 401
    assert ask_with(sign(key("P-256", "b"), claims_of(client), "ES256")).status_code == 200
    with pytest.raises(DomainError, check=lambda error: error.code == "no_way"):
        clients.change(**by, keys={})


def test_a_stopped_client_is_refused(keyed: Client) -> None:
    clients.stop(client_id=keyed.client_id, actor=actors.system())
    assert ask_with(sign(key("RSA", "a"), claims_of(keyed))).status_code == 401


def test_a_key_signs_with_its_own_algorithm_alone(make: Callable[..., Made]) -> None:
    row = {**key("RSA", "a").export_public(as_dict=True), "alg": "PS256", "use": "sig"}
    client, _none = make(keys={"keys": [row]})
    assert ask_with(sign(key("RSA", "a"), claims_of(client))).status_code == 401
    assert ask_with(sign(key("RSA", "a"), claims_of(client), "PS256")).status_code == 200


def row_of(kind: str, **changes: Any) -> dict[str, Any]:
    return {"keys": [{**key(kind).export_public(as_dict=True), **changes}]}


KEYS: dict[str, tuple[Callable[[], Any], str]] = {
    "no set": (list, "Key Set"),
    "an empty set": (lambda: {"keys": []}, "Key Set"),
    "one key, not a set": (lambda: key("RSA").export_public(as_dict=True), "Key Set"),
    "rows that are none": (lambda: {"keys": ["a"]}, "Key Set"),
    "too many": (lambda: {"keys": [{}] * 11}, "10 keys"),
    "a shared key": (lambda: {"keys": [key("oct").export(as_dict=True)]}, "public RSA or EC"),
    "Ed25519": (lambda: row_of("Ed25519"), "public RSA or EC"),
    "a private key": (lambda: {"keys": [key("RSA").export(as_dict=True)]}, "private"),
    "a private EC key": (lambda: {"keys": [key("P-256").export(as_dict=True)]}, "private"),
    "1024 bits": (lambda: row_of("weak"), "too weak"),
    "exponent 1": (lambda: row_of("RSA", e="AQ"), "too weak"),
    "exponent 3": (lambda: row_of("RSA", e="Aw"), "too weak"),
    "P-384": (lambda: row_of("P-384"), "too weak"),
    "a point beside the curve": (lambda: row_of("P-256", x=key("P-256", "b").export_public(as_dict=True)["y"]), "too weak"),
    "no base64": (lambda: row_of("RSA", n="%%%"), "too weak"),
    "without its number": (lambda: {"keys": [{"kty": "RSA", "e": "AQAB"}]}, "too weak"),
    "for encryption": (lambda: row_of("RSA", use="enc"), "not for signing"),
    "for HS256": (lambda: row_of("RSA", alg="HS256"), "not for signing"),
    "for ES256, an RSA key": (lambda: row_of("RSA", alg="ES256"), "not for signing"),
    "a long name": (lambda: row_of("RSA", kid="x" * 101), "kid"),
    "twice a name": (lambda: public(key("RSA", "a"), key("RSA", "a")), "kid of its own"),
    "several, one without a name": (lambda: {"keys": [{**key("RSA").export_public(as_dict=True)} for _ in "ab"]}, "kid"),
}  # fmt: skip


@pytest.mark.parametrize("name", KEYS)
def test_keys_that_are_not_registered(name: str) -> None:
    build, sentence = KEYS[name]
    given = build()
    for row in given["keys"] if isinstance(given, dict) and name.startswith("several") else []:
        row.pop("kid", None)
    with pytest.raises(DomainError, match=sentence) as refused:
        keys.check(given)
    assert refused.value.field == "keys"


def test_of_a_key_only_what_is_known_is_kept() -> None:
    kept = keys.check(row_of("P-256", x5c=["…"], key_ops=["verify"], extra={"a": 1}, use="sig", kid="2026"))
    assert kept["keys"][0].keys() == {"kty", "crv", "x", "y", "use", "kid"}
