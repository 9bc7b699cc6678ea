"""A caller of the API that takes nothing on trust: every answer is held against the contract."""

import json
import re
from functools import cache
from typing import Any

from django.test import Client as Browser
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from tnw.integration.rest import contract
from tnw.integration.rest.problem import MEDIA_TYPE
from tnw.integration.rest.shape import ROOT

MERGE_PATCH = "application/merge-patch+json"
NEVER = {
    "GET": {201, 202, 204, 409, 412, 413},
    "POST": {304},
    "PUT": {202, 304},
    "PATCH": {201, 202, 304},
    "DELETE": {201, 202, 304, 413},
}


@cache
def document() -> dict[str, Any]:
    """The contract as the code makes it."""
    return contract.build()


@cache
def _paths() -> list[tuple[re.Pattern[str], str]]:
    # What is written out wins over a place: /dossiers/query before /dossiers/{dossierId}.
    paths = sorted(document()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"{\w+}", "[^/]+", path) + r"\Z"), path) for path in paths]


def operation_of(method: str, path: str) -> dict[str, Any]:
    """The operation that the contract has at an address, the root of the API left out."""
    template = next(template for pattern, template in _paths() if pattern.match(path))
    return document()["paths"][template][method.lower()]


@cache
def _registry() -> Registry[Any]:
    resource = Resource.from_contents(document(), default_specification=DRAFT4)
    return Registry().with_resource("urn:contract", resource)


@cache
def _problem() -> OAS30Validator:
    return validator(document()["components"]["schemas"]["Problem"])


@cache
def _promised(operation: str, status: int, media: str) -> OAS30Validator:
    (one,) = (
        one
        for methods in document()["paths"].values()
        for one in methods.values()
        if one["operationId"] == operation
    )
    return validator(one["responses"][str(status)]["content"][media]["schema"])


def validator(schema: dict[str, Any]) -> OAS30Validator:
    """Of a schema of the contract."""
    return OAS30Validator(_absolute(schema), registry=_registry(), format_checker=oas30_format_checker)


def _absolute(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: f"urn:contract{inner}" if name == "$ref" else _absolute(inner)
            for name, inner in value.items()
        }
    return [_absolute(one) for one in value] if isinstance(value, list) else value


def check(method: str, path: str, answer: Any) -> None:
    """That an answer is one that the contract promises of this operation."""
    assert answer.status_code < 500, answer.content
    assert answer.status_code not in NEVER[method], (method, answer.status_code)
    assert answer["BelGov-Trace-Id"]
    assert answer["Content-Language"] in ("nl-BE", "fr-BE", "de-BE")
    media = answer.get("Content-Type", "").split(";")[0]
    if answer.status_code >= 400:
        assert media == MEDIA_TYPE, media
        errors = list(_problem().iter_errors(answer.json()))
        assert not errors, errors
        assert answer.json()["status"] == answer.status_code
        return
    operation = operation_of(method, path)
    promised = operation["responses"][str(answer.status_code)]
    for name in promised.get("headers", {}):
        assert name in answer, f"{name} is promised"
    content = promised.get("content", {})
    assert not answer.content or media in content, (media, answer.content[:200])
    if media == "application/json" and answer.content:
        assert not _nulls(answer.json()), answer.json()
        assert b"/None" not in answer.content, answer.json()
        held_against = _promised(operation["operationId"], answer.status_code, media)
        errors = list(held_against.iter_errors(answer.json()))
        assert not errors, (errors, answer.json())


def _nulls(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_nulls, value.values()))
    return any(map(_nulls, value)) if isinstance(value, list) else value is None


class Caller:
    """An API client with a token: `.get("/deadlines")`, `.post("/…", {…}, **headers)`; `etag` is that of the last answer."""

    def __init__(self, token: str = "") -> None:
        self.browser = Browser(raise_request_exception=False)
        self.token = token
        self.etag = ""
        self.client: Any = None

    def call(
        self, method: str, path: str, body: Any = None, *, media: str = "application/json", **headers: str
    ) -> Any:
        """Headers by name with `_` for `-`: `Idempotency_Key="…"`. The answer is held against the contract."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        more: dict[str, Any] = {} if body is None else {"data": body, "content_type": media}
        answer: Any = self.browser.generic(
            method, ROOT + path, _bytes(body), content_type=more.get("content_type", ""), headers=sent
        )
        self.etag = answer.get("ETag", self.etag)
        check(method, path.partition("?")[0], answer)
        return answer

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, {} if body is None else body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("PATCH", path, body, media=MERGE_PATCH, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.call("DELETE", path, **headers)

    def step(self, at: str, path: str, body: Any = None, **headers: str) -> Any:
        """A step, by the version that reading `at` gave."""
        read = self.get(at)
        assert read.status_code == 200, read.content
        return self.post(path, body, If_Match=read["ETag"], **headers)


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    return body if isinstance(body, bytes) else json.dumps(body, default=str).encode()
