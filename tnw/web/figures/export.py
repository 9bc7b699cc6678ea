"""A figure as a file: its definition, period and table. Small numbers are always left out, whoever asks for it."""

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import IO

import xlsxwriter
from django.utils import formats
from django.utils.translation import gettext

from routing.figures.closing import QuarterCount
from tnw.core import clock
from tnw.web.figures.asked import Asked
from tnw.web.figures.tables import UNTOLD, Cell, Table, untold_note
from tnw.web.worklist.export import BOM, safe

Value = str | int
Lines = Iterator[list[Value]]


def lines(table: Table, asked: Asked, counted_at: datetime | None) -> Lines:
    """All of a file, line by line."""
    period = asked.quarters
    yield [str(table.figure.name)]
    yield [str(table.figure.definition)]
    yield [
        gettext("Period"),
        f"{period[0].label} – {period[-1].label}" if len(period) > 1 else period[0].label,
    ]
    yield [gettext("Of whom"), str(asked.whose.name)]
    yield [gettext("Counted at"), _moment(counted_at) if counted_at else ""]
    yield []
    yield [table.head, *(str(name) for name in table.columns)]
    for row in table.rows:
        yield [row.name, *(_value(cell) for cell in row.numbers)]
    if table.untold:
        yield []
        yield [untold_note()]


def funding_lines(told: list[QuarterCount]) -> Lines:
    """The counts of the funding, and each correction on a line of its own."""
    yield [
        gettext("Figure"), gettext("Quarter"), gettext("Number"), gettext("Closed as recorded by"),
        gettext("Correction"), gettext("Day of the fact"), gettext("Recorded on"),
    ]  # fmt: skip
    for one in told:
        closed = _moment(one.closed_at) if one.closed_at else ""
        yield [str(one.figure.name), one.quarter.label, one.number, closed, "", "", ""]
        for change in one.changes:
            day = formats.date_format(change.day, "d/m/Y")
            yield [str(one.figure.name), one.quarter.label, "", "", change.by, day, _moment(change.at)]


def as_csv(rows: Lines) -> bytes:
    """With semicolons, as spreadsheets here expect."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    for row in rows:
        writer.writerow([safe(value) if isinstance(value, str) else value for value in row])
    return (BOM + out.getvalue()).encode()


def as_xlsx(rows: Lines, out: IO[bytes]) -> None:
    """A workbook in which text is text and numbers are numbers."""
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"constant_memory": True, **plain})
    sheet = book.add_worksheet()
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 12, 18)
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(at, column, value)
            else:
                sheet.write_string(at, column, value)
    book.close()


def _value(cell: Cell) -> Value:
    if cell.untold:
        return UNTOLD
    return "" if cell.number is None else cell.number


def _moment(at: datetime) -> str:
    return formats.date_format(at.astimezone(clock.BRUSSELS), "d/m/Y H:i")
