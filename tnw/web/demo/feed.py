"""The feed of a day: the lines of those of whom there is something new, in the form that the import reads."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from dossiers.feed.recognitions import COLUMNS
from dossiers.law.facts import Fact
from routing.intake import facts
from routing.intake.facts import Said
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


def ledger_of(life: Life, today: date) -> tuple[Fact, ...]:
    """The facts that the replay will have recorded by the end of a day: of the feed, and of people."""
    known: list[Fact] = []
    before: Said | None = None
    for day, line in lines(life):
        if day > today:
            break
        said = _said(line)
        known += facts.changes(before, said, tuple(known), day) if before else facts.first(said, day)
        before = said
    return (*known, *(fact for act in life.acts if act.day <= today for fact in act.facts))


def _said(line: dict[str, str]) -> Said:
    excluded = line["cause"] if line["cause"] in ("work_accident", "occupational_disease") else ""
    return Said(
        version=int(line["version"]),
        start=date.fromisoformat(line["start"]),
        end=date.fromisoformat(line["end"]) if line["end"] else None,
        end_reason=line["end_reason"],
        regime=line["regime"],
        cause=line["cause"],
        contract=line["employment_contract"] == "true",
        excluded=excluded or ("statutory_civil_servant" if line["statutory_civil_servant"] == "true" else ""),
        invalidity_from=date.fromisoformat(line["invalidity_from"]) if line["invalidity_from"] else None,
    )
