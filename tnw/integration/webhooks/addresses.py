"""Where a webhook may go: a filter that is asked once, and whose answer is where the connection goes.

A name is resolved one time, every address that it leads to has to be public, and the connection goes to exactly one of
these: a name that leads elsewhere a moment later (DNS rebinding) is never asked again. Port 443 or 8443, over https.
`TNW_WEBHOOK_ALLOW` lists networks and names that a deployment allows besides; to these http and any port do too.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

LONGEST = 2000
PORTS = (443, 8443)
# Public by their number, and yet not somebody else's server: what a cloud answers its own machines on, and relays.
NEVER = [ipaddress.ip_network(one) for one in ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24")]
# IPv6 that is given out, less what carries another address inside (Teredo, 6to4), or is for documents only.
GIVEN_OUT = ipaddress.ip_network("2000::/3")
CARRIERS = [ipaddress.ip_network(one) for one in ("2001::/23", "2002::/16", "2001:db8::/32", "3fff::/20")]


class Refused(Exception):
    """Nothing is sent there."""


class NotFound(Exception):
    """The name leads nowhere now."""


class Target(NamedTuple):
    """A checked place: `addresses` are those to connect to, `host` is for certificate and header."""

    secure: bool
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]

    @property
    def named(self) -> str:
        """The host as the header says it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, as the system knows it now. Raises NotFound."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotFound from None
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def check(url: str, *, resolve: Resolve | None = None) -> Target:
    """The place of a URL, resolved once and allowed. Raises Refused, NotFound."""
    secure, host, port, path = _parts(url)
    addresses = (resolve or globals()["resolve"])(host, port)
    if not addresses:
        raise NotFound
    found = [_parsed(one) for one in addresses]
    if not (_named_allowed(host) or all(map(_listed, found))):
        usual = secure and port in PORTS
        if not usual or not all(is_public(one) or _listed(one) for one in found):
            raise Refused
    return Target(secure, host, port, path, tuple(addresses))


def is_public(address: Address) -> bool:
    """Whether it is somebody's server on the open internet: not private, not ours, not a wrapping of such a one."""
    if any(address in network for network in NEVER if network.version == address.version):
        return False
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    if address not in GIVEN_OUT or any(address in network for network in CARRIERS):
        return False
    return address.is_global and not address.is_multicast


def _parts(url: str) -> tuple[bool, str, int, str]:
    """Scheme, host, port and path of an address that is written as one. Raises Refused."""
    if (
        len(url) > LONGEST
        or not url.isascii()
        or not url.isprintable()
        or any(c in url for c in ' \\"<>^`{|}')
    ):
        raise Refused
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        raise Refused from None
    if split.scheme not in ("http", "https") or not split.hostname or "@" in split.netloc or "#" in url:
        raise Refused
    secure, host = split.scheme == "https", split.hostname.rstrip(".")
    if not host or "%" in host or port == 0:
        raise Refused
    path = (split.path or "/") + (f"?{split.query}" if split.query else "")
    return secure, host, port or (443 if secure else 80), path


def _parsed(text: str) -> Address:
    """An address of a resolver; one of IPv4 in the clothes of IPv6 is what it carries. Raises Refused."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise Refused from None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _named_allowed(host: str) -> bool:
    return any(host.lower() == one.lower() for one in settings.WEBHOOK_ALLOW if _network(one) is None)


def _listed(address: Address) -> bool:
    networks = (_network(one) for one in settings.WEBHOOK_ALLOW)
    return any(network.version == address.version and address in network for network in networks if network)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None
