"""Imports as real processes that are killed, lose their database, run twice at once, or read 100 MB."""

import json
import os
import random
import signal
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import population
from tests.intake.scratch import Done, Moment, Scratch, no_trace, scratch_folder, wait_for

# Ten chunks, so that a kill falls between any two of them.
LINES, CHUNK = 1_000, 100
KILLS = 10
FUNDS = 100  # to find ten moments in; two or three do
ON = ("--today", "2026-11-21")


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    with scratch_folder() as scratch:
        yield scratch


def feed(path: Path, fund: str) -> Path:
    """Many lines of the same start; every hundredth is refused, some change a line before them."""
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
    """Different people, as many as there are lines."""
    return population.ssin(number % 900, date(1950, 1, 1) + timedelta(days=number // 900))


@pytest.fixture(scope="module")
def undisturbed(scratch: Scratch) -> tuple[dict, dict, int]:
    """The end state and the report of an import that nothing happens to, and how many statements it took."""
    fund = scratch.fund("100")
    done = take(scratch, "100", scratch.path / "100.csv")
    assert (done.code, done.err) == (1, "")
    return scratch.state(fund), report(scratch, "100"), done.statements


def arguments(scratch: Scratch, number: str, path: Path) -> tuple[object, ...]:
    if not path.exists():
        feed(path, number)
    return "import_recognitions", path, "--fund", number, *ON, "--report", scratch.path / f"{number}.json"


def take(scratch: Scratch, number: str, path: Path) -> Done:
    return scratch.run(*arguments(scratch, number, path), chunk=CHUNK)


def report(scratch: Scratch, number: str) -> dict:
    return json.loads((scratch.path / f"{number}.json").read_text())


def test_killed_at_ten_random_moments_it_ends_as_if_it_had_not_been(
    scratch: Scratch, undisturbed: tuple[dict, dict, int]
) -> None:
    state, told, statements = undisturbed
    dice = random.Random(311)
    kills = 0
    for number in map(str, range(200, 200 + FUNDS)):
        fund, path = scratch.fund(number), scratch.path / f"{number}.csv"
        landed = [0]
        while kills < KILLS and len(landed) < 6:
            # Before a statement, in it or after it; what was taken in already is not done again.
            left = int(statements * (1 - landed[-1] / told["accepted"]))
            moment = Moment(dice.randint(1, max(left, 1)), dice.uniform(0, 0.02))
            ended = scratch.run(*arguments(scratch, number, path), chunk=CHUNK, moment=moment)
            if scratch.ask(
                "select 1 from dossiers_importrun where fund_id = %(fund)s and state = 'done'", fund=fund
            ):
                break  # too late for this fund: it was taken in
            assert ended.code == -signal.SIGKILL, ended
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
    scratch: Scratch, undisturbed: tuple[dict, dict, int]
) -> None:
    state, told, statements = undisturbed
    fund, path = scratch.fund("120"), scratch.path / "120.csv"
    half = Moment(statements // 2, 0.005, signal.SIGSTOP)
    process = scratch.start(*arguments(scratch, "120", path), chunk=CHUNK, moment=half)
    wait_for(lambda: process.state() == "T")
    taken = scratch.ask("select count(*) from dossiers_incapacity where fund_id = %(fund)s", fund=fund)
    assert 0 < taken[0][0] < told["accepted"]
    scratch.servers("stop")
    os.kill(process.pid, signal.SIGCONT)
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
    scratch: Scratch, undisturbed: tuple[dict, dict, int]
) -> None:
    state, told, _statements = undisturbed
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
            chunk=CHUNK,
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
    bad = population.line(801, fund="122", street="x" * 3100)
    wrong = right[0].replace("Kerkstraat 1", bad["street"])
    with path.open("w") as out:
        out.write(header)
        for line in right:
            out.write(line)
            out.write(wrong * 40)
    assert path.stat().st_size > 100_000_000
    small = scratch.run(
        "import_recognitions", feed(scratch.path / "s.csv", "122"), "--fund", "122", *ON, "--dry-run"
    )
    done = scratch.run(
        "import_recognitions", path, "--fund", "122", *ON, "--report", scratch.path / "122.json"
    )
    assert (done.code, done.err, small.code) == (1, "", 1)
    assert done.out.startswith("122.csv: 32800 lines, 800 taken in, 0 unchanged, 32000 refused; ")
    assert len(report(scratch, "122")["rejected"]) == 32_000
    assert scratch.ask("select count(*) from dossiers_incapacity where fund_id = %(fund)s", fund=fund) == [
        (800,)
    ]
    assert 30 < done.megabytes < 300
    path.unlink()
