"""Tables that are read aloud: a line of columns, then a line for every row; cells are words."""

from collections.abc import Iterator


def cells(text: str) -> Iterator[tuple[str, str, str]]:
    """Row, column and cell of a table."""
    first, *lines = (line for line in text.strip().splitlines() if line.strip())
    _corner, *columns = first.split()
    for line in lines:
        row, *values = line.split()
        assert len(values) == len(columns), line
        yield from ((row, column, value) for column, value in zip(columns, values, strict=True))
