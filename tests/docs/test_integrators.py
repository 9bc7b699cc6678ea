"""The first hour of an integrator, line by line as the guide has it, against a demo that was just started."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tnw.core import embedded

GUIDE = embedded.PROJECT / "docs/integrators.md"
LINES = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
PATIENCE = 240


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="tnw-guide-", dir="/tmp"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def environment(folder: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
    }
    return {**kept, "TNW_DATA": str(folder), "DEMO_PORT": "8710"}


@pytest.fixture
def demo(environment: dict[str, str]) -> Iterator[str]:
    """A small demo that has printed its sandbox; gives what it said."""
    started = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--people", "4", "--months", "2"],
        cwd=embedded.PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    assert started.stdout
    said = []
    for line in started.stdout:
        said.append(line)
        if "sets these in a shell" in line:
            break
    yield "".join(said)
    started.send_signal(signal.SIGINT)
    started.wait(timeout=PATIENCE)
    started.stdout.close()


def test_every_line_of_the_guide_runs_as_it_stands(demo: str, environment: dict[str, str]) -> None:
    assert "CLIENT_SECRET" in demo, demo
    script = "\n".join(["set -eu", *LINES.findall(GUIDE.read_text())])
    ran = subprocess.run(
        ["bash", "-c", script], cwd=embedded.PROJECT, env=environment, text=True, capture_output=True,
        timeout=PATIENCE, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, f"{ran.stdout[-4000:]}\n{ran.stderr[-2000:]}"
    for told in (
        '"status":"UP"',
        "unknownInput",
        '"insuredPerson"',
        "be.tnw.declaration.completed",
        '"signed"',
    ):
        assert told in ran.stdout, f"{told} is missing in:\n{ran.stdout}"
