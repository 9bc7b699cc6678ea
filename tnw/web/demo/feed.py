"""The feed of a day: the lines of those of whom there is something new, in the form that the import reads."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from dossiers.feed.recognitions import COLUMNS
from tnw.web.demo import people
from tnw.web.demo.course import Life, Line

LATER = frozenset({"end", "end_reason", "invalidity_from", "replaced_ssin"})


def lines(life: Life) -> Iterator[tuple[date, dict[str, str]]]:
    """Every line that the feed will ever hold about this life, with its day; each a newer version."""
    person = life.person
    line = {name: "" if name in LATER else str(getattr(person, name, "")) for name in COLUMNS}
    for version, (day, says) in enumerate(life.lines, start=1):
        line = {**line, "version": str(version), **says}
        yield day, line


def faulty(fund: str, day: date) -> list[dict[str, str]]:
    """Now and then a line that the import refuses: wrong check digits, a name left out, an end before its start."""
    if day.toordinal() % 17:
        return []
    person = people.person(0, fund, day.toordinal(), day)
    first_line = Line(
        day, {"cause": "illness", "statutory_civil_servant": "false", "employment_contract": "false"}
    )
    [(_day, line)] = lines(Life(person, (first_line,), ()))
    faults = (
        {"ssin": f"{person.ssin[:9]}{(int(person.ssin[9:]) + 1) % 97:02}"},
        {"last_name": ""},
        {"end": str(day - timedelta(days=20)), "end_reason": "resumed"},
    )
    return [{**line, **faults[day.toordinal() // 17 % len(faults)]}]


def write(path: Path, of_the_day: Iterable[dict[str, str]]) -> Path:
    """A file as the insurance system delivers it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(of_the_day)
    return path
