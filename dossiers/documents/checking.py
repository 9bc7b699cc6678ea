"""Is a PDF what was written or sealed here? Told by its bytes alone: no file of a stranger is ever opened as a PDF.

What was kept here is known by its hash, so that a single other byte is found wherever it lies. Whatever else comes is traced
back by what stands in it in plain: the certificate of a seal, and the reference of the document.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from dossiers.models import Document
from tnw.core import scope

if TYPE_CHECKING:
    from dossiers.documents.pades import Signed

# A file with more signatures than this is none of ours.
MOST = 10
BYTE_RANGE = re.compile(
    rb"/ByteRange\s{0,9}\[\s{0,9}0\s{1,9}(\d{1,9})\s{1,9}(\d{1,9})\s{1,9}(\d{1,9})\s{0,9}\]"
)
REFERENCE = re.compile(rb"Keywords[^0-9A-F]{1,4}([0-9A-F]{5})-([0-9A-F]{5})(?![0-9A-F])")
TYPED = re.compile(r"([0-9A-F]{5})[\s-]?([0-9A-F]{5})")
PDF = b"%PDF-"


class State(StrEnum):
    """What a file is, seen from here."""

    SEALED = "sealed"  # as it was sealed, byte for byte
    UNSEALED = "unsealed"  # as it was written, byte for byte; it carries no seal
    CHANGED = "changed"  # it was sealed or written here, and is not the same any more
    RESEALED = "resealed"  # it carries a seal that holds, of somebody else
    UNKNOWN = "unknown"
    NO_PDF = "no_pdf"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file is, and the document that it is or was. `stamped` is what an authority for time stamps says."""

    state: State
    document: Document | None = None
    stamped: datetime | None = None


def check(content: bytes) -> Checked:
    """What a file is. Looks in the funds in scope."""
    kept = _documents().filter(sha256=hashlib.sha256(content).hexdigest()).order_by("pk").last()
    signatures = list(_signatures(content))
    if kept and not kept.certificate:
        return Checked(State.UNSEALED, kept)
    if kept:
        seal = next((one for one in signatures if one.certificate == kept.certificate), None)
        # Kept here with its hash, but by whom? Only the seal says so without this register.
        state = State.SEALED if seal and seal.holds and seal.whole else State.CHANGED
        return Checked(state, kept, seal.stamped if seal else None)
    known = _known_certificates(signatures)
    origin = _origin(content)
    if any(one.holds and one.certificate not in known for one in signatures):
        return Checked(State.RESEALED, origin)
    if known or origin:
        return Checked(State.CHANGED, origin)
    return Checked(State.UNKNOWN if content.startswith(PDF) else State.NO_PDF)


def by_reference(reference: str) -> Document | None:
    """The document of a reference, as it stands on a page or as somebody typed it. Looks in the funds in scope."""
    found = TYPED.fullmatch(reference.strip().upper())
    return _of_reference("".join(found.groups())) if found else None


def _documents() -> QuerySet[Document]:
    return Document.objects.filter(fund_id__in=scope.fund_ids()).select_related("fund").defer("content")


def _of_reference(digits: str) -> Document | None:
    return _documents().filter(tail=digits.lower()).order_by("pk").last()


def _origin(content: bytes) -> Document | None:
    """The document whose reference stands in a file; of a sealed one it is the reference of the sealed."""
    references = {b"".join(found.groups()).decode() for found in REFERENCE.finditer(content)}
    found = (_of_reference(reference) for reference in sorted(references)[:MOST])
    return next((one for one in found if one), None)


def _known_certificates(signatures: "list[Signed]") -> set[str]:
    """Those that sealed something here."""
    return {
        one.certificate
        for one in signatures
        if _documents().exclude(certificate="").filter(certificate=one.certificate).exists()
    }


def _signatures(content: bytes) -> "Iterator[Signed]":
    """The signatures in a file that can be read, in their order."""
    places = list(islice(BYTE_RANGE.finditer(content), MOST))
    if not places:
        return
    from dossiers.documents import pades

    for found in places:
        first, second, length = (int(one) for one in found.groups())
        end = second + length
        if not 0 < first < second < end <= len(content):
            continue
        around = content[:first], content[second:end]
        if one := pades.read(content[first:second], around, whole=end == len(content)):
            yield one
