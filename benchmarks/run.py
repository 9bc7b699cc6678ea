"""`make bench [SIZE=100000]`: what the ground costs, each figure beside its floor measured in the same run.

`python -m benchmarks.run` measures a part of it with `life` (one whole life), `letters` (for many) or
`served` (pages and the API over HTTP, and pages in Chromium).

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
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / ".tnw-bench"
PASSWORD = "een wachtwoord voor de meting"
EMAIL = "bench@example.org"
LIFE = "one whole life, feed to evaluated traject"
PADDED = 10_000  # bytes that a line of the large file is heavier than it needs to be
os.environ.update(TNW_DATA=str(DATA), DJANGO_SETTINGS_MODULE="tnw.settings", LOG_LEVEL="ERROR")

import django  # noqa: E402  # the settings read the folder named above

django.setup()

from django.db import connection  # noqa: E402

from benchmarks import feed, floor, http, letters, life, pages, paint, queue  # noqa: E402
from benchmarks.floors import Floors  # noqa: E402
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
        Fund.objects.filter(pk=fund.pk).update(street="Lindelaan 3", postal_code="1000", city="Brussel")
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


def emptied(size: int) -> tuple[Fund, tuple[str, ...]]:
    """An empty data folder with a fund, and the command that takes so many lines into it."""
    embedded.release()
    connection.close()
    shutil.rmtree(DATA, ignore_errors=True)
    manage("migrate", "-v0")
    fund = fund_of("311")
    file = feed.write(DATA / "feed.csv", size, fund.number)
    day = feed.TODAY.isoformat()
    return fund, ("import_recognitions", str(file), "--fund", fund.number, "--today", day)


def measure(size: int) -> tuple[list[Figure], dict[str, tuple[float, float]]]:
    """All figures for one size, on an empty data folder."""
    fund, taking_in = emptied(size)
    day, next_day = feed.TODAY.isoformat(), (feed.TODAY + timedelta(days=1)).isoformat()

    imported = manage(*taking_in)
    again = manage(*taking_in)
    rebuilt = manage("rebuild_deadlines", "--check")
    verified = manage("verify_ledger")
    floors = Floors(fund, DATA)
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
    floors.day(next_day, before)
    with pages.serving({"TNW_DATA": str(DATA)}):
        served = over_pages(fund, size)
        served |= {name: one[:2] for name, one in over_api(fund).items()}
    lived = whole_life(floors)
    written = many_letters()
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
        lived,
        written,
    ], served


def whole_life(floors: Floors) -> Figure:
    """One life among those that are there, beside its rows by plain SQL."""
    lived = life.measure(house := fund_of("640"), DATA)
    with floors.of(house) as (finished, empty):
        for table in ("accounts_fund", "accounts_team", "accounts_user", "dossiers_importrun"):
            floor.insert(
                finished, empty, table, f"{'id' if table == 'accounts_fund' else 'fund_id'} = {house.pk}"
            )
        floor.insert(finished, empty, "accounts_actor", f"id > {floors.last_actor}")
        by_hand = sum(floor.insert(finished, empty, table, lived.rows(table)) for table in life.TABLES)
    print(
        f"one life: {lived.acts} acts, {lived.queries:.0f} queries, {lived.rows_left:.0f} rows of {lived.bytes:,.0f} bytes"
    )
    return Figure(LIFE, lived.seconds, 1, by_hand / life.LIVES, None)


def many_letters() -> Figure:
    """One letter for many, beside the setting of so many pages alone."""
    took = letters.measure(fund_of("650"), DATA)
    return Figure(
        f"{letters.LETTERS} letters, asked to kept and on their way", took.written, 1, took.typeset, None
    )


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


def show_life(size: int) -> None:
    """Only what one whole life takes, among so many dossiers."""
    fund, taking_in = emptied(size)
    manage(*taking_in)
    table([whole_life(Floors(fund, DATA))], size)


def show_letters(size: int) -> None:
    """Only what letters for many take, among so many dossiers."""
    _fund, taking_in = emptied(size)
    manage(*taking_in)
    table([many_letters()], size)


def over_api(fund: Fund) -> dict[str, http.Served]:
    """The API of a fund that is served."""
    with scope.funds(fund.pk):
        dossiers = Dossier.objects.filter(fund=fund).order_by("?").values_list("public_id", flat=True)[:1_000]
        sample = [str(key) for key in dossiers]
    return http.measure(fund, sample, f"host={embedded.run_dir()} dbname=tnw user=tnw_app")


def over_pages(fund: Fund, size: int) -> dict[str, tuple[float, float]]:
    """What coordinators, doctors and team leads open all day."""
    with scope.funds(fund.pk):
        dossiers = Dossier.objects.filter(fund=fund).order_by("?").values_list("public_id", flat=True)[:5_000]
        sample = [str(key) for key in dossiers]
    return {
        **pages.measure(f"c1-{fund.number}-{EMAIL}", PASSWORD, sample, size),
        **pages.measure_worklist(f"{fund.number}-{EMAIL}", PASSWORD),
        **queue.measure(f"doctor-{fund.number}-{EMAIL}", PASSWORD),
        **pages.measure_figures(f"lead-{fund.number}-{EMAIL}", PASSWORD),
    }


def in_chromium(fund: Fund) -> dict[str, paint.Seen]:
    """How soon the pages of a coordinator are there for the eye."""
    with scope.funds(fund.pk):
        dossiers = Dossier.objects.filter(coordinator__email=f"c1-{fund.number}-{EMAIL}").order_by("pk")
        sample = [str(key) for key in dossiers.values_list("public_id", flat=True)[: paint.LOOKS]]
    return paint.measure(f"c1-{fund.number}-{EMAIL}", PASSWORD, sample)


def show_served(size: int) -> None:
    """Only pages and the API, among 10,000 dossiers and among so many; the largest paint among so many."""
    served: list[dict[str, tuple[float, float]]] = []
    called: list[dict[str, http.Served]] = []
    sizes = (10_000, size)
    for one in sizes:
        fund, taking_in = emptied(one)
        manage(*taking_in)
        with pages.serving({"TNW_DATA": str(DATA)}):
            served.append(over_pages(fund, one))
            called.append(over_api(fund))
            seen = in_chromium(fund)
        heading(
            f"call over HTTP, {one:,} dossiers",
            "median",
            "p95",
            "its rows",
            "ratio",
            "rows, access and log",
            "ratio",
        )
        for name, call in called[-1].items():
            print(f"| {name} | {http.in_words(call)} |")
    heading(f"between {sizes[0]:,} and {size:,} dossiers", "of medians", "of the 95th percentile")
    for name, call in called[-1].items():
        before = called[0][name]
        print(f"| {name} | {call.median / before.median:.2f} × | {call.worst / before.worst:.2f} × |")
    compare(sizes, served)
    heading(f"page in Chromium, {size:,} dossiers", "largest paint, median", "worst")
    for name, look in seen.items():
        print(f"| {name} | {look.median:.0f} ms | {look.worst:.0f} ms |")


def heading(*columns: str) -> None:
    print("", f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}", sep="\n", flush=True)


def compare(sizes: tuple[int, int], served: list[dict[str, tuple[float, float]]]) -> None:
    """Pages at a small size and at a large one."""
    heading("page over HTTP", *(f"median, p95 at {one:,}" for one in sizes), "ratio of medians", "of p95")
    for name, (median, worst) in served[1].items():
        median_small, worst_small = served[0][name]
        print(
            f"| {name} | {median_small:.1f} ms, {worst_small:.1f} ms | {median:.1f} ms, {worst:.1f} ms "
            f"| {median / median_small:.2f} × | {worst / worst_small:.2f} × |"
        )


def show(size: int, gigabytes: float) -> None:
    """Measure at SIZE/100 and at SIZE, and print the table as it stands in docs/performance.md."""
    few = max(size // 100, 100)
    _figures, small = measure(few)
    figures, served = measure(size)
    if gigabytes:
        figures.append(large_file(gigabytes))
    table(figures, size)
    compare((few, size), [small, served])


def table(figures: list[Figure], size: int) -> None:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    print(
        f"\n{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, {size:,} dossiers\n"
    )
    print("| what | measured | floor | ratio | peak memory |\n| --- | --- | --- | --- | --- |")
    for name, seconds, unit, under, peak in figures:
        below = f"{under / unit:.3f} s" if under else ""
        ratio = f"{seconds / under:.2f} ×" if under else ""
        print(f"| {name} | {seconds / unit:.3f} s | {below} | {ratio} | {f'{peak:.0f} MB' if peak else ''} |")


if __name__ == "__main__":
    try:
        dossiers = int(os.environ.get("SIZE", "100000"))
        if sys.argv[1:] == ["life"]:
            show_life(dossiers)
        elif sys.argv[1:] == ["letters"]:
            show_letters(dossiers)
        elif sys.argv[1:] == ["served"]:
            show_served(dossiers)
        else:
            show(dossiers, float(os.environ.get("GB", "2")))
    finally:
        connection.close()
        embedded.release()
        shutil.rmtree(DATA, ignore_errors=True)
