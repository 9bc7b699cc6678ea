"""A figure as a table: a row for each quarter or value, a column for each part; which numbers stay untold outside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext

from dossiers.models import FigureCount, FiguresCounted
from routing.figures.quarter import Quarter
from routing.figures.small import hidden
from routing.figures.table import DIMENSIONS, FIGURES, Figure, Word
from tnw.accounts.models import Actor
from tnw.web.figures.asked import Asked, Value, values_of

UNTOLD = "·"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, whether it may be told outside, and the address part of the list behind it."""

    number: int | None
    untold: bool = False
    behind: str = ""
    name: Word = ""
    tone: str = "a"


@dataclass(frozen=True, slots=True)
class Row:
    """A quarter, or a value of a dimension, with its numbers."""

    name: str
    cells: tuple[Cell, ...]
    quarter: Quarter
    total: Cell | None = None

    @property
    def numbers(self) -> tuple[Cell, ...]:
        """With the total, where it has one."""
        return (*self.cells, self.total) if self.total else self.cells

    @property
    def whole(self) -> Cell:
        """The one that says all: the total, where parts are told apart."""
        return self.numbers[-1] if self.total else self.cells[0]


@dataclass(frozen=True, slots=True)
class Table:
    """All of it, with the words above the columns; `untold` says whether anything is left out outside."""

    figure: Figure
    head: str
    columns: tuple[Word, ...]
    rows: tuple[Row, ...]
    by: str = ""

    @property
    def untold(self) -> bool:
        return any(cell.untold for row in self.rows for cell in row.numbers)

    @property
    def empty(self) -> bool:
        return not any(cell.number for row in self.rows for cell in row.cells)


def for_paper(table: Table) -> Table:
    """The same without the numbers that stay untold outside."""
    rows = [
        replace(
            row,
            cells=tuple(_outside(cell) for cell in row.cells),
            total=_outside(row.total) if row.total else None,
        )
        for row in table.rows
    ]
    return replace(table, rows=tuple(rows))


def _outside(cell: Cell) -> Cell:
    return replace(cell, number=None) if cell.untold else cell


def untold_note() -> str:
    """Which numbers are left out on paper and in files, and why."""
    return gettext(
        "%(mark)s is not told: it is fewer than five, or fewer than five could be reckoned from it, and that could be "
        "somebody in particular."
    ) % {"mark": UNTOLD}


def counts(actor: Actor, asked: Asked) -> QuerySet[FigureCount]:
    """What was counted of these dossiers in these quarters, told apart as asked."""
    found = FigureCount.objects.visible_to(actor).filter(
        cut=asked.cut, quarter__in=[quarter.first for quarter in asked.quarters]
    )
    if asked.whose.key is not None:
        found = found.filter(**{f"for_{asked.whose.kind}": asked.whose.key})
    return found


def counted_at(actor: Actor) -> datetime | None:
    """As of when; None where nothing was counted yet."""
    return FiguresCounted.objects.visible_to(actor).values_list("at", flat=True).first()


def table_of(actor: Actor, figure: Figure, asked: Asked) -> Table:
    """One figure as asked."""
    wanted = [figure.code, *(figure.tells[:1] if figure.tells else ())]
    return _table(figure, asked, _by_figure(counts(actor, asked).filter(figure__in=wanted)), actor)


def tables_of(actor: Actor, figures: Iterable[Figure], asked: Asked) -> list[Table]:
    """Several figures by quarter, from one question to the database."""
    found = _by_figure(counts(actor, asked))
    return [_table(figure, asked, found, actor) for figure in figures]


def _by_figure(counted: Iterable[FigureCount]) -> dict[str, list[FigureCount]]:
    found: dict[str, list[FigureCount]] = {}
    for one in counted:
        found.setdefault(one.figure, []).append(one)
    return found


def _given_away(
    figure: Figure, asked: Asked, found: Mapping[str, list[FigureCount]], actor: Actor
) -> set[str]:
    """The rows whose number would tell what another figure leaves untold."""
    if figure.tells is None:
        return set()
    code, part = figure.tells
    other = _table(FIGURES[code], asked, found, actor)
    at = list(other.figure.parts).index(part)
    return {row.name for row in other.rows if row.cells[at].untold}


def _table(figure: Figure, asked: Asked, found_of: Mapping[str, list[FigureCount]], actor: Actor) -> Table:
    lines: dict[object, dict[str, FigureCount]] = {}
    for one in found_of.get(figure.code, ()):
        key = getattr(
            one,
            asked.dimension if asked.dimension in ("regime", "language") else f"for_{asked.dimension}",
            None,
        )
        lines.setdefault(key if asked.dimension else one.quarter, {})[one.part] = one
    places: list[tuple[object, str, Quarter, Value | None]]
    if asked.dimension:
        values = [
            one
            for one in values_of(asked.dimension, actor.user.fund_id if actor.user else 0)
            if one.key in lines
        ]
        places = [(one.key, one.name, asked.quarter, one) for one in values]
        head = str(DIMENSIONS[asked.dimension])
    else:
        places = [(quarter.first, quarter.label, quarter, None) for quarter in asked.quarters]
        head = gettext("Quarter")
    away = _given_away(figure, asked, found_of, actor)
    given = {(at, 0) for at, (_key, name, *_rest) in enumerate(places) if name in away}
    if figure.in_days:
        names = gettext("Number"), gettext("Median, days"), gettext("Nine in ten, days")
        rows = _days(asked, places, lines, names, given)
        return Table(figure, head, names, rows, asked.dimension)
    numbers = [
        [found.number if (found := lines.get(key, {}).get(part)) else 0 for part in figure.parts]
        for key, *_place in places
    ]
    untold = (
        hidden(numbers, columns_add_up=bool(asked.dimension)) | given
        if not _told_in_full(figure, asked)
        else set()
    )
    rows = tuple(
        _row(figure, asked, place, numbers[at], {column for row, column in untold if row == at})
        for at, place in enumerate(places)
    )
    columns = tuple(part.name for part in figure.parts.values())
    return Table(
        figure, head, (*columns, gettext("Total")) if figure.split else columns, rows, asked.dimension
    )


def _told_in_full(figure: Figure, asked: Asked) -> bool:
    """What the funding counts is exact, of the fund as a whole."""
    return figure.funding and not asked.cut


def _row(
    figure: Figure,
    asked: Asked,
    place: tuple[object, str, Quarter, Value | None],
    numbers: list[int],
    untold: set[int],
) -> Row:
    _key, name, quarter, value = place
    cells = tuple(
        Cell(
            number,
            at in untold,
            _behind(asked, quarter, value, part=code) if number else "",
            part.name,
            part.tone,
        )
        for at, ((code, part), number) in enumerate(zip(figure.parts.items(), numbers, strict=True))
    )
    total = None
    if figure.split:
        every = sum(numbers)
        total = Cell(every, len(numbers) in untold, _behind(asked, quarter, value) if every else "")
    return Row(name, cells, quarter, total)


def _days(
    asked: Asked,
    places: list[tuple[object, str, Quarter, Value | None]],
    lines: Mapping[object, Mapping[str, FigureCount]],
    columns: Sequence[str],
    given: set[tuple[int, int]],
) -> tuple[Row, ...]:
    numbers = [[one.number if (one := lines.get(key, {}).get("")) else 0] for key, *_place in places]
    untold = {row for row, _column in hidden(numbers, columns_add_up=bool(asked.dimension)) | given}
    rows = []
    for at, (key, name, quarter, value) in enumerate(places):
        one = lines.get(key, {}).get("")
        away = at in untold
        cells = (
            Cell(one.number if one else 0, away, _behind(asked, quarter, value) if one else "", columns[0]),
            Cell(one.median if one else None, away, name=columns[1]),
            Cell(one.ninetieth if one else None, away, name=columns[2]),
        )
        rows.append(Row(name, cells, quarter))
    return tuple(rows)


def _behind(asked: Asked, quarter: Quarter, value: Value | None, **more: str) -> str:
    told = {"until": quarter.mark, **more}
    return asked.query(**told, **({"value": value.mark} if value else {}))
