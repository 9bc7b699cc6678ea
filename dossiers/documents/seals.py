"""The seal of a fund: its certificate and key, out of the folder that the environment names (TNW_SEALS).

`311.p12`, or `311.pem` with key, certificate and chain; beside it, where there is one, `311.crl`: who is revoked.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dossiers.documents.letter import day
from tnw.accounts.models import Fund
from tnw.core.errors import DomainError

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
# What a self-made seal is valid in, the history that the demo tells included.
OWN_FROM = datetime(2020, 1, 1, tzinfo=UTC)
OWN_FOR = timedelta(days=365 * 30)


class SealUnusable(DomainError):
    """The fund cannot seal now; the message says why. What waits for the seal waits on."""

    code = "seal_unusable"


class Seal(NamedTuple):
    """What a fund seals with: key, certificate, and those that vouch for it."""

    key: Key
    certificate: x509.Certificate
    chain: Sequence[x509.Certificate]

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate, by which a document remembers what sealed it."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()


def seal_of(fund: Fund, at: datetime) -> Seal:
    """The seal of a fund as it may be used at that moment. Raises SealUnusable."""
    seal = _read(fund)
    certificate = seal.certificate
    if seal.key.public_key() != certificate.public_key():
        raise SealUnusable(_("The key of the fund's seal does not belong to its certificate."))
    if not _for_documents(certificate):
        raise SealUnusable(_("The certificate of the fund's seal is not meant for documents."))
    if at < certificate.not_valid_before_utc:
        raise SealUnusable(
            _("The certificate of the fund's seal is valid from %(day)s only."),
            day=_Day(certificate.not_valid_before_utc),
        )
    if at > certificate.not_valid_after_utc:
        raise SealUnusable(
            _("The certificate of the fund's seal has expired: it was valid until %(day)s."),
            day=_Day(certificate.not_valid_after_utc),
        )
    _not_revoked(fund, seal, at)
    return seal


def make(fund: Fund, path: Path, passphrase: str, *, replace: bool = False) -> None:
    """A seal that the fund made itself: it proves that nothing changed, and nobody vouches for whose it is."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "BE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, fund.name_nl[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"TNW {fund.number}"),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(OWN_FROM)
        .not_valid_after(OWN_FROM + OWN_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signing_only(), critical=True)
        .sign(key, hashes.SHA256())
    )
    kept = (
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption()
    )
    content = pkcs12.serialize_key_and_certificates(fund.number.encode(), key, certificate, None, kept)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(content)
    try:
        if replace:
            unfinished.rename(path)
        else:
            os.link(unfinished, path)  # of two at once, one wins
    finally:
        unfinished.unlink(missing_ok=True)


def place_of(fund: Fund) -> Path:
    """Where the fund's seal is kept, as one file with its key."""
    return settings.SEALS / f"{fund.number}.p12"


def _read(fund: Fund) -> Seal:
    path = place_of(fund)
    try:
        if settings.OWN_SEALS and not path.exists():
            _make_own(fund, path)
        if path.exists():
            return _from_p12(path.read_bytes())
        if (pem := path.with_suffix(".pem")).exists():
            return _from_pem(pem.read_bytes())
    except (OSError, ValueError, TypeError, StopIteration, UnsupportedAlgorithm):
        # What is said of it may hold parts of the file: it goes into no message and no log.
        raise SealUnusable(
            _("The fund's seal cannot be read: its file or its passphrase is not right.")
        ) from None
    raise SealUnusable(_("The fund has no seal yet: its certificate and key are not there."))


def _make_own(fund: Fund, path: Path) -> None:
    try:
        make(fund, path, settings.SEAL_PASSPHRASE)
    except FileExistsError:
        return  # another process made it first


def _from_p12(content: bytes) -> Seal:
    found = pkcs12.load_pkcs12(content, _passphrase())
    if found.cert is None:
        raise ValueError
    return Seal(
        _usable_key(found.key), found.cert.certificate, [one.certificate for one in found.additional_certs]
    )


def _from_pem(content: bytes) -> Seal:
    """Key, certificate and chain in one file; the first certificate is that of the seal."""
    encrypted = b"ENCRYPTED" in content
    key = serialization.load_pem_private_key(content, _passphrase() if encrypted else None)
    first, *chain = x509.load_pem_x509_certificates(content)
    return Seal(_usable_key(key), first, chain)


def _passphrase() -> bytes | None:
    return settings.SEAL_PASSPHRASE.encode() or None


def _usable_key(key: object) -> Key:
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise TypeError
    return key


def _for_documents(certificate: x509.Certificate) -> bool:
    """Where it says what its key is for, signing has to be among that."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.content_commitment or usage.digital_signature


def _not_revoked(fund: Fund, seal: Seal, at: datetime) -> None:
    path = place_of(fund).with_suffix(".crl")
    if not path.exists():
        return
    certificate = seal.certificate
    try:
        content = path.read_bytes()
        pem = content.lstrip().startswith(b"-----")
        revoked = x509.load_pem_x509_crl(content) if pem else x509.load_der_x509_crl(content)
        if not any(_issued(one, revoked) for one in (*seal.chain, certificate)):
            raise ValueError
    except (OSError, ValueError, UnsupportedAlgorithm):
        raise SealUnusable(
            _(
                "The list of revoked certificates beside the fund's seal cannot be read, or is of another issuer."
            )
        ) from None
    if entry := revoked.get_revoked_certificate_by_serial_number(certificate.serial_number):
        raise SealUnusable(
            _("The certificate of the fund's seal was revoked on %(day)s."),
            day=_Day(entry.revocation_date_utc),
        )
    if (until := revoked.next_update_utc) and until < at:
        raise SealUnusable(
            _(
                "The list of revoked certificates beside the fund's seal has to be renewed: "
                "it was valid until %(day)s."
            ),
            day=_Day(until),
        )


def _issued(issuer: x509.Certificate, revoked: x509.CertificateRevocationList) -> bool:
    key = issuer.public_key()
    if issuer.subject != revoked.issuer or not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return False
    try:
        return revoked.is_signature_valid(key)
    except InvalidSignature:
        return False


def _signing_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


class _Day:
    """A day, put into words in the reader's language when it is read."""

    def __init__(self, moment: datetime) -> None:
        self.on = timezone.localtime(moment).date()

    def __str__(self) -> str:
        return day(self.on)
