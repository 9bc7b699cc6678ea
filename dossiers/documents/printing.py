"""Documents for the printer and the screen: many as one file in the order of the post, and a page as a picture."""

import io
from collections.abc import Iterable
from typing import Any

from dossiers.models import Document

SHARP = 2.0  # of the picture of a page: 144 dots an inch


def _pdfium() -> Any:
    """The library, which takes a tenth of the start of a process: most of them never print."""
    import pypdfium2

    return pypdfium2


def merged(documents: Iterable[Document]) -> bytes:
    """One PDF of them all, in the order given; each begins on a front side, as printers that do both sides need."""
    pdfium = _pdfium()
    out = pdfium.PdfDocument.new()
    for document in documents:
        one = pdfium.PdfDocument(bytes(document.content))
        out.import_pages(one)
        if document.pages % 2:
            out.new_page(*one[0].get_size())
        one.close()
    target = io.BytesIO()
    out.save(target)
    out.close()
    return target.getvalue()


def pages(content: bytes) -> int:
    """How many pages a PDF has."""
    document = _pdfium().PdfDocument(content)
    try:
        return len(document)
    finally:
        document.close()


def picture(content: bytes, number: int) -> bytes:
    """A page, counted from 1, as PNG. Raises IndexError where there is no such page."""
    document = _pdfium().PdfDocument(content)
    try:
        if not 1 <= number <= len(document):
            raise IndexError(number)
        image = document[number - 1].render(scale=SHARP).to_pil()
    finally:
        document.close()
    target = io.BytesIO()
    image.save(target, format="PNG")
    return target.getvalue()
