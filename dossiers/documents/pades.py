"""PAdES, by pyHanko: setting a seal, and reading what signatures lie in a file.

It takes a second to import, so that only who seals or verifies does.
"""

import hashlib
import io
from datetime import datetime
from typing import Any, NamedTuple

from asn1crypto import cms, keys, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError, extract_signer_info
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, validate_sig_integrity
from pyhanko_certvalidator.registry import SimpleCertificateStore

from dossiers.documents.seals import Seal, SealUnusable
from tnw.accounts.models import Fund

FIELD = "Seal"
TIMESTAMP_SECONDS = 10


class Signed(NamedTuple):
    """A signature as it lies in a file: by which certificate, and whether it holds for the bytes around it."""

    certificate: str
    holds: bool
    whole: bool
    stamped: datetime | None


class Signer(signers.PdfSigner):
    """Says the moment that it is told, instead of asking a clock of its own."""

    at: datetime

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = timezone.localtime(self.at)
        return session


class Writer(IncrementalPdfFileWriter):
    """Leaves the description of the document as it was made: pyHanko's is not what PDF/A asks for."""

    def _update_meta(self) -> None:
        pass


def sign(content: bytes, seal: Seal, fund: Fund, at: datetime) -> bytes:
    """The PDF under that seal, with a time stamp where an authority is named. Raises SealUnusable where it is away."""
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        name=fund.name,
        location=fund.city or None,
        contact_info=f"{settings.BASE_URL}/verify",
    )
    field = fields.SigFieldSpec(
        FIELD,
        # Printed and not hidden, as PDF/A asks; outside of the page, as PDF/UA asks of what has no tag.
        invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),
        readable_field_name=gettext("Seal of the fund"),
    )
    signer = Signer(metadata, _signer(seal), timestamper=_timestamper(), new_field_spec=field)
    signer.at = at
    try:
        out: io.BytesIO = signer.sign_pdf(Writer(io.BytesIO(content)))
    except (TimestampRequestError, SigningError, ValueError):
        if not settings.TIMESTAMP_URL:
            raise
        raise SealUnusable(
            _("The authority for time stamps does not answer as it should."), code="timestamp_away"
        ) from None
    return out.getvalue()


def _signer(seal: Seal) -> signers.SimpleSigner:
    key = seal.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    certificate, *chain = (
        x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in (seal.certificate, *seal.chain)
    )
    return signers.SimpleSigner(
        signing_cert=certificate,
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=SimpleCertificateStore.from_certs([certificate, *chain]),
    )


def _timestamper() -> TimeStamper | None:
    if not settings.TIMESTAMP_URL:
        return None
    return RequestsHTTPTimeStamper(settings.TIMESTAMP_URL, timeout=TIMESTAMP_SECONDS)


def read(written: bytes, around: tuple[bytes, bytes], *, whole: bool) -> Signed | None:
    """The signature that stands between two parts of a file; None where it cannot be read."""
    try:
        data = _parsed(written)
        certificate = extract_certs_for_validation(data).signer_cert
        info = extract_signer_info(data)
        holds = _holds(info, certificate, around)
        return Signed(certificate.sha256.hex(), holds, whole, _stamped(info) if holds else None)
    except Exception:  # whatever a stranger wrote there, and however the reader stumbles over it
        return None


def _parsed(written: bytes) -> cms.SignedData:
    inside = written.strip()
    if not (inside.startswith(b"<") and inside.endswith(b">")):
        raise ValueError
    return cms.ContentInfo.load(bytes.fromhex(inside[1:-1].decode("ascii")))["content"]


def _holds(info: cms.SignerInfo, certificate: x509.Certificate, around: tuple[bytes, bytes]) -> bool:
    """Whether these bytes were signed with the key of this certificate, whoever vouches for it."""
    digest = hashlib.new(info["digest_algorithm"]["algorithm"].native)
    for part in around:
        digest.update(part)
    intact, valid = validate_sig_integrity(info, certificate, "data", digest.digest())
    return intact and valid


def _stamped(info: cms.SignerInfo) -> datetime | None:
    """The moment in the time stamp, where there is one."""
    for attribute in info["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0]["content"]["encap_content_info"]["content"].parsed
            moment: datetime = token["gen_time"].native
            return moment
    return None
