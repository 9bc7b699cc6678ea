"""The details of an imported fact: a JSON object that the database can hold as it is."""

import json
from math import isfinite
from typing import Any

from dossiers.feed.values import Fault


def parse_details(column: str, text: str) -> dict[str, Any]:
    """The object, or an empty one for an empty field.

    Refused are what JSON does not know (NaN), what PostgreSQL cannot keep (NUL, half a surrogate, an infinite
    number), and the same name twice.
    """
    if not text.strip():
        return {}
    try:
        details = json.loads(text, parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_object)
        # Only an escape can smuggle in a character that the file itself was refused for.
        if isinstance(details, dict) and ("\\u" not in text or _is_storable(details)):
            return details
    except (ValueError, RecursionError):
        pass
    raise Fault(column, "invalid_json")


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("the same name twice")
    return found


def _is_storable(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, dict):
        return all(_is_storable(name) and _is_storable(part) for name, part in value.items())
    return all(map(_is_storable, value)) if isinstance(value, list) else True
