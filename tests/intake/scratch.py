"""A data folder of its own with real servers, in which import commands run as real processes."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2
import psycopg2.extensions

from tnw.core import embedded

# Small chunks, so that a kill can fall between any two of many.
IMPORT = """
import sys, django
from django.core.management import execute_from_command_line
django.setup()
from routing.intake import imports
imports.CHUNK = int(sys.argv.pop(1))
execute_from_command_line(sys.argv)
"""
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


class Done(NamedTuple):
    """A process that has ended."""

    code: int
    out: str
    err: str
    megabytes: int
    seconds: float


class Process(NamedTuple):
    """One that runs, and where it writes what it says."""

    popen: "subprocess.Popen[bytes]"
    out: Path
    err: Path

    def seconds(self) -> float:
        """The processor time it has had: how far it is, however busy the machine."""
        fields = Path(f"/proc/{self.popen.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kilobytes(self) -> int:
        """Its peak memory; what wait4 tells is also that of who started it."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.popen.pid}/status").read_text())
        return int(found[1]) if found else 0

    def ended(self) -> bool:
        """Whether it has ended, and waits to be asked how."""
        return Path(f"/proc/{self.popen.pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


class Scratch:
    """The folder: its commands, its database, and what an import left in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._started = 0
        self.environment = {**os.environ, "TNW_DATA": str(path), "DJANGO_SETTINGS_MODULE": "tnw.settings",
            "TNW_PG_OPTIONS": "-c fsync=off"}  # fmt: skip

    def start(self, *arguments: object, chunk: int = 5000) -> "Process":
        """Start a command as a process group of its own; what it says goes to files, which never fill up."""
        self._started += 1
        files = self.path / f"{self._started}.out", self.path / f"{self._started}.err"
        with files[0].open("w") as out, files[1].open("w") as errors:
            process = subprocess.Popen(
                [sys.executable, "-W", "error", "-c", IMPORT, str(chunk), *map(str, arguments)],
                cwd=embedded.PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=errors,
                start_new_session=True,
            )
        return Process(process, *files)

    def end(self, process: "Process") -> Done:
        """Wait for it, and say how it ended and how much memory it had at its peak."""
        peak = 0
        while not process.ended():
            peak = process.kilobytes() or peak
            time.sleep(0.02)
        _pid, status, usage = os.wait4(process.popen.pid, 0)
        process.popen.returncode = os.waitstatus_to_exitcode(status)
        return Done(
            process.popen.returncode,
            process.out.read_text(),
            process.err.read_text(),
            peak // 1024,
            usage.ru_utime + usage.ru_stime,
        )

    def run(self, *arguments: object, chunk: int = 5000) -> Done:
        return self.end(self.start(*arguments, chunk=chunk))

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
        migrated = scratch.run("migrate", "--verbosity", "0")
        assert migrated.code == 0, migrated.err
        yield scratch
    finally:
        holder.stdin.close()
        holder.wait(timeout=60)
        holder.stdout.close()
        shutil.rmtree(path, ignore_errors=True)
