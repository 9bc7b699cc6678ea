"""The contract as a person reads it: what its page shows, worked out of the committed document."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tnw.integration.rest.compare import Document
from tnw.integration.rest.problem import KINDS, MEDIA_TYPE

_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
}
_FORMATS = {
    "date": "date",
    "date-time": "date and time, with offset",
    "time": "time",
    "uuid": "UUID",
    "uri": "address",
    "email": "e-mail address",
    "binary": "file",
}


class Property(NamedTuple):
    """A row of a table: of a shape, or of what stands in an address or a header."""

    name: str
    type: str
    shape: str
    required: bool
    codes: list[str]
    said: str
    place: str = ""


class Answer(NamedTuple):
    """What comes back with a status."""

    status: str
    said: str
    headers: list[str]
    media: str
    shape: str
    example: str


class Body(NamedTuple):
    media: str
    shape: str
    example: str


class Entry(NamedTuple):
    """An operation."""

    id: str
    method: str
    path: str
    summary: str
    said: str
    scope: str
    places: list[Property]
    headers: list[str]
    body: Body | None
    answers: list[Answer]


def pages_of(document: Document) -> dict[str, Any]:
    """What the template shows."""
    kinds = [
        {
            "code": code,
            "type": kind.type,
            "status": kind.status,
            "title": kind.title,
            "detail": str(kind.detail),
        }
        for code, kind in KINDS.items()
    ]
    flow = next(iter(document["components"]["securitySchemes"].values()))["flows"]["clientCredentials"]
    return {
        "info": document["info"],
        "root": document["servers"][0]["url"],
        "token_url": flow["tokenUrl"],
        "scopes": flow["scopes"],
        "tags": [
            {
                "name": tag["name"],
                "id": anchor(tag["name"]),
                "said": tag.get("description", ""),
                "entries": entries,
            }
            for tag in document["tags"]
            if (entries := list(_entries(document, tag["name"])))
        ],
        "headers": [
            _property(
                one["name"],
                one["schema"],
                required=bool(one.get("required")),
                said=one.get("description", ""),
            )
            for one in document["components"]["parameters"].values()
        ],
        "kinds": sorted(kinds, key=lambda kind: (kind["status"], kind["code"])),
        "shapes": [
            {"name": name, "said": schema.get("description", ""), "rows": list(_rows(schema))}
            for name, schema in document["components"]["schemas"].items()
        ],
    }


def anchor(name: str) -> str:
    """`Adapted work` as `tag-adapted-work`."""
    return "tag-" + re.sub(r"[^a-z0-9]+", "-", name.lower())


def _entries(document: Document, tag: str) -> Iterator[Entry]:
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            if one["tags"] != [tag]:
                continue
            places, headers = [], []
            for parameter in one.get("parameters", ()):
                found = _at(document, parameter)
                if found["in"] == "header":
                    headers.append(found["name"])
                    continue
                said = found.get("description", "")
                required = bool(found.get("required"))
                places.append(
                    _property(found["name"], found["schema"], required=required, said=said, place=found["in"])
                )
            scopes = [scope for which in one["security"] for scopes in which.values() for scope in scopes]
            yield Entry(
                one["operationId"], method.upper(), path, one["summary"], one.get("description", ""),
                scopes[0] if scopes else "", places, headers, _body(one.get("requestBody")),
                list(_answers(document, one)),
            )  # fmt: skip


def _body(told: Any) -> Body | None:
    if told is None:
        return None
    media, content = next(iter(told["content"].items()))
    return Body(media, _refers(content["schema"]), _shown(content))


def _answers(document: Document, operation: Any) -> Iterator[Answer]:
    for status, answer in operation["responses"].items():
        found = _at(document, answer)
        nothing: tuple[str, dict[str, Any]] = ("", {})
        media, content = next(iter(found.get("content", {}).items()), nothing)
        shown = "" if media == MEDIA_TYPE else _shown(content)
        shape = _refers(content.get("schema", {}))
        yield Answer(status, found["description"], list(found.get("headers", {})), media, shape, shown)


def _shown(content: Mapping[str, Any]) -> str:
    if "example" not in content:
        return ""
    example = content["example"]
    return example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)


def _rows(schema: Mapping[str, Any]) -> Iterator[Property]:
    for name, one in schema.get("properties", {}).items():
        yield _property(
            name, one, required=name in schema.get("required", ()), said=one.get("description", "")
        )


def _property(
    name: str, schema: Mapping[str, Any], *, required: bool, said: str, place: str = ""
) -> Property:
    inner = schema.get("items", schema)
    codes = [str(code) for code in inner.get("enum", ()) if code is not None]
    return Property(name, _type(schema), _refers(inner), required, codes, said, place)


def _type(schema: Mapping[str, Any]) -> str:
    """In words: `text, at most 2000`, `list of`, and nothing where it is a shape, which is linked."""
    if "items" in schema:
        return f"list of {_type(schema['items'])}".strip()
    if _refers(schema):
        return ""
    if "enum" in schema:
        words = ["code"]
    elif format := _FORMATS.get(schema.get("format", "")):
        words = [format]
    else:
        words = [_TYPES[schema.get("type", "object")], *_limits(schema)]
    if schema.get("nullable"):
        words.append("or null")
    if "default" in schema:
        words.append(f"{json.dumps(schema['default'])} where it is left out")
    return ", ".join(words)


def _limits(schema: Mapping[str, Any]) -> list[str]:
    words = []
    if "maxLength" in schema:
        words.append(f"at most {schema['maxLength']}")
    # Below zero is only what a column of digits could hold.
    if schema.get("maximum", 2**31 - 1) < 2**31 - 1 and schema.get("minimum", 0) >= 0:
        words.append(f"{schema.get('minimum', 0)} to {schema['maximum']}")
    if pattern := schema.get("pattern"):
        words.append(f"as {pattern}")
    return words


def _refers(schema: Mapping[str, Any]) -> str:
    """The component that a schema is, itself or with a description."""
    if len(schema.get("allOf", ())) == 1:
        schema = schema["allOf"][0]
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _at(document: Document, value: Any) -> Any:
    while "$ref" in value:
        found: Any = document
        for name in value["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        value = found
    return value
