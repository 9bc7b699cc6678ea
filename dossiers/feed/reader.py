"""Reads a delivered CSV file line by line, in constant memory whatever is in it."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Protocol

from dossiers.feed.faults import FileRefused, Rejection

LIMIT = 131_072
"""Bytes a line may have, and a record that spreads over several: the csv module's own limit for a field."""

_BLOCK = 262_144
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9_ -]")
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_BINARY = (b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
"""How ZIP (and so XLSX), an empty ZIP, PDF, gzip and old Office files begin."""

_NAME_LENGTH = 24
_LIST_LENGTH = 120
"""What a refusal tells stays short: it is kept with the import and shown in one sentence."""


class BinarySource(Protocol):
    """Anything open for reading bytes: a file, an upload, a socket's file."""

    def read(self, size: int, /) -> bytes: ...


Record = tuple[int, tuple[str, ...] | Rejection]


def read(source: str | Path | BinarySource, columns: Sequence[str]) -> Iterator[Record]:
    """The records after the header: the physical line each begins on, its fields in the order of `columns`.

    In the place of the fields stands a `Rejection` where the line cannot be cut into as many. Empty lines are
    passed over. Raises `FileRefused` once the file turns out to be no such CSV, maybe after many good lines.
    """
    if isinstance(source, str | Path):
        with open(source, "rb") as file:
            yield from _records(_Lines(file), tuple(columns))
    else:
        yield from _records(_Lines(source), tuple(columns))


def _records(lines: "_Lines", columns: tuple[str, ...]) -> Iterator[Record]:
    rows = csv.reader(lines, delimiter=";", strict=True)
    in_order = itemgetter(*_places(_header(rows, lines), columns))
    width = len(columns)
    while True:
        lines.begin_record()
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            row = None
        if row is not None and len(row) == width:
            yield lines.begun, in_order(row)
        elif row is None or row:
            yield lines.begun, Rejection(lines.begun, "", "column_count")
            if len(lines.record) > 1:
                lines.give_back(width)


def _header(rows: Iterator[list[str]], lines: "_Lines") -> list[str]:
    lines.begin_record()
    try:
        return next(rows)
    except StopIteration:
        raise FileRefused("empty") from None
    except csv.Error:
        return []


def _places(header: list[str], columns: tuple[str, ...]) -> list[int]:
    """Where each column stands in the header, or the refusal of that header."""
    double = [name for name in columns if header.count(name) > 1]
    if double:
        raise FileRefused("duplicate_column", columns=_listed(double))
    missing = [name for name in columns if name not in header]
    if missing:
        # What the header holds instead is not repeated: without a header it is the first person's data.
        raise FileRefused("missing_column", columns=_listed(missing))
    unknown = [name for name in header if name not in columns]
    if unknown:
        raise FileRefused("unknown_column", columns=_listed(map(_shown, unknown)))
    return [header.index(name) for name in columns]


def _listed(names: Iterable[str]) -> str:
    """As many of the names as fit into a sentence."""
    text = ""
    for name in names:
        if len(text) + len(name) > _LIST_LENGTH:
            return f"{text}, …"
        text = f"{text}, {name}" if text else name
    return text


def _shown(name: str) -> str:
    """A name from the file in plain letters, whatever it holds."""
    return "'" + _NOT_PLAIN.sub("?", name[:_NAME_LENGTH]) + "'"


class _Lines:
    """The physical lines of a file as text, each checked and bounded before the csv module sees it.

    It knows which lines the record being read has used, so that those swallowed by a stray quotation mark can
    be given back and read again on their own.
    """

    def __init__(self, file: BinarySource) -> None:
        self._source = _physical_lines(file)
        self._again: list[str] = []
        self._number = 0
        self._size = 0
        self._ended = False
        self.record: list[str] = []
        self.begun = 1

    def begin_record(self) -> None:
        self.record = []
        self._size = 0
        self.begun = self._number + 1

    def give_back(self, width: int) -> None:
        """Read the lines after the record's first again, if one of them looks like a record of its own."""
        swallowed = self.record[1:]
        if any(line.count(";") >= width - 1 for line in swallowed):
            self._again.extend(reversed(swallowed))
            self._number -= len(swallowed)

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._source, None)
        if line is None:
            if self.record:
                raise FileRefused("unclosed_quote", line=self.begun)
            raise StopIteration
        self._number += 1
        self._size += len(line)
        if self._size > LIMIT and self.record:
            raise FileRefused("unclosed_quote", line=self.begun)
        self.record.append(line)
        return line


def _physical_lines(file: BinarySource) -> Iterator[str]:
    """Decoded lines with their line ends; a line end is LF, so that the number is the one an editor shows."""
    for number, raw in enumerate(_raw_lines(file), start=1):
        if number == 1:
            if raw.startswith(_UTF16_BOMS):
                raise FileRefused("not_utf8", line=1)
            if raw.startswith(_BINARY):
                raise FileRefused("not_text", line=1)
            raw = raw.removeprefix(_UTF8_BOM)
            if not raw:
                return
        if b"\0" in raw:
            raise FileRefused("not_text", line=number)
        if len(raw) > LIMIT:
            raise FileRefused("line_too_long", line=number, limit=LIMIT)
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError:
            raise FileRefused("not_utf8", line=number) from None


def _raw_lines(file: BinarySource) -> Iterator[bytes]:
    """Lines as bytes, cut from blocks; of a line without an end a block beyond the limit is held, no more."""
    rest = b""
    while block := file.read(_BLOCK):
        block = rest + block
        end = block.rfind(b"\n") + 1
        rest = block[end:]
        yield from io.BytesIO(block[:end])
        if len(rest) > LIMIT:
            break
    if rest:
        yield rest
