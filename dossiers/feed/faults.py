"""The two ways in which a delivery can be wrong: as a whole, or in one line."""

from dataclasses import dataclass
from typing import Any

from dossiers.feed import messages
from tnw.core.errors import DomainError


class FileRefused(DomainError):
    """The file is no such CSV at all; `code` is a key of `messages.FILE`, `values` say where.

    It never quotes what stands in the file, except names of columns from a header that has all its own.
    """

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(messages.FILE[code], code=code, **values)


@dataclass(frozen=True, slots=True)
class Rejection:
    """The first fault of one line (the header is line 1); no `column` where the fault is the line's own."""

    line: int
    column: str
    code: str

    def as_report(self) -> dict[str, int | str]:
        """The entry as it stands in an import's report."""
        if not self.column:
            return {"line": self.line, "code": self.code}
        return {"line": self.line, "column": self.column, "code": self.code}
