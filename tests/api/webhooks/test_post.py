"""One POST to a real process that is down, slow, lying or redirecting: nothing but a status is a success."""

import datetime
import http.server
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pytest_django import Settings

from tests.api.webhooks.receiver import Receiver
from tnw.integration.webhooks import post as posting
from tnw.integration.webhooks.post import post

BODY = '{"specversion":"1.0","x":"é"}'.encode()


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "WHOLE", 4.0)
    monkeypatch.setattr(posting, "LINGER", 0.3)


@pytest.mark.parametrize(
    ("behaviour", "status", "error"),
    [
        ("200", 200, ""),
        ("204", 204, ""),
        ("299", 299, ""),
        ("301", 301, ""),
        ("307", 307, ""),
        ("400", 400, ""),
        ("410", 410, ""),
        ("500", 500, ""),
        # What it said counts, whatever it does afterwards: a status is an answer.
        ("short", 200, ""),
        ("long", 200, ""),
        ("early", None, "broken_off"),
        ("garbage", None, "broken_off"),
        ("slow", None, "timeout"),
        ("drip", None, "timeout"),
    ],
)
def test_what_an_endpoint_does(
    receiver: Receiver, hurry: None, behaviour: str, status: int | None, error: str
) -> None:
    receiver.says(behaviour)
    began = time.monotonic()
    answer = post(receiver.url(), {"webhook-id": "1"}, BODY)
    assert (answer.status, answer.error) == (status, error)
    assert answer.good == (status in (200, 204, 299))
    assert time.monotonic() - began < 20, "whatever it does, it has an end"
    (message,) = receiver.messages
    assert message["body"].encode() == BODY
    assert message["headers"]["Host"] == f"127.0.0.1:{receiver.port}"


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.says("302 /hook")
    assert post(receiver.url("/hook"), {}, BODY).status == 302
    assert [one["path"] for one in receiver.messages] == ["/hook"]


def test_one_that_is_down_and_one_that_never_answers_the_call(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.kill()
    assert post(receiver.url(), {}, BODY).error == "unreachable"
    monkeypatch.setattr(posting, "CONNECT", 0.5)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        crowd = [socket.socket() for _ in range(4)]
        for one in crowd:
            one.setblocking(False)
            one.connect_ex(deaf.getsockname())
        began = time.monotonic()
        answer = post(f"http://127.0.0.1:{deaf.getsockname()[1]}/", {}, BODY)
        assert (answer.error, time.monotonic() - began < 20) == ("timeout", True)
        for one in crowd:
            one.close()


def test_the_query_of_an_address_goes_along(receiver: Receiver) -> None:
    post(receiver.url("/a/b?key=1&x=%20y"), {}, BODY)
    assert receiver.messages[0]["path"] == "/a/b?key=1&x=%20y"


# --- over TLS: the connection goes to the checked address, certificate and header are those of the name

NAME = "hooks.example.test"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "cert.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """A port that speaks TLS, and what it was told: the name asked for, and the host."""
    told: list[tuple[str, str]] = []
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append((asked[-1], self.headers["Host"]))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Nothing on the screen."""

    class Server(http.server.HTTPServer):
        def handle_error(self, *_said: object) -> None:
            """A caller that does not trust us."""

    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _line, name, _context: asked.append(name or "")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1], told
    server.shutdown()
    server.server_close()
    thread.join()


def test_name_certificate_and_pinned_address(
    secure: tuple[int, list[tuple[str, str]]], certificate: Path, settings: Settings
) -> None:
    settings.WEBHOOK_ALLOW = ["127.0.0.0/8"]
    port, told = secure
    trust = ssl.create_default_context(cafile=str(certificate))
    here = lambda _host, _port: ["127.0.0.1"]  # noqa: E731
    assert post(f"https://{NAME}:{port}/x", {}, BODY, resolve=here, tls=trust).status == 202
    assert told == [(NAME, f"{NAME}:{port}")]
    # Another name of the same address has no certificate; nor is one trusted that nobody vouches for.
    assert post(f"https://other.example.test:{port}/x", {}, BODY, resolve=here, tls=trust).error == "tls"
    assert post(f"https://{NAME}:{port}/x", {}, BODY, resolve=here).error == "tls"
    assert post(f"http://127.0.0.1:{port}/x", {}, BODY).error == "broken_off"
    assert len(told) == 1
