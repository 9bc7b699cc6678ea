"""A sealed PDF before the eyes of two that are not ours: pyHanko's own validation, and poppler's pdfsig."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pytest_django.fixtures import Settings

from dossiers.documents import sealing
from dossiers.documents.seals import SealUnusable
from tests.letters.pdfua import faults
from tests.seal.authority import authority, issue, pdfsig, stamping
from tnw.accounts.models import Fund

AT = datetime(2026, 6, 1, 10, 0, 5, tzinfo=UTC)


def validated(content: bytes) -> PdfSignatureStatus:
    """The one seal in a file, by somebody who trusts the authority, on the day that it was set."""
    (seal,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    trusts = ValidationContext(
        trust_roots=[authority().for_pyhanko[0], issue("Invented time").for_pyhanko[0]], moment=AT
    )
    return validate_pdf_signature(seal, trusts)


@pytest.mark.parametrize(("name", "kind"), [("Ziekenfonds Noord", "rsa"), ("Kurve", "ec")])
def test_a_seal_is_valid_and_covers_all_of_the_file(
    name: str, kind: str, pdf: bytes, fund: Fund, folder: Path, tmp_path: Path
) -> None:
    (folder / "311.p12").write_bytes(issue(name, kind).p12())
    sealed = sealing.seal(pdf, fund, AT)
    status = validated(sealed.content)
    assert status.bottom_line
    assert status.docmdp_ok
    assert status.signing_cert.sha256.hex() == sealed.certificate
    (path := tmp_path / "sealed.pdf").write_bytes(sealed.content)
    said = pdfsig(path)
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert f"Signer Certificate Common Name: {name}" in said
    assert "Signing Time: Jun 01 2026 10:00:05" in said
    (path := tmp_path / "changed.pdf").write_bytes(sealed.content.replace(b"(Brief)", b"(Grief)", 1))
    assert "Digest Mismatch." in pdfsig(path)


@pytest.mark.usefixtures("sealed_by_authority")
def test_what_was_written_stands_first_and_nothing_may_be_added(pdf: bytes, fund: Fund) -> None:
    content = sealing.seal(pdf, fund, AT).content
    assert content.startswith(pdf)
    (seal,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    assert seal.docmdp_level == MDPPerm.NO_CHANGES


@pytest.mark.usefixtures("sealed_by_authority")
def test_the_seal_keeps_what_makes_it_readable_for_all_and_for_long(pdf: bytes, fund: Fund) -> None:
    content = sealing.seal(pdf, fund, AT).content
    assert faults(content) == []
    with pikepdf.open(io.BytesIO(pdf)) as before, pikepdf.open(io.BytesIO(content)) as after:
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert after.docinfo == before.docinfo
        (field,) = after.Root.AcroForm.Fields
        # Printed, neither hidden nor shown, with a name for who hears the page, and off the page.
        assert int(field.F) & 0b111 == 0b100
        assert str(field.TU)
        assert all(float(edge) < 0 for edge in field.Rect)
        assert after.pages[0].Tabs == "/S"


@pytest.mark.usefixtures("sealed_by_authority")
def test_an_authority_stamps_the_time(pdf: bytes, fund: Fund, settings: Settings) -> None:
    said = datetime(2026, 6, 1, 10, 0, 7, tzinfo=UTC)
    with stamping(said) as settings.TIMESTAMP_URL:
        content = sealing.seal(pdf, fund, AT).content
    stamp = validated(content).timestamp_validity
    assert stamp
    assert stamp.valid
    assert stamp.timestamp == said


@pytest.mark.usefixtures("sealed_by_authority")
@pytest.mark.parametrize("fault", ["away", "nonsense"])
def test_without_the_time_stamp_that_was_asked_for_there_is_no_seal(
    fault: str, pdf: bytes, fund: Fund, settings: Settings
) -> None:
    with stamping(AT, lies=fault == "nonsense") as address:
        settings.TIMESTAMP_URL = address
        if fault == "nonsense":
            with pytest.raises(SealUnusable, match="authority for time stamps"):
                sealing.seal(pdf, fund, AT)
    with pytest.raises(SealUnusable, match="authority for time stamps") as refused:
        sealing.seal(pdf, fund, AT)
    assert refused.value.code == "timestamp_away"
    settings.TIMESTAMP_URL = ""
    assert validated(sealing.seal(pdf, fund, AT).content).bottom_line
