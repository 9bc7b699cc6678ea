"""Invented people and their feed lines, for tests."""

import csv
import itertools
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dossiers.feed.recognitions import COLUMNS
from dossiers.law.facts import Fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from dossiers.models.imports import ImportKind, ImportState
from routing.intake.imports import import_file, report
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import clock

_numbers = itertools.count(1)


def ssin(number: int, born: date = date(1980, 1, 1)) -> str:
    """A number with right check digits that nobody has: it is made from the birth date and a running number."""
    digits = f"{born:%y%m%d}{number % 998 + 1:03}"
    base = int(("2" if born.year >= 2000 else "") + digits)
    return f"{digits}{97 - base % 97:02}"


def line(number: int | None = None, **given: Any) -> dict[str, str]:
    """A line of the feed, right in every column; `given` says what it holds instead."""
    number = next(_numbers) if number is None else number
    born = date(1970 + number // 900 % 30, 1 + number // 77 % 12, 1 + number % 28)
    values = {
        "reference": f"ref-{number}",
        "version": 1,
        "fund": "311",
        "ssin": ssin(number, born),
        "last_name": "Goossens",
        "first_name": "An",
        "birth_date": born,
        "language": "nl",
        "street": "Kerkstraat 1",
        "postal_code": "9000",
        "city": "Gent",
        "email": "",
        "phone": "",
        "regime": "employee",
        "cause": "illness",
        "statutory_civil_servant": "false",
        "employer_number": "",
        "employment_contract": "false",
        "start": "2026-01-05",
        "end": "",
        "end_reason": "",
        "invalidity_from": "",
        "replaced_ssin": "",
        **given,
    }
    return {name: str(values[name]) for name in COLUMNS}


def write(path: Path, lines: Iterable[dict[str, str]]) -> Path:
    """A feed with these lines."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(lines)
    return path


def take_in(fund: Fund, lines: Iterable[dict[str, str]], today: date) -> dict[str, object]:
    """Import these lines through the real door and give the report."""
    actor = actors.system(actors.FEED)
    with TemporaryDirectory() as folder, audit.acting_as(actor, fund):
        path = write(Path(folder, "feed.csv"), lines)
        run = import_file(path, fund=fund, actor=actor, kind=ImportKind.RECOGNITIONS, today=today)
        assert run.state == ImportState.DONE, run.refusal
        return report(run)


def dossier(
    *, fund: Fund, start: date, facts: Iterable[Fact] = (), today: date | None = None, **columns: Any
) -> Dossier:
    """A dossier that came in through the feed, with facts recorded after it."""
    return known(fund, line(start=start, fund=fund.number, **columns), facts, today or clock.today())


def known(fund: Fund, one: dict[str, str], facts: Iterable[Fact], today: date) -> Dossier:
    """The dossier of a line of the feed, taken in on a day, with facts recorded after it."""
    assert not take_in(fund, [one], today)["rejected"]
    actor = actors.system(actors.FEED)
    with audit.acting_as(actor, fund), clock.on(today):
        made = Dossier.objects.select_related("incapacity__person").get(
            incapacity__reference=one["reference"]
        )
        record_many([Entry(made.pk, item) for item in facts], fund=fund, actor=actor)
        return made
