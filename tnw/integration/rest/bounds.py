"""How long and how large at most: what no shape says for itself holds for all, and the contract says all of it."""

from typing import Any

from rest_framework import serializers

LONGEST = 2000
MOST = 1000
LARGEST = 2**31 - 1
_TEXT = (serializers.CharField, serializers.EmailField, serializers.URLField, serializers.RegexField)
_LISTS = (serializers.ListField, serializers.ListSerializer)
_BY_FORMAT = {
    "uuid": 36,
    "date": 10,
    "date-time": 40,
    "time": 20,
    "uri": LONGEST,
    "email": 254,
    "binary": LARGEST,
}


def bind(field: Any) -> None:
    """Give a declared field the bounds that it leaves open. A field is made again from what it was made with."""
    made_with = field._kwargs
    if type(field) in _TEXT and not field.read_only:
        made_with.setdefault("max_length", LONGEST)
    elif type(field) is serializers.IntegerField:
        made_with.setdefault("min_value", 0)
        made_with.setdefault("max_value", LARGEST)
    elif isinstance(field, _LISTS):
        made_with.setdefault("max_length", MOST)
        if isinstance(field, serializers.ListField):
            bind(field.child)


def tell(value: Any) -> None:
    """Say in the schemas of a document, wherever they stand, what follows from their types."""
    if isinstance(value, list):
        for one in value:
            tell(one)
        return
    if not isinstance(value, dict):
        return
    match value.get("type"):
        case "string" if "enum" not in value and "maxLength" not in value:
            value["maxLength"] = _BY_FORMAT.get(value.get("format", ""), LONGEST)
        case "integer":
            value["format"] = "int64" if value.get("maximum", 0) > LARGEST else "int32"
            value.setdefault("minimum", 0)
            value.setdefault("maximum", LARGEST)
        case "array":
            value.setdefault("maxItems", MOST)
    for name, one in value.items():
        if name not in ("example", "default", "enum"):
            tell(one)
