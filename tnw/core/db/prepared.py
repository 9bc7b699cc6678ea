"""Queries that are asked with every call: their text is compiled once, and asked again with other values.

Django compiles a query set anew whenever it is read, which takes longer than the server takes to answer it.
"""

from typing import Any

from django.db import connections
from django.db.models import QuerySet


class Prepared:
    """The text of a query set of plain values (`values_list`), with places for values that change.

    `places` names a stand-in for each: a value that the query set was built with and that occurs nowhere else in it.
    """

    def __init__(self, rows: "QuerySet[Any, Any]", **places: object) -> None:
        self._using = rows.db
        self._text, values = rows.query.sql_with_params()
        names = {place: name for name, place in places.items()}
        self._values = [(names.get(value), value) for value in values]
        if missing := [name for place, name in names.items() if place not in values]:
            raise ValueError(f"The query has no place for {', '.join(missing)}")

    def rows(self, **given: Any) -> list[tuple[Any, ...]]:
        """What it gives for these values, one for each place."""
        values: list[Any] = [given[name] if name else value for name, value in self._values]
        with connections[self._using].cursor() as cursor:
            cursor.execute(self._text, values)
            return cursor.fetchall()
