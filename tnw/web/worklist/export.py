"""The list as a file: CSV that a spreadsheet opens as it is, and XLSX. Each dossier in it is logged."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from io import StringIO
from typing import IO

import xlsxwriter
from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext, override

from tnw.accounts import access
from tnw.accounts.models import Actor
from tnw.core import scope
from tnw.web import words
from tnw.web.worklist.reading import Due, Worklist

MOST = 20_000
CHUNK = 1_000
BOM = "\ufeff"
# With one of these a spreadsheet takes what follows for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Cell = str | date


def header() -> list[str]:
    """The names of the columns."""
    return [
        gettext("State"),
        gettext("Insured person"),
        gettext("Reference of the dossier"),
        gettext("What has to be done"),
        gettext("Act by"),
        gettext("Legal date"),
        gettext("Whose"),
        gettext("Coordinator"),
        gettext("Language"),
        gettext("Regime"),
        gettext("Reminded on"),
        gettext("For whom"),
    ]


def cells(line: Due) -> list[Cell]:
    """A line of the list in the same order."""
    deadline = line.deadline
    incapacity = deadline.dossier.incapacity
    coordinator = deadline.dossier.coordinator
    return [
        str(words.STATES[line.bucket]),
        f"{incapacity.person.last_name} {incapacity.person.first_name}",
        incapacity.reference,
        line.title,
        deadline.act_by,
        deadline.falls_on,
        line.whose,
        coordinator.name if coordinator else "",
        incapacity.person.get_language_display(),
        incapacity.get_regime_display(),
        line.mark.on if line.mark else "",
        line.colleague.name if line.colleague else "",
    ]


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def as_csv(worklist: Worklist, actor: Actor, fund_id: int, language: str) -> Iterator[bytes]:
    """The whole list in pieces; it is read while it is sent, so the wall and the language are opened for each piece."""
    with override(language):
        yield (BOM + _csv([header()])).encode()
    for lines in _chunks(worklist, actor, fund_id):
        with override(language):
            yield _csv([_text(cell) for cell in cells(line)] for line in lines).encode()


def as_xlsx(worklist: Worklist, actor: Actor, fund_id: int, out: IO[bytes]) -> None:
    """The whole list as a workbook, written row by row."""
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = book.add_worksheet()
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(header()) - 1, 20)
    sheet.write_row(0, 0, header(), bold)
    number = 0
    for lines in _chunks(worklist, actor, fund_id):
        for line in lines:
            number += 1
            for column, cell in enumerate(cells(line)):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                else:
                    sheet.write_string(number, column, cell)
    book.close()


def _chunks(worklist: Worklist, actor: Actor, fund_id: int) -> Iterator[Sequence[Due]]:
    """The lines by the thousand, each thousand in the transaction that also logs its dossiers."""
    after, seen = None, set[int]()
    while True:
        with scope.funds(fund_id), transaction.atomic():
            page = worklist.page(after, CHUNK)
            dossiers = {line.deadline.dossier_id for line in page.lines} - seen
            access.log_many(actor=actor, fund_id=fund_id, dossier_ids=sorted(dossiers), through="export")
        seen |= dossiers
        yield page.lines
        if page.last is None:
            return
        after = page.last


def _csv(rows: Iterator[list[str]] | list[list[str]]) -> str:
    out = StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue()


def _text(cell: Cell) -> str:
    return formats.date_format(cell, "d/m/Y") if isinstance(cell, date) else safe(cell)
