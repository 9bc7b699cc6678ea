"""Small numbers: which cells of a table stay untold, so that nobody is recognized, not by reckoning back either."""

from collections.abc import Iterator, Sequence

from routing.figures.table import FEW

Cell = tuple[int, int]


def hidden(numbers: Sequence[Sequence[int]], *, columns_add_up: bool) -> set[Cell]:
    """The cells that are not told, by row and column; where there are several columns, a last one holds their totals.

    First whatever is fewer than `FEW` and not none. Then, because what is told in a line together with its total gives
    away a single cell that is not, and two very small ones nearly, more of the same line, the smallest first, until at
    least two cells are hidden in it that together are `FEW` or more. `columns_add_up` says whether the reader knows the
    totals of the columns, as where the rows are the teams of one quarter; they stand in a last row then.
    """
    table = [[*line, sum(line)] if len(line) > 1 else list(line) for line in numbers]
    if columns_add_up and table:
        table.append([sum(column) for column in zip(*table, strict=True)])
    height, width = len(table), len(table[0]) if table else 0
    untold = {
        (row, column) for row in range(height) for column in range(width) if 0 < table[row][column] < FEW
    }
    lines = [[(row, column) for column in range(width)] for row in range(height)] if width > 1 else []
    if columns_add_up:
        lines += [[(row, column) for row in range(height)] for column in range(width)]
    changed = True
    while changed:
        changed = False
        for line in lines:
            for cell in list(_more(table, line, untold)):
                untold.add(cell)
                changed = True
    return untold


def _more(table: Sequence[Sequence[int]], line: Sequence[Cell], untold: set[Cell]) -> Iterator[Cell]:
    """What else of a line has to stay untold."""
    inside = [cell for cell in line if cell in untold]
    if not inside:
        return
    told = sorted(
        (cell for cell in line if cell not in untold),
        key=lambda cell: (table[cell[0]][cell[1]] == 0, table[cell[0]][cell[1]], cell),
    )
    weight = sum(table[row][column] for row, column in inside)
    number = len(inside)
    for cell in told:
        if number >= 2 and weight >= FEW:
            return
        yield cell
        number += 1
        weight += table[cell[0]][cell[1]]
