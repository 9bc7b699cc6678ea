"""The processes beside the demo's own: started apart from the terminal, watched, and all ended together."""

import contextlib
import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.error import URLError

from django.core.management.base import CommandError

from tnw.core import embedded

PORTS_TRIED = 50
WEB_PATIENCE = 60.0  # seconds until the first page
STOP_PATIENCE = 8.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class Children:
    """Processes by name, each in a session of its own: Ctrl-C reaches the demo alone, which then ends them."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(
        self,
        name: str,
        *command: str,
        talks: bool = False,
        pass_fds: tuple[int, ...] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start one; what it writes goes to its log, unless it `talks` on the terminal."""
        with open(self.log(name), "ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, *command],
                cwd=embedded.PROJECT,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=None if talks else log,
                stderr=log,
                start_new_session=True,
                pass_fds=pass_fds,
                preexec_fn=_end_with_parent,
            )

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def runs(self, name: str) -> bool:
        return name in self._running

    def ended(self) -> Iterator[tuple[str, int]]:
        """Those that ended since, with their exit codes; each is told once."""
        for name, child in list(self._running.items()):
            if (code := child.poll()) is not None:
                del self._running[name]
                yield name, code

    def stop(self) -> None:
        """End all of them: asked first, killed with all they started where that does not help."""
        for child in self._running.values():
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
        patience = time.monotonic() + STOP_PATIENCE
        for child in self._running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.05, patience - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        self._running.clear()


def _end_with_parent() -> None:
    """Where the demo itself is killed, the kernel asks its children to end."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def listen(first: int) -> socket.socket:
    """The first free port from this one on, taken. Raises CommandError where none is."""
    for port in range(first, first + PORTS_TRIED):
        taken = socket.socket()
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", port))
        except OSError:
            taken.close()
            continue
        taken.listen()
        return taken
    raise CommandError(
        f"No port from {first} to {first + PORTS_TRIED - 1} is free: name another in DEMO_PORT."
    )


def start_provider(children: Children, first_port: int) -> dict[str, str]:
    """Start the provider of signatures to try with; gives what the others have to know of it. Raises CommandError."""
    with listen(first_port) as free:
        port = free.getsockname()[1]
    said = {"TNW_SIGNING_URL": f"http://localhost:{port}", "TNW_SIGNING_KEY": secrets.token_urlsafe()}
    children.start("provider", "manage.py", "signing_provider", "--port", str(port), environment=said)
    return said


def start_web(children: Children, first_port: int, said: dict[str, str]) -> str:
    """Start the web server and wait for its first answer; gives its address. Raises CommandError."""
    with listen(first_port) as taken:
        port = taken.getsockname()[1]
        address = f"http://localhost:{port}"
        children.start(
            "web",
            *(
                "-m",
                "gunicorn",
                "tnw.wsgi",
                "--workers",
                "2",
                "--preload",
                "--no-control-socket",
                "--log-level",
                "warning",
                "--limit-request-line",
                "8190",
            ),
            *("--graceful-timeout", "3", "--bind", f"fd://{taken.fileno()}"),
            pass_fds=(taken.fileno(),),
            environment={"TNW_BASE_URL": address, "TNW_DEMO": "true", **said},
        )
    patience = time.monotonic() + WEB_PATIENCE
    while time.monotonic() < patience and not any(name == "web" for name, _code in children.ended()):
        with (
            contextlib.suppress(URLError, OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5),
        ):
            return address
        time.sleep(0.1)
    raise CommandError(f"The web server did not start; {children.log('web')} says why.")


def start_worker(children: Children, address: str, said: dict[str, str]) -> None:
    children.start(
        "worker",
        *("-m", "celery", "--app", "tnw.celery", "worker", "--concurrency", "1", "--loglevel", "warning"),
        *("--without-gossip", "--without-mingle"),
        environment={"TNW_BASE_URL": address, **said},
    )


def start_beat(children: Children, address: str) -> None:
    children.start(
        "beat",
        *("-m", "celery", "--app", "tnw.celery", "beat", "--loglevel", "warning"),
        *("--schedule", str(children.logs / "beat"), "--pidfile", ""),
        environment={"TNW_BASE_URL": address},
    )
