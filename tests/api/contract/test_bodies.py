"""What a body is, however it comes: in chunks, packed, or not at all; and which form of answer nobody takes."""

import gzip
import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest

from dossiers.models import CareerItem
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.route_a.stage import Case
from tnw.core import clock
from tnw.integration.rest.shape import ROOT

DAY = date(2026, 3, 2)
JOB: dict[str, Any] = {"kind": "job", "title": "Welder"}


class Chunks(BytesIO):
    """A body of which no more is given at once than one chunk."""

    def read(self, most: int | None = -1) -> bytes:
        return super().read(min(most, 7) if most and most > 0 else most)


@pytest.fixture
def at(case: Case) -> Iterator[str]:
    case.on(DAY)
    with clock.at(DAY, hour=11):
        yield f"/dossiers/{case.dossier.public_id}/careerItems"


@pytest.fixture
def portal(api: Api) -> Caller:
    return api.as_fund("careerItem:read", "careerItem:write", "contactRequest:write", "dossier:read")


def chunked(portal: Caller, path: str, body: bytes, *, ended: bool = True, **headers: str) -> Any:
    """A POST of which nothing says how long it is; `ended`: the server says where it ends."""
    sent = {"Authorization": f"Bearer {portal.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
    environ: Any = {
        "wsgi.input": Chunks(body), "wsgi.input_terminated": ended, "CONTENT_TYPE": "application/json",
        "HTTP_TRANSFER_ENCODING": "chunked",
    }  # fmt: skip
    return portal.browser.generic("POST", ROOT + path, headers=sent, **environ)


def test_a_body_in_chunks_is_read(portal: Caller, case: Case, at: str) -> None:
    made = chunked(portal, at, json.dumps(JOB).encode())
    assert (made.status_code, made.json()["title"]) == (201, "Welder")
    assert CareerItem.objects.get(dossier=case.dossier).title == "Welder"


def test_nothing_of_it_is_overlooked(portal: Caller, case: Case) -> None:
    """Each of its properties may be left out: what was not read would have been taken for that."""
    of = f"/dossiers/{case.dossier.public_id}"
    with clock.at(DAY, hour=11):
        tag = portal.get(of)["ETag"]
        refused = chunked(portal, f"{of}/contactRequests", b'{"bogus": 1}', If_Match=tag)
    assert refused.status_code == 400, refused.content
    assert [one["type"].rpartition(":")[2] for one in refused.json()["issues"]] == ["unknownInput"]


def test_a_key_knows_it(portal: Caller, at: str) -> None:
    for body, status in ((JOB, 201), (JOB, 201), ({**JOB, "title": "Baker"}, 422)):
        answer = chunked(portal, at, json.dumps(body).encode(), Idempotency_Key="one")
        assert answer.status_code == status


@pytest.mark.parametrize(("encoding", "status"), [("gzip", 415), ("br", 415), ("Identity", 201)])
def test_a_body_that_is_packed_is_not_taken(portal: Caller, at: str, encoding: str, status: int) -> None:
    body = json.dumps(JOB).encode()
    answer = portal.call(
        "POST", at, gzip.compress(body) if status == 415 else body, Content_Encoding=encoding
    )
    assert answer.status_code == status


def test_more_than_is_taken_at_once(portal: Caller, at: str) -> None:
    body = b'{"kind": "job", "title": "' + b"x" * 6_000_000 + b'"}'
    assert chunked(portal, at, body).status_code == 413


def test_what_no_server_ends_is_refused(portal: Caller, case: Case, at: str) -> None:
    assert chunked(portal, at, json.dumps(JOB).encode(), ended=False).status_code == 400
    assert not CareerItem.objects.filter(dossier=case.dossier).exists()


@pytest.mark.parametrize("media", ["", "application/json", "text/plain"])
def test_no_body_is_none_even_where_nothing_in_it_is_required(portal: Caller, case: Case, media: str) -> None:
    of = f"/dossiers/{case.dossier.public_id}"
    with clock.at(DAY, hour=11):
        tag = portal.get(of)["ETag"]
        refused = portal.call("POST", f"{of}/contactRequests", b"", media=media, If_Match=tag)
    assert refused.status_code == 400, refused.content
    (issue,) = refused.json()["issues"]
    assert (issue["type"].rpartition(":")[2], issue["in"]) == ("schemaViolation", "body")


@pytest.mark.parametrize(
    ("accept", "status"),
    [("application/json;q=0", 406), ("application/json;q=0, */*", 406), ("*/*;q=0.0", 406),
     ("application/json; Q=0.000", 406), ("application/json;q=0.001", 200), ("text/html;q=0, */*", 200),
     ("*/*;q=0, application/json", 200), ("application/*;q=0, application/problem+json", 406),
     ("application/json;version=1;q=0, application/json", 200)],
)  # fmt: skip
def test_a_form_that_is_taken_not_at_all(portal: Caller, at: str, accept: str, status: int) -> None:
    assert portal.get(at, Accept=accept).status_code == status
