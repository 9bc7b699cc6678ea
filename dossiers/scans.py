"""Scanned documents beside facts: what may come in, kept byte for byte; what was taken back keeps its scan."""

import hashlib
import re
import unicodedata
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier, LedgerEntry, Scan
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.core.errors import DomainError

LARGEST = 10 * 1024 * 1024
NAME_LIMIT = 120
# By its first bytes and not by its name: the media type, and the ending that its name gets.
KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
)


class Upload(NamedTuple):
    """A file as somebody handed it over."""

    name: str
    content: bytes


def check(upload: Upload) -> tuple[str, str]:
    """The media type and the cleaned name. Raises DomainError where it is no scan that can be kept."""
    if len(upload.content) > LARGEST:
        raise DomainError(_("This file is larger than 10 MB."), code="too_large", field="scan")
    for magic, media_type, ending in KINDS:
        if upload.content.startswith(magic):
            return media_type, cleaned(upload.name, ending)
    raise DomainError(_("Only a PDF, PNG or JPEG file can be kept."), code="unknown_file", field="scan")


def cleaned(name: str, ending: str) -> str:
    """The name without its path, with letters, digits and plain marks only, and the ending that it is."""
    last = unicodedata.normalize("NFC", re.split(r"[\\/]", name)[-1])
    stem = last.rpartition(".")[0] or last
    kept = re.sub(r"[^\w .()-]+|[\x00-\x1f]", "_", stem).strip(" ._")
    return (kept[:NAME_LIMIT].rstrip(" .") or "scan") + ending


def add(dossier: Dossier, actor: Actor, fact_id: str, upload: Upload) -> Scan:
    """Keep a scan beside a fact of a dossier that is locked. Raises DomainError."""
    entries = LedgerEntry.objects.filter(fund=dossier.fund_id, dossier=dossier, fact_id=fact_id)
    if not entries.exists():
        raise DomainError(_("There is no such fact in this dossier."), code="unknown_fact")
    return keep(dossier, actor, fact_id, upload)


def keep(dossier: Dossier, actor: Actor, beside: str, upload: Upload) -> Scan:
    """Keep a scan beside a fact, or beside a document where the law knows no fact of it. Raises DomainError."""
    media_type, name = check(upload)
    return Scan.objects.create(
        fund_id=dossier.fund_id,
        dossier=dossier,
        fact=beside,
        name=name,
        media_type=media_type,
        sha256=hashlib.sha256(upload.content).hexdigest(),
        content=upload.content,
        added_at=clock.now(),
        added_by=actor,
    )


def of_facts(actor: Actor, dossier: Dossier) -> dict[str, list[Scan]]:
    """The scans of a dossier by the id of their fact, without their content."""
    found: dict[str, list[Scan]] = {}
    for scan in Scan.objects.visible_to(actor).filter(dossier=dossier).defer("content").order_by("pk"):
        found.setdefault(scan.fact, []).append(scan)
    return found
