"""A letter set as a PDF in one design (templates/letters): tagged PDF/UA-1 and PDF/A-2a; equal input, equal bytes."""

import io
import json
import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

import segno
import typst
from django.conf import settings
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from dossiers.documents.letter import Letter, day
from tnw.accounts.models import Fund
from tnw.core.errors import DomainError

DESIGN = settings.BASE_DIR / "templates" / "letters"
LOGOS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"<svg": "svg", b"<?xml": "svg"}


class Envelope(NamedTuple):
    """What stands around a letter: from whom, to whom, since when, under which reference."""

    fund: Fund
    sender: Sequence[str]
    to: Sequence[str]
    on: date
    reference: str
    mark: str = ""


class _Kept(threading.local):
    """A compiler for each thread, with its fonts read once."""

    @property
    def compiler(self) -> typst.Compiler:
        if not hasattr(self, "_compiler"):
            self._compiler = typst.Compiler(
                str(DESIGN / "letter.typ"),
                root=str(DESIGN),
                font_paths=[str(DESIGN / "fonts")],
                ignore_system_fonts=True,
            )
        return self._compiler


_kept = _Kept()


def typeset(letter: Letter, envelope: Envelope) -> bytes:
    """The PDF, in the language that is active. Raises DomainError where a sign is in none of the fonts."""
    fund = envelope.fund
    logo = bytes(fund.logo or b"")
    said = {
        "lang": (get_language() or "nl")[:2],
        "title": letter.title,
        "large": letter.large,
        "about": list(letter.about),
        "blocks": list(letter.blocks),
        "closing": list(letter.closing),
        "reference": envelope.reference,
        "qr": list(_qr(envelope.reference)),
        "fund": {
            "name": fund.name,
            "lines": [line for line in address_of_fund(fund) if line],
            "logo": list(logo) or None,
            "logo_format": next((kind for magic, kind in LOGOS.items() if logo.startswith(magic)), "png"),
        },
        "sender": list(envelope.sender),
        "to": list(envelope.to),
        "mark": envelope.mark,
        "place_and_day": f"{fund.town}, {day(envelope.on)}",
        "words": {
            "reference": gettext("Reference"),
            "page": gettext("Page"),
            "qr": gettext("Code with the address where this document can be verified"),
        },
    }
    made = datetime(envelope.on.year, envelope.on.month, envelope.on.day, tzinfo=UTC)
    try:
        pdf = _kept.compiler.compile(
            format="pdf",
            pdf_standards=["a-2a", "ua-1"],
            timestamp=made,
            sys_inputs={"letter": json.dumps(said, ensure_ascii=False)},
        )
    except typst.TypstError as error:
        # What typst says holds the text: it goes into no message and no log.
        if "font" in str(error) or "glyph" in str(error):
            raise DomainError(
                _("A sign in this text is in none of the fonts: write it otherwise."), code="no_glyph"
            ) from None
        raise
    assert isinstance(pdf, bytes)  # one file, as no name for the output was given
    return pdf


def address_of_fund(fund: Fund) -> tuple[str, ...]:
    """The lines at the foot of each page."""
    return fund.name, fund.seat, fund.phone, fund.email, fund.website


def _qr(reference: str) -> bytes:
    out = io.BytesIO()
    segno.make(f"{settings.BASE_URL}/verify?document={reference}", error="m", micro=False).save(
        out, kind="svg", border=0, scale=4, xmldecl=False
    )
    return out.getvalue()
