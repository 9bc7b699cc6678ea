"""The insured signs at a provider, over HTTP: what it hands over is looked at, what it says in a call counts for nothing."""

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any

import pytest
import requests
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from dossiers import scans
from tests.reintegration.stage import MARCH, fails
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL
from tests.signing.stage import KEY, Signing, job, said_by, signs_there
from tnw.accounts.models import Fund, Role, User
from trajects import verification
from trajects.models import OutsideSigning
from trajects.services import outside
from trajects.signing import http
from trajects.signing.local import LocalProvider
from trajects.signing.port import Result


def test_signed_at_the_provider(one: Signing, provider: LocalProvider) -> None:
    sent = one.go_outside()
    assert sent.url.startswith(http.settings.SIGNING_URL)
    assert one.ask(sent) == "started"
    signs_there(provider, sent)
    assert one.standing == {}, "nothing counts before it was fetched"
    assert one.ask(sent) == "signed"
    given = one.standing["insured"]
    assert (given.method, given.on, given.at) == ("provider", MARCH, provider.now())
    assert given.statement == "An GOOSSENS, local provider, no proof of identity"
    assert given.evidence is not None
    assert bytes(given.evidence.content).startswith(bytes(one.document.content)), "the very PDF, signed"
    assert one.ask(sent) == "signed", "asked once more, nothing more happens"
    one.sign(COORDINATOR, DOCTOR)
    assert one.sealed is not None


def test_nothing_but_the_document_is_handed_over(one: Signing, provider: LocalProvider) -> None:
    sent = one.go_outside()
    given = dict(provider.sessions[sent.session].given)
    del given["document"]
    assert given == {
        "sha256": one.document.sha256,
        "title": one.document.title,
        "language": "nl",
        "reference": one.document.reference,
        "back": f"http://localhost:8000/signatures/{sent.public_id}/back",
        "callback": f"http://localhost:8000/signatures/311/{sent.public_id}",
    }


def test_the_last_signature_at_the_provider_seals(one: Signing, provider: LocalProvider) -> None:
    one.sign(COORDINATOR, DOCTOR)
    sent = one.go_outside()
    signs_there(provider, sent)
    one.called(sent, said_by(sent))
    assert (one.state, one.sealed is not None) == ("complete", True)


def test_a_call_counts_only_with_its_hmac_and_only_as_a_nudge(one: Signing, provider: LocalProvider) -> None:
    sent = one.go_outside()
    one.called(sent, said_by(sent))
    assert one.standing == {}, "it said that something happened, and nothing had"
    signs_there(provider, sent)
    for body, key in ((said_by(sent), "guessed"), (b"{}", KEY), (b"[]", KEY), (b"no json", KEY)):
        fails("not_from_provider", partial(one.called, sent, body, key))
    other = json.dumps({"id": "another session"}).encode()
    fails("not_from_provider", lambda: one.called(sent, other))
    assert one.standing == {}
    one.called(sent, said_by(sent))
    assert set(one.standing) == {"insured"}


def test_a_call_that_was_missed_is_made_up_for_by_thejob(one: Signing, provider: LocalProvider) -> None:
    sent = one.go_outside()
    assert job(one) == {"signed": 0, "waiting": 1}
    signs_there(provider, sent)
    assert job(one) == {"signed": 1, "waiting": 0}
    assert job(one) == {"signed": 0, "waiting": 0}
    assert set(one.standing) == {"insured"}


def test_not_signed_there_is_no_refusal_of_the_declaration(one: Signing, provider: LocalProvider) -> None:
    sent = one.go_outside()
    requests.post(sent.url, data={"what": "refused"}, timeout=60, allow_redirects=False)
    assert (one.ask(sent), one.state) == ("refused", "drawn_up")
    assert "did not want to sign" in _told(one)
    assert one.go_outside() != sent, "it can be tried once more"


def test_one_at_a_time_until_it_is_given_up(one: Signing, provider: LocalProvider) -> None:
    sent = one.go_outside()
    fails("with_provider", one.go_outside)
    outside.give_up(signing_id=sent.public_id, actor=one.part.people[COORDINATOR])
    fails("not_allowed", lambda: one.go_outside(by=DOCTOR))
    assert one.go_outside().session != sent.session


@pytest.mark.parametrize("end", ["changed", "refused", "on paper"])
def test_what_comes_too_late_is_not_taken(one: Signing, provider: LocalProvider, end: str) -> None:
    sent = one.go_outside()
    match end:
        case "changed":
            one.change()
        case "refused":
            one.part.refuse(one.subject, "insured")
        case _:
            one.sign("insured")
    before = one.standing
    signs_there(provider, sent)
    assert (one.ask(sent), one.standing) == ("ended", before)


def test_what_comes_after_the_end_is_not_taken(one: Signing, provider: LocalProvider) -> None:
    sent = one.go_outside()
    one.part.end_part(evaluation="Looked back.")
    signs_there(provider, sent)
    fails("not_to_sign", lambda: one.ask(sent))
    assert (one.ask(sent), one.standing, one.state) == ("ended", {}, "lapsed")


# --- a provider that cannot be trusted

LIES: dict[str, tuple[Callable[[Result], Result], str]] = {
    "another text": (lambda said: replace(said, sha256="0" * 64), "another_text"),
    "somebody else": (lambda said: replace(said, name="Jan Peeters"), "another_person"),
    "nobody": (lambda said: replace(said, name=""), "another_person"),
    "no proof": (lambda said: replace(said, evidence=b""), "no_evidence"),
    "the proof of another": (lambda said: replace(said, evidence=b"%PDF-1.7 of another"), "no_evidence"),
    "a proof without what was signed": (
        lambda said: replace(said, evidence=said.evidence[1000:]),
        "no_evidence",
    ),
    "before it was sent": (lambda said: _moved(said, -timedelta(days=1)), "another_moment"),
    "ahead": (lambda said: _moved(said, timedelta(days=1)), "another_moment"),
}


def _moved(said: Result, by: timedelta) -> Result:
    assert said.at is not None
    return replace(said, at=said.at + by)


def _told(one: Signing) -> str:
    dossier = one.part.dossier
    told = outside.ended(one.part.fund, [dossier.pk], [one.subject])
    return str(told.get((dossier.pk, one.subject), ""))


@pytest.mark.parametrize("lie", LIES)
def test_what_does_not_fit_is_no_signature(
    one: Signing, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch, lie: str
) -> None:
    twisted, code = LIES[lie]
    sent = one.go_outside()
    signs_there(provider, sent)
    fetch = http.HttpProvider.fetch
    monkeypatch.setattr(http.HttpProvider, "fetch", lambda self, session: twisted(fetch(self, session)))
    fails(code, lambda: one.ask(sent))
    assert (one.standing, one.ask(sent)) == ({}, "ended")
    assert _told(one) == outside.WHY[code]
    monkeypatch.undo()
    one.go_outside()
    assert _told(one) == "", "it is there anew"


@pytest.mark.parametrize(
    ("last", "said", "same"),
    [
        ("Goossens", "GOOSSENS An Maria", True),
        ("Müller-Özdemir", "Ozdemir muller, Jan", True),
        ("De Smet", "Jan De Smet", True),
        ("De Smet", "Jan Smets", False),
    ],
)
def test_a_name_is_known_by_its_words(last: str, said: str, same: bool) -> None:
    assert (outside.words_of(last) <= outside.words_of(said)) is same


# --- What passes is no reason to lose a signature; what never fits is no reason to ask for it again


def test_a_clock_ahead_of_ours_signs_no_later_than_now(
    one: Signing, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.sign(COORDINATOR, DOCTOR)
    sent = one.go_outside()
    signs_there(provider, sent)
    fetch = http.HttpProvider.fetch
    ahead = one.part.moment(MARCH, 18) + timedelta(minutes=4)
    monkeypatch.setattr(http.HttpProvider, "fetch", lambda self, id: replace(fetch(self, id), at=ahead))
    assert one.ask(sent) == "signed"
    monkeypatch.undo()
    assert one.standing["insured"].at == one.part.moment(MARCH, 18)
    document = one.sealed
    assert document is not None
    assert [signer.role for signer in verification.verify(bytes(document.content)).signers] == [
        "insured person",
        "coordinator",
        "advisory doctor",
    ]


def test_who_sent_the_insured_there_may_do_something_else_meanwhile(
    one: Signing, provider: LocalProvider
) -> None:
    sent = one.go_outside()
    signs_there(provider, sent)
    User.objects.filter(actor=one.part.people[COORDINATOR]).update(roles=[Role.ADMINISTRATOR])
    assert job(one) == {"signed": 1, "waiting": 0}
    assert one.standing["insured"].actor == one.part.people[COORDINATOR]


def test_a_signature_waits_while_the_dossier_contradicts_itself(
    one: Signing, provider: LocalProvider
) -> None:
    sent = one.go_outside()
    signs_there(provider, sent)
    wrong = one.part.record("declaration_completed", "another", in_order=False)
    assert job(one) == {"signed": 0, "waiting": 1}
    assert (one.standing, OutsideSigning.objects.get().state) == ({}, "started")
    one.part.record("fact_voided", fact=wrong, reason="mistake")
    assert job(one) == {"signed": 1, "waiting": 0}


def test_a_proof_that_is_too_large_to_keep_is_asked_for_once(
    one: Signing, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scans, "LARGEST", len(one.document.content) + 100)
    sent = one.go_outside()
    signs_there(provider, sent)
    fails("too_large", lambda: one.ask(sent))
    assert (one.ask(sent), one.standing) == ("ended", {})


@pytest.mark.parametrize("ends", ["short", "silent", "drips"])
def test_an_answer_that_breaks_off_is_none(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    monkeypatch.setattr(http, "PATIENCE", (1, 0.3))
    monkeypatch.setattr(http, "WHOLE", 0.5)
    over = threading.Event()

    def answers(listens: socket.socket) -> None:
        met, _where = listens.accept()
        with met:
            met.recv(65536)
            met.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
            while ends == "drips" and not over.wait(0.1):
                try:
                    met.sendall(b" ")
                except OSError:
                    return
            if ends == "silent":
                over.wait(5)

    with socket.create_server(("127.0.0.1", 0)) as listens:
        serves = threading.Thread(target=answers, args=(listens,), daemon=True)
        serves.start()
        settings.SIGNING_URL, settings.SIGNING_KEY = f"http://127.0.0.1:{listens.getsockname()[1]}", KEY
        fails("provider_down", lambda: http.provider().fetch("1"))
        over.set()
        serves.join(5)


def test_who_asks_and_who_gives_up_is_who_takes_part(one: Signing, provider: LocalProvider) -> None:
    sent = one.go_outside()
    told = {"signing_id": sent.public_id}
    medical = one.part.people[MEDICAL]
    fails("not_allowed", lambda: outside.fetch(**told, actor=medical, on=MARCH))
    fails("not_allowed", lambda: outside.give_up(**told, actor=medical))


def test_what_the_provider_says_in_chunks_is_read(
    client: Client, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[bytes] = []
    monkeypatch.setattr(outside, "called_back", lambda *, body, **_other: said.append(body))
    environ: Any = {"wsgi.input": BytesIO(b'{"id": "x"}'), "wsgi.input_terminated": True}
    at = reverse("signing_callback", args=[fund.number, "0190a000-0000-7000-8000-00000000000d"])
    answer = client.generic("POST", at, **environ)
    assert (answer.status_code, said) == (204, [b'{"id": "x"}'])
