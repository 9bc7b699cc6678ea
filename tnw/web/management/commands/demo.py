"""`manage.py demo`: two funds of invented people, their months replayed, and all processes to work with them."""

import os
import signal
import time
from argparse import SUPPRESS, ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from tnw.accounts.models import Fund
from tnw.core import clock, embedded
from tnw.web.demo import memory, processes, sandbox
from tnw.web.demo.memory import Memory
from tnw.web.demo.opening import HOUSES, PASSWORD, open_houses
from tnw.web.demo.population import Plan
from tnw.web.demo.processes import Children
from tnw.web.demo.replay import replay

PULSE = 0.5  # seconds between two looks at the children and at the clock
LAST_WORDS = 5


class Stopped(Exception):
    """Somebody asked to stop: Ctrl-C, a signal, a terminal that was closed."""


class Command(BaseCommand):
    help = (
        "Starts the demo: servers, data, web, worker and beat, until Ctrl-C. The first start makes two funds and replays "
        "their last months; a later one goes on with what is there."
    )
    requires_system_checks: list[str] = []
    _asked = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--people", type=int, default=500, help="how many people, on the first start (500)"
        )
        parser.add_argument("--months", type=int, default=24, help="how many months, on the first start (24)")
        parser.add_argument("--only-replay", action="store_true", help=SUPPRESS)

    def handle(self, *, people: int, months: int, only_replay: bool, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("The demo makes users with a known password: it runs on its own servers only.")
        if only_replay:
            self._replay()
            return
        for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wish, self._stop)
        with memory.only_one():
            children = Children(memory.folder())
            try:
                self._run(children, people, months)
            except Stopped:
                self._say("\nStopping …")
            finally:
                for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(wish, signal.SIG_IGN)
                children.stop()
                connections.close_all()
                embedded.release()

    def _stop(self, _signal: int, _frame: object) -> None:
        """What runs is left at once; where Python lets no exception out, as in a finalizer, at the next pulse."""
        self._asked = True
        raise Stopped

    def _say(self, line: str) -> None:
        """At once, also where the output is no terminal."""
        self.stdout.write(line)
        self.stdout.flush()

    def _replay(self) -> None:
        """The child that plays the days: it may be killed at any moment, and goes on with the day it was at."""
        story = memory.recall()
        if story is None:
            raise CommandError("There is nothing to replay.")
        replay(story, clock.today(), lambda line: self._say(f"  {line}"))

    def _run(self, children: Children, people: int, months: int) -> None:
        self._say(f"The demo's data: {embedded.data_dir()}")
        story = self._prepare(people, months)
        port = int(os.environ.get("DEMO_PORT") or 8000)
        provider = processes.start_provider(children, port + processes.PORTS_TRIED)
        address = processes.start_web(children, port, provider)
        processes.start_worker(children, address, provider)
        self._welcome(address)
        self._welcome_integrators(address)
        fallen: set[str] = set()
        while not self._asked:
            if not fallen & {"replay", "beat"}:
                self._keep_up(children, address, story)
            for name, code in children.ended():
                if name == "replay" and code == 0:
                    self._say("Up to today.")
                    continue
                self._tell_end(children, name, code)
                if name == "web":
                    raise CommandError("Without the web server there is nothing to see.")
                fallen.add(name)
            time.sleep(PULSE)
        raise Stopped

    def _prepare(self, people: int, months: int) -> Memory:
        """The tables, and on the first start the funds."""
        executor = MigrationExecutor(connections["owner"])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._say("Making the tables …")
            call_command("migrate", verbosity=0)
        connections["owner"].close()
        story = memory.recall()
        opened = Fund.objects.filter(number__in=[house.number for house in HOUSES]).exists()
        if opened and story is None:
            raise CommandError(
                f"{embedded.data_dir()} holds a fund that the demo did not make: name another folder in TNW_DATA."
            )
        if story is None:
            story = Memory(Plan.until(clock.today(), people=people, months=months))
            story.save()
        if not opened:
            self._say("Opening the funds …")
            open_houses(story.plan.first_day)
        return story

    def _keep_up(self, children: Children, address: str, story: Memory) -> None:
        """The days that are missing are replayed; once none is, the beat begins, which knows today only."""
        if children.runs("replay"):
            return
        story = memory.recall() or story
        if story.through is None or story.through < clock.today():
            since = story.through or story.plan.first_day
            self._say(f"Replaying from {since:%d/%m/%Y}; the pages fill while it goes on.")
            children.start(
                "replay",
                "manage.py",
                "demo",
                "--only-replay",
                talks=True,
                environment={"TNW_BASE_URL": address},
            )
        elif not children.runs("beat"):
            processes.start_beat(children, address)

    def _welcome(self, address: str) -> None:
        self._say(f"\n  {self.style.SUCCESS(address)}    password of all: {PASSWORD}\n\n")
        for house in HOUSES:
            self._say(f"  Fund {house.number}, {house.names[0]}")
            for email, worker in house.sign_ins():
                self._say(f"    {email:<32}{worker.role.replace('_', ' '):<18}{worker.language}")
        if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
            self._say(f"\n  No mail leaves the demo: what it sends lies in {settings.EMAIL_FILE_PATH}")
        self._say("\n  Ctrl-C stops all of it.\n")

    def _welcome_integrators(self, address: str) -> None:
        """Clients of the sandbox, with secrets that are new at every start."""
        told = {"TNW": address, **sandbox.open_clients()}
        connections.close_all()
        path = sandbox.write(told)
        self._say(
            f"  REST API: {address}/api/tnw/v1/doc    sandbox: fund {sandbox.FUND}    docs/integrators.md"
        )
        for name in ("CLIENT_ID", "CLIENT_SECRET", "PARTNER_ID", "PARTNER_SECRET"):
            self._say(f"    {name:<16}{told[name]}")
        self._say(f"    . {path}    sets these in a shell\n")

    def _tell_end(self, children: Children, name: str, code: int) -> None:
        log = children.log(name)
        self.stderr.write(f"{name} has ended with {code}; the end of {log}:")
        for line in log.read_text(errors="replace").splitlines()[-LAST_WORDS:]:
            self.stderr.write(f"  {line}")
