"""PostgreSQL and Redis out of wheels, started or joined by any process, one pair for each data folder.

The kernel keeps the count, so that no way of dying can leave a wrong one: every user holds a shared flock on
`users.lock`. Whoever leaves last stops the servers; where the last one was killed, a small watcher does,
which waits for the exclusive lock. Starting and stopping exclude each other.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from tnw.core.embedded import servers
from tnw.core.embedded.folder import EmbeddedError, Folder

__all__ = ["EmbeddedError", "Urls", "data_dir", "ensure", "release", "remove", "run_dir", "stop", "urls"]

PROJECT = Path(__file__).resolve().parents[3]
# By name, so that a TNW_DATA that points astray costs nobody's files.
KEPT = ("pg", "pg.new", "redis", "mail", "uploads", "roots", "demo")

_held: dict[Folder, int] = {}


class Urls(NamedTuple):
    """Where the embedded servers are: for Django as application and as owner, for redis-py and for Celery."""

    app: str
    owner: str
    redis: str
    broker: str


def data_dir() -> Path:
    """The folder of TNW_DATA, by default `.tnw` beside manage.py; a relative one starts there too."""
    return (PROJECT / (os.environ.get("TNW_DATA") or ".tnw")).resolve()


def run_dir() -> Path:
    """The folder of the sockets."""
    return Folder(data_dir()).run


def urls() -> Urls:
    """The addresses of the servers, which need not be running."""
    run = run_dir()
    return Urls(
        app=f"postgresql://tnw_app@/{servers.DATABASE}?host={run}",
        owner=f"postgresql://tnw_owner@/{servers.DATABASE}?host={run}",
        redis=f"unix://{run}/{servers.REDIS_SOCKET}",
        broker=f"redis+socket://{run}/{servers.REDIS_SOCKET}",
    )


def ensure(*, recheck: bool = False) -> None:
    """Start what is not running, and count this process and its forks as users until they end.

    A process that is counted looks again only with `recheck`, for when a connection failed.
    """
    folder = Folder(data_dir())
    if folder in _held and not recheck:
        return
    folder.prepare()
    with folder.starting():
        if folder in _held:
            _start(folder)
            return
        users = os.open(folder.path / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(users, fcntl.LOCK_SH)
            _start(folder)
        except BaseException:
            os.close(users)
            raise
        _held[folder] = users
    atexit.unregister(release)
    atexit.register(release)


def release() -> None:
    """Let go, and stop the servers where this was the last user; runs at exit."""
    while _held:
        folder, users = _held.popitem()
        os.close(users)
        # A removed folder: PostgreSQL notices and ends by itself.
        with contextlib.suppress(FileNotFoundError), folder.starting(), folder.taken("users.lock") as unused:
            if unused is not None:  # a fork's copy of the lock counts too
                _stop(folder)


def stop() -> None:
    """Stop both servers of the data folder, whoever uses them, and wait until they have ended."""
    folder = Folder(data_dir())
    if folder.path.exists():
        with folder.starting():
            _stop(folder)


def remove() -> None:
    """Empty the data folder of what TNW keeps there; refuses while somebody uses the servers."""
    folder = Folder(data_dir())
    if not folder.path.exists():
        return
    with folder.starting(), folder.taken("users.lock") as unused:
        if unused is None:
            raise EmbeddedError(f"{folder.path} is in use: stop the demo and other commands first.")
        _stop(folder)
        for kept in (folder.run, *(folder.path / name for name in KEPT)):
            shutil.rmtree(kept, ignore_errors=True)


def watch(folder: Folder, lock: int) -> None:
    """Wait until nobody uses the servers, however the users ended, and stop them."""
    with open(folder.path / "users.lock", "a") as users:
        while True:
            # A waiting exclusive lock does not keep new users from their shared one.
            fcntl.flock(users, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_UN)
            with folder.starting(), folder.taken("users.lock") as unused:
                if unused is not None:
                    _stop(folder)
                    os.close(lock)  # before the next starter looks whether a watcher lives
                    return


def _start(folder: Folder) -> None:
    _start_watcher(folder)  # first: what comes up from here on is stopped, even if we are killed
    servers.start_postgres(folder)
    servers.start_redis(folder)


def _stop(folder: Folder) -> None:
    servers.stop_postgres(folder)
    servers.stop_redis(folder)


def _start_watcher(folder: Folder) -> None:
    with folder.taken("watcher.lock") as lock:
        if lock is not None:  # no watcher lives
            watcher = [sys.executable, "-m", __name__, "watch", str(folder.path), str(lock)]
            path = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH"))))
            # Through a shell, so that init becomes its parent and nobody has to wait for it.
            folder.execute(["/bin/sh", "-c", '"$@" &', "sh", *watcher], lock, PYTHONPATH=path)
