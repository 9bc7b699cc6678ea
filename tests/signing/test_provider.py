"""A provider of signatures that is away, slow or broken, and the one to try with: nothing is lost."""

import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from wsgiref.simple_server import WSGIServer, make_server

import pytest
import requests
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from tests.reintegration.stage import DAY, MARCH, fails
from tests.signing.stage import KEY, Signing, job, signs_there
from trajects.models import OutsideSigning
from trajects.signing import http
from trajects.signing.local import LocalProvider, running
from trajects.signing.port import ToSign


def test_nothing_is_lost_while_it_is_away(one: Signing, settings: Settings) -> None:
    provider = LocalProvider(KEY, now=lambda: datetime(2026, 3, 9, 16, 30, tzinfo=UTC))
    settings.SIGNING_KEY = KEY
    with running(provider) as url:
        settings.SIGNING_URL = url
        sent = one.go_outside()
        signs_there(provider, sent)
    fails("provider_down", lambda: one.ask(sent))
    assert job(one) == {"signed": 0, "waiting": 1}
    fails("provider_down", Signing(one.part, one.change().subject).go_outside)
    assert not OutsideSigning.objects.filter(state="started").exists()


def test_one_that_does_not_answer_keeps_no_other_waiting(
    drawn: Callable[..., Signing], provider: LocalProvider
) -> None:
    first, second = drawn(), drawn()
    lost, sent = second.go_outside(), first.go_outside()
    del provider.sessions[lost.session]
    signs_there(provider, sent)
    assert job(first) == {"signed": 1, "waiting": 1}


def test_what_nobody_came_back_from_for_a_month_is_over(one: Signing, provider: LocalProvider) -> None:
    one.go_outside()
    one.on(MARCH + 29 * DAY)
    assert job(one) == {"signed": 0, "waiting": 1}
    one.on(MARCH + 31 * DAY)
    assert job(one) == {"signed": 0, "waiting": 0}
    one.go_outside()


@pytest.mark.parametrize(
    ("url", "key"),
    [("", KEY), ("https://signs.example", ""), ("http://signs.example", KEY), ("ftp://localhost", KEY)],
)
def test_without_a_safe_provider_one_signs_otherwise(
    one: Signing, settings: Settings, url: str, key: str
) -> None:
    settings.SIGNING_URL, settings.SIGNING_KEY = url, key
    fails("no_provider", one.go_outside)
    assert job(one) == {"signed": 0, "waiting": 0}


@pytest.fixture
def odd(settings: Settings) -> Iterator[Callable[[str, Any], None]]:
    """`odd(status, answer)`: whatever it is asked, it says this."""
    said: list[tuple[str, bytes]] = []

    def application(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        status, body = said[-1]
        start_response(status, [("Location", "http://elsewhere.example/")])
        return [body]

    with make_server("127.0.0.1", 0, application) as serves:
        threading.Thread(target=serves.serve_forever, args=(0.02,), daemon=True).start()
        settings.SIGNING_URL, settings.SIGNING_KEY = f"http://127.0.0.1:{serves.server_port}", KEY
        yield lambda status, answer: said.append(
            (status, answer if isinstance(answer, bytes) else json.dumps(answer).encode())
        )
        serves.shutdown()


WHAT = ToSign(b"%PDF-", "0" * 64, "Declaration", "nl", "ABCDE-12345", "http://back", "http://call")
SIGNED = {
    "state": "signed",
    "sha256": "0" * 64,
    "name": "An",
    "at": "2026-03-09T10:00:00+01:00",
    "evidence": "",
}
ODD: list[tuple[str, Any]] = [
    ("500 Broken", {"id": "1", "url": "http://127.0.0.1/"}),
    ("302 Found", {}),
    ("200 OK", b"<html>"),
    ("200 OK", []),
    ("200 OK", {"id": "1", "url": "https://elsewhere.example/sign"}),
    ("200 OK", {"id": "1", "url": "javascript:alert(1)"}),
    ("200 OK", {"id": 1, "url": 2}),
    ("200 OK", {"state": "perhaps"}),
    ("200 OK", {**SIGNED, "at": "2026-03-09T10:00:00"}),
    ("200 OK", {**SIGNED, "at": "yesterday"}),
    ("200 OK", {**SIGNED, "evidence": "no base64!"}),
    ("200 OK", {**SIGNED, "name": "x" * 251}),
]


@pytest.mark.parametrize(("status", "answer"), ODD)
def test_an_odd_answer_is_none(odd: Callable[[str, Any], None], status: str, answer: Any) -> None:
    odd(status, answer)
    provider = http.provider()
    fails("provider_down", lambda: provider.fetch("1"))
    fails("provider_down", lambda: provider.start(WHAT))


def test_a_slow_provider_is_not_waited_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "PATIENCE", (0.2, 0.2))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.SIGNING_URL, settings.SIGNING_KEY = f"http://127.0.0.1:{silent.getsockname()[1]}", KEY
        fails("provider_down", lambda: http.provider().fetch("1"))


def test_the_provider_to_try_with_answers_who_has_its_key_only(
    provider: LocalProvider, settings: Settings
) -> None:
    assert requests.get(f"{settings.SIGNING_URL}/health", timeout=60).json() == {"state": "ready"}
    session = http.provider().start(replace(WHAT, sha256=_sha256(WHAT.content))).id
    assert http.provider().fetch(session).became == "started"
    settings.SIGNING_KEY = "another"
    fails("provider_down", lambda: http.provider().fetch(session))
    fails("provider_down", lambda: http.provider().start(WHAT))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_it_calls_where_it_was_told(provider: LocalProvider, settings: Settings) -> None:
    """The call holds the session and its HMAC; that nobody listens keeps it from nothing."""
    heard: list[tuple[bytes, str]] = []
    there = threading.Event()

    def application(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        heard.append((body, environ["HTTP_X_SIGNATURE"]))
        start_response("204 No Content", [])
        there.set()
        return []

    with make_server("127.0.0.1", 0, application) as serves:
        threading.Thread(target=serves.serve_forever, args=(0.02,), daemon=True).start()
        call = f"http://127.0.0.1:{serves.server_port}/"
        what = replace(WHAT, sha256=_sha256(WHAT.content), callback=call)
        session = http.provider().start(what).id
        provider.sessions[session].state = "refused"
        provider.call(session)
        assert there.wait(5)
        serves.shutdown()
    assert http.provider().callback(*heard[0]) == session


def test_the_day_is_that_of_the_signature_not_of_the_asking(one: Signing, provider: LocalProvider) -> None:
    sent = one.go_outside()
    signs_there(provider, sent)
    one.on(MARCH + 3 * DAY)
    assert one.ask(sent) == "signed"
    assert one.part.declared(one.subject).insured_on == MARCH


def test_the_program_wants_its_key_and_says_where_it_listens(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SIGNING_KEY = ""
    with pytest.raises(CommandError, match="TNW_SIGNING_KEY"):
        call_command("signing_provider")

    def stopped(_serves: object) -> None:
        raise KeyboardInterrupt

    settings.SIGNING_KEY = KEY
    monkeypatch.setattr(WSGIServer, "serve_forever", stopped)
    said = StringIO()
    call_command("signing_provider", port=0, stdout=said)
    assert "http://127.0.0.1:" in said.getvalue()
