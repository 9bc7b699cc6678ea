"""Shapes: what goes in and out, declared once, for reading, for writing and for the contract."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from operator import attrgetter
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from dossiers.feed.messages import LINE
from tnw.integration.rest import bounds
from tnw.integration.rest.names import camel, code_name

ROOT = "/api/tnw/v1"
LANGUAGES = ("nl", "fr", "de")


def address(path: str) -> str:
    """The absolute address of a path below the API's root."""
    return f"{settings.BASE_URL}{ROOT}{path}"


class Shape(serializers.Serializer[Any]):
    """Declared in snake_case, read and written in lowerCamelCase; nothing unknown comes in, no null goes out."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for field in cls._declared_fields.values():
            bounds.bind(field)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = {}
        for name, field in super().get_fields().items():
            if camel(name) != name and field.source is None:
                field.source = name
            fields[camel(name)] = field
        return fields

    @cached_property
    def _plan(self) -> list[tuple[str, Callable[[Any], Any], str, bool, Callable[[Any], Any]]]:
        return [
            (name, _whole if field.source == "*" else attrgetter(field.source or name), field.source or name,
             field.source == "*", _renderer(field))
            for name, field in self.fields.items()
            if not field.write_only
        ]  # fmt: skip

    def to_representation(self, instance: Any) -> dict[str, Any]:
        told = {}
        named = instance.get if isinstance(instance, Mapping) else None
        for name, get, source, whole, render in self._plan:
            value = named(source) if named and not whole else get(instance)
            if value is None or value == "":
                continue
            if callable(value):
                value = value()
            told[name] = render(value)
        return told

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        wrong = self._wrong(data) if isinstance(data, Mapping) else {}
        try:
            told = super().to_internal_value(data)
        except serializers.ValidationError as refused:
            detail: Any = refused.detail
            raise serializers.ValidationError({**detail, **wrong}) from None
        if wrong:
            raise serializers.ValidationError(wrong)
        return told

    def _wrong(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What is not known here, and what is of another type or form than its field: DRF takes a number for a text."""
        wrong: dict[str, Any] = {
            _nameable(name): [serializers.ErrorDetail(str(_UNKNOWN), code="unknown_input")]
            for name in sorted(set(data) - set(self.fields))
        }
        for name, value in data.items():
            field = self.fields.get(name)
            type_ = next((json for kind, json in _TYPES if isinstance(field, kind)), None)
            if value is None or type_ is None:
                continue
            if not isinstance(value, type_) or (isinstance(value, bool) and type_ is not bool):
                wrong[name] = [serializers.ErrorDetail(str(_OTHER_TYPE), code="invalid")]
            elif (sentence := _misformed(field, value)) is not None:
                wrong[name] = [sentence]
        return wrong


def _misformed(field: Any, value: Any) -> serializers.ErrorDetail | None:
    """What is to be said of a text that a field would take in another form than the contract has of it."""
    if isinstance(value, str):
        for kind, form, sentence in _FORMS:
            if isinstance(field, kind) and not form.fullmatch(value):
                return serializers.ErrorDetail(str(sentence), code="invalid")
    return None


# Python, and so DRF, takes other forms of ISO 8601, other digits and moments without offset beside these.
_FORMS: tuple[tuple[type, re.Pattern[str], Any], ...] = (
    (serializers.DateField, re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), LINE["invalid_date"]),
    (
        serializers.DateTimeField,
        re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)", re.ASCII),
        _("A moment with its offset is expected, written as 2026-11-21T09:00:00+01:00."),
    ),
    (
        serializers.UUIDField,
        re.compile(r"[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}", re.ASCII | re.IGNORECASE),
        _("A UUID is expected."),
    ),
    (serializers.IntegerField, re.compile(r"-?\d+", re.ASCII), _("A whole number is expected.")),
)
_UNKNOWN = _("This is not known here.")
_OTHER_TYPE = _("This is of another type than is expected here.")
_TYPES: tuple[tuple[type, type | tuple[type, ...]], ...] = (
    (serializers.CharField, str),
    (serializers.ChoiceField, str),
    (serializers.UUIDField, str),
    (serializers.DateField, str),
    (serializers.DateTimeField, str),
    (serializers.BooleanField, bool),
    (serializers.IntegerField, int),
    (serializers.DecimalField, (int, float)),
)


def _nameable(name: Any) -> str:
    """A name that came in, as it may be repeated: somebody may have put anything there."""
    return name if isinstance(name, str) and re.fullmatch(r"[a-z][A-Za-z]{0,39}", name) else "unknown"


def _whole(instance: Any) -> Any:
    return instance


@cache
def prototype(shape: type[Shape]) -> Shape:
    """One of a shape that serves every call: to render with, and to ask what it has. It keeps nothing of a call."""
    return shape()


def _renderer(field: Any) -> Callable[[Any], Any]:
    """How a field tells a value, without the questions that DRF asks for each of a hundred rows."""
    if type(field) is serializers.DateField:
        return _day
    if type(field) in (serializers.UUIDField, serializers.CharField):
        return str
    return field.to_representation


def _day(value: Any) -> str:
    return value if isinstance(value, str) else value.isoformat()


class Code(serializers.ChoiceField):
    """A code: snake_case inside, lowerCamelCase outside. Takes choices or plain codes."""

    def __init__(self, codes: Any, **more: Any) -> None:
        values = codes.values if hasattr(codes, "values") and not isinstance(codes, Mapping) else list(codes)
        self.inside = {code_name(str(code)): str(code) for code in values if code != ""}
        super().__init__(choices=list(self.inside), **more)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input="")
        return self.inside[super().to_internal_value(data)]

    def to_representation(self, value: Any) -> Any:
        return code_name(str(value))


class Link(serializers.CharField):
    """An absolute address, made of a path with places: `/adaptedWorks/{public_id}`."""

    def __init__(self, path: str, **more: Any) -> None:
        self.path = path
        self.places = re.findall(r"{([^}]*)}", path)
        self.whole = re.sub(r"{[^}]*}", "%s", path)
        super().__init__(source="*", read_only=True, **more)

    def to_representation(self, value: Any) -> str:
        if isinstance(value, Mapping):
            told = [_in_path(value.get(name)) for name in self.places]
        else:
            told = [_in_path(attrgetter(name)(value)) for name in self.places]
        return address(self.whole % tuple(told))


def _in_path(value: Any) -> str:
    text = str(value)
    if isinstance(value, UUID):
        return text
    return text if text.replace("-", "").isalnum() and text.isascii() else quote(text, safe="")


class Texts(Shape):
    """A text in each language of the country."""

    nl = serializers.CharField()
    fr = serializers.CharField()
    de = serializers.CharField()


def texts(sentence: Any) -> dict[str, str]:
    """A translatable sentence in each of them."""
    told = {}
    for language in LANGUAGES:
        with translation.override(language):
            told[language] = str(sentence)
    return told


class Many(serializers.ListField):
    """A query parameter that may repeat under its singular name."""


class Query(Shape):
    """What may stand in the query of an address, where everything is text."""

    def _wrong(self, data: Mapping[str, Any]) -> dict[str, Any]:
        wrong: dict[str, Any] = {}
        for name, value in data.items():
            field = self.fields.get(name)
            found: Any
            if isinstance(field, Many):
                found = {at: [no] for at, one in enumerate(value) if (no := _misformed(field.child, one))}
            else:
                found = [no] if (no := _misformed(field, value)) else []
            if found:
                wrong[name] = found
        return wrong


class Paged(Query):
    """A page of a list."""

    page = serializers.IntegerField(min_value=1, max_value=100_000, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=100, default=20)


class FromCursor(Query):
    """A stretch of a long list: what follows a mark that `next` of the one before gave."""

    cursor = serializers.CharField(required=False, max_length=600)
    page_size = serializers.IntegerField(min_value=1, max_value=100, default=20)


def codes_of(*groups: Iterable[str]) -> list[str]:
    """Several lists of codes as one."""
    return sorted({str(code) for group in groups for code in group})
