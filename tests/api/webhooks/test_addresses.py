"""Where webhooks may go, whatever a name leads to, and whenever it leads there."""

import ipaddress
from collections.abc import Sequence

import pytest
from pytest_django import Settings

from tnw.integration.models import AttemptError
from tnw.integration.webhooks import post as posting
from tnw.integration.webhooks.addresses import NotFound, Refused, check, is_public

PUBLIC = ["193.190.1.1", "2a02:1807::1"]


@pytest.fixture(autouse=True)
def _nothing_allowed(settings: Settings) -> None:
    settings.WEBHOOK_ALLOW = []


def to(*addresses: str) -> object:
    return lambda _host, _port: list(addresses)


@pytest.mark.parametrize("address", [*PUBLIC, "8.8.8.8", "1.1.1.1", "100.63.255.255", "2001:4860:4860::8888"])
def test_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))
    assert check("https://hooks.example.org/x", resolve=to(address)).addresses == (address,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104  # nobody binds to it here
        "0.1.2.3", "10.0.0.1", "127.0.0.1", "127.8.8.8", "169.254.1.1", "169.254.169.254", "172.16.0.1",
        "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.254", "100.100.100.200", "168.63.129.16",
        "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.9", "224.0.0.1",
        "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2001:20::1",
        "2002:7f00:1::", "2002:a00:1::1", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0",
        "fec0::1", "ff02::1", "5f00::1", "no address", "",
    ],
)  # fmt: skip
def test_refused(address: str) -> None:
    with pytest.raises(Refused):
        check("https://hooks.example.org/x", resolve=to(address))  # type: ignore[arg-type]
    with pytest.raises(Refused):  # one bad one among good ones spoils them
        check("https://hooks.example.org/x", resolve=to(*PUBLIC, address))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/", "http://hooks.example.org:443/", "https://hooks.example.org:80/",
        "https://hooks.example.org:8080/", "https://hooks.example.org:22/",
    ],
)  # fmt: skip
def test_only_https_and_on_two_ports(url: str) -> None:
    assert check("https://hooks.example.org:8443/x", resolve=to(*PUBLIC)).port == 8443  # type: ignore[arg-type]
    with pytest.raises(Refused):
        check(url, resolve=to(*PUBLIC))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.org:0/", "https://hooks.example.org:99999/", "https://hooks.example.org:x/",
        "https://user@hooks.example.org/", "https://user:word@hooks.example.org/", "https://@hooks.example.org/",
        "ftp://hooks.example.org/", "file:///etc/passwd", "gopher://hooks.example.org/", "//hooks.example.org/",
        "hooks.example.org", "https://", "https:///x", "https://./", "https://hooks.example.org/#part",
        "https://hooks.example.org/a b", "https://hooks.example.org/\r\nX: 1", "https://hooks.example.org/\t",
        "https://hooks.example.org\\@evil.example/", "https://hööks.example.org/", "https://[::1",
        "https://[fe80::1%25eth0]/", f"https://hooks.example.org/{'x' * 2000}", "",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused_before_anybody_is_asked(url: str) -> None:
    def asked(_host: str, _port: int) -> Sequence[str]:
        pytest.fail("the name was looked up")

    with pytest.raises(Refused):
        check(url, resolve=asked)


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.1.", "[::ffff:7f00:1]", "localhost"]
)
def test_the_ways_to_write_home_lead_home(host: str) -> None:
    """By the system's own resolver: what it makes of them is what is looked at."""
    with pytest.raises((Refused, NotFound)):
        check(f"https://{host}/")


def test_a_deployment_allows_networks_and_names_and_there_http_and_any_port(settings: Settings) -> None:
    settings.WEBHOOK_ALLOW = ["10.1.0.0/16", "portal.intern", "::1/128"]
    for url, address in [
        ("http://a.example:9000/x", "10.1.2.3"),
        ("http://portal.intern:81/x", "192.168.7.7"),
        ("http://b.example/", "::1"),
        ("https://c.example/", "::ffff:10.1.0.1"),
    ]:
        assert check(url, resolve=to(address)).addresses == (address,)  # type: ignore[arg-type]
    assert check("https://a.example/", resolve=to("10.1.2.3", "193.190.1.1"))  # type: ignore[arg-type]
    for url, addresses in [
        ("http://a.example/", ("10.1.2.3", "193.190.1.1")),
        ("https://a.example/", ("10.2.2.3",)),
        ("https://portal.intern.example/", ("192.168.7.7",)),
    ]:
        with pytest.raises(Refused):
            check(url, resolve=to(*addresses))  # type: ignore[arg-type]


def test_the_name_is_asked_once_and_the_connection_goes_where_it_led(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the first answer is public, every later one is at home. There is no later one."""
    answers = iter([["193.190.1.1"], ["127.0.0.1"], ["127.0.0.1"]])
    went: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], timeout: float) -> object:
        went.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(posting.socket, "create_connection", connect)
    monkeypatch.setattr(posting.socket, "getaddrinfo", lambda *_a, **_k: pytest.fail("asked again"))
    answer = posting.post("https://rebind.example/", {}, b"{}", resolve=lambda _h, _p: next(answers))
    assert (went, answer.error) == ([("193.190.1.1", 443)], AttemptError.UNREACHABLE)
    # At the next try it leads home, and that is refused before a connection is made.
    answer = posting.post("https://rebind.example/", {}, b"{}", resolve=lambda _h, _p: next(answers))
    assert (len(went), answer.error) == (1, AttemptError.ADDRESS_REFUSED)


def test_a_name_that_leads_nowhere_is_not_found() -> None:
    with pytest.raises(NotFound):
        check("https://nothing.invalid/")
    with pytest.raises(NotFound):
        check("https://nothing.example/", resolve=to())  # type: ignore[arg-type]
    assert posting.post("https://nothing.invalid/", {}, b"{}").error == AttemptError.NOT_FOUND
