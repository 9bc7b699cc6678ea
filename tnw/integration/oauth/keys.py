"""Public keys of a client: which may be registered, for `private_key_jwt`."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.utils.translation import gettext_lazy as _
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK

from tnw.core.errors import DomainError

# By key type, the algorithms that it may sign with.
ALGORITHMS = {"RSA": ("RS256", "PS256"), "EC": ("ES256",)}
PUBLIC = {"RSA": ("kty", "n", "e"), "EC": ("kty", "crv", "x", "y")}
MOST = 10
BITS = range(2048, 8193)
EXPONENTS = range(65537, 2**32)


def check(given: Any) -> dict[str, list[dict[str, str]]]:
    """A JSON Web Key Set with what is public and known of each key. Raises DomainError, field `keys`.

    RSA from 2048 bits, or EC on P-256, to verify signatures; a private key is refused, so that its owner hears of it.
    """
    rows = given.get("keys") if isinstance(given, dict) else None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise _refused(_('This is not a JSON Web Key Set: {"keys": […]} is expected.'))
    if len(rows) > MOST:
        raise _refused(_("A client has %(most)s keys at most."), most=MOST)
    kept = [_checked(number, row) for number, row in enumerate(rows, start=1)]
    names = [row["kid"] for row in kept if "kid" in row]
    if len(names) != len(set(names)) or (len(kept) > 1 and len(names) < len(kept)):
        raise _refused(_("Where there are several keys, each has a kid of its own."))
    return {"keys": kept}


def _checked(number: int, row: dict[str, Any]) -> dict[str, str]:
    kind = row.get("kty")
    if kind not in ALGORITHMS:
        raise _refused(_("Key %(number)s: a public RSA or EC key is expected."), number=number)
    if {"d", "p", "q", "dp", "dq", "qi", "k", "oth"} & set(row):
        raise _refused(
            _(
                "Key %(number)s is private. It is known to others now: make a new one, and give its public half."
            ),
            number=number,
        )
    kept = {
        name: value
        for name in (*PUBLIC[kind], "kid", "alg", "use")
        if isinstance(value := row.get(name), str)
    }
    if kept.get("use", "sig") != "sig" or kept.get("alg", ALGORITHMS[kind][0]) not in ALGORITHMS[kind]:
        raise _refused(_("Key %(number)s is not for signing with RS256, PS256 or ES256."), number=number)
    if not 0 < len(kept.get("kid", "-")) <= 100:
        raise _refused(_("Key %(number)s: its kid has 1 to 100 characters."), number=number)
    if not _is_strong(kept):
        raise _refused(
            _("Key %(number)s is too weak or damaged: RSA from 2048 bits, or EC on P-256, is expected."),
            number=number,
        )
    return kept


def _is_strong(row: dict[str, str]) -> bool:
    if row.get("crv", "P-256") != "P-256":
        return False
    try:
        key = JWK(**row).get_op_key("verify")
    except (JWException, ValueError, TypeError, KeyError):
        return False
    if isinstance(key, RSAPublicKey):
        numbers = key.public_numbers()
        return key.key_size in BITS and numbers.n % 2 == 1 and numbers.e % 2 == 1 and numbers.e in EXPONENTS
    return isinstance(key, EllipticCurvePublicKey)


def _refused(message: Any, **values: Any) -> DomainError:
    return DomainError(message, code="keys_refused", field="keys", **values)
