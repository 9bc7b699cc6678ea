"""`manage.py demo` as a person starts it: real processes, and nothing of them left whatever ends it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tnw.core import embedded

PATIENCE = 180
Demo = subprocess.Popen[str]


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="tnw-demo-", dir="/tmp"))
    yield path
    try:
        wait_until(lambda: not living(path))
    finally:
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Demo]]:
    started: list[Demo] = []

    def start(*options: str) -> Demo:
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        }
        demo = subprocess.Popen(
            [sys.executable, "manage.py", "demo", *options],
            cwd=embedded.PROJECT,
            env={**environment, "TNW_DATA": str(folder), "DEMO_PORT": "8610", "PYTHONFAULTHANDLER": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(demo)
        return demo

    yield start
    for demo in started:
        demo.kill()
        demo.wait()
        if demo.stdout:
            demo.stdout.close()


def living(folder: Path) -> list[str]:
    """The processes whose data folder this is."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes().split(b"\0")
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if f"TNW_DATA={folder}".encode() in environment and words:
            found.append(words)
    return found


def wait_until(done: Callable[[], bool]) -> None:
    patience = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < patience
        time.sleep(0.1)


def read_until(demo: Demo, wanted: str) -> str:
    """What it says up to a line that has this in it."""
    assert demo.stdout is not None
    said = ""
    for line in demo.stdout:
        said += line
        if re.search(wanted, line):
            return said
    raise AssertionError(said)


def ended(demo: Demo) -> int:
    """Its exit code; one that does not end says where it stands."""
    try:
        return demo.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        demo.send_signal(signal.SIGABRT)
        said, _none = demo.communicate()
        raise AssertionError(said) from None


def fetch(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - the demo's own address
        return answer.status, answer.read().decode()


def test_it_starts_survives_a_kill_and_stops(folder: Path, start: Callable[..., Demo]) -> None:
    demo = start("--people", "6", "--months", "1")
    said = read_until(demo, "Replaying")
    address = re.search(r"http://localhost:\d+", said)
    assert address
    for role in (
        "coordinator",
        "advisory doctor",
        "medical team",
        "team lead",
        "privacy officer",
        "administrator",
    ):
        assert role in said
    assert fetch(f"{address[0]}/health") == (200, '{"status": "UP"}')
    assert f"lies in {folder}/mail" in said
    status, page = fetch(address[0])
    assert status == 200, "the sign-in page"
    assert 'id="replaying"' in page

    # Killed in the middle of the replay: nothing of it lives on, and the next start goes on.
    read_until(demo, r"^  \d\d/\d\d/\d{4}")
    demo.kill()
    wait_until(lambda: not living(folder))

    demo = start()
    address = re.search(r"http://localhost:\d+", read_until(demo, "Up to today"))
    assert address
    assert 'id="replaying"' not in fetch(address[0])[1]
    wait_until(lambda: any(" beat " in words for words in living(folder)))
    second = start()
    assert "running already" in read_until(second, "running already")
    assert second.wait(PATIENCE) == 1

    # Ctrl-C, which the terminal sends to the whole group.
    os.killpg(demo.pid, signal.SIGINT)
    assert ended(demo) == 0
    wait_until(lambda: not living(folder))

    # What there is is kept, and not replayed again; a process that dies is said.
    demo = start()
    said = read_until(demo, "Ctrl-C stops")
    assert "Making" not in said
    assert "Opening" not in said
    wait_until(lambda: any(" beat " in words for words in living(folder)))
    worker = next(pid for pid in pids(folder) if "celery" in pid[1] and " worker " in pid[1])
    os.kill(worker[0], signal.SIGKILL)
    assert "Replaying" not in read_until(demo, r"worker has ended with -9")
    demo.send_signal(signal.SIGTERM)
    assert ended(demo) == 0


def pids(folder: Path) -> Iterator[tuple[int, str]]:
    """The demo's own children."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            environment = (process / "environ").read_bytes()
            parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
            above = Path(f"/proc/{parent}/cmdline").read_bytes()
        except (OSError, IndexError):
            continue
        if f"TNW_DATA={folder}".encode() in environment.split(b"\0") and b"manage.py\0demo" in above:
            yield int(process.name), words


def test_servers_that_others_use_are_left_alone() -> None:
    refused = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=embedded.PROJECT,
        env={
            **os.environ,
            "DATABASE_URL": "postgresql://tnw_app@localhost/tnw",
            "REDIS_URL": "redis://localhost:6379/0",
            "DJANGO_SECRET_KEY": "x" * 50,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert "its own servers only" in refused.stderr
