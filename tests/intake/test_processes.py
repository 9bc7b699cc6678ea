"""Imports as real processes that are killed, lose their database, run twice at once, or read 100 MB."""

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import population
from tests.intake.scratch import Done, Scratch, no_trace, scratch_folder

LINES = 10_000
KILLS = 10
ON = ("--today", "2026-11-21")


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with scratch_folder() as scratch:
        yield scratch


def feed(path: Path, fund: str) -> Path:
    """10,000 lines, many of the same start; every hundredth is refused, some change a line before them."""
    lines = []
    for number in range(1, LINES + 1):
        start = date(2025, 1, 1) + timedelta(days=number % 40 * 15)
        more: dict[str, Any] = {}
        if number % 100 == 0:
            more = {"regime": "king"}
        elif number % 50 == 0:
            more = {"cause": "work_accident"}
        elif number % 30 == 0:
            more = {"end": start + timedelta(days=60), "end_reason": "resumed"}
        lines.append(
            population.line(number, fund=fund, start=start, ssin=_ssin(number), birth_date="", **more)
        )
        if number % 70 == 1:
            lines[-1] = {**lines[-1], "reference": f"ref-{number}"}
    for number in range(10, LINES, 250):
        again = population.line(
            number + 1, fund=fund, ssin=_ssin(number + 1), birth_date="", start="2025-01-02", version=2
        )
        lines[number + 8] = again
    return population.write(path, lines)


def _ssin(number: int) -> str:
    """Ten thousand different people."""
    return population.ssin(number % 900, date(1950, 1, 1) + timedelta(days=number // 900))


@pytest.fixture(scope="module")
def undisturbed(scratch: Scratch) -> tuple[dict, dict, float]:
    """The end state and the report of an import that nothing happens to, and its processor time."""
    fund = scratch.fund("100")
    done = take(scratch, "100", scratch.path / "100.csv")
    assert (done.code, done.err) == (1, "")
    return scratch.state(fund), report(scratch, "100"), done.seconds


def arguments(scratch: Scratch, number: str, path: Path) -> tuple[object, ...]:
    if not path.exists():
        feed(path, number)
    return "import_recognitions", path, "--fund", number, *ON, "--report", scratch.path / f"{number}.json"


def take(scratch: Scratch, number: str, path: Path) -> Done:
    return scratch.run(*arguments(scratch, number, path), chunk=1000)


def report(scratch: Scratch, number: str) -> dict:
    return json.loads((scratch.path / f"{number}.json").read_text())


def test_killed_at_ten_random_moments_it_ends_as_if_it_had_not_been(
    scratch: Scratch, undisturbed: tuple[dict, dict, float]
) -> None:
    state, told, seconds = undisturbed
    dice = random.Random(311)
    kills = 0
    for number in map(str, range(101, 111)):
        fund, path = scratch.fund(number), scratch.path / f"{number}.csv"
        landed: list[int] = []
        while kills < KILLS and len(landed) < 6:
            process = scratch.start(*arguments(scratch, number, path), chunk=1000)
            moment = dice.uniform(0.2, 0.9) * seconds
            while process.seconds() < moment and not process.ended():
                time.sleep(0.002)
            os.killpg(process.popen.pid, signal.SIGKILL)
            ended = scratch.end(process)
            if scratch.ask(
                "select 1 from dossiers_importrun where fund_id = %(fund)s and state = 'done'", fund=fund
            ):
                break  # too late for this fund: it was taken in
            assert ended.code == -signal.SIGKILL
            kills += 1
            taken = scratch.ask(
                "select count(*) from dossiers_incapacity where fund_id = %(fund)s", fund=fund
            )
            landed.append(taken[0][0])
        else:
            done = take(scratch, number, path)
            assert (done.code, done.err) == (1, "")
            assert report(scratch, number) == told
        assert landed == sorted(landed), "what a killed import had taken in stays"
        assert scratch.state(fund) == state
        if kills == KILLS:
            break
    assert kills == KILLS
    assert scratch.run("verify_ledger").code == 0
    assert scratch.run("rebuild_deadlines", "--check").code == 0


def test_the_database_restarted_in_the_middle_costs_one_sentence_and_a_second_start(
    scratch: Scratch, undisturbed: tuple[dict, dict, float]
) -> None:
    state, told, _seconds = undisturbed
    fund, path = scratch.fund("120"), scratch.path / "120.csv"
    process = scratch.start(*arguments(scratch, "120", path), chunk=1000)
    while (
        scratch.ask("select count(*) from dossiers_incapacity where fund_id = %(fund)s", fund=fund)[0][0]
        < 1000
    ):
        time.sleep(0.02)
    scratch.servers("stop")
    ended = scratch.end(process)
    assert ended.code == 3
    assert ended.err == (
        "CommandError: 120.csv: the connection to the database was lost before the file was taken in to its end. "
        "Start the same command again: it goes on where it was.\n"
    )
    assert no_trace(ended)
    done = take(scratch, "120", path)
    assert (done.code, done.err) == (1, "")
    assert report(scratch, "120") == told
    assert scratch.state(fund) == state


def test_two_imports_of_one_file_at_once_both_end_well(
    scratch: Scratch, undisturbed: tuple[dict, dict, float]
) -> None:
    state, told, _seconds = undisturbed
    fund, path = scratch.fund("121"), feed(scratch.path / "121.csv", "121")
    both = [
        scratch.start(
            "import_recognitions",
            path,
            "--fund",
            "121",
            *ON,
            "--report",
            scratch.path / f"{name}.json",
            chunk=1000,
        )
        for name in ("left", "right")
    ]
    assert [(done.code, done.err) for done in map(scratch.end, both)] == [(1, ""), (1, "")]
    reports = [report(scratch, "left"), report(scratch, "right")]
    first, second = sorted(reports, key=lambda one: -one["accepted"])
    assert first == told
    assert second == {**told, "accepted": 0, "unchanged": told["accepted"] + told["unchanged"]}
    assert scratch.state(fund) == state


def test_100_megabytes_are_read_in_flat_memory(scratch: Scratch) -> None:
    fund, path = scratch.fund("122"), scratch.path / "122.csv"
    good = population.write(path, [population.line(number, fund="122") for number in range(1, 801)])
    header, *right = good.read_text().splitlines(keepends=True)
    bad = population.line(801, fund="122", street="x" * 1000)
    wrong = right[0].replace("Kerkstraat 1", bad["street"])
    with path.open("w") as out:
        out.write(header)
        for line in right:
            out.write(line)
            out.write(wrong * 120)
    assert path.stat().st_size > 100_000_000
    small = scratch.run(
        "import_recognitions", feed(scratch.path / "s.csv", "122"), "--fund", "122", *ON, "--dry-run"
    )
    done = scratch.run(
        "import_recognitions", path, "--fund", "122", *ON, "--report", scratch.path / "122.json"
    )
    assert (done.code, done.err, small.code) == (1, "", 1)
    assert done.out.startswith("122.csv: 96800 lines, 800 taken in, 0 unchanged, 96000 refused; ")
    assert len(report(scratch, "122")["rejected"]) == 96_000
    assert scratch.ask("select count(*) from dossiers_incapacity where fund_id = %(fund)s", fund=fund) == [
        (800,)
    ]
    assert 30 < done.megabytes < 300
    path.unlink()
