"""A file of incapacities over the API: streamed in, taken in by the fund's one way, and told of line by line."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest
from pytest_django import Settings

from dossiers.feed.recognitions import COLUMNS
from dossiers.models import ImportRun, Incapacity, LedgerEntry
from routing.intake.queue import take_waiting
from tests import population
from tests.api.client import Caller
from tests.api.conftest import Api
from tnw.accounts.models import Fund, Team
from tnw.core import clock
from tnw.integration import feeds
from tnw.integration.jobs import finished_feeds
from tnw.integration.models import IncapacityFeed, WebhookDelivery, WebhookSubscription
from tnw.integration.rest.shape import ROOT

TODAY = date(2026, 3, 2)
AT = "/incapacityFeeds"
BASE = f"http://localhost:8000{ROOT}"


@pytest.fixture(autouse=True)
def _here(team: Team, tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.UPLOADS = tmp_path / "uploads"
    with clock.at(TODAY, hour=11):
        yield


@pytest.fixture
def core(api: Api) -> Caller:
    return api.as_fund("incapacity:read", "incapacity:write")


def written(lines: Iterable[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=";")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode()


def send(caller: Caller, body: bytes, *, media: str = "text/csv", **headers: str) -> Any:
    return caller.call("POST", AT, body, media=media, **headers)


def place(answer: Any) -> str:
    return str(answer["Location"]).removeprefix(BASE)


def test_sent_taken_in_and_told_line_by_line(core: Caller, in_fund: Fund) -> None:
    lines = [population.line(reference=f"r-{number}") for number in range(5)]
    lines[1]["ssin"] = "12345678901"
    lines[3]["start"] = "soon"
    sent = send(core, written(lines))
    assert (sent.status_code, sent.content) == (202, b"")
    read = core.get(place(sent))
    assert read.json()["self"] == sent["Location"]
    assert read.json()["status"]["state"] == "processing"
    assert read.json()["status"]["pollAfter"].startswith("2026-03-02T11:")
    assert take_waiting(in_fund).files == 1
    over = core.get(place(sent))
    assert (over.status_code, over["Location"]) == (303, f"{sent['Location']}/results")
    told = core.get(place(over)).json()
    assert told["summary"] == {"lines": 5, "accepted": 3, "unchanged": 0, "rejected": 2}
    assert [(one["id"], one["outcome"], one["faults"][0]["code"], one["faults"][0]["column"])
            for one in told["items"]] == [
        ("3", "rejected", "invalidCheckDigits", "ssin"), ("5", "rejected", "invalidDate", "start"),
    ]  # fmt: skip
    one = told["items"][0]
    assert core.get(one["href"].removeprefix(BASE)).json() == one
    assert core.get(f"{place(sent)}/results/2").status_code == 404
    assert b"12345678901" not in core.get(place(over)).content
    assert set(LedgerEntry.objects.values_list("actor", flat=True)) == {core.client.actor.pk}


def test_the_same_file_again_says_nothing_new(core: Caller, in_fund: Fund) -> None:
    body = written([population.line(reference="r-1")])
    for accepted, unchanged in ((1, 0), (0, 1)):
        sent = send(core, body)
        take_waiting(in_fund)
        told = core.get(f"{place(sent)}/results").json()["summary"]
        assert (told["accepted"], told["unchanged"]) == (accepted, unchanged)


def test_results_go_on_by_mark(core: Caller, in_fund: Fund) -> None:
    sent = send(core, written([population.line(ssin="1") for _ in range(45)]))
    take_waiting(in_fund)
    at, seen = f"{place(sent)}/results", []
    while at:
        told = core.get(at).json()
        seen += [int(one["id"]) for one in told["items"]]
        at = told.get("next", "").removeprefix(BASE)
    assert seen == list(range(2, 47))


def test_a_file_that_is_none_is_refused_whole_in_a_sentence(core: Caller, in_fund: Fund) -> None:
    sent = send(core, b"reference;version\r\n1;1\r\n")
    take_waiting(in_fund)
    told = core.get(place(sent), Accept_Language="nl-BE").json()["status"]
    assert (told["state"], told["problem"]["status"]) == ("failed", 400)
    assert "ssin" in told["problem"]["detail"]
    assert told["problem"]["href"].endswith("#badRequest")
    assert told["problem"]["instance"].startswith("urn:uuid:")
    assert core.get(place(sent), Accept_Language="nl-BE").json()["status"] == told
    assert core.get(f"{place(sent)}/results").json()["items"] == []


def test_the_same_call_twice_is_one_and_another_file_is_none(core: Caller, in_fund: Fund) -> None:
    body = written([population.line(reference="r-1")])
    first, again = send(core, body, Idempotency_Key="k"), send(core, body, Idempotency_Key="k")
    assert first["Location"] == again["Location"]
    assert ImportRun.objects.count() == 1
    assert send(core, body + b"\r\n", Idempotency_Key="k").status_code == 422


def test_too_much_is_refused_and_leaves_nothing(core: Caller, in_fund: Fund, settings: Settings) -> None:
    settings.FEED_MOST_BYTES = 100
    assert send(core, b"x" * 101).status_code == 413
    assert list(settings.UPLOADS.glob("*")) == []
    assert not ImportRun.objects.exists()


def test_what_comes_is_never_held_in_memory(
    core: Caller, in_fund: Fund, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """Larger than what Django takes into memory, and nobody asks for `body` or for a parsed form."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

    def never(*_: object) -> None:
        raise AssertionError("held in memory")

    monkeypatch.setattr(HttpRequest, "body", property(never))
    monkeypatch.setattr(MemoryFileUploadHandler, "new_file", never)
    sent = send(core, written([population.line() for _ in range(100)]), Idempotency_Key="k")
    assert sent.status_code == 202


def test_only_csv_is_taken(core: Caller, in_fund: Fund) -> None:
    assert send(core, b"{}", media="application/json").status_code == 415
    assert send(core, written([population.line()]), media="text/csv; charset=utf-8").status_code == 202


def test_another_funds_file_does_not_exist(
    api: Api, core: Caller, in_fund: Fund, new_fund: Callable[[str], Fund]
) -> None:
    at = place(send(core, written([population.line()])))
    other = api.as_fund(fund=new_fund("509"))
    for address in (at, f"{at}/results", f"{at}/results/2"):
        assert other.get(address).status_code == 404
    assert other.client.actor.fund != in_fund


def test_a_line_of_another_fund_is_refused(core: Caller, in_fund: Fund) -> None:
    sent = send(core, written([population.line(fund="509")]))
    take_waiting(in_fund)
    (one,) = core.get(f"{place(sent)}/results").json()["items"]
    assert one["faults"][0]["code"] == "otherFund"
    assert not Incapacity.objects.exists()


def test_its_end_is_told_once(api: Api, in_fund: Fund) -> None:
    core = api.as_fund()
    WebhookSubscription.objects.create(
        client=core.client, url="https://core.example.org/hook", created_at=clock.now()
    )
    sent = send(core, written([population.line()]))
    assert feeds.tell_of_finished(in_fund) == 0
    take_waiting(in_fund)
    assert finished_feeds(TODAY, in_fund) == {in_fund.number: {"feeds": 1}}
    assert finished_feeds(TODAY, in_fund) == {in_fund.number: {"feeds": 0}}
    (told,) = [one for one in map(_body, WebhookDelivery.objects.all()) if "incapacityFeed" in one["type"]]
    assert told["data"]["href"] == sent["Location"]
    assert IncapacityFeed.objects.get().told


def _body(delivery: WebhookDelivery) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(delivery.body)
    return told
