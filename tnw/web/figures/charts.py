"""Charts as SVG, drawn from the tables beside which they stand: positions in per cent, sizes in pixels, so that a chart
fills its place and its letters stay as they are. Ground and pattern are classes; no meaning hangs on colour alone."""

from dataclasses import dataclass, field

from tnw.web.figures.tables import UNTOLD, Cell, Row, Table

HEIGHT, SMALL = 220, 96
TOP, FOOT = 20, 38
ROW, BAR = 46, 16
MOST_ROWS = 24
# More parts than these nobody tells apart in one bar.
MOST_STACKED = 5


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a bar."""

    x: str
    y: str
    width: str
    height: str
    tone: str


@dataclass(frozen=True, slots=True)
class Text:
    """A word or a number."""

    x: str
    y: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """From one point to the next."""

    x1: str
    y1: str
    x2: str
    y2: str
    tone: str


@dataclass(slots=True)
class Chart:
    """What is drawn, on how high a ground, and what it says to whom sees no picture."""

    height: int
    says: str = ""
    blocks: list[Block] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    points: list[Text] = field(default_factory=list)
    left_out: int = 0
    stacked: bool = True
    untold: bool = False


def columns(table: Table, *, small: bool = False) -> Chart:
    """A stacked column for each quarter, its total above it."""
    height = SMALL if small else HEIGHT
    top, foot = (4, 18) if small else (TOP, FOOT)
    stacked = len(table.figure.parts) <= MOST_STACKED
    chart = Chart(height, _said(table), untold=table.untold, stacked=stacked)
    most = max((_total(row) for row in table.rows), default=0) or 1
    share = 100 / max(len(table.rows), 1)
    ground, room = height - foot, height - foot - top
    for at, row in enumerate(table.rows):
        y = float(ground)
        for cell in row.cells if chart.stacked else (row.numbers[-1],):
            if cell.number:
                tall = cell.number / most * room
                y -= tall
                chart.blocks.append(
                    Block(_at(at * share + share * 0.14), _px(y), _at(share * 0.72), _px(tall), cell.tone)
                )
        middle = _at((at + 0.5) * share)
        if small:
            if at == len(table.rows) - 1 or row.quarter.number == 1:
                chart.texts.append(Text(middle, _px(height - 4), _short(row), "label"))
            continue
        chart.texts.append(Text(middle, _px(y - 5), _told(row), "number"))
        chart.texts.append(Text(middle, _px(ground + 15), row.quarter.short, "label"))
        if at == 0 or row.quarter.number == 1:
            chart.texts.append(Text(middle, _px(ground + 31), str(row.quarter.year), "label"))
    chart.lines.append(Line("0%", _px(ground), "100%", _px(ground), "ground"))
    return chart


def bars(table: Table) -> Chart:
    """A bar for each value, its name and total above it; the longest lists are cut, and say so."""
    rows = [row for row in table.rows if any(cell.number for cell in row.cells)]
    rows = sorted(rows, key=_total, reverse=True) if len(rows) > MOST_ROWS else rows
    chart = Chart(
        ROW * min(len(rows), MOST_ROWS),
        _said(table),
        left_out=max(len(rows) - MOST_ROWS, 0),
        untold=table.untold,
    )
    in_days = table.figure.in_days
    most = max(((_ninetieth(row) if in_days else _total(row)) for row in rows), default=0) or 1
    for at, row in enumerate(rows[:MOST_ROWS]):
        if in_days:
            cells = [(_median(row), "a"), (_ninetieth(row) - _median(row), "b")]
            told = f"{_median(row)} · {_ninetieth(row)}"
        else:
            stacked = len(row.cells) <= MOST_STACKED
            cells = [(cell.number or 0, cell.tone) for cell in row.cells] if stacked else [(_total(row), "a")]
            told = _told(row)
        _bar(chart, at, row.name, told, [(number / most * 100, tone) for number, tone in cells])
    return chart


def chart_of(table: Table) -> Chart:
    """The chart that fits a table."""
    if table.by:
        return bars(table)
    if table.figure.in_days:
        return lines(table)
    return columns(table) if len(table.figure.parts) <= MOST_STACKED else parts(table)


def parts(table: Table) -> Chart:
    """A bar for each part, over all the quarters shown: where there are too many to stack."""
    sums = [
        (str(part.name), sum(row.cells[at].number or 0 for row in table.rows))
        for at, part in enumerate(table.figure.parts.values())
        # On paper, where one of them stays untold, their sum would tell it.
        if all(row.cells[at].number is not None for row in table.rows)
    ]
    shown = [one for one in sums if one[1]]
    chart = Chart(ROW * len(shown), _said(table), untold=table.untold)
    most = max((number for _name, number in shown), default=1)
    for at, (name, number) in enumerate(shown):
        _bar(chart, at, name, str(number), [(number / most * 100, "a")])
    return chart


def spans(tables: list[Table]) -> Chart:
    """For each duration a bar to its median, and on to where nine in ten are: of the last quarter shown."""
    shown = [(table, table.rows[-1]) for table in tables if table.rows and table.rows[-1].cells[0].number]
    chart = Chart(ROW * len(shown), untold=any(row.cells[0].untold for _table, row in shown))
    most = max((_ninetieth(row) for _table, row in shown), default=0) or 1
    said = []
    for at, (table, row) in enumerate(shown):
        told = f"{_median(row)} · {_ninetieth(row)}"
        cells = [(_median(row), "a"), (_ninetieth(row) - _median(row), "b")]
        _bar(chart, at, str(table.figure.name), told, [(days / most * 100, tone) for days, tone in cells])
        said.append(f"{table.figure.name} {told}")
    chart.says = "; ".join(said)
    return chart


def lines(table: Table) -> Chart:
    """The median and the ninetieth percentile from quarter to quarter; a quarter without any breaks the line."""
    chart = Chart(HEIGHT, _said(table), untold=table.untold)
    most = max((_ninetieth(row) for row in table.rows), default=0) or 1
    share, ground = 100 / max(len(table.rows), 1), HEIGHT - FOOT
    before: dict[str, tuple[str, str]] = {}
    for at, row in enumerate(table.rows):
        middle = _at((at + 0.5) * share)
        chart.texts.append(Text(middle, _px(ground + 15), row.quarter.short, "label"))
        if at == 0 or row.quarter.number == 1:
            chart.texts.append(Text(middle, _px(ground + 31), str(row.quarter.year), "label"))
        if not row.cells[0].number:
            before = {}
            continue
        for tone, days in (("median", _median(row)), ("ninetieth", _ninetieth(row))):
            y = ground - days / most * (ground - TOP - 8)
            here = (middle, _px(y))
            if tone in before:
                chart.lines.append(Line(*before[tone], *here, tone))
            before[tone] = here
            chart.points.append(Text(*here, "", tone))
            chart.texts.append(
                Text(middle, _px(y - 8 if tone == "ninetieth" else y + 19), str(days), "number")
            )
    chart.lines.append(Line("0%", _px(ground), "100%", _px(ground), "ground"))
    return chart


def _bar(chart: Chart, at: int, name: str, told: str, pieces: list[tuple[float, str]]) -> None:
    y, x = at * ROW, 0.0
    chart.texts.append(Text("0%", _px(y + 17), name, "name"))
    chart.texts.append(Text("100%", _px(y + 17), told, "sum"))
    for width, tone in pieces:
        if width > 0:
            chart.blocks.append(Block(_at(x), _px(y + 23), _at(width), str(BAR), tone))
            x += width


def _said(table: Table) -> str:
    """The same in words: short enough to listen to, the table beside it has it all."""
    told = (
        f"{row.name} {_median(row)} · {_ninetieth(row)}"
        if table.figure.in_days
        else f"{row.name} {_told(row)}"
        for row in table.rows[:MOST_ROWS]
    )
    return "; ".join(told)


def _short(row: Row) -> str:
    return f"{row.quarter.short} {row.quarter.year}" if row.quarter.number != 1 else str(row.quarter.year)


def _total(row: Row) -> int:
    """All of a row, as far as it may be told where the chart is."""
    if row.total and row.total.number is not None:
        return row.total.number
    return sum(cell.number or 0 for cell in row.cells)


def _told(row: Row) -> str:
    number = row.whole.number
    return UNTOLD if number is None else str(number)


def _median(row: Row) -> int:
    return _number(row.cells[1])


def _ninetieth(row: Row) -> int:
    return _number(row.cells[2])


def _number(cell: Cell) -> int:
    return cell.number or 0


def _at(share: float) -> str:
    return f"{share:.2f}%"


def _px(value: float) -> str:
    return f"{value:.1f}"
