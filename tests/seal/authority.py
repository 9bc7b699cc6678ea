"""An invented authority: it issues certificates as a test asks for them, takes them back, and stamps the time over HTTP."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "poppler.sh"
PASSPHRASE = "zegel-van-een-proef"
FROM, UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
SIGNS, CERTIFIES = ("digital_signature", "content_commitment"), ("key_cert_sign", "crl_sign")
USAGES = (
    *SIGNS, "key_encipherment", "data_encipherment", "key_agreement", *CERTIFIES, "encipher_only", "decipher_only",
)  # fmt: skip


class Issued(NamedTuple):
    """A certificate with its key, and who issued it."""

    key: Key
    certificate: x509.Certificate
    issuer: x509.Certificate

    def p12(self, passphrase: str = PASSPHRASE) -> bytes:
        kept = serialization.BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(b"seal", self.key, self.certificate, [self.issuer], kept)

    def pem(self, passphrase: str = PASSPHRASE) -> bytes:
        kept = serialization.BestAvailableEncryption(passphrase.encode())
        key = self.key.private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, kept)
        return key + b"".join(one.public_bytes(Encoding.PEM) for one in (self.certificate, self.issuer))

    @property
    def for_pyhanko(self) -> tuple[asn1.Certificate, keys.PrivateKeyInfo]:
        plain = (Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        certificate = asn1.Certificate.load(self.certificate.public_bytes(Encoding.DER))
        return certificate, keys.PrivateKeyInfo.load(self.key.private_bytes(*plain))


@cache
def key(name: str, kind: str = "rsa") -> Key:
    """A key of that name; made once, as it takes a while."""
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def authority(name: str = "Invented authority") -> Issued:
    return issue(name, usages=CERTIFIES, own=True)


@cache
def issue(
    name: str = "Ziekenfonds Noord",
    kind: str = "rsa",
    first: datetime = FROM,
    last: datetime = UNTIL,
    usages: Sequence[str] = SIGNS,
    own: bool = False,
    extended: x509.ObjectIdentifier | None = None,
) -> Issued:
    """A certificate for that name, by the authority; or, as its `own`, by itself."""
    mine = key(name, kind)
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by = None if own else authority()
    builder = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(by.certificate.subject if by else called)
        .public_key(mine.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.BasicConstraints(ca=own, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**{name: name in usages for name in USAGES}), critical=True)
    )
    if extended:
        builder = builder.add_extension(x509.ExtendedKeyUsage([extended]), critical=True)
    certificate = builder.sign(by.key if by else mine, hashes.SHA256())
    return Issued(mine, certificate, by.certificate if by else certificate)


def revocations(
    *revoked: Issued, by: Issued | None = None, on: datetime = FROM, until: datetime = UNTIL
) -> bytes:
    """The list of what an authority took back."""
    by = by or authority()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.certificate.subject)
        .last_update(FROM)
        .next_update(until)
    )
    for one in revoked:
        serial = one.certificate.serial_number
        taken = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(on).build()
        builder = builder.add_revoked_certificate(taken)
    return builder.sign(by.key, hashes.SHA256()).public_bytes(Encoding.DER)


@contextmanager
def stamping(at: datetime, *, lies: bool = False) -> Iterator[str]:
    """The address of an authority for time stamps that says it is that moment; or that answers with nonsense."""
    issued = issue("Invented time", extended=ExtendedKeyUsageOID.TIME_STAMPING)
    certificate, mine = issued.for_pyhanko
    stamper = DummyTimeStamper(tsa_cert=certificate, tsa_key=mine, fixed_dt=at)

    class Stamps(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = b"nonsense" if lies else stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Stamps) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@cache
def _pdfsig() -> str:
    return subprocess.run([SCRIPT], check=True, capture_output=True, text=True).stdout.strip()


def pdfsig(path: Path) -> str:
    """What poppler says of the signatures in a file: a verifier that is not ours."""
    told = {**os.environ, "TZ": "UTC"}
    asked = [_pdfsig(), "-nocert", str(path)]
    return subprocess.run(asked, check=False, capture_output=True, text=True, env=told).stdout
