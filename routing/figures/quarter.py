"""Three months, by which everything is counted."""

from datetime import date, timedelta
from typing import NamedTuple, Self

from django.utils.translation import gettext as _


class Quarter(NamedTuple):
    """Three months."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, mark: str) -> Self | None:
        """A quarter as an address names it, `2026q4`; None for anything else."""
        year, _sep, number = mark.partition("q")
        if len(year) != 4 or not (year.isascii() and year.isdecimal()) or number not in ("1", "2", "3", "4"):
            return None
        return cls(int(year), int(number)) if 2000 <= int(year) <= 2199 else None

    @property
    def mark(self) -> str:
        """As an address names it."""
        return f"{self.year}q{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        following = date(self.year + self.number // 4, 3 * self.number % 12 + 1, 1)
        return following - timedelta(days=1)

    @property
    def label(self) -> str:
        """As people call it."""
        return _("Q%(number)d %(year)d") % {"number": self.number, "year": self.year}

    @property
    def short(self) -> str:
        """The same without the year."""
        return _("Q%(number)d") % {"number": self.number}

    def back(self, number: int) -> Self:
        """So many quarters earlier."""
        months = 4 * self.year + self.number - 1 - number
        return type(self)(months // 4, months % 4 + 1)


def up_to(last: Quarter, number: int) -> list[Quarter]:
    """So many quarters, the last one last."""
    return [last.back(back) for back in reversed(range(number))]
