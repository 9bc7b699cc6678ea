"""The logo of a fund: what may stand on its letters. It is tried on one before it is kept."""

from datetime import date

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from typst import TypstError

from dossiers.documents.letter import Letter, paragraph
from dossiers.documents.typesetting import Envelope, typeset
from tnw.accounts.models import Fund
from tnw.core.errors import DomainError

LARGEST = 200 * 1024
PNG = b"\x89PNG\r\n\x1a\n"


def check(logo: bytes) -> bytes:
    """The logo as it is kept. Raises DomainError where it is too large, no PNG or SVG, or cannot be set."""
    if len(logo) > LARGEST:
        raise DomainError(_("This file is larger than 200 kB."), code="too_large", field="logo")
    drawn = logo.lstrip(b"\xef\xbb\xbf \r\n\t")
    if drawn.startswith((b"<svg", b"<?xml")) and b"<svg" in drawn:
        logo = drawn
    elif not logo.startswith(PNG):
        raise DomainError(_("Only a PNG or SVG file can be the logo."), code="unknown_file", field="logo")
    try:
        specimen(Fund(name_nl="Fund", logo=logo))
    except (TypstError, DomainError):
        raise DomainError(
            _("This picture cannot be put on a letter: save it anew as PNG or SVG."),
            code="no_logo",
            field="logo",
        ) from None
    return logo


def specimen(fund: Fund) -> bytes:
    """A letter under the letterhead of a fund that says nothing."""
    envelope = Envelope(fund, ["Specimen"], ["Specimen"], date(2026, 1, 1), "00000-00000")
    with translation.override("nl"):
        return typeset(Letter("Specimen", [paragraph("Specimen")]), envelope)
