"""Facts, the door that checks them (F4), and how corrections change a set of them (F1)."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, Self, SupportsIndex, overload

from .kinds import CORRECTIONS, KINDS, MAY_LIE_AHEAD, PLACE, Kind, Value

TEXT_LIMIT = 200
# Beyond these a day or a number is a slip of the pen, and the law cannot count with it.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
LARGEST = 2**31 - 1
SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Values(tuple[tuple[str, Any], ...]):
    """The plain values of a fact: hashable pairs in the order of their names, read like a mapping."""

    __slots__ = ()

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> Self:
        """Take a mapping over; None is no value."""
        return cls((name, mapping[name]) for name in sorted(mapping) if mapping[name] is not None)

    def get(self, name: str, default: Any = None) -> Any:
        for key, value in self:
            if key == name:
                return value
        return default

    @overload
    def __getitem__(self, key: str) -> Any: ...
    @overload
    def __getitem__(self, key: SupportsIndex) -> tuple[str, Any]: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[tuple[str, Any], ...]: ...
    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            for name, value in self:
                if name == key:
                    return value
            raise KeyError(key)
        return super().__getitem__(key)

    def __contains__(self, name: object) -> bool:
        return any(key == name for key, _ in self)

    def plain(self) -> dict[str, Any]:
        """As a dict that JSON can hold: dates and moments in ISO form, decimals as text."""
        return {name: _plain(value) for name, value in self}


NO_VALUES = Values()


class Fact(NamedTuple):
    """What happened on a day. Who recorded it and when stands beside it, and orders nothing (section 4)."""

    kind: str
    on: date
    id: str
    subject: str = ""
    values: Values = NO_VALUES

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)


class FactRefused(ValueError):
    """The door stays shut (F4): `field` says where, `code` why, `given` what was offered.

    Codes: unknown_kind, unknown_value, unknown_code, required, wrong_type, out_of_range, in_future,
    nothing_to_change; of a correction also unknown_fact.
    """

    def __init__(self, field: str, code: str, given: Any = None) -> None:
        super().__init__(f"{field}: {code}" + (f" ({given!r})" if given is not None else ""))
        self.field = field
        self.code = code
        self.given = given


def fact(kind: str, on: date, id: str, subject: str = "", /, **values: Any) -> Fact:
    """A fact that is known to be in order: what the ledger kept, or a worked example. Others use `check`."""
    return Fact(kind, on, id, subject, Values.of(values))


def check(
    kind: str,
    *,
    on: date,
    id: str,
    subject: str = "",
    values: Mapping[str, Any] | None = None,
    today: date,
) -> Fact:
    """The door of F4: a fact of a known kind, with known values and codes, not dated after `today` (F1).

    Dates may be given as `date` or in ISO form. Raises FactRefused.
    """
    spec = KINDS.get(kind)
    if spec is None:
        raise FactRefused("kind", "unknown_kind", kind)
    if id == "":
        raise FactRefused("id", "required")
    if not _is_text(id):
        raise FactRefused("id", "wrong_type", id)
    if not isinstance(on, date) or isinstance(on, datetime):
        raise FactRefused("on", "wrong_type", on)
    if not FIRST_DAY <= on <= LAST_DAY:
        raise FactRefused("on", "out_of_range", on)
    if on > today and kind not in MAY_LIE_AHEAD:
        raise FactRefused("on", "in_future", on)
    if subject != "" and not _is_text(subject):
        raise FactRefused("subject", "wrong_type", subject)
    if spec.subject and not subject:
        raise FactRefused("subject", "required")
    taken = _taken(spec, values or {})
    if kind == "incapacity_corrected" and set(taken) <= {"version"}:
        raise FactRefused("version", "nothing_to_change")
    return Fact(kind, on, id, subject, Values.of(taken))


def check_correction(correction: Fact, target: Fact, *, today: date) -> Fact:
    """Check a correction against the fact it names; gives that fact as it will read. Raises FactRefused."""
    if correction.kind not in CORRECTIONS:
        raise FactRefused("kind", "unknown_kind", correction.kind)
    if target.kind in CORRECTIONS or target.id != correction.get("fact"):
        raise FactRefused("fact", "unknown_fact", correction.get("fact"))
    if correction.kind == "fact_voided":
        return target
    changes = dict(correction.values["to"])
    try:
        on = _as_date(changes.pop("on", target.on))
    except (TypeError, ValueError):
        raise FactRefused("on", "wrong_type", correction.values["to"].get("on")) from None
    return check(
        target.kind,
        on=on,
        id=target.id,
        subject=changes.pop("subject", target.subject) or "",
        values={**dict(target.values), **changes},
        today=today,
    )


def from_plain(kind: str, on: date, id: str, subject: str, plain: Mapping[str, Any]) -> Fact:
    """A fact as the ledger kept it (`Values.plain`): typed again by the table, not checked again."""
    types = {value.name: value for value in KINDS[kind].values}
    read = {name: _typed(types[name], raw) if name in types else raw for name, raw in plain.items()}
    return Fact(kind, on, id, subject, Values.of(read))


def corrected(facts: Iterable[Fact]) -> list[Fact]:
    """The facts with their corrections applied: the highest version wins, a void beats them all (F1).

    A correction names a fact that is no correction itself; one that names no fact here changes nothing.
    """
    facts = list(facts)
    voided: set[str] = set()
    latest: dict[str, Fact] = {}
    for item in facts:
        if item.kind == "fact_voided":
            voided.add(item.values["fact"])
        elif item.kind == "fact_corrected":
            name = item.values["fact"]
            if name not in latest or _rank(item) > _rank(latest[name]):
                latest[name] = item
    if not voided and not latest:
        return facts
    return [
        _corrected(item, latest[item.id]) if item.id in latest else item
        for item in facts
        if item.kind not in CORRECTIONS and item.id not in voided
    ]


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """By day, on the same day by kind, then by content (F1): the id comes last and tells equals apart."""
    return sorted(facts, key=lambda item: (item.on, PLACE[item.kind], item.subject, item.values, item.id))


def _rank(correction: Fact) -> tuple[int, str, str]:
    return (correction.get("version", 1), repr(correction.values), correction.id)


def _corrected(target: Fact, correction: Fact) -> Fact:
    changes = dict(correction.values["to"])
    on = changes.pop("on", target.on)
    subject = changes.pop("subject", target.subject)
    types = {value.name: value for value in KINDS[target.kind].values}
    typed = {name: _typed(types[name], new) if name in types else new for name, new in changes.items()}
    values = Values.of({**dict(target.values), **typed})
    return Fact(target.kind, _as_date(on), target.id, subject or "", values)


def _taken(spec: Kind, given: Mapping[str, Any]) -> dict[str, Any]:
    known = {value.name for value in spec.values}
    for name in given:
        if name not in known:
            raise FactRefused(name, "unknown_value", given[name])
    taken: dict[str, Any] = {}
    for value in spec.values:
        raw = given.get(value.name)
        if raw is None:
            if value.required:
                raise FactRefused(value.name, "required")
            raw = value.default
        if raw is not None:
            taken[value.name] = _checked(value, raw)
    return taken


def _checked(value: Value, raw: Any) -> Any:
    try:
        typed = _typed(value, raw)
    except (TypeError, ValueError, InvalidOperation):
        raise FactRefused(value.name, "wrong_type", raw) from None
    if value.codes and typed not in value.codes:
        raise FactRefused(value.name, "unknown_code", raw)
    if value.type == "date" and not FIRST_DAY <= typed <= LAST_DAY:
        raise FactRefused(value.name, "out_of_range", raw)
    if value.type in ("int", "decimal") and typed > LARGEST:
        raise FactRefused(value.name, "out_of_range", raw)
    return typed


def _typed(value: Value, raw: Any) -> Any:
    """The value in the type that the table gives it. Raises TypeError or ValueError where it cannot be."""
    if raw is None:
        return None
    match value.type:
        case "code" | "text":
            if not _is_text(raw):
                raise TypeError
            return raw
        case "slug":
            # A code of the fund's own: a word, so that nobody writes a story where nothing can be erased.
            if not isinstance(raw, str) or not SLUG.fullmatch(raw):
                raise TypeError
            return raw
        case "int":
            if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
                raise TypeError
            return raw
        case "bool":
            if not isinstance(raw, bool):
                raise TypeError
            return raw
        case "date":
            return _as_date(raw)
        case "moment":
            moment = datetime.fromisoformat(raw) if isinstance(raw, str) else raw
            if not isinstance(moment, datetime) or moment.tzinfo is None:
                raise TypeError
            return moment
        case "decimal":
            if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
                raise TypeError
            amount = Decimal(str(raw))
            if not amount.is_finite() or amount < 0:
                raise ValueError
            return amount
        case _:
            return _changes(raw)


def _is_text(raw: Any) -> bool:
    """A short line that a database can hold and a page can show: nothing unprintable, no lone surrogate."""
    return isinstance(raw, str) and 0 < len(raw) <= TEXT_LIMIT and raw.isprintable()


def _changes(raw: Any) -> Values:
    """The changes of a correction: names and what they become. Against their kind: `check_correction`."""
    pairs = dict(raw) if isinstance(raw, Mapping | Values) else None
    if not pairs or not all(isinstance(name, str) for name in pairs):
        raise TypeError
    if not all(new is None or isinstance(new, str | int | float | Decimal | date) for new in pairs.values()):
        raise TypeError
    if "on" in pairs:
        pairs["on"] = _as_date(pairs["on"])
    return Values(sorted(pairs.items()))


def _as_date(raw: Any) -> date:
    if isinstance(raw, str):
        if len(raw) != len("2022-01-01"):
            raise ValueError
        return date.fromisoformat(raw)
    if not isinstance(raw, date) or isinstance(raw, datetime):
        raise TypeError
    return raw


def _plain(value: Any) -> Any:
    if isinstance(value, Values):
        return value.plain()
    if isinstance(value, date):  # and datetime, which is one
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
