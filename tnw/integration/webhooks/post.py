"""One POST to a place that was checked: to that very address, with an end to it, and nothing believed but the status."""

import contextlib
import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from tnw.integration.models import AttemptError
from tnw.integration.webhooks.addresses import NotFound, Refused, Resolve, Target, check

CONNECT = 3.0  # seconds to connect, whatever the number of addresses
WHOLE = 10.0  # seconds from the first packet to the status
LISTEN = 4096  # bytes of its answer that are read, and thrown away, so that the endpoint is not cut off in its word
LINGER = 1.0  # seconds for them

_TLS = ssl.create_default_context()


class Answer(NamedTuple):
    """What came of it: a status, or why there is none."""

    took_ms: int
    status: int | None = None
    error: str = ""

    @property
    def good(self) -> bool:
        """Only 2xx is: a redirect is not followed, and is a failure."""
        return self.status is not None and 200 <= self.status < 300


def post(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    resolve: Resolve | None = None,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """Send it once, to where the filter allows; never raises for what the other side does."""
    began = time.monotonic()

    def answer(status: int | None = None, error: str = "") -> Answer:
        return Answer(round((time.monotonic() - began) * 1000), status, error)

    try:
        target = check(url, resolve=resolve)
    except Refused:
        return answer(error=AttemptError.ADDRESS_REFUSED)
    except NotFound:
        return answer(error=AttemptError.NOT_FOUND)
    deadline = time.monotonic() + WHOLE
    try:
        line = _connect(target)
    except TimeoutError:
        return answer(error=AttemptError.TIMEOUT)
    except OSError:
        return answer(error=AttemptError.UNREACHABLE)
    try:
        if target.secure:
            line.settimeout(max(0.01, deadline - time.monotonic()))
            line = (tls or _TLS).wrap_socket(line, server_hostname=target.host)
        return answer(_ask(line, target, headers, body, deadline))
    except TimeoutError:
        return answer(error=AttemptError.TIMEOUT)
    except ssl.SSLError:
        return answer(error=AttemptError.TLS)
    except (OSError, http.client.HTTPException, ValueError):
        return answer(error=AttemptError.BROKEN_OFF)
    finally:
        line.close()


def _connect(target: Target) -> socket.socket:
    """To the first of the checked addresses that answers in time. Raises OSError."""
    until, failure = time.monotonic() + CONNECT, OSError()
    for address in target.addresses:
        if (left := until - time.monotonic()) <= 0:
            break
        try:
            return socket.create_connection((address, target.port), timeout=left)
        except OSError as error:
            failure = error
    raise failure


def _ask(
    line: socket.socket, target: Target, headers: Mapping[str, str], body: bytes, deadline: float
) -> int:
    said = {"Host": target.named, "Content-Length": str(len(body)), "Connection": "close", **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    line.settimeout(max(0.01, deadline - time.monotonic()))
    # An endpoint may answer, and hang up, before it has read all: what it said counts.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        line.sendall(f"POST {target.path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body)
    timed = _Timed(line, deadline)
    answer = http.client.HTTPResponse(timed, method="POST")  # type: ignore[arg-type]  # it makes a file, as sockets do
    answer.begin()
    timed.deadline = min(deadline, time.monotonic() + LINGER)
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        answer.read(LISTEN)
    return answer.status


class _Timed(io.RawIOBase):
    """A socket as the file that an answer is read from: the time is that of the whole, not of each byte."""

    def __init__(self, line: socket.socket, deadline: float) -> None:
        self._line, self.deadline = line, deadline

    def makefile(self, *_mode: Any) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._line.settimeout(left)
        return self._line.recv_into(buffer)
