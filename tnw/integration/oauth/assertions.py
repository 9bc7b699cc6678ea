"""`private_key_jwt` (RFC 7523): a client shows that it holds the private half of a key that it registered."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from tnw.integration.models import Client, UsedAssertion
from tnw.integration.oauth.keys import ALGORITHMS

LONGEST_LIFE = 300
SKEW = 10  # seconds that the clocks may differ
LONGEST_ID = 200
BROKEN = (JWException, ValueError, TypeError, KeyError, RecursionError)


class NotProven(Exception):
    """The assertion does not show who the client is; the sentence may be told to who signed it, and only to them."""


def audience() -> str:
    """The address of the token endpoint, as an assertion has to name it."""
    return f"{settings.BASE_URL.rstrip('/')}/oauth2/token"


def prove(client: Client, assertion: str) -> None:
    """Check the signature by a key of the client, then what it says, and take its `jti` once. Raises NotProven."""
    claims = _signed(client, assertion)
    for name in ("iss", "sub"):
        if claims.get(name) != client.client_id:
            raise NotProven(f"{name} has to be the client_id.")
    if claims.get("aud") not in (audience(), [audience()]):
        raise NotProven(f"aud has to be {audience()} and nothing else.")
    now = timezone.now().timestamp()
    expires = _moment(claims, "exp")
    if expires is None or not now < expires <= now + LONGEST_LIFE + SKEW:
        raise NotProven("exp has to lie ahead, by 5 minutes at most.")
    for name in ("nbf", "iat"):
        if name in claims and ((moment := _moment(claims, name)) is None or not moment <= now + SKEW):
            raise NotProven(f"{name} lies ahead.")
    _once(client, claims.get("jti"), datetime.fromtimestamp(expires, UTC))


def _signed(client: Client, assertion: str) -> Mapping[str, Any]:
    """The claims, once a key of the client verifies them. Raises NotProven without saying more."""
    token = JWS()
    try:
        token.deserialize(assertion)
        header = token.jose_header
        claims = json.loads(token.objects["payload"])
    except BROKEN:
        raise NotProven from None
    if not isinstance(claims, dict) or {"crit", "b64"} & set(header):
        raise NotProven
    algorithm, name = header.get("alg"), header.get("kid")
    for row in (client.keys or {}).get("keys", ()):
        if algorithm not in ALGORITHMS[row["kty"]] or row.get("alg", algorithm) != algorithm:
            continue
        if name is not None and row.get("kid", name) != name:
            continue
        try:
            token.allowed_algs = [algorithm]
            token.verify(JWK(**row), algorithm)
        except BROKEN:
            continue
        return claims
    raise NotProven


def _moment(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _once(client: Client, jti: object, expires: datetime) -> None:
    """Of two uses at the same moment, the database lets one through."""
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_ID or not jti.isprintable():
        raise NotProven(f"jti has 1 to {LONGEST_ID} printable characters.")
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(client=client, jti=jti, expires=expires)
    except IntegrityError:
        raise NotProven("This jti was used already.") from None
