"""An example for every operation: the one that it gives, or one made from its schema, the same each time."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from tnw.integration.rest.names import camel
from tnw.integration.rest.problem import KINDS
from tnw.integration.rest.shape import ROOT

BASE = f"https://tnw.example.org{ROOT}"
# What a name promises better than its type.
_BY_NAME: dict[str, Any] = {
    "email": "an.peeters@example.org",
    "phone": "+32470123456",
    "ssin": "80010100107",
    "lastName": "Peeters",
    "firstName": "An",
    "street": "Lindelaan 3",
    "postalCode": "9000",
    "city": "Gent",
    "country": "BE",
    "note": "By telephone.",
    "nl": "Terug naar werk",
    "fr": "Retour au travail",
    "de": "Rückkehr zur Arbeit",
    "url": "https://portal.example.org/tnw",
    "secret": "whsec_bm90IGEgcmVhbCBrZXkgYnV0IGFzIGxvbmc=",
    "total": 1,
    "page": 1,
    "version": 1,
}
_BY_FORMAT = {
    "date": "2027-02-01",
    "date-time": "2027-02-01T10:00:00+01:00",
    "time": "10:00:00",
    "uri": f"{BASE}/dossiers",
    "email": "an.peeters@example.org",
    "binary": "…",
}


def id_of(noun: str) -> str:
    """A UUID that stands for one of a noun in all examples: `dossier`."""
    digest = sha256(noun.encode()).hexdigest()
    return f"0190a000-0000-7000-8000-{digest[:12]}"


def link_of(path: str, noun: str) -> str:
    """An address as `Link` makes it, of the noun that has it: `/dossiers/{dossier.public_id}`."""

    def place(found: re.Match[str]) -> str:
        *before, last = found[1].split(".")
        named = before[-1] if before else noun
        return id_of(camel(named)) if last in ("public_id", "id") else last

    return BASE + re.sub(r"{([\w.]+)}", place, path)


def fill_in(document: dict[str, Any]) -> None:
    """Put an example at every body and answer that has none."""
    components = document["components"]["schemas"]
    for methods in document["paths"].values():
        for operation in methods.values():
            told = [operation.get("requestBody", {}), *operation["responses"].values()]
            for content in (content for one in told for content in one.get("content", {}).values()):
                schema = content.get("schema", {})
                if "example" not in content and schema.get("format") != "binary":
                    content["example"] = example_of(schema, components)


def example_of(
    schema: Mapping[str, Any], components: Mapping[str, Any], name: str = "", noun: str = ""
) -> Any:
    """A value that fits a schema of a property `name`, inside of a component called `noun`."""
    if "$ref" in schema:
        inner = schema["$ref"].rpartition("/")[2]
        return example_of(components[inner], components, name, inner[:1].lower() + inner[1:])
    for word in ("allOf", "oneOf", "anyOf"):
        if word in schema and "type" not in schema:
            return example_of(schema[word][0], components, name, noun)
    for word in ("example", "default"):
        if schema.get(word) is not None:
            return schema[word]
    if "enum" in schema:
        return next(code for code in schema["enum"] if code is not None)
    match schema.get("type"):
        case "object" | None:
            return _object(schema, components, noun)
        case "array":
            return (
                [] if schema.get("maxItems") == 0 else [example_of(schema["items"], components, name, noun)]
            )
        case "boolean":
            return True
        case "integer" | "number":
            return _BY_NAME[name] if type(_BY_NAME.get(name)) is int else _number(schema)
    return _string(schema, name, noun)


def _object(schema: Mapping[str, Any], components: Mapping[str, Any], noun: str) -> dict[str, Any]:
    told = {
        name: example_of(inner, components, name, noun)
        for name, inner in schema.get("properties", {}).items()
        if not (name in ("prev", "next") and "self" in schema["properties"])
    }
    more = schema.get("additionalProperties")
    if not told and isinstance(more, Mapping):
        return {"key": example_of(more, components, "", noun)}
    return told


def _number(schema: Mapping[str, Any]) -> float | int:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and not schema.get("exclusiveMinimum") and least >= 1:
        return least
    return min(1, most) if most is not None else 1


def _string(schema: Mapping[str, Any], name: str, noun: str) -> str:
    format = schema.get("format", "")
    if format == "uuid":
        owner = name.removesuffix("Id") if name not in ("id", "") else noun
        return id_of(owner)
    if format in _BY_FORMAT:
        return _BY_FORMAT[format]
    told = _BY_NAME.get(name)
    text = told if isinstance(told, str) else "Text."
    return text[: schema.get("maxLength", len(text))].ljust(schema.get("minLength", 0), ".")


def problem() -> dict[str, Any]:
    """How a problem looks: bad input, of one place."""
    kind = KINDS["badRequest"]
    return {
        "type": kind.type,
        "href": "https://www.belgif.be/specification/rest/api-guide/#badRequest",
        "title": kind.title,
        "status": kind.status,
        "detail": "The call is not what is expected here.",
        "instance": "urn:uuid:0190a000-0000-7000-8000-00000000beef",
        "issues": [
            {
                "type": "urn:problem-type:belgif-ext:input-validation:requiredInput",
                "in": "body",
                "name": "startsOn",
                "detail": "This field is required.",
            }
        ],
    }
