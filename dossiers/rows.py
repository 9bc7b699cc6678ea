"""Rows that follow from a ledger, written down in bulk where they differ from what stands."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from tnw.core import staging


class Rows:
    """A table whose rows of a dossier are given anew as a whole; `key` tells them apart, `types` are its columns."""

    def __init__(self, table: str, key: Sequence[str], types: Mapping[str, str]) -> None:
        same_key = " and ".join(f"d.{name} = n.{name}" for name in key)
        rest = [name for name in types if name not in key]
        old, new = (", ".join(f"{row}.{name}" for name in rest) for row in "dn")
        columns = ", ".join(types)
        self._staged = f"{table}_new"
        self._columns = ",\n".join(f"{name} {kind}" for name, kind in types.items())
        self._insert = (
            f"insert into {table} (fund_id, {columns}) select %(fund)s, {columns} from {self._staged} n "  # noqa: S608
        )
        self._upsert = (
            f"{self._insert} where not exists (select from {table} d where {same_key} "  # noqa: S608
            f"and d.dossier_id = any(%(dossiers)s) and ({old}) is not distinct from ({new})) "
            # In order: of two rows of which only one may run, the one that ended is written first.
            f"order by {', '.join(f'n.{name}' for name in key)} on conflict ({', '.join(key)}) do update set "
            + ", ".join(f"{name} = excluded.{name}" for name in rest)
        )
        self._delete = (
            f"delete from {table} d where d.dossier_id = any(%(dossiers)s) "  # noqa: S608
            f"and not exists (select from {self._staged} n where {same_key})"
        )

    def write(self, lines: Iterable[str], *, fund: int, dossiers: Sequence[int], fresh: bool) -> int:
        """Put the lines of these dossiers in place of their rows; gives how many were not so already.

        `fresh` dossiers have no rows yet.
        """
        staging.stage(self._staged, self._columns, lines)
        parameters: dict[str, Any] = {"fund": fund, "dossiers": list(dossiers)}
        with connection.cursor() as cursor:
            if fresh:
                cursor.execute(self._insert, parameters)
                return cursor.rowcount
            cursor.execute(self._delete, parameters)
            changed = cursor.rowcount
            cursor.execute(self._upsert, parameters)
            return changed + cursor.rowcount
