"""The adapter: a provider that speaks JSON over HTTP, known by TNW_SIGNING_URL and TNW_SIGNING_KEY.

    POST {url}/sessions        {document, sha256, title, language, reference, back, callback} -> {id, url}
    GET  {url}/sessions/{id}   -> {state, sha256, name, identity, at, evidence}
    POST {callback}            {id}, with its HMAC-SHA256 under the key in the header X-Signature

The key is the bearer token of what we ask. `document` and `evidence` are base64; `evidence` is the document with the
signature of the provider added behind it. Where `url` leads is the provider's too.
"""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args
from urllib.parse import quote, urlsplit

import requests
import structlog
import urllib3
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tnw.core.errors import DomainError
from trajects.signing.port import Became, NotFromProvider, Provider, ProviderDown, Result, Session, ToSign

log = structlog.get_logger(__name__)

PATIENCE = (3.05, 10)  # seconds to connect, and between two bytes
WHOLE = 30  # seconds for the whole answer
LARGEST = 16 * 1024 * 1024
CHUNK = 64 * 1024
HERE = ("localhost", "127.0.0.1")
STATES: tuple[Became, ...] = get_args(Became)


def configured() -> bool:
    """Whether there is one; what is signed goes over no open line, save on this machine."""
    url = urlsplit(settings.SIGNING_URL)
    safe = url.scheme == "https" or (url.scheme == "http" and url.hostname in HERE)
    return bool(safe and settings.SIGNING_KEY)


def provider() -> Provider:
    """The one that is configured. Raises DomainError where there is none."""
    if not configured():
        raise DomainError(
            _("No provider of signatures is connected: let it be signed on paper or on the screen."),
            code="no_provider",
        )
    return HttpProvider(settings.SIGNING_URL.rstrip("/"), settings.SIGNING_KEY)


def mac_of(key: str, body: bytes) -> str:
    """The HMAC with which the provider signs its calls."""
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


class HttpProvider:
    """What it answers is believed only as far as it fits: its shape, its size, its address."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = url, key

    def start(self, what: ToSign) -> Session:
        said = self._ask(
            "post",
            "/sessions",
            {
                "document": base64.b64encode(what.content).decode(),
                "sha256": what.sha256,
                "title": what.title,
                "language": what.language,
                "reference": what.reference,
                "back": what.back,
                "callback": what.callback,
            },
        )
        session = Session(_text(said, "id", 200), _text(said, "url", 500))
        if not session.id or not self._is_theirs(session.url):
            raise self._odd("address")
        return session

    def callback(self, body: bytes, mac: str) -> str:
        if not hmac.compare_digest(mac_of(self.key, body).encode(), mac.strip().lower().encode()):
            raise NotFromProvider
        try:
            return str(json.loads(body)["id"])
        except (ValueError, TypeError, LookupError):
            raise NotFromProvider from None

    def fetch(self, session: str) -> Result:
        said = self._ask("get", f"/sessions/{quote(session, safe='')}")
        state = next((one for one in STATES if one == said.get("state")), None)
        if state is None:
            raise self._odd("state")
        if state != "signed":
            return Result(state)
        try:
            at = datetime.fromisoformat(_text(said, "at", 40))
            evidence = base64.b64decode(_text(said, "evidence", LARGEST), validate=True)
        except (ValueError, binascii.Error):
            raise self._odd("evidence") from None
        if at.tzinfo is None:
            raise self._odd("moment")
        sha256, name = _text(said, "sha256", 64).lower(), _text(said, "name", 250).strip()
        return Result(state, sha256, name, _text(said, "identity", 200).strip(), at, evidence)

    def _ask(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        """Its answer. Raises ProviderDown where it is away, slow, refuses, or says what is no answer."""
        try:
            with requests.request(
                method,
                self.url + path,
                json=body,
                headers={"Authorization": f"Bearer {self.key}", "Accept": "application/json"},
                timeout=PATIENCE,
                allow_redirects=False,
                stream=True,
            ) as answer:
                if answer.status_code not in (200, 201):
                    raise self._odd(str(answer.status_code))
                content = self._read(answer.raw)
        # What breaks off while it is read comes from below requests.
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise self._odd(type(error).__name__) from None
        try:
            said = json.loads(content) if len(content) <= LARGEST else None
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise self._odd("answer")
        return said

    def _read(self, answer: Any) -> bytes:
        """What it says, as far as it comes in time and is not too much."""
        until, content = time.monotonic() + WHOLE, bytearray()
        while part := answer.read1(CHUNK, decode_content=True):
            content += part
            if time.monotonic() > until:
                raise self._odd("slow")
            if len(content) > LARGEST:
                break
        return bytes(content)

    def _is_theirs(self, url: str) -> bool:
        """The insured is led to the provider and nowhere else."""
        ours, theirs = urlsplit(self.url), urlsplit(url)
        return (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc)

    def _odd(self, what: str) -> ProviderDown:
        log.warning("signing_provider_odd", what=what)
        return ProviderDown()


def _text(said: Mapping[str, Any], name: str, most: int) -> str:
    value = said.get(name, "")
    if not isinstance(value, str) or len(value) > most:
        log.warning("signing_provider_odd", what=name)
        raise ProviderDown
    return value
