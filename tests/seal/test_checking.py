"""What a file is, told from its bytes: sealed, written, changed by a single byte, sealed by somebody else, or not ours."""

import hashlib
import io
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pytest_django.fixtures import Settings

from dossiers.documents import checking, sealing, seals
from dossiers.documents.checking import State, check
from dossiers.models import Document
from tests.seal.authority import UNTIL, issue, stamping
from tests.seal.conftest import Keep
from tnw.accounts.models import Fund, new_uuid
from tnw.core import clock, scope
from trajects import verification

pytestmark = pytest.mark.usefixtures("sealed_by_authority")
FLIPS = 60


def flipped(content: bytes, place: int, bit: int = 0) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 1 << bit
    return bytes(changed)


def signed_by_another(content: bytes, *, certify: bool = False) -> bytes:
    """A file under a signature of somebody whom nobody here knows."""
    certificate, key = issue("Somebody else").for_pyhanko
    signer = signers.SimpleSigner(
        signing_cert=certificate, signing_key=key, cert_registry=SimpleCertificateStore()
    )
    metadata = signers.PdfSignatureMetadata(
        field_name="Other", subfilter=fields.SigSeedSubFilter.PADES, certify=certify
    )
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    signers.sign_pdf(writer, metadata, signer, output=out)
    return out.getvalue()


def appended(content: bytes) -> bytes:
    """A file with one more revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    writer.add_object(writer.root)
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bytes_of(document: Document) -> bytes:
    return bytes(document.content)


def test_what_is_as_it_was_sealed(keep: Keep) -> None:
    document = keep(sealed=True)
    found = check(bytes_of(document))
    assert (found.state, found.document, found.stamped) == (State.SEALED, document, None)


def test_what_bears_a_time_stamp_says_which(keep: Keep, settings: Settings) -> None:
    said = datetime(2026, 6, 1, 10, 0, 7, tzinfo=UTC)
    with stamping(said) as settings.TIMESTAMP_URL:
        document = keep(sealed=True)
    assert check(bytes_of(document)) == checking.Checked(State.SEALED, document, said)
    found = verification.verify(bytes_of(document))
    assert "An authority for time stamps confirms the moment: Monday 1 June 2026, 12:00." in found.lines


def test_what_is_as_it_was_written_carries_no_seal(keep: Keep) -> None:
    document = keep()
    assert check(bytes_of(document)) == checking.Checked(State.UNSEALED, document)


def test_one_flipped_byte_is_found_wherever_it_lies(keep: Keep) -> None:
    """Anywhere in the file, the seal itself and the empty room behind it included."""
    document = keep(sealed=True)
    content = bytes_of(document)
    chance = random.Random(311)
    places = {0, 1, len(content) - 1, *(chance.randrange(len(content)) for _ in range(FLIPS))}
    start = content.index(b"/Contents <30") + len(b"/Contents <")
    places |= {start + 2 * chance.randrange(1800) + chance.randrange(2) for _ in range(FLIPS)}
    places.add(content.index(b">", start) - 1)
    for name in (b"Keywords(", b"/ByteRange", b"/SubFilter", b"startxref"):
        places.add(content.index(name) + len(name))
    told = {place: check(flipped(content, place)) for place in sorted(places)}
    assert {place for place, found in told.items() if found.state != State.CHANGED} == set()
    # Nearly always it is also known of which document it was.
    assert sum(found.document == document for found in told.values()) >= len(told) - 2


def test_one_flipped_byte_of_what_was_only_written_is_found(keep: Keep) -> None:
    document = keep()
    content = bytes_of(document)
    chance = random.Random(509)
    for place in (chance.randrange(len(content)) for _ in range(FLIPS)):
        assert check(flipped(content, place)).state == State.CHANGED


@pytest.mark.parametrize("sealed", [True, False])
def test_what_was_added_behind_is_found(keep: Keep, sealed: bool) -> None:
    document = keep(sealed=sealed)
    for content in (bytes_of(document) + b"\n", appended(bytes_of(document))):
        assert check(content) == checking.Checked(State.CHANGED, document)


def test_what_was_cut_off_is_found(keep: Keep) -> None:
    """Without its seal a sealed document is the PDF that was to be sealed; that was never kept."""
    document = keep(sealed=True)
    content = bytes_of(document)
    unsealed = content[: content.index(b"%%EOF") + 5]
    assert check(unsealed) == checking.Checked(State.CHANGED, document)
    assert check(content[:-1]) == checking.Checked(State.CHANGED, document)


def test_a_seal_of_somebody_else_is_told_apart(keep: Keep) -> None:
    sealed, half, stranger = keep(sealed=True), keep(), b"%PDF-1.7"
    content = bytes_of(sealed)
    replaced = signed_by_another(content[: content.index(b"%%EOF") + 6], certify=True)
    assert check(replaced) == checking.Checked(State.RESEALED, sealed)
    assert check(signed_by_another(bytes_of(half))) == checking.Checked(State.RESEALED, half)
    assert check(stranger).state == State.UNKNOWN


def test_a_stranger_under_our_name_is_a_stranger(keep: Keep, in_fund: Fund, pdf: bytes) -> None:
    """A certificate that bears the very name of ours, by the very authority, is another one."""
    keep(sealed=True)
    seals.place_of(in_fund).write_bytes(issue(last=UNTIL - timedelta(1)).p12())
    assert check(sealing.seal(pdf, in_fund, clock.now()).content).state == State.RESEALED


def test_a_broken_seal_of_a_stranger_says_nothing(keep: Keep, pdf: bytes) -> None:
    keep(sealed=True)
    forged = signed_by_another(pdf)
    assert check(forged).state == State.RESEALED
    assert check(forged.replace(b"(Brief)", b"(Grief)", 1)).state == State.UNKNOWN


def test_the_register_alone_seals_nothing(keep: Keep) -> None:
    """Bytes that somebody put into the table, with a right hash and the certificate of the fund beside them."""
    document = keep(sealed=True)
    forged = bytes_of(document).replace(b"(Brief)", b"(Grief)", 1)
    document.pk, document.public_id = None, new_uuid()
    document.content, document.sha256 = forged, hashlib.sha256(forged).hexdigest()
    document.save(force_insert=True)
    assert check(forged).state == State.CHANGED


def test_whose_fund_it_is_does_not_matter_but_who_looks(keep: Keep, other_fund: Fund) -> None:
    content = bytes_of(keep(sealed=True))
    with scope.funds(other_fund.pk):
        assert check(content).state == State.RESEALED
    with scope.funds(other_fund.pk, *scope.fund_ids()):
        assert check(content).state == State.SEALED


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<html>", b"\x00" * 1000])
def test_what_is_no_pdf(content: bytes) -> None:
    assert check(content) == checking.Checked(State.NO_PDF)


def test_by_what_stands_on_the_paper(keep: Keep) -> None:
    document = keep()
    reference = document.reference
    for typed in (reference, reference.lower(), f" {reference} ", reference.replace("-", " ")):
        assert checking.by_reference(typed) == document
    for typed in ("", "ABCDE", "ABCDE-1234", "ABCDE-12345", "' or true --", reference + "0", "é" * 11):
        assert checking.by_reference(typed) is None


PARTS = [
    b"/ByteRange [0 ", b"/ByteRange[0 12 40 8]", b" 20 40 ", b"]", b"<30", b"<>", b"<3082zz>", b"3000", b">", b"/Contents ",
    b"%PDF-1.7", b"Keywords(", b"ABCDE-12345", b"\xff", b"999999999 ", b" " * 30,
]  # fmt: skip


@how(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.sampled_from(PARTS) | st.binary(max_size=20), max_size=30))
def test_nothing_that_a_stranger_sends_breaks_it(parts: list[bytes], in_fund: Fund) -> None:
    assert check(b"".join(parts)).state in (State.UNKNOWN, State.NO_PDF)
