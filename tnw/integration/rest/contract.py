"""The contract as a document: the operations of all routes, with what they share, sorted so that it can be compared."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator

from tnw.integration.access import SCOPES
from tnw.integration.rest import bounds, examples
from tnw.integration.rest.names import camel
from tnw.integration.rest.problem import KINDS, MEDIA_TYPE
from tnw.integration.rest.schema import SECURITY
from tnw.integration.rest.shape import ROOT

FILE = Path(__file__).parent / "openapi.yaml"
VERSION = "1.1.0"
# The safe one, in C where that is there: ten times as fast.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_STRING = {"type": "string"}
_INFO = {
    "title": "TNW",
    "version": VERSION,
    "description": (
        "Return-to-work work of a Belgian mutuality (Terug Naar Werk): what integrators may do, as the Belgian federal "
        "REST guide wants it. See docs/integrators.md for a first hour."
    ),
    "license": {"name": "Proprietary"},
    "contact": {"name": "TNW", "email": "tnw@example.org"},
}


def build() -> dict[str, Any]:
    """The document, of the routes as they are mounted."""
    routes = [one for one in get_resolver().url_patterns if str(one.pattern).startswith(ROOT.lstrip("/"))]
    generator = SchemaGenerator(patterns=routes)
    made = generator.get_schema(request=None, public=True)
    paths = {_address(path): dict(operations) for path, operations in sorted(made["paths"].items())}
    used = {tag for operations in paths.values() for one in operations.values() for tag in one["tags"]}
    document = _plain(
        {
            "openapi": "3.0.3",
            "info": _INFO,
            "servers": [{"url": ROOT, "x-internal": False}],
            "tags": [{"name": tag} for tag in sorted(used)],
            "paths": paths,
            "components": {
                "schemas": dict(sorted({**made["components"].get("schemas", {}), **_problems()}.items())),
                "responses": {"Problem": _problem_answer()},
                "parameters": _parameters(),
                "headers": _headers(),
                "securitySchemes": {SECURITY: _security()},
            },
        }
    )
    bounds.tell([document["paths"], document["components"]])
    examples.fill_in(document)
    return document


@cache
def committed() -> dict[str, Any]:
    """The document as it was committed: the promise."""
    return yaml.load(FILE.read_text(), Loader=LOADER)  # noqa: S506  # it is safe


def text(document: dict[str, Any]) -> str:
    """The document as its file has it."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


class _Dumper(yaml.SafeDumper):
    """A text of digits in quotes: `0403019261` is a text to YAML 1.1, and a number to YAML 1.2."""


def _text_of(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "'" if re.fullmatch(r"[-+.0-9][-+.0-9eExXo_a-fA-F]*", value) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text_of)


def _address(path: str) -> str:
    below = path.removeprefix(ROOT)
    return re.sub(r"{(\w+)}", lambda found: f"{{{camel(found[1])}}}", below)


def _plain(value: Any) -> Any:
    """Nothing lazy, no tuples: what YAML and JSON both know."""
    match value:
        case dict():
            return {str(name): _plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case bool() | int() | float() | None:
            return value
    return str(value)


def _problems() -> dict[str, Any]:
    issue = {
        "type": "object",
        "description": "One thing that is wrong in what came in.",
        "properties": {
            "type": {**_STRING, "format": "uri", "maxLength": 200},
            "in": {**_STRING, "enum": ["body", "header", "path", "query"]},
            "name": {**_STRING, "maxLength": 200, "description": "Where: `actions[0].dueDate`."},
            "detail": {**_STRING, "maxLength": 1000},
        },
        "required": ["type", "in"],
    }
    listed = "; ".join(f"`{kind.type}` ({kind.status})" for kind in KINDS.values())
    problem = {
        "type": "object",
        "description": f"What went wrong, as RFC 9457 says it. Types: {listed}.",
        "properties": {
            "type": {**_STRING, "format": "uri", "maxLength": 200},
            "href": {**_STRING, "format": "uri", "maxLength": 200},
            "title": {**_STRING, "maxLength": 100},
            "status": {"type": "integer", "format": "int32", "minimum": 400, "maximum": 599},
            "detail": {**_STRING, "maxLength": 1000},
            "instance": {**_STRING, "format": "uri", "maxLength": 60},
            "issues": {"type": "array", "maxItems": 1000, "items": {"$ref": "#/components/schemas/Issue"}},
            "requiredScopes": {"type": "array", "maxItems": 10, "items": _STRING},
            "state": {**_STRING, "description": "Of `transitionNotAllowed`: how it stands."},
            "possible": {
                "type": "array",
                "maxItems": 50,
                "items": _STRING,
                "description": "What is possible then.",
            },
            "missing": {
                "type": "array",
                "maxItems": 50,
                "items": _STRING,
                "description": "Of `planIncomplete`: which parts, as `missing` of the plan names them.",
            },
        },
        "required": ["type", "title", "status", "detail", "instance"],
    }
    return {"Issue": issue, "Problem": problem}


def _problem_answer() -> dict[str, Any]:
    return {
        "description": "A problem.",
        "headers": {"BelGov-Trace-Id": {"$ref": "#/components/headers/BelGovTraceId"}},
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": examples.problem()}
        },
    }


def _parameters() -> dict[str, Any]:
    def header(name: str, description: str, *, required: bool = False, **schema: Any) -> dict[str, Any]:
        told = {"in": "header", "name": name, "description": description, "schema": {**_STRING, **schema}}
        return {**told, "required": True} if required else told

    return {
        "AcceptLanguage": header("Accept-Language", "nl-BE, fr-BE or de-BE.", maxLength=200),
        "BelGovRelatedTraceId": header("BelGov-Related-Trace-Id", "The caller's own trace id.", maxLength=200),
        "IfMatch": header(
            "If-Match", "The ETag of what was read: of the dossier, or of anything in it.", required=True, maxLength=80
        ),
        "IfNoneMatch": header("If-None-Match", "The ETag of what the caller has.", maxLength=400),
        "IdempotencyKey": header(
            "Idempotency-Key", "The same key and body give the same answer again, for 24 hours at least.",
            minLength=1, maxLength=200,
        ),
    }  # fmt: skip


def _headers() -> dict[str, Any]:
    return {
        "BelGovTraceId": {"description": "Ours, of this call.", "schema": {**_STRING, "format": "uuid"}},
        "Location": {"description": "Where it is.", "schema": {**_STRING, "format": "uri"}},
        "ETag": {"description": "Its version, for If-Match.", "schema": {**_STRING, "maxLength": 80}},
    }


def _security() -> dict[str, Any]:
    flow = {"tokenUrl": "/oauth2/token", "scopes": dict(sorted(SCOPES.items()))}
    said = (
        "Client credentials, with a secret or by private_key_jwt; the assertion is checked as RFC8725 says, the token "
        "itself is opaque and lives for 10 minutes."
    )
    return {"type": "oauth2", "description": said, "flows": {"clientCredentials": flow}}
