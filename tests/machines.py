"""A machine against its table: every state × every fact.

Rows are facts, columns the state they find (`none` before the first): the state they leave, `=` the same one, `-` not
allowed there; `+` before it where a new row begins beside the old.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from dossiers import machines
from dossiers.law.facts import Fact, fact, in_order
from dossiers.models.machine import Machine
from tests.tables import cells

START = date(2026, 1, 5)
Named = Mapping[str, tuple[str, str, dict[str, Any]]]  # short name → kind, subject, values


TRAJECT_RUNS = (fact("traject_started", START, "t-0", route="B"),)
PART_RUNS = (*TRAJECT_RUNS, fact("reintegration_started", START, "r-0", condition=1))


class Play(NamedTuple):
    """Short names of facts, and for each state (a column, by its first word or whole) a way there."""

    model: type[Machine]
    facts: Named
    ways: Mapping[str, str]
    before: tuple[Fact, ...] = ()  # what has to be there whatever is played

    def facts_of(self, *names: str, start: date = START) -> tuple[Fact, ...]:
        """These facts, a day each."""
        return tuple(
            fact(kind, start + timedelta(days=number), f"f-{number}", subject, **values)
            for number, (kind, subject, values) in enumerate((self.facts[name] for name in names), start=1)
        )

    def folded(self, *names: str) -> tuple[list[Machine], tuple[str, ...]]:
        """The machines that these facts make, and the ids of those that did not fit."""
        made, illegal = machines.fold(self.model, in_order((*self.before, *self.facts_of(*names))))
        return list(made), illegal

    def faults(self, table: str, state: Mapping[str, str] | None = None) -> list[tuple[str, ...]]:
        """The cells that do not hold; `state` gives the state of a column or cell that is called otherwise."""
        called = state or {}
        wrong: list[tuple[str, ...]] = []
        for row, column, cell in cells(table):
            way = self.ways[column].split()
            before, illegal = self.folded(*way)
            found = before[-1].state if before else "none"
            assert not illegal, (column, illegal)
            assert found == called.get(column, column), (column, found)
            after, illegal = self.folded(*way, row)
            if illegal:
                became = "-"
            elif [_row(one) for one in after] == [_row(one) for one in before]:
                became = "="
            else:
                became = after[-1].state if len(after) == len(before) else f"+{after[-1].state}"
                became = "=" if became == found else became
            if became != called.get(cell, cell):
                wrong.append((row, column, cell, became))
        return wrong

    def lacks(self, table: str, state: Mapping[str, str] | None = None) -> set[str]:
        """The states and transitions of the machine that the table does not speak of."""
        called = state or {}
        spoken = list(cells(table))
        columns = {called.get(column, column) for _row, column, _cell in spoken}
        states = {str(value) for value, _label in self.model._meta.get_field("state").flatchoices}  # type: ignore[misc]
        told = {self.model.key_of(self.facts_of(row)[0]) for row, _column, _cell in spoken}
        return (states - columns) | (set(self.model.TABLE) - told)


def _row(one: Machine) -> tuple[object, ...]:
    return tuple(machines._values(one))
