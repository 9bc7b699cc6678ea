"""How entries lie in a day that is drawn: rows of a quarter of an hour, and lanes for those at the same time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from dossiers.law.calendar import is_working_day
from tnw.web.agenda.choosing import OPENS, SHUTS
from tnw.web.agenda.reading import Entry
from trajects.calendar.holidays import holiday

QUARTER = timedelta(minutes=15)
LANES = 3  # beside each other; the others are told by their number
SMALLEST = 2  # rows in which a line can be read
MONTH_SHOWS = 3
ROWS = 64  # for which there are rules of style


@dataclass(frozen=True, slots=True)
class Block:
    """An entry in its place; `lane` is empty where it has the day for itself."""

    entry: Entry
    row: int
    span: int
    lane: str = ""
    address: str = ""
    move: str = ""
    drag: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A free moment, and the form it leads to."""

    at: datetime
    row: int
    address: str
    first: bool = False


@dataclass(slots=True)
class Day:
    """A day with what is in it; `over` is how many more there are than are drawn, `beyond` those, where they are listed."""

    on: date
    today: bool
    inside: bool
    entries: Sequence[Entry]
    address: str = ""
    blocks: Sequence[Block] = ()
    slots: Sequence[Slot] = ()
    lanes: int = 1
    over: int = 0
    beyond: Sequence[Block] = ()
    holiday: str = field(init=False)

    def __post_init__(self) -> None:
        self.holiday = holiday(self.on)

    @property
    def working(self) -> bool:
        return is_working_day(self.on)

    @property
    def lines(self) -> list[Slot | Block]:
        """Free moments and entries in the order of the day."""
        return sorted([*self.blocks, *self.slots], key=lambda one: (one.row, isinstance(one, Slot)))

    @property
    def planned(self) -> int:
        return sum(one.holds for one in self.entries)

    @property
    def proposed(self) -> int:
        return len(self.entries) - self.planned

    @property
    def some(self) -> Sequence[Entry]:
        """What a cell of a month has room for."""
        return self.entries[:MONTH_SHOWS]

    @property
    def rest(self) -> int:
        return len(self.entries) - len(self.some)


@dataclass(frozen=True, slots=True)
class Hours:
    """From which hour to which a grid is drawn; the working hours, and more where something is planned then."""

    first: int
    last: int

    @property
    def each(self) -> list[tuple[int, int]]:
        """The hours with their rows."""
        return [(hour, (hour - self.first) * 4 + 1) for hour in range(self.first, self.last)]

    @property
    def rows(self) -> int:
        return (self.last - self.first) * 4

    def row(self, at: datetime) -> int:
        return min(max((at.hour - self.first) * 4 + at.minute // 15 + 1, 1), self.rows)


def hours(entries: Iterable[Entry]) -> Hours:
    """Wide enough for all of these, within what can be drawn."""
    first, last = OPENS, SHUTS
    for one in entries:
        first = min(first, max(one.at.hour, 0))
        late = one.ends if one.ends.date() == one.on else one.ends.replace(hour=23, minute=59)
        last = max(last, late.hour + (late.minute > 0))
    first = max(first, SHUTS - ROWS // 4)
    return Hours(first, min(last, first + ROWS // 4))


def blocks(entries: Sequence[Entry], grid: Hours) -> tuple[list[Block], int, int]:
    """These of one day in their places, in how many lanes, and how many had no room."""
    placed = [(one, row := grid.row(one.at), _span(one, row, grid)) for one in entries]
    made: list[Block] = []
    widest, over = 1, 0
    for group in _groups(placed):
        ends: list[int] = []
        for one, row, span in group:
            lane = next((number for number, end in enumerate(ends) if end <= row), len(ends))
            if lane == LANES:
                over += 1
                continue
            ends[lane : lane + 1] = [row + span]
            made.append(Block(one, row, span, str(lane + 1) if len(group) > 1 else ""))
        widest = max(widest, len(ends))
    return made, widest, over


def _span(one: Entry, row: int, grid: Hours) -> int:
    span = max(SMALLEST, -((one.at - one.ends) // QUARTER))
    return max(1, min(span, grid.rows - row + 1))


def _groups(placed: list[tuple[Entry, int, int]]) -> Iterable[list[tuple[Entry, int, int]]]:
    """Those that touch each other, together."""
    group: list[tuple[Entry, int, int]] = []
    until = 0
    for one in sorted(placed, key=lambda each: each[1]):
        if group and one[1] >= until:
            yield group
            group, until = [], 0
        group.append(one)
        until = max(until, one[1] + one[2])
    if group:
        yield group
