"""What every call and every answer keep, whatever the resource: headers, forms, sizes, methods, unknown addresses."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from pytest_django import DjangoDbBlocker

from dossiers.models import LedgerEntry
from tests.api.client import Caller
from tests.api.world import World
from tnw.integration.models import RelatedTrace
from tnw.integration.rest import doc
from tnw.integration.rest.shape import ROOT

WORK = {"startsOn": "2026-12-01", "declared": False}


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture
def world(built: World) -> Iterator[World]:
    """As it was, for each test."""
    with built.undone(), built.inside():
        yield built


@pytest.fixture
def fund(world: World) -> Caller:
    return world.caller("fund")


@pytest.fixture
def at(world: World) -> str:
    return f"/dossiers/{world.dossier.public_id}/adaptedWorks"


def match(world: World) -> str:
    return f'"{world.version()}-{"0" * 16}"'


def raw(
    fund: Caller, method: str, path: str, body: bytes = b"", media: str = "application/json", **more: str
) -> Any:
    """A call as it stands, whose answer is a problem whatever happens."""
    headers = {
        "Authorization": f"Bearer {fund.token}",
        **{name.replace("_", "-"): v for name, v in more.items()},
    }
    return fund.browser.generic(method, ROOT + path, body, content_type=media, headers=headers)


# --- answers


def test_personal_data_is_not_stored_on_the_way(fund: Caller, at: str) -> None:
    for answer in (fund.get(at), fund.get("/nothing-here"), Caller().get(at)):
        assert answer["Cache-Control"] == "no-store"
        assert {"Accept-Language", "Authorization"} <= {one.strip() for one in answer["Vary"].split(",")}


@pytest.mark.parametrize(
    ("asked", "given"),
    [("nl-BE", "nl-BE"), ("fr-BE", "fr-BE"), ("de-BE", "de-BE"), ("en", "nl-BE"), ("en, de;q=0.5", "de-BE"),
     ("fr-BE;q=0.3, de-BE", "de-BE"), ("", "nl-BE"), ("*", "nl-BE"), ("x" * 300, "nl-BE")],
)  # fmt: skip
def test_the_language_of_the_answer(fund: Caller, at: str, asked: str, given: str) -> None:
    assert fund.get(at, Accept_Language=asked)["Content-Language"] == given


def test_trace_ids_reach_the_answer_the_log_and_the_ledger(
    world: World, fund: Caller, at: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        made = fund.post(at, WORK, If_Match=match(world), BelGov_Related_Trace_Id="portal-42")
    trace = made["BelGov-Trace-Id"]
    assert made["BelGov-Related-Trace-Id"] == "portal-42"
    entry = LedgerEntry.objects.filter(dossier=world.dossier).latest("seq")
    assert str(entry.trace_id) == trace
    assert RelatedTrace.objects.get(trace_id=trace).related == "portal-42"
    refused = fund.post(at, WORK, If_Match=match(world), BelGov_Related_Trace_Id="a\tb")
    assert "BelGov-Related-Trace-Id" not in refused, "only what can be printed is repeated"


def test_a_long_trace_id_of_the_caller_is_cut(world: World, fund: Caller, at: str) -> None:
    made = fund.post(at, WORK, If_Match=match(world), BelGov_Related_Trace_Id="x" * 5000)
    assert RelatedTrace.objects.get(trace_id=made["BelGov-Trace-Id"]).related == "x" * 200


def test_if_none_match_takes_a_list_weak_tags_and_any(world: World, fund: Caller) -> None:
    at = f"/adaptedWorks/{world.place('adaptedWorkId')}"
    tag = fund.get(at)["ETag"]
    for header in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        answer = fund.get(at, If_None_Match=header)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag), header
    for header in ('"other"', tag.strip('"'), "nonsense, more"):
        assert fund.get(at, If_None_Match=header).status_code == 200, header


# --- addresses and methods


@pytest.mark.parametrize("path", ["/", "", "/nothing", "/dossiers/", "/dossiers/7", "/adaptedWorks/x/y/z", "/Dossiers",
                                  "/doc/openapi", "/health/", "/../admin", "/dossiers/%00", "/dossiers/a%0Ab",
                                  "/dossiers/query/"])  # fmt: skip
def test_an_unknown_address_is_a_problem_and_no_page(fund: Caller, path: str) -> None:
    answer = fund.get(path)
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:problem-type:belgif:resourceNotFound")


def test_what_cannot_be_done_says_what_can(fund: Caller, at: str) -> None:
    for method, path, allowed in (
        ("DELETE", at, "GET, POST"),
        ("PUT", at, "GET, POST"),
        ("PATCH", "/health", "GET"),
    ):
        answer = raw(fund, method, path)
        assert (answer.status_code, answer["Allow"]) == (405, allowed)
        assert answer.json()["type"].endswith(":methodNotAllowed")


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_not_taken(fund: Caller, at: str, method: str) -> None:
    answer = raw(fund, method, at)
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert answer["Allow"] == "GET, POST"
    assert answer["BelGov-Trace-Id"]


# --- forms


@pytest.mark.parametrize(
    ("accept", "status"),
    [("application/json", 200), ("*/*", 200), ("application/*", 200), ("application/problem+json", 200), ("text/html", 406),
     ("image/png;q=0.1, text/*", 406), ("", 200), ("text/html, */*;q=0.1", 200), ("APPLICATION/JSON; charset=utf-8", 200)],
)  # fmt: skip
def test_which_form_is_given(fund: Caller, at: str, accept: str, status: int) -> None:
    assert fund.get(at, Accept=accept).status_code == status


@pytest.mark.parametrize("media", ["text/plain", "application/xml", "application/x-www-form-urlencoded",
                                   "multipart/form-data; boundary=x",
                                   "application/merge-patch+json", "nonsense"])  # fmt: skip
def test_which_form_is_taken(world: World, fund: Caller, at: str, media: str) -> None:
    answer = raw(fund, "POST", at, json.dumps(WORK).encode(), media, If_Match=match(world))
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (415, "unsupportedMediaType")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nonsense", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b'{"startsOn": NaN}', b'{"startsOn": Infinity}',
     b"null", b"7", b'"text"', b"[]", b'{"startsOn": "2026-12-01"} more', b'{"startsOn": 1e999}', b'{"what": "\\ud800"}',
     b'{"startsOn": "2026-12-01", "what": "\\u0000"}', b'{"startsOn": ' + b"9" * 10_000 + b"}",
     b'{"startsOn": "2026-12-01", "startsOn": "2026-12-02"}'],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(world: World, fund: Caller, at: str, body: bytes) -> None:
    answer = raw(fund, "POST", at, body, If_Match=match(world))
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert all(one["in"] == "body" and "value" not in one for one in answer.json()["issues"])


def test_more_than_is_taken_at_once(world: World, fund: Caller, at: str) -> None:
    answer = raw(fund, "POST", at, b'{"what": "' + b"x" * 6_000_000 + b'"}', If_Match=match(world))
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (413, "payloadTooLarge")


# --- keys and versions


@pytest.mark.parametrize("key", ["", "x" * 201, "x" * 100_000, "a\tb", "\x7f"])
def test_a_key_that_is_none(world: World, fund: Caller, at: str, key: str) -> None:
    refused = fund.post(at, WORK, If_Match=match(world), Idempotency_Key=key)
    assert (refused.status_code, refused.json()["issues"][0]["in"]) == (400, "header")
    assert refused.json()["issues"][0]["name"] == "Idempotency-Key"


def test_the_longest_key_serves(world: World, fund: Caller, at: str) -> None:
    sent = {"If_Match": match(world), "Idempotency_Key": "x" * 200}
    first, again = fund.post(at, WORK, **sent), fund.post(at, WORK, **sent)
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 201, "true")


@pytest.mark.parametrize("header", ["*", '""', '"7"', '"-1-0000000000000000"', '"1-xyz"', "1",
                                    '"99999999999999999999-0000000000000000"',
                                    '"1-0000000000000000", "2-0000000000000000"'])  # fmt: skip
def test_a_version_that_is_none_is_stale(fund: Caller, at: str, header: str) -> None:
    assert fund.post(at, WORK, If_Match=header).status_code == 412


def test_a_client_that_calls_too_often_hears_when_to_try_again(world: World, at: str) -> None:
    client = world.clients["other fund"]
    client.calls_a_minute = 1
    client.save(update_fields=["calls_a_minute"])
    caller = world.caller("other fund")
    # Four: between two of them a minute may begin.
    refused = next(answer for answer in (caller.get(at) for _call in range(4)) if answer.status_code == 429)
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused.json()["type"] == "urn:problem-type:belgif:tooManyRequests"


# --- health


def test_health_says_down_where_the_database_is_gone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Browser().get(f"{ROOT}/health").json() == {"status": "UP"}

    def gone() -> None:
        raise DatabaseError

    with monkeypatch.context() as patched:  # no longer than this: the test is undone by the same connection
        patched.setattr(doc.connection, "cursor", gone)
        down = Browser().get(f"{ROOT}/health")
    assert (down.status_code, down.json(), down["Content-Type"]) == (
        503,
        {"status": "DOWN"},
        "application/json",
    )
