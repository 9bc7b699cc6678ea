"""A dossier as its page shows it: who it is about, what is due and why, and what happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dossiers.explanations import Explanation, explain
from dossiers.identifiers import age_on
from dossiers.law.calendar import add_months
from dossiers.law.row import Row
from dossiers.models import Deadline, Incapacity, LedgerEntry
from dossiers.notes import Note
from dossiers.phases import phase_on
from dossiers.reading import Move, by_day
from tnw.web import words

SOON = 7
WAITING = frozenset({"open", "overdue", "paused"})


@dataclass(frozen=True, slots=True)
class Moved:
    """A date that a correction moved: what it was, what it is, and what moved it (T20)."""

    old: date
    new: date
    cause: str | Promise
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A deadline as a row of the table. `state` is the law's; `shown` adds how near it is."""

    row: Row
    state: str
    shown: str
    act_by: date
    falls_on: date
    whose: str
    words: Explanation
    moved: Sequence[Moved]
    reminded_on: date | None

    @property
    def waits(self) -> bool:
        return self.state in WAITING

    @property
    def falls_away(self) -> bool:
        """Whether it waits although it is known to close by its last working day: it asks nothing of anybody then.

        So do lists and reminders take it (`dossiers.reminders.still_open`).
        """
        return self.waits and self.row.closed_on is not None and self.row.closed_on <= self.row.act_by


@dataclass(frozen=True, slots=True)
class Event:
    """A fact as an entry of the timeline; `about` is what a correction corrects."""

    entry: LedgerEntry
    title: str | Promise
    about: str | Promise
    values: Sequence[tuple[str | Promise, str | Promise]]
    struck: bool
    corrected: Sequence[tuple[str | Promise, str | Promise]]
    note: Note | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the identity bar says of the incapacity on a day (P4)."""

    age: int | None
    month: int | None
    phase: str | Promise


def standing(incapacity: Incapacity, today: date) -> Standing:
    """Age, month of incapacity, and primary, invalid or still awaiting recognition."""
    born = incapacity.person.birth_date
    age = age_on(born, today) if born else None
    if incapacity.excluded or incapacity.ended(today):
        return Standing(age, None, "")
    month = 1
    while add_months(incapacity.start, month) <= today:
        month += 1
    return Standing(age, month, phase_on(incapacity, today).label)


def events(ledger: Iterable[LedgerEntry], notes: Mapping[str, Note]) -> list[Event]:
    """The facts in words, the latest day first; a voided one is struck through, never left out.

    `notes` are the free texts that the reader may read, by the id of their fact.
    """
    ordered = by_day(ledger)
    kinds = {entry.fact_id: entry.kind for entry in ordered}
    voided = {entry.values.get("fact") for entry in ordered if entry.kind == "fact_voided"}
    corrections = sorted(
        (entry for entry in ordered if entry.kind == "fact_corrected"),
        key=lambda entry: entry.values["version"],
    )
    corrected = {entry.values["fact"]: entry.values["to"] for entry in corrections}
    return [
        Event(
            entry,
            words.kind(entry.kind),
            words.kind(kinds[entry.values["fact"]]) if entry.values.get("fact") in kinds else "",
            list(words.values(entry.values)),
            entry.fact_id in voided,
            list(words.values(corrected.get(entry.fact_id, {}))),
            notes.get(entry.fact_id),
        )
        for entry in reversed(ordered)
    ]


def lines(
    deadlines: Iterable[tuple[Deadline, Row]],
    *,
    regime: str,
    moves: Iterable[Move],
    reminded: dict[int, date],
    today: date,
) -> list[Line]:
    """The deadlines: what waits first, the nearest on top; after that what is closed, the latest on top."""
    moved: dict[tuple[str, str, int], list[Moved]] = {}
    for move in moves:
        cause = words.kind(move.cause.kind)
        told = Moved(move.old_date, move.new_date, cause, move.recorded_by.label, move.recorded_at)
        moved.setdefault(move.key, []).append(told)
    made = [
        _line(row, regime, moved.get(row.key, ()), reminded.get(deadline.pk), today)
        for deadline, row in deadlines
    ]
    closed = sorted(
        (line for line in made if not line.waits),
        key=lambda line: line.row.closed_on or line.falls_on,
        reverse=True,
    )
    return [line for line in made if line.waits] + closed


def _line(row: Row, regime: str, moved: Sequence[Moved], reminded_on: date | None, today: date) -> Line:
    state = row.state(today)
    act_by = row.act_by_at(today)
    line = Line(
        row=row,
        state=state,
        shown=state,
        act_by=act_by,
        falls_on=row.falls_on_at(today),
        whose=words.whose(row.rule),
        words=explain(row, regime=regime, today=today),
        moved=moved,
        reminded_on=reminded_on,
    )
    if line.falls_away and row.closed_on:
        day = formats.date_format(row.closed_on, "d/m/Y")
        closing = _("Falls away on %(day)s, as the incapacity ends, unless it is met before.") % {"day": day}
        return replace(line, words=replace(line.words, closing=closing))
    if state == "open" and (act_by - today).days <= SOON:
        return replace(line, shown="today" if act_by <= today else "soon")
    return line
