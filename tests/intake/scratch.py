"""A data folder of its own with real servers, in which import commands run as real processes."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2
import psycopg2.extensions

from tnw.core import embedded

# Django once, and each command as a fork of it: a process like any other, without the second that a start costs.
# `moment` is (a statement, seconds, a signal): so long after that statement of its it sends itself that signal.
NURSERY = """
import json, os, signal, sys, threading, django
from django.core.management import execute_from_command_line
django.setup()
import tnw.urls
from django.core.management import get_commands, load_command_class
from django.db import connection
from routing.intake import imports

for name in ("create_fund", "import_recognitions", "migrate", "rebuild_deadlines", "verify_ledger"):
    load_command_class(get_commands()[name], name)
for line in sys.stdin:
    asked = json.loads(line)
    if "wait" in asked:
        pid, status = os.waitpid(asked["wait"], 0)
        print(json.dumps(os.waitstatus_to_exitcode(status)), flush=True)
    elif pid := os.fork():
        print(json.dumps(pid), flush=True)
    else:
        break
else:
    sys.exit()

os.setsid()
for stream, name in ((1, asked["out"]), (2, asked["err"])):
    os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
statements, (at, after, what) = 0, asked["moment"]

def count(execute, *statement):
    global statements
    statements += 1
    if statements == at:
        threading.Timer(after, os.kill, (os.getpid(), what)).start()
    return execute(*statement)

connection.execute_wrappers.append(count)
imports.CHUNK = asked["chunk"]
try:
    execute_from_command_line(["manage.py", *asked["arguments"]])
finally:
    with open(asked["out"] + ".statements", "w") as file:
        file.write(str(statements))
"""
PATIENCE = 300  # seconds
STATE = """
select jsonb_build_object(
  'cases', (select jsonb_agg(to_jsonb(c) order by reference) from (
    select i.reference, i.version, i.start, i."end", i.end_reason, i.regime, i.excluded, i.invalidity_from, p.ssin,
      p.last_name, p.former_ssins, p.postal_code from dossiers_incapacity i
    join dossiers_insuredperson p on p.id = i.person_id where i.fund_id = %(fund)s) c),
  'facts', (select jsonb_agg(to_jsonb(f) order by reference, seq) from (
    select i.reference, l.seq, l.kind, l."on", l.fact_id, l.values from dossiers_ledgerentry l
    join dossiers_dossier d on d.id = l.dossier_id join dossiers_incapacity i on i.id = d.incapacity_id
    where l.fund_id = %(fund)s) f),
  'deadlines', (select jsonb_agg(to_jsonb(r) - array['id', 'fund_id', 'dossier_id']
    order by reference, rule, occurrence) from (
    select i.reference, r.* from dossiers_deadline r join dossiers_dossier d on d.id = r.dossier_id
    join dossiers_incapacity i on i.id = d.incapacity_id where r.fund_id = %(fund)s) r),
  'outbox', (select count(*) from dossiers_outbox where fund_id = %(fund)s),
  'persons', (select count(*) from dossiers_insuredperson where fund_id = %(fund)s))::text
"""


class Moment(NamedTuple):
    """When a process sends itself a signal: counted in its own statements, whatever the speed of the machine."""

    statement: int = 0  # none
    seconds: float = 0  # after it
    what: int = signal.SIGKILL


class Done(NamedTuple):
    """A process that has ended."""

    code: int
    out: str
    err: str
    megabytes: int
    statements: int  # 0 where it was killed


class Process(NamedTuple):
    """One that runs, and where it writes what it says."""

    pid: int
    out: Path
    err: Path

    def kilobytes(self) -> int:
        """Its peak memory."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        return int(found[1]) if found else 0

    def state(self) -> str:
        """As the kernel has it: R or S while it works, T once it is stopped, Z once it has ended."""
        return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]


class Scratch:
    """The folder: its commands, its database, and what an import left in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._started = 0
        self._nursery: subprocess.Popen[str] | None = None
        self.environment = {**os.environ, "TNW_DATA": str(path), "DJANGO_SETTINGS_MODULE": "tnw.settings",
            "TNW_PG_OPTIONS": "-c fsync=off"}  # fmt: skip

    @contextlib.contextmanager
    def nursery(self) -> Iterator[None]:
        """The process whose forks the commands are."""
        with subprocess.Popen(
            [sys.executable, "-W", "error", "-c", NURSERY], cwd=embedded.PROJECT, env=self.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        ) as self._nursery:  # fmt: skip
            yield

    def _ask_nursery(self, **what: object) -> Any:
        assert self._nursery
        assert self._nursery.stdin
        assert self._nursery.stdout
        self._nursery.stdin.write(json.dumps(what) + "\n")
        self._nursery.stdin.flush()
        return json.loads(self._nursery.stdout.readline())

    def start(self, *arguments: object, chunk: int = 5000, moment: Moment = Moment()) -> Process:  # noqa: B008
        """Start a command as a session of its own; what it says goes to files, which never fill up."""
        self._started += 1
        out, err = self.path / f"{self._started}.out", self.path / f"{self._started}.err"
        pid = self._ask_nursery(
            arguments=[*map(str, arguments)], chunk=chunk, moment=moment, out=str(out), err=str(err)
        )
        return Process(pid, out, err)

    def end(self, process: Process) -> Done:
        """Wait for it, and say how it ended and how much memory it had at its peak."""
        peak = 0

        def ended() -> bool:
            nonlocal peak
            peak = process.kilobytes() or peak
            return process.state() == "Z"

        wait_for(ended)
        code = self._ask_nursery(wait=process.pid)
        statements = process.out.with_name(f"{process.out.name}.statements")
        return Done(
            code,
            process.out.read_text() if process.out.exists() else "",
            process.err.read_text() if process.err.exists() else "",
            peak // 1024,
            int(statements.read_text()) if statements.exists() else 0,
        )

    def run(self, *arguments: object, chunk: int = 5000, moment: Moment = Moment()) -> Done:  # noqa: B008
        return self.end(self.start(*arguments, chunk=chunk, moment=moment))

    @contextlib.contextmanager
    def database(self) -> Iterator[psycopg2.extensions.cursor]:
        """The database as a superuser sees it, whatever the walls."""
        connection = psycopg2.connect(host=str(self.path / "run"), user="postgres", dbname="tnw")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def ask(self, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
        with self.database() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    def fund(self, number: str) -> int:
        """The key of a new fund."""
        made = self.run(
            "create_fund", number, "--institution", "300", "--name", "Bond", "--live-from", "2022-01-01"
        )
        assert (made.code, made.err) == (0, ""), made
        return self.ask("select id from accounts_fund where number = %(number)s", number=number)[0][0]

    def state(self, fund: int) -> dict[str, Any]:
        """All that imports made in a fund, by reference."""
        return json.loads(self.ask(STATE, fund=fund)[0][0])

    def servers(self, what: str) -> None:
        """`stop` or `urls`, by the embedded servers' own command."""
        subprocess.run(
            [sys.executable, "-m", "tnw.core.embedded", what],
            env=self.environment,
            cwd=embedded.PROJECT,
            check=True,
        )


def wait_for(come: Callable[[], bool]) -> None:
    """However slow the machine; what never comes is said, not waited for without end."""
    patience = time.monotonic() + PATIENCE
    while not come():
        assert time.monotonic() < patience, "waited in vain"
        time.sleep(0.02)


def no_trace(done: Done) -> bool:
    """Whether nothing in what was said looks like a stack trace."""
    return not re.search(
        r"Traceback|File \"|psycopg2|Error:", done.out + done.err.replace("CommandError:", "")
    )


@contextlib.contextmanager
def scratch_folder() -> Iterator[Scratch]:
    """Migrated, with its servers kept up until the end."""
    path = Path(tempfile.mkdtemp(prefix="tnw-", dir="/tmp"))
    scratch = Scratch(path)
    hold = "from tnw.core import embedded; embedded.ensure(); print('up', flush=True); input()"
    holder = subprocess.Popen(
        [sys.executable, "-c", hold], cwd=embedded.PROJECT, env=scratch.environment, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    assert holder.stdin
    assert holder.stdout
    try:
        assert holder.stdout.readline() == "up\n"
        with scratch.nursery():
            migrated = scratch.run("migrate", "--verbosity", "0")
            assert migrated.code == 0, migrated.err
            yield scratch
    finally:
        holder.stdin.close()
        holder.wait(timeout=60)
        holder.stdout.close()
        shutil.rmtree(path, ignore_errors=True)
