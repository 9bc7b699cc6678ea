"""With what a client says who it is at the token endpoint (RFC 6749 2.3.1, RFC 7523 2.2): one way, not two."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote_plus

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST = 8192
COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
CLIENT_ID = re.compile(r"[\x21-\x7e]{1,255}")


class Presented(NamedTuple):
    """A client and either its secret or a signed assertion; nothing of it is checked yet."""

    client_id: str
    secret: str = ""
    assertion: str = ""


class Unclear(Exception):
    """The request names two clients or two ways, or what it says cannot be read."""


def presented(authorization: str, given: Mapping[str, str]) -> Presented | None:
    """What the header and the fields of the body say, or None where no client says who it is. Raises Unclear."""
    ways = [name for name, value in (("header", authorization), *given.items()) if value and name in READERS]
    if len(ways) > 1:
        raise Unclear("Use one way of client authentication, not several.")
    if not ways:
        return None
    found = READERS[ways[0]](authorization, given)
    named = given.get("client_id", "")
    if found and named and named != found.client_id:
        raise Unclear("client_id names another client than the one that authenticates.")
    return found if found and CLIENT_ID.fullmatch(found.client_id) else None


def _basic(authorization: str, given: Mapping[str, str]) -> Presented | None:
    scheme, _space, encoded = authorization.partition(" ")
    if scheme.lower() != "basic" or len(encoded) > LONGEST:
        return None
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    client_id, colon, secret = decoded.partition(":")
    return Presented(unquote_plus(client_id), secret=unquote_plus(secret)) if colon and secret else None


def _body(authorization: str, given: Mapping[str, str]) -> Presented | None:
    return Presented(given.get("client_id", ""), secret=given["client_secret"])


def _assertion(authorization: str, given: Mapping[str, str]) -> Presented | None:
    if given.get("client_assertion_type") != JWT_BEARER:
        raise Unclear(f"client_assertion_type has to be {JWT_BEARER}.")
    assertion = given["client_assertion"]
    if len(assertion) > LONGEST or not COMPACT.fullmatch(assertion):
        raise Unclear("client_assertion is not a signed JWT in its compact form.")
    try:
        claimed = json.loads(base64.urlsafe_b64decode(assertion.split(".")[1] + "=="))
        subject = claimed["sub"]
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError):
        return None
    return Presented(subject, assertion=assertion) if isinstance(subject, str) else None


READERS = {"header": _basic, "client_secret": _body, "client_assertion": _assertion}
