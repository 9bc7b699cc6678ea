"""What the tests of the feed are made of: a right line, a file of lines, a source that is never on disk."""

from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

from dossiers.feed import recognitions
from dossiers.feed.faults import FileRefused
from dossiers.feed.reader import BinarySource, read

TODAY = date(2026, 11, 21)
CASES = Path(__file__).parent.parent / "cases"

RIGHT = {
    "reference": "311-1-000001",
    "version": "1",
    "fund": "311",
    "ssin": "73521255512",
    "replaced_ssin": "",
    "last_name": "Lambert",
    "first_name": "Anaïs",
    "birth_date": "1973-12-12",
    "language": "fr",
    "street": "Kerkstraat 111",
    "postal_code": "4000",
    "city": "Liège",
    "email": "p1@example.org",
    "phone": "+32478081940",
    "regime": "employee",
    "cause": "illness",
    "statutory_civil_servant": "false",
    "employer_number": "0642607677",
    "employment_contract": "true",
    "start": "2026-06-09",
    "end": "",
    "end_reason": "",
    "invalidity_from": "",
}


def fields(**changed: str) -> list[str]:
    """The fields of a right line, with what a test changes."""
    return list({**RIGHT, **changed}.values())


def csv_file(
    *rows: Sequence[str], header: Sequence[str] = recognitions.COLUMNS, end: str = "\r\n"
) -> BytesIO:
    return BytesIO("".join(";".join(row) + end for row in (header, *rows)).encode())


def drain(source: BinarySource, columns: Sequence[str] = recognitions.COLUMNS) -> FileRefused | None:
    """Read a file to its end, and give the refusal that it meets."""
    try:
        for _ in read(source, columns):
            pass
    except FileRefused as refused:
        return refused
    return None


class Stream:
    """A source as long as a test wants it, made while it is read."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = b""

    def read(self, size: int, /) -> bytes:
        if not self._rest:
            self._rest = next(self._blocks, b"")
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken
