"""What a letter says, as data: no page, no font. `typesetting` gives it its one design."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tnw.core.errors import DomainError

Word = str | Promise
Block = dict[str, Any]


class Missing(DomainError):
    """Something without which this letter cannot be written; the message names it."""

    code = "missing"

    def __init__(self, *names: Word) -> None:
        super().__init__(_("This cannot be written yet. Missing: %(names)s."), names=_Listed(names))


class _Listed:
    """Names that are put into words in the reader's language, when they are read."""

    def __init__(self, names: Sequence[Word]) -> None:
        self.names = names

    def __str__(self) -> str:
        return ", ".join(str(name) for name in self.names)


def needed(value: str, name: Word) -> str:
    """A value that has to be there. Raises Missing, which names it."""
    if not value.strip():
        raise Missing(name)
    return value.strip()


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in one language: its title, what it says, how it ends; `large` for those who fill it in by hand."""

    title: str
    blocks: Sequence[Block]
    closing: Sequence[str] = ()
    about: Sequence[str] = field(default=())
    large: bool = False


def paragraph(text: Word) -> Block:
    return {"type": "paragraph", "text": str(text)}


def paragraphs(text: str) -> list[Block]:
    """What somebody typed, with a paragraph for each part between blank lines."""
    # A browser ends its lines as a typewriter does.
    parts = "\n".join(line.rstrip() for line in text.splitlines()).split("\n\n")
    return [paragraph(part.strip()) for part in parts if part.strip()]


def heading(text: Word, level: int = 2) -> Block:
    """Below the title of the letter, which is of level 1."""
    return {"type": "heading", "text": str(text), "level": level}


def bullets(items: Iterable[Word]) -> Block:
    return {"type": "bullets", "items": [str(item) for item in items]}


def details(*rows: tuple[Word, Word]) -> Block:
    """Labels with what they say; those that say nothing are left out."""
    said = ([str(label), "\n".join(str(value).splitlines())] for label, value in rows)
    return {"type": "details", "rows": [row for row in said if row[1]]}


def table(head: Sequence[Word], rows: Iterable[Sequence[Word]], widths: Sequence[int] = ()) -> Block:
    """Cells below their heads; `widths` are shares of the page."""
    cells = [[str(cell) for cell in row] for row in rows]
    return {"type": "table", "head": [str(cell) for cell in head], "rows": cells, "widths": list(widths)}


def note(text: Word) -> Block:
    """What must not be overlooked."""
    return {"type": "note", "text": str(text)}


def lines(label: Word, count: int = 1) -> Block:
    """Lines to write on, below what they are for."""
    return {"type": "lines", "label": str(label), "count": count}


def question(
    number: int,
    text: Word,
    *,
    hint: Word = "",
    options: Iterable[Word] = (),
    in_a_row: bool = False,
    lines: int = 0,
) -> Block:
    """A question with boxes to tick, below one another or in a row, or with lines to write on."""
    return {
        "type": "question",
        "number": number,
        "text": str(text),
        "hint": str(hint),
        "options": [str(option) for option in options],
        "in_a_row": in_a_row,
        "lines": lines,
    }


def signature(
    role: Word, name: str = "", told: Sequence[Word] = (), image: bytes = b"", alt: Word = ""
) -> Block:
    """Where somebody signs; or, with `told`, how and when it was done, with the drawn image (PNG) where there is one."""
    return {
        "type": "signature",
        "role": str(role),
        "name": name,
        "told": [str(line) for line in told],
        "image": list(image) if image else None,
        "alt": str(alt),
    }


def new_page() -> Block:
    return {"type": "new_page"}


def day(value: date) -> str:
    """A day as a letter writes it: 22 november 2026, 1er juin 2026, 4. Mai 2026."""
    language = get_language() or ""
    told = formats.date_format(value, "j. F Y" if language.startswith("de") else "j F Y")
    return f"1er{told[1:]}" if language.startswith("fr") and value.day == 1 else told


def listed(items: Sequence[str]) -> str:
    """In a sentence: 4 mei 2026, 11 mei 2026 en 18 mei 2026."""
    if len(items) < 2:
        return "".join(items)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(items[:-1]), "last": items[-1]}


def moment(value: datetime) -> str:
    """A day with its hour, in Brussels."""
    local = timezone.localtime(value)
    return f"{formats.date_format(local, 'l')} {day(local)}, {formats.date_format(local, 'H:i')}"
