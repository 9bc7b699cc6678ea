"""Walking through a document of OpenAPI: its operations, parameters, answers, schemas and bodies."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

Document = Mapping[str, Any]


def operations(document: Document) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Path, method and operation."""
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            yield path, method, one


def target(document: Document, value: Any) -> Any:
    """What a reference refers to; what is none, as it is."""
    while isinstance(value, Mapping) and "$ref" in value:
        found: Any = document
        for name in value["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        value = found
    if (
        isinstance(value, Mapping)
        and set(value) <= {"allOf", "description"}
        and len(value.get("allOf", ())) == 1
    ):
        return target(document, value["allOf"][0])
    return value


def parameters(document: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Where, and the parameter."""
    for _path, method, one in operations(document):
        for parameter in one.get("parameters", ()):
            found = target(document, parameter)
            yield f"{one.get('operationId', method)}: {found['name']}", found


def answers(document: Document) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Where, status and answer."""
    for path, method, one in operations(document):
        for status, answer in one["responses"].items():
            yield f"{method} {path}", status, target(document, answer)


def schemas(document: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every schema, the inner ones too."""
    for name, schema in document["components"]["schemas"].items():
        yield from _inner(name, schema)
    for where, parameter in parameters(document):
        yield from _inner(where, parameter["schema"])
    for where, media, _content in contents(document):
        yield from _inner(f"{where} {media}", _content.get("schema", {}))


def _inner(where: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield where, schema
    for name, one in schema.get("properties", {}).items():
        yield from _inner(f"{where}.{name}", one)
    if isinstance(schema.get("items"), Mapping):
        yield from _inner(f"{where}[]", schema["items"])
    if isinstance(schema.get("additionalProperties"), Mapping):
        yield from _inner(f"{where}.*", schema["additionalProperties"])
    for word in ("allOf", "anyOf", "oneOf"):
        for one in schema.get(word, ()):
            yield from _inner(where, one)


def contents(document: Document) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Where, media type and what it holds, of every body that comes in or goes out."""
    for path, method, one in operations(document):
        for media, content in one.get("requestBody", {}).get("content", {}).items():
            yield f"{method} {path} body", media, content
    for where, status, answer in answers(document):
        for media, content in answer.get("content", {}).items():
            yield f"{where} {status}", media, content


def segments(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def singular(noun: str) -> str:
    """`dossiers` → `dossier`, `queries` → `query`, `processes` → `process`."""
    for ending, one in (("ies", "y"), ("sses", "ss"), ("xes", "x")):
        if noun.endswith(ending):
            return noun.removesuffix(ending) + one
    return noun.removesuffix("s")


def fitting(document: Document) -> Callable[[Mapping[str, Any], Any], bool]:
    """`fits(schema, value)`: whether a value is one that a schema of the document takes."""
    resource = Resource.from_contents(dict(document), default_specification=DRAFT4)
    registry = Registry().with_resource("urn:contract", resource)

    def fits(schema: Mapping[str, Any], value: Any) -> bool:
        checked: bool = OAS30Validator(
            _absolute(schema), registry=registry, format_checker=oas30_format_checker
        ).is_valid(value)
        return checked

    return fits


def _absolute(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            name: f"urn:contract{inner}" if name == "$ref" else _absolute(inner)
            for name, inner in value.items()
        }
    return [_absolute(one) for one in value] if isinstance(value, list) else value
