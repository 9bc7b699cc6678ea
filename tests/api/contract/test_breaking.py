"""Nothing that was released is broken within a major version; each way of breaking it is found."""

from typing import Any

import pytest

from tests.api.client import document
from tests.api.contract.changes import (
    DONE,
    END,
    GET,
    JSON,
    ONE,
    POST,
    READ,
    SCHEMA,
    WORKS,
    Change,
    at,
    changed,
    no_parameter,
    parameter,
    path,
    schema_of,
)
from tnw.integration.rest.compare import breaking
from tnw.integration.rest.release import CHANGES, refusals, released

NEW = ("components", "schemas", "NewAdaptedWork")
STRING = {"type": "string"}

BREAKS: list[tuple[str, Change]] = [
    ("is gone", path(WORKS, "/dossiers/{dossierId}/works")),
    ("is gone", at("paths", WORKS, get=...)),
    ("another operationId", at(*GET, operationId="listWorks")),
    ("another scope", at(*GET, security=[{"clientCredentials": ["scope:tnw:dossier:read"]}])),
    ("no answer 201 any more", at(*POST, "responses", **{"201": ..., "200": DONE})),
    ("a success 202 that nobody expects", at(*POST, "responses", **{"202": DONE})),
    ("the header ETag is gone", at(*READ, "responses", "200", "headers", ETag=...)),
    ("application/json is gone", at(*READ, "responses", "200", "content", **{"application/json": ..., "a/b": {}})),
    # what goes out
    ("startsOn: is gone", at(*SCHEMA, "properties", startsOn=...)),
    ("startsOn: another type", at(*SCHEMA, "properties", startsOn={"type": "integer"})),
    ("startsOn: another format", at(*SCHEMA, "properties", startsOn={**STRING, "format": "date-time"})),
    ("startsOn: may be null", at(*SCHEMA, "properties", "startsOn", nullable=True)),
    ("startsOn: may be left out", at(*SCHEMA, required=["id", "href"])),
    ("state: without planned", at(*SCHEMA, "properties", "state", enum=["declared"])),
    ("[].startsOn: is gone", at(*GET, *JSON, schema={"type": "object", "properties": {
        "items": {"type": "array", "items": {"type": "object", "properties": {}}}}})),
    # what comes in
    ("a body is required now", at(*GET, requestBody={"required": True, "content": {}})),
    ("no body is taken any more", at(*END, requestBody=...)),
    ("application/json is gone", at(*POST, "requestBody", content={})),
    ("what: is refused", at(*NEW, "properties", what=...)),
    ("what: is required", at(*NEW, required=["startsOn", "what"])),
    ("hours: is required", at(*NEW, required=["startsOn", "hours"])),
    ("what: a smaller maxLength", at(*NEW, "properties", "what", maxLength=10)),
    ("what: a larger minLength", at(*NEW, "properties", "what", minLength=10)),
    ("what: another pattern", at(*NEW, "properties", "what", pattern="a+")),
    ("what: only certain codes", at(*NEW, "properties", "what", enum=["a"])),
    ("declared: another default", at(*NEW, "properties", "declared", default=False)),
    ("query parameter page is refused", no_parameter(WORKS, "get", "page")),
    ("query parameter state is new and required", parameter("state", required=True)),
    ("query parameter pageSize: a smaller maximum", schema_of(WORKS, "get", "pageSize", maximum=50)),
    ("query parameter page: a larger minimum", schema_of(WORKS, "get", "page", minimum=2)),
    ("query parameter page: another type", schema_of(WORKS, "get", "page", type="string")),
    ("header parameter Accept-Language became required",
     at("components", "parameters", "AcceptLanguage", required=True)),
]  # fmt: skip

KEEPS: list[Change] = [
    at("paths", **{"/more": {}}),
    at("paths", ONE, delete={"operationId": "deleteAdaptedWork", "responses": {}}),
    at(*SCHEMA, "properties", colour=STRING),
    at(*SCHEMA, required=["id", "href", "dossier", "state", "startsOn", "declaredOn"]),
    lambda told: told["components"]["schemas"]["AdaptedWork"]["properties"]["state"]["enum"].append("dreamt"),
    at(*NEW, "properties", colour=STRING),
    at(*NEW, "properties", "what", maxLength=10_000),
    at(*NEW, required=...),
    parameter("state"),
    schema_of(WORKS, "get", "pageSize", maximum=1000),
    at(*GET, summary="Other words", description="Other words"),
    at(*GET, "responses", "200", "headers", Colour={"schema": STRING}),
    at(*GET, tags=["Other"]),
]


@pytest.mark.parametrize(("said", "change"), BREAKS)
def test_what_breaks_a_caller_is_found(said: str, change: Change) -> None:
    found = breaking(document(), changed(change))
    assert any(said in one for one in found), found


@pytest.mark.parametrize("change", KEEPS)
def test_additions_and_words_break_nobody(change: Change) -> None:
    assert breaking(document(), changed(change)) == []


def test_a_schema_that_holds_itself_is_compared_once() -> None:
    again = at(*SCHEMA, "properties", next={"$ref": "#/components/schemas/AdaptedWork"})
    old = changed(again)
    assert breaking(old, changed(again)) == []
    assert breaking(old, changed(again, at(*SCHEMA, "properties", startsOn=...)))


SAID = "# Changes\n\n## 1.0.0 (soon)\n\nThe first.\n"


def test_nothing_that_was_released_is_broken() -> None:
    assert refusals(document(), released(), CHANGES.read_text()) == []


def first() -> dict[str, Any]:
    return changed(at("info", version="1.0.0"))


def test_a_version_without_an_entry_is_refused() -> None:
    assert refusals(first(), None, SAID) == []
    assert refusals(first(), None, "# Changes\n") == ["docs/api-changes.md says nothing of 1.0.0"]
    assert refusals(first(), None, "## 1.0.0\n\n## 0.9.0\n\nBefore.\n"), "a heading says nothing yet"


def test_what_changes_after_a_release_has_a_new_version() -> None:
    more = at(*SCHEMA, "properties", colour=STRING)
    assert "raise VERSION" in refusals(changed(more, at("info", version="1.0.0")), first(), SAID)[0]
    said = SAID + "\n## 1.1.0\n\nColours.\n"
    assert refusals(changed(more, at("info", version="1.1.0")), first(), said) == []


def test_what_breaks_waits_for_the_next_major_version() -> None:
    less = at(*SCHEMA, "properties", startsOn=...)
    said = SAID + "\n## 1.1.0\n\nLess.\n\n## 2.0.0\n\nLess.\n"
    assert "is gone" in "".join(refusals(changed(less, at("info", version="1.1.0")), first(), said))
    assert refusals(changed(less, at("info", version="2.0.0")), first(), said) == []
