"""Pages: by number where a list is short, by mark where it may be long, so that depth costs nothing."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tnw.integration.rest.problem import invalid
from tnw.integration.sealed import opened, seal

# Up to here a long list says how many there are.
COUNTED = 10_000


@dataclass(frozen=True)
class Page:
    """What stands on it, how many there are where that is known, and the parameters of its neighbours' addresses."""

    items: Iterable[Any]
    total: int | None
    links: dict[str, dict[str, Any]]


def numbered(rows: Sequence[Any], page: int, size: int) -> Page:
    """A page of a short list."""
    total = len(rows)
    last = max(1, -(-total // size))
    links = {"self": {"page": page}, "first": {"page": 1}, "last": {"page": last}}
    if 1 < page <= last + 1:
        links["prev"] = {"page": page - 1}
    if page < last:
        links["next"] = {"page": page + 1}
    return Page(rows[(page - 1) * size : page * size], total, links)


def keyset(
    rows: "QuerySet[Any] | Sequence[QuerySet[Any]]",
    order: Sequence[str],
    cursor: str,
    size: int,
    then: Callable[[list[Any]], Iterable[Any]],
    columns: Sequence[str] = (),
) -> Page:
    """What follows a mark in an order; `-` before a column is descending, and the last one is unique.

    Of each row its `columns` alone are read, those of the order among them, or all of it.

    `rows` may be several parts that have none in common, each read by an index of its own; they are then all ascending,
    or all descending. Raises Problem where the mark is none that was given out for this order.
    """
    parts = [rows] if isinstance(rows, QuerySet) else rows
    after = _read(cursor, order) if cursor else None
    beyond = _beyond(order, after) if after else Q()
    pieces = [part.filter(beyond).order_by(*order) for part in parts]
    if columns:
        pieces = [piece.values_list(*columns, named=True) for piece in pieces]
    found = [one for piece in pieces for one in piece[: size + 1]]
    if len(parts) > 1:
        found.sort(
            key=lambda one: [_value(one, column.lstrip("-")) for column in order],
            reverse=order[0].startswith("-"),
        )
    more, found = len(found) > size, found[:size]
    links: dict[str, dict[str, Any]] = {"self": {"cursor": cursor} if cursor else {}, "first": {}}
    if more:
        links["next"] = {"cursor": _mark(found[-1], order)}
    total = len(found) if not more and not cursor else _counted(parts)
    return Page(then(found), total, links)


def _counted(parts: "Sequence[QuerySet[Any]]") -> int | None:
    """How many there are; None beyond `COUNTED`, and nothing is counted where the planner expects far more."""
    parts = [part.order_by().values("pk") for part in parts]
    if sum(_expected(part) for part in parts) > 2 * COUNTED:
        return None
    counted = sum(part[: COUNTED + 1].count() for part in parts)
    return counted if counted <= COUNTED else None


def _expected(rows: "QuerySet[Any]") -> int:
    """How many rows the planner expects."""
    (plan,) = json.loads(rows.explain(format="json"))
    return int(plan["Plan"]["Plan Rows"])


def _beyond(order: Sequence[str], after: Sequence[Any]) -> Q:
    """(a, b) > (x, y) as an index reads it: at least x, and of those with x what lies further on."""
    name, value = order[0].lstrip("-"), after[0]
    sign = "lt" if order[0].startswith("-") else "gt"
    further = Q(**{f"{name}__{sign}": value})
    if len(order) == 1:
        return further
    return Q(**{f"{name}__{sign}e": value}) & (further | Q(**{name: value}) & _beyond(order[1:], after[1:]))


def _mark(row: Any, order: Sequence[str]) -> str:
    values = [_value(row, column.lstrip("-")) for column in order]
    return seal(json.dumps([",".join(order), *(_plain(one) for one in values)]))


def _value(row: Any, column: str) -> Any:
    for name in column.split("__"):
        row = getattr(row, name)
    return row


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return {"at": value.isoformat()}
        case date():
            return {"on": value.isoformat()}
        case UUID():
            return {"id": str(value)}
    return value


def _read(cursor: str, order: Sequence[str]) -> list[Any]:
    """The values of a mark that was given out for this order; nobody else makes one, for it is sealed."""
    try:
        named, *values = json.loads(opened(cursor))
    except InvalidToken:
        named, values = "", []
    if named != ",".join(order):
        raise invalid("cursor", _("This mark was not given out for this list."), where="query")
    return [_parsed(value) for value in values]


def _parsed(value: Any) -> Any:
    match value:
        case {"at": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"on": str(day)}:
            return date.fromisoformat(day)
        case {"id": str(one)}:
            return UUID(one)
    return value
