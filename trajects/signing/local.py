"""A provider of signatures to try with, as a small program of its own: `manage.py signing_provider`.

It keeps what it is given in memory, shows whoever comes a page with the document and two buttons, signs the PDF with a
certificate of its own and calls back. Tests and the demo speak with it over HTTP, as they would with any other.
"""

import base64
import hashlib
import html
import io
import json
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import requests
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko_certvalidator.registry import SimpleCertificateStore

from trajects.signing.http import mac_of

WORDS = {
    "nl": ("Ondertekenen", "Lees het document", "Uw naam", "Ondertekenen", "Niet ondertekenen"),
    "fr": ("Signer", "Lire le document", "Votre nom", "Signer", "Ne pas signer"),
    "de": ("Unterschreiben", "Dokument lesen", "Ihr Name", "Unterschreiben", "Nicht unterschreiben"),
}
PATIENCE = 5
Environ = dict[str, Any]
Answer = tuple[str, str, bytes]


@dataclass
class Kept:
    """A session: what was handed over, and what became of it."""

    given: dict[str, str]
    state: str = "started"
    name: str = ""
    at: datetime | None = None
    evidence: bytes = field(default=b"", repr=False)


class LocalProvider:
    """The WSGI application."""

    def __init__(
        self, key: str, now: Callable[[], datetime] = lambda: datetime.now(UTC), *, calls: bool = True
    ) -> None:
        self.key, self.now, self.calls = key, now, calls
        self.sessions: dict[str, Kept] = {}

    def __call__(self, environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        status, kind, body = self._answer(environ)
        headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
        if status.startswith("303"):
            headers = [("Location", body.decode()), ("Content-Length", "0")]
            body = b""
        start_response(status, headers)
        return [body]

    def _answer(self, environ: Environ) -> Answer:
        method = environ["REQUEST_METHOD"]
        match [method, *environ["PATH_INFO"].strip("/").split("/")]:
            case ["GET", "health"]:
                return _json({"state": "ready"})
            case ["POST", "sessions"] if self._is_ours(environ):
                return self._begin(environ)
            case ["GET", "sessions", session] if self._is_ours(environ) and session in self.sessions:
                return _json(self._said(self.sessions[session]))
            case ["GET", "sign", session] if session in self.sessions:
                return self._page(session)
            case ["GET", "sign", session, "document"] if session in self.sessions:
                content = base64.b64decode(self.sessions[session].given["document"])
                return "200 OK", "application/pdf", content
            case ["POST", "sign", session] if session in self.sessions:
                return self._decide(session, environ)
        return "404 Not Found", "text/plain", b"nothing here"

    def _is_ours(self, environ: Environ) -> bool:
        return secrets.compare_digest(environ.get("HTTP_AUTHORIZATION", ""), f"Bearer {self.key}")

    def _begin(self, environ: Environ) -> Answer:
        given = json.loads(_body(environ))
        content = base64.b64decode(given["document"])
        if hashlib.sha256(content).hexdigest() != given["sha256"]:
            return "400 Bad Request", "text/plain", b"another hash"
        session = secrets.token_urlsafe(16)
        self.sessions[session] = Kept(given)
        return _json({"id": session, "url": f"http://{environ['HTTP_HOST']}/sign/{session}"}, "201 Created")

    def _said(self, kept: Kept) -> dict[str, str]:
        if kept.state != "signed" or kept.at is None:
            return {"state": kept.state}
        return {
            "state": kept.state,
            "sha256": kept.given["sha256"],
            "name": kept.name,
            "identity": "local provider, no proof of identity",
            "at": kept.at.isoformat(),
            "evidence": base64.b64encode(kept.evidence).decode(),
        }

    def _page(self, session: str) -> Answer:
        kept = self.sessions[session]
        language = kept.given["language"] if kept.given["language"] in WORDS else "nl"
        title, read, name, sign, refuse = WORDS[language]
        told = html.escape(kept.given["title"])
        page = f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body><main><h1>{title}</h1><p>{told} · {html.escape(kept.given["reference"])}</p>
<p><a href="/sign/{session}/document">{read}</a></p><form method="post">
<p><label>{name} <input name="name" autocomplete="name" required></label></p>
<p><button name="what" value="signed">{sign}</button>
<button name="what" value="refused" formnovalidate>{refuse}</button></p></form></main></body></html>"""
        return "200 OK", "text/html; charset=utf-8", page.encode()

    def _decide(self, session: str, environ: Environ) -> Answer:
        kept, said = self.sessions[session], parse_qs(_body(environ).decode())
        if kept.state == "started":
            if said.get("what", [""])[0] == "signed":
                self.sign(session, said.get("name", [""])[0])
            else:
                kept.state = "refused"
            if self.calls:
                self.call(session)
        return "303 See Other", "", kept.given["back"].encode()

    def sign(self, session: str, name: str) -> None:
        """The insured signs here, under this name."""
        kept = self.sessions[session]
        kept.name, kept.at = name, self.now()
        kept.evidence = _signed(base64.b64decode(kept.given["document"]))
        kept.state = "signed"

    def call(self, session: str) -> None:
        """Say that something happened; whoever does not hear it asks later."""
        body = json.dumps({"id": session}).encode()
        headers = {"Content-Type": "application/json", "X-Signature": mac_of(self.key, body)}
        # In a thread: who is called asks back before answering.
        address = self.sessions[session].given["callback"]
        threading.Thread(target=_post, args=(address, body, headers), daemon=True).start()


def _post(address: str, body: bytes, headers: dict[str, str]) -> None:
    try:
        requests.post(address, data=body, headers=headers, timeout=PATIENCE)
    except requests.RequestException:
        return


def _json(said: dict[str, str], status: str = "200 OK") -> Answer:
    return status, "application/json", json.dumps(said).encode()


def _body(environ: Environ) -> bytes:
    return bytes(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))


@cache
def _signer() -> SimpleSigner:
    """A certificate of its own, made when the first signs."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TNW local provider of signatures")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    der = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(der),
        cert_registry=SimpleCertificateStore(),
    )


def _signed(content: bytes) -> bytes:
    """The PDF with the signature of this provider in it: that is what it hands over as proof."""
    out = io.BytesIO()
    sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(content)),
        PdfSignatureMetadata(field_name="Provider"),
        signer=_signer(),
        output=out,
    )
    return out.getvalue()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """No line for each request: addresses lead to documents."""


def server(application: LocalProvider, host: str, port: int) -> WSGIServer:
    return make_server(host, port, application, handler_class=_Quiet)


@contextmanager
def running(application: LocalProvider) -> Iterator[str]:
    """It listens on a free port of this machine; gives its address."""
    serves = server(application, "127.0.0.1", 0)
    thread = threading.Thread(target=serves.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{serves.server_port}"
    finally:
        serves.shutdown()
        serves.server_close()
        thread.join()
