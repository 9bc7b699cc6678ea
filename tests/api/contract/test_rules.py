"""One test for each rule of shared/api.md over the contract; and for each rule, documents that break it are found."""

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from tests.api.client import document
from tests.api.contract.changes import (
    DONE,
    END,
    ENDINGS,
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
    header,
    no_parameter,
    parameter,
    path,
)
from tests.api.contract.rules import RULES


@pytest.mark.parametrize("name", RULES)
def test_the_contract_keeps(name: str) -> None:
    assert list(RULES[name](document())) == []


def test_it_is_valid_openapi_3_0() -> None:
    assert document()["openapi"].startswith("3.0.")
    OpenAPIV30SpecValidator(document()).validate()


def test_what_is_no_openapi_is_found() -> None:
    broken = changed(at(*GET, responses=...))
    with pytest.raises(OpenAPIValidationError):
        OpenAPIV30SpecValidator(broken).validate()


# --- a document that breaks a rule, at a place that is told

LIST = ("components", "schemas", "AdaptedWorkList")

BROKEN: list[tuple[str, str, Change]] = [
    ("status_codes_per_method", "409", at(*GET, "responses", **{"409": DONE})),
    ("status_codes_per_method", "304", at(*POST, "responses", **{"304": DONE})),
    ("camel_case", "adapted-works", path(WORKS, "/dossiers/{dossierId}/adapted-works")),
    ("camel_case", "{dossier_id}", path(WORKS, "/dossiers/{dossier_id}/adaptedWorks")),
    ("camel_case", "page_size", parameter("page_size")),
    ("camel_case", "starts_on", at(*SCHEMA, "properties", starts_on={"type": "string"})),
    ("camel_case", "NOT_BEGUN", at(*SCHEMA, "properties", "state", enum=["NOT_BEGUN"])),
    ("plural_paths", "adaptedJob", path(WORKS, "/dossiers/{dossierId}/adaptedJob")),
    ("no_slash_at_the_end_and_no_extension", "/", path(WORKS, f"{WORKS}/")),
    ("no_slash_at_the_end_and_no_extension", ".json", path(WORKS, f"{WORKS}.json")),
    ("address_of_the_server", "/api/tnw", at(servers=[{"url": "/api/tnw"}])),
    ("address_of_the_server", "/api/tnw/v1.2", at(servers=[{"url": "/api/tnw/v1.2"}])),
    ("address_of_the_server", "/api/tnw/v1/", at(servers=[{"url": "/api/tnw/v1/"}])),
    ("nullable_in_a_merge_patch_only", "AdaptedWork.state", at(*SCHEMA, "properties", "state", nullable=True)),
    ("what_is_read_only_is_not_required", "AdaptedWork.id", at(*SCHEMA, "properties", "id", readOnly=True)),
    ("ids_in_paths", "{id}", path(ONE, "/adaptedWorks/{id}")),
    ("ids_in_paths", "{workId}", path(ENDINGS, "/adaptedWorks/{workId}/endings")),
    ("ids_in_paths", "/{what}", path(ONE, "/{what}")),
    ("components_in_upper_camel_case", "adapted_work", at("components", "schemas", adapted_work={"type": "object"})),
    ("components_in_upper_camel_case", "eTag", at("components", "headers", eTag={"schema": {}})),
    ("headers_in_kebab_case", "x-colour", parameter("x-colour", "header")),
    ("headers_in_kebab_case", "trace_id", header("trace_id")),
    ("what_repeats_has_a_singular_name", "states", parameter("states", type="array", items={"type": "string"})),
    ("shape_of_a_collection", "tells of itself", at(*LIST, "properties", self=...)),
    ("shape_of_a_collection", "tells of itself", at(*LIST, "properties", total=...)),
    ("shape_of_a_collection", "without an href", at(*SCHEMA, "properties", href=...)),
    ("shape_of_a_collection", "its pages", no_parameter(WORKS, "get", "page")),
    ("shape_of_a_collection", "its pages", no_parameter(WORKS, "get", "pageSize")),
    ("a_plural_address_gives_a_collection", WORKS, at(*GET, *JSON, "schema", ref="#/components/schemas/AdaptedWork")),
    ("an_object_at_the_top", "200", at(*GET, *JSON, schema={"type": "array", "items": {"type": "string"}})),
    ("a_media_type_has_a_schema", "200", at(*GET, *JSON, schema={})),
    ("whether_a_body_is_required", "post", at(*POST, "requestBody", required=...)),
    ("whether_a_body_is_required", "get", at(*GET, requestBody={"required": True, "content": {}})),
    ("health_is_there", "/health", at("paths", **{"/health": ...})),
    ("every_operation_answers_with_a_problem_else", WORKS, at(*GET, "responses", default=...)),
    ("errors_are_problems_and_nothing_else_is", "404", at(*GET, "responses", **{
        "404": {"description": "Nothing.", "content": {"application/json": {"schema": {"type": "object"}}}}})),
    ("errors_are_problems_and_nothing_else_is", "200", at(*GET, "responses", "200", "content", **{
        "application/problem+json": {"schema": {"type": "object"}}})),
    ("required_properties_exist", "AdaptedWork.colour", at(*SCHEMA, required=["colour"])),
    ("scopes_are_declared", "none", at(*GET, security=[])),
    ("scopes_are_declared", "none", at(*GET, security=...)),
    ("scopes_are_declared", "colour:read", at(*GET, security=[{"clientCredentials": ["scope:tnw:colour:read"]}])),
    ("one_known_tag_with_a_capital", WORKS, at(*GET, tags=["Unheard of"])),
    ("one_known_tag_with_a_capital", WORKS, at(*GET, tags=["Adapted work", "Health"])),
    ("one_known_tag_with_a_capital", "small", at(tags=[{"name": "small"}])),
    ("one_operation_id_each", "post", at(*GET, operationId="createAdaptedWork")),
    ("one_operation_id_each", "get", at(*GET, operationId="list_adapted_work")),
    ("one_operation_id_each", "get", at(*GET, summary=...)),
    ("nothing_personal_in_an_address_or_header", "ssin", parameter("ssin")),
    ("nothing_personal_in_an_address_or_header", "lastName", parameter("lastName")),
    ("what_changes_names_the_version_and_what_creates_a_key", ENDINGS, no_parameter(ENDINGS, "post", "IdempotencyKey")),
    ("what_changes_names_the_version_and_what_creates_a_key", "201", at(*END, "responses", "201", "headers", Location=...)),
    ("examples_codes_and_defaults_fit", "state", at(*SCHEMA, "properties", "state", enum=[7])),
    ("examples_codes_and_defaults_fit", "state", at(*SCHEMA, "properties", "state", default="unheard of")),
    ("examples_codes_and_defaults_fit", "id", at(*SCHEMA, "properties", "id", example="7")),
    ("examples_codes_and_defaults_fit", "body", at(*POST, "requestBody", "content", "application/json", example={})),
    ("examples_codes_and_defaults_fit", "200", at(*READ, *JSON, example={"startsOn": "yesterday"})),
    ("every_operation_has_an_example", "200", at(*READ, *JSON, example=...)),
    ("every_operation_has_an_example", "body", at(*POST, "requestBody", "content", "application/json", example=...)),
    ("every_answer_bears_a_trace", "200", at(*READ, "responses", "200", "headers", **{"BelGov-Trace-Id": ...})),
]  # fmt: skip


def test_every_rule_is_broken_once() -> None:
    assert {name for name, _where, _broken in BROKEN} == set(RULES)


@pytest.mark.parametrize(("name", "where", "broken"), BROKEN)
def test_a_document_that_breaks_it_is_found(name: str, where: str, broken: Change) -> None:
    found = list(RULES[name](changed(broken)))
    assert found
    assert where in ("none", ...) or any(where in one for one in found), found
