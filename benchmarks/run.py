"""`make bench [SIZE=100000]`: what the ground costs, each figure beside its floor measured in the same run.

Every step is a process of its own on a data folder of its own, so its peak memory is its own too.
"""

import contextlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / ".tnw-bench"
PASSWORD = "een wachtwoord voor de meting"
EMAIL = "bench@example.org"
PADDED = 10_000  # bytes that a line of the large file is heavier than it needs to be
os.environ.update(TNW_DATA=str(DATA), DJANGO_SETTINGS_MODULE="tnw.settings", LOG_LEVEL="ERROR")

import django  # noqa: E402  # the settings read the folder named above

django.setup()

from django.db import connection  # noqa: E402

from benchmarks import feed, floor, pages, queue  # noqa: E402
from dossiers.funds import open_fund  # noqa: E402
from dossiers.models import Deadline, Dossier, LedgerEntry, Reminder  # noqa: E402
from tnw.accounts import actors, audit  # noqa: E402
from tnw.accounts.models import Fund, Role, Team, TeamArea  # noqa: E402
from tnw.accounts.services import create_user  # noqa: E402
from tnw.core import clock, embedded, scope  # noqa: E402


class Step(NamedTuple):
    """What one command took: seconds, and the peak memory of its process in MB."""

    seconds: float
    peak: float


class Figure(NamedTuple):
    """A line of the table."""

    name: str
    seconds: float
    unit: float
    floor: float | None
    peak: float | None


def manage(*arguments: str, allowed: tuple[int, ...] = (0,)) -> Step:
    """Run a command of manage.py as a process of its own."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, ROOT / "manage.py", *arguments], stdout=output, stderr=output
        )
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _peak(process.pid))
            time.sleep(0.02)
        seconds = time.perf_counter() - started
        if process.returncode not in allowed:
            output.seek(0)
            sys.exit(f"{arguments[0]} ended with {process.returncode}:\n{output.read().decode()[-2000:]}")
    return Step(seconds, peak)


def _peak(pid: int) -> float:
    """The most memory that a process has held so far, in MB; its parent's does not count, as in its rusage."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def fund_of(number: str) -> Fund:
    """A fund with a team, and a coordinator for each language."""
    with clock.at(feed.TODAY):
        actor = actors.system(actors.COMMAND)
        fund = open_fund(
            number=number,
            institution=f"{number[0]}00",
            name=f"Fund {number}",
            live_from=feed.LIVE_FROM,
            actor=actor,
        )
        with audit.acting_as(actor, fund):
            team = Team.objects.create(fund=fund, name="Bench", languages=["nl", "fr", "de"])
            TeamArea.objects.create(team=team, first="1000", last="9999")
        for number_of in range(1, 101):
            create_user(
                fund=fund, email=f"c{number_of}-{number}-{EMAIL}", name=f"C{number_of}", roles=[Role.COORDINATOR],
                password=PASSWORD if number_of == 1 else None, actor=actor, team=team, languages=["nl", "fr", "de"],
            )  # fmt: skip
        for name, role in pages.OTHERS.items():
            create_user(
                fund=fund, email=f"{name}-{number}-{EMAIL}", name=name, roles=[role], password=PASSWORD, actor=actor,
                team=team, languages=["nl", "fr", "de"],
            )  # fmt: skip
    return fund


def empty_fund() -> Fund:
    """A fund without dossiers: what a command takes there is the start of its process."""
    with clock.at(feed.TODAY):
        return open_fund(
            number="600", institution="600", name="Fund 600", live_from=feed.LIVE_FROM,
            actor=actors.system(actors.COMMAND),
        )  # fmt: skip


def measure(size: int) -> tuple[list[Figure], dict[str, tuple[float, float]]]:
    """All figures for one size, on an empty data folder."""
    embedded.release()
    connection.close()
    shutil.rmtree(DATA, ignore_errors=True)
    manage("migrate", "-v0")
    fund = fund_of("311")
    file = feed.write(DATA / "feed.csv", size, fund.number)
    day, next_day = feed.TODAY.isoformat(), (feed.TODAY + timedelta(days=1)).isoformat()
    taking_in = ("import_recognitions", str(file), "--fund", fund.number, "--today", day)

    imported = manage(*taking_in)
    again = manage(*taking_in)
    rebuilt = manage("rebuild_deadlines", "--check")
    verified = manage("verify_ledger")
    floors = Floors(fund)
    # The first night catches up with the month since the fund's start, and the second run mails what it made ready.
    for _run in range(2):
        manage("enforce_deadlines", "--today", day)
    with scope.funds(fund.pk):
        before = Reminder.objects.count()
    prepared = manage("enforce_deadlines", "--today", next_day)
    # No worker runs here: what was made ready is mailed by the next run.
    mailed = manage("enforce_deadlines", "--today", next_day)
    idle = manage("enforce_deadlines", "--today", next_day)
    start = manage("enforce_deadlines", "--today", next_day, "--fund", empty_fund().number)

    with scope.funds(fund.pk):
        counts = [model.objects.count() for model in (Dossier, LedgerEntry, Deadline)]
        taken = Reminder.objects.count() - before
        sent = LedgerEntry.objects.filter(kind="questionnaire_sent", on=next_day).count()
        sample = [
            str(key) for key in Dossier.objects.order_by("?").values_list("public_id", flat=True)[:5_000]
        ]
    floors.day(next_day, before)
    with pages.serving({"TNW_DATA": str(DATA)}):
        served = pages.measure(f"c1-{fund.number}-{EMAIL}", PASSWORD, sample, size)
        served |= pages.measure_worklist(f"{fund.number}-{EMAIL}", PASSWORD)
        served |= queue.measure(f"doctor-{fund.number}-{EMAIL}", PASSWORD)
    print(
        f"{size:,} lines: {counts[0]:,} dossiers, {counts[1]:,} facts, {counts[2]:,} deadlines; "
        f"of a day {sent:,} questionnaires and {taken:,} reminders",
        flush=True,
    )
    thousand = size / 1000
    return [
        Figure("import, per 1,000 lines", imported.seconds, thousand, floors.imported, imported.peak),
        Figure("the same file again, per 1,000 lines", again.seconds, thousand, floors.staged, again.peak),
        Figure(
            "rebuild_deadlines --check, per 1,000 dossiers",
            rebuilt.seconds,
            thousand,
            floors.deadlines,
            rebuilt.peak,
        ),
        Figure("verify_ledger, per 1,000 dossiers", verified.seconds, thousand, floors.hashed, verified.peak),
        Figure(
            "enforce_deadlines, one day later",
            prepared.seconds - start.seconds,
            1,
            floors.made_ready + floors.reminders,
            prepared.peak,
        ),
        Figure("its questionnaires mailed", mailed.seconds - start.seconds, 1, floors.mailed, mailed.peak),
        Figure("enforce_deadlines, nothing to do", idle.seconds - start.seconds, 1, None, idle.peak),
    ], served


class Floors:
    """The floors of one run, in seconds: see `benchmarks.floor`."""

    def __init__(self, fund: Fund) -> None:
        host = embedded.run_dir()
        self._scope = str(fund.pk)
        self._source = f"host={host} dbname=tnw user=tnw_app"
        self._target = f"host={host} dbname=tnw_floor user=tnw_app"
        with floor.connected(f"host={host} dbname=tnw user=tnw_owner") as owner:
            owner.autocommit = True
            with owner.cursor() as cursor:
                cursor.execute("drop database if exists tnw_floor")
                cursor.execute("create database tnw_floor")
        url = f"postgresql://{{}}@/tnw_floor?host={host}"
        environment = {
            **os.environ,
            "DATABASE_URL": url.format("tnw_app"),
            "DATABASE_OWNER_URL": url.format("tnw_owner"),
            "REDIS_URL": embedded.urls().redis,
            "DJANGO_SECRET_KEY": "measuring",
        }
        subprocess.run([sys.executable, ROOT / "manage.py", "migrate", "-v0"], env=environment, check=True)
        with self._both() as (finished, empty, folder):
            for table in floor.REFERENCE:
                floor.copy(finished, empty, table, folder)
            tables = {table: floor.copy(finished, empty, table, folder) for table in floor.IMPORTED}
            self.imported = sum(tables.values())
            self.deadlines = tables["dossiers_deadline"]
            self.staged = self._staged(finished, folder)
            self.hashed = self._hashed(finished)
            with finished.cursor() as cursor:
                cursor.execute("select max(id) from accounts_actor")
                self._actors = cursor.fetchone()[0]

    @contextlib.contextmanager
    def _both(self) -> Iterator[tuple[floor.Connection, floor.Connection, Path]]:
        with (
            tempfile.TemporaryDirectory(dir=DATA) as folder,
            floor.connected(self._source, self._scope) as finished,
            floor.connected(self._target, self._scope) as empty,
        ):
            yield finished, empty, Path(folder)

    def day(self, day: str, reminders_before: int) -> None:
        """What a day left: its questionnaires made ready and sent, with their facts and dates, and its reminders."""
        sent = f"kind = 'questionnaire_sent' and \"on\" = '{day}'"
        entries = f"select dossier_id, seq, fact_id from dossiers_ledgerentry where {sent}"
        of_the_day = f"(dossier_id, opened_by) in (select dossier_id, fact_id from ({entries}) e)"
        of_nights_before = f"rule in ('T2', 'T3') and not {of_the_day}"
        first = f"(select id from dossiers_reminder order by id offset {reminders_before} limit 1)"
        with self._both() as (finished, empty, folder):

            def cost(table: str, rows: str) -> float:
                return floor.copy(finished, empty, table, folder, rows)

            cost("accounts_actor", f"id > {self._actors}")
            cost("routing_questionnaireversion", f"fund_id = {self._scope}")
            cost("dossiers_deadline", of_nights_before)
            cost("dossiers_reminder", f"id < {first}")
            self.made_ready = cost("routing_questionnaire", f"prepared_on = '{day}'")
            self.mailed = (
                cost("dossiers_ledgerentry", sent)
                + cost("dossiers_outbox", f"(dossier_id, seq) in (select dossier_id, seq from ({entries}) e)")
                + cost("dossiers_deadline", of_the_day)
            )
            self.reminders = cost("dossiers_reminder", f"id >= {first}")

    def _staged(self, finished: floor.Connection, folder: Path) -> float:
        """The lines by COPY into a bare table, and their versions held against what is known."""
        path = folder / "feed.copy"
        with path.open("w", encoding="utf-8") as out, finished.cursor() as cursor:
            cursor.copy_expert(
                "copy (select i.reference, i.version, i.start, i.regime, i.cause, p.ssin, p.last_name, p.first_name, "
                "p.street, p.city, p.postal_code, p.language, p.email from dossiers_incapacity i "
                "join dossiers_insuredperson p on p.id = i.person_id) to stdout",
                out,
            )
        started = time.perf_counter()
        with finished.cursor() as cursor, path.open(encoding="utf-8") as rows:
            cursor.execute(
                "create temporary table lines (reference text, version int, start date, regime text, cause text, "
                "ssin text, last_name text, first_name text, street text, city text, postal_code text, language text, "
                "email text) on commit drop"
            )
            cursor.copy_expert("copy lines from stdin", rows)
            cursor.execute(
                "select count(*) from lines l join dossiers_incapacity i on i.reference = l.reference "
                "where l.version > i.version"
            )
        finished.commit()
        return time.perf_counter() - started

    def _hashed(self, finished: floor.Connection) -> float:
        """One SHA-256 over the text of every entry, in the order of the table."""
        started = time.perf_counter()
        with finished.cursor() as cursor:
            cursor.execute(
                "select count(sha256(ledger_text(dossier_id, seq, fund_id, at, actor_id, trace_id, fact_id, kind, "
                '"on", subject, payload_digest, "values"))) from dossiers_ledgerentry'
            )
        finished.commit()
        return time.perf_counter() - started


def large_file(gigabytes: float) -> Figure:
    """A file as large as a feed can get: its weight must not be felt in memory."""
    fund = fund_of("509")
    lines = int(gigabytes * 1e9 / PADDED)
    file = feed.write(DATA / "large.csv", lines, fund.number, pad=PADDED)
    weight = file.stat().st_size / 1e9
    step = manage("import_recognitions", str(file), "--fund", "509", "--today", feed.TODAY.isoformat())
    file.unlink()
    return Figure(
        f"a feed of {weight:.1f} GB in {lines:,} lines, per 1,000 lines",
        step.seconds,
        lines / 1000,
        None,
        step.peak,
    )


def show(size: int, gigabytes: float) -> None:
    """Measure at SIZE/100 and at SIZE, and print the table as it stands in docs/performance.md."""
    _figures, small = measure(max(size // 100, 100))
    figures, served = measure(size)
    if gigabytes:
        figures.append(large_file(gigabytes))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    print(
        f"\n{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, {size:,} dossiers\n"
    )
    print("| what | measured | floor | ratio | peak memory |\n| --- | --- | --- | --- | --- |")
    for name, seconds, unit, under, peak in figures:
        below = f"{under / unit:.3f} s" if under else ""
        ratio = f"{seconds / under:.2f} ×" if under else ""
        print(f"| {name} | {seconds / unit:.3f} s | {below} | {ratio} | {peak or 0:.0f} MB |")
    print(
        f"\n| page over HTTP | median, p95 at {max(size // 100, 100):,} | median, p95 at {size:,} | ratio of p95 |"
    )
    print("| --- | --- | --- | --- |")
    for name, (median, worst) in served.items():
        median_small, worst_small = small[name]
        print(
            f"| {name} | {median_small:.1f} ms, {worst_small:.1f} ms | {median:.1f} ms, {worst:.1f} ms "
            f"| {worst / worst_small:.2f} × |"
        )


if __name__ == "__main__":
    try:
        show(int(os.environ.get("SIZE", "100000")), float(os.environ.get("GB", "2")))
    finally:
        connection.close()
        embedded.release()
        shutil.rmtree(DATA, ignore_errors=True)
