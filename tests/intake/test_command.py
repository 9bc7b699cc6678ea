"""`import_recognitions` from the outside: what it reports, how it ends, and that twice is once."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from dossiers.models import Deadline, ImportRun, Incapacity
from tests import population
from tests.conftest import make_fund
from tests.intake.conftest import TODAY, counts, end_state, heads, run
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import scope

CASES = Path(__file__).parent.parent / "cases"
SAMPLE = CASES / "recognitions.csv"
EXPECTED = json.loads((CASES / "recognitions.expected.json").read_text())
MAIN = """
import sys, django
django.setup()
from django.db import connection
from django.core.management import execute_from_command_line
connection.settings_dict["NAME"] = sys.argv.pop(1)
execute_from_command_line(sys.argv)
"""


@pytest.mark.django_db(transaction=True)
def test_the_sample_feed_reports_what_is_expected(fund: Fund, tmp_path: Path) -> None:
    """In a process of its own, as a fund's night job runs it."""
    report = tmp_path / "out.json"
    command = ["import_recognitions", SAMPLE, "--fund", "311", "--today", "2026-11-21", "--report", report]
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            "-c",
            MAIN,
            str(connection.settings_dict["NAME"]),
            *map(str, command),
        ],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tnw.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("recognitions.csv: 2030 lines, 1972 taken in, 10 unchanged, 48 refused; ")
    assert json.loads(report.read_text()) == EXPECTED
    with scope.funds(fund.pk):
        assert Incapacity.objects.filter(excluded="").exclude(end__isnull=False).exists()
        assert Deadline.objects.filter(rule="T1").exists()
        assert not Deadline.objects.filter(dossier__incapacity__excluded="work_accident").exists()


@pytest.mark.django_db
def test_a_dry_run_reports_the_same_and_changes_nothing(in_fund: Fund, tmp_path: Path) -> None:
    population.take_in(in_fund, [population.line(start="2026-02-02")], TODAY)
    before = counts(), heads(), ImportRun.objects.count()
    said = run("import_recognitions", SAMPLE, dry_run=True, report=tmp_path / "dry.json")
    assert (counts(), heads(), ImportRun.objects.count()) == before
    assert said[0] == 1
    assert said[1].endswith(" (dry run: all undone)\n")
    dry = json.loads((tmp_path / "dry.json").read_text())
    assert dry["rejected"] == EXPECTED["rejected"]
    assert {**dry, "rejected": []} == {**EXPECTED, "rejected": []}
    assert run("import_recognitions", SAMPLE, report=tmp_path / "real.json")[0] == 1
    assert json.loads((tmp_path / "real.json").read_text()) == dry
    assert counts()["Incapacity"] > 1000
    _the_same_again_changes_nothing(tmp_path)


def _the_same_again_changes_nothing(tmp_path: Path) -> None:
    before = counts(), heads()
    assert run("import_recognitions", SAMPLE, report=tmp_path / "again.json")[0] == 1
    again = json.loads((tmp_path / "again.json").read_text())
    assert (counts(), heads()) == before
    assert again == {**EXPECTED, "accepted": 0, "unchanged": EXPECTED["accepted"] + EXPECTED["unchanged"]}


@pytest.mark.django_db
def test_a_file_without_faults_ends_with_0(in_fund: Fund, tmp_path: Path) -> None:
    path = population.write(tmp_path / "feed.csv", [population.line(), population.line()])
    assert run("import_recognitions", path, report=tmp_path / "r.json") == (
        0,
        "feed.csv: 2 lines, 2 taken in, 0 unchanged, 0 refused; the fund now has 0 excluded and 0 ended incapacities\n",
    )
    assert json.loads((tmp_path / "r.json").read_text())["rejected"] == []
    done = ImportRun.objects.get()
    assert (done.state, done.actor.name, done.today, done.finished_at is not None) == (
        "done",
        actors.FEED,
        TODAY,
        True,
    )


@pytest.mark.django_db
def test_a_header_alone_is_a_file_without_lines(in_fund: Fund, tmp_path: Path) -> None:
    assert run("import_recognitions", population.write(tmp_path / "feed.csv", []))[0] == 0


WHOLE = {
    "empty": (b"", "The file is empty"),
    "a missing column": (b"reference;version\n", "lacks these columns: fund, ssin"),
    "a zip named .csv": (b"PK\x03\x04\x14\x00" + bytes(200), "not a CSV file but a ZIP"),
    "a PDF": (b"%PDF-1.7\n", "not a CSV file but a ZIP, a PDF"),
    "UTF-16": ("reference;".encode("utf-16"), "not in UTF-8"),
}
LATER = {
    "latin-1": ("Zoë".encode("latin-1"), "not in UTF-8 (seen at line 4)"),
    "a NUL byte": (b"\x00", "binary data (seen at line 4)"),
    "quotes that never close": (b'"', "opens in the record at line 4 is never closed"),
    "a line without an end": (b"x" * 200_000, "Line 4 is longer than 131072 bytes"),
}


@pytest.mark.django_db
def test_a_file_that_is_no_such_csv_is_refused_whole(in_fund: Fund, tmp_path: Path) -> None:
    population.take_in(in_fund, [population.line(postal_code="9000")], TODAY)
    right = population.write(tmp_path / "right.csv", [population.line() for _ in range(600)]).read_bytes()
    lines = right.splitlines(keepends=True)
    files = dict(WHOLE)
    for name, (bad, told) in LATER.items():
        broken = (
            lines[3].replace(b"Goossens", bad) if bad != b'"' else lines[3].replace(b"Goossens", b'"Goossens')
        )
        files[name] = (b"".join([*lines[:3], broken, *([] if bad == b'"' else lines[4:])]), told)
    before = counts(), heads()
    path = tmp_path / "feed.csv"
    for command in ("import_recognitions", "import_facts"):
        for name, (content, told) in files.items():
            if command == "import_facts" and name in LATER:
                continue
            path.write_bytes(content)
            for options in ({}, {"dry_run": True}):
                code, said = run(command, path, report=tmp_path / "none.json", **options)
                assert code == 2, (name, said)
                assert said.startswith("feed.csv: "), said
                assert told.replace("fund, ssin", "") in said, (name, said)
                assert "\n" not in said, name
            assert (counts(), heads()) == before, name
    assert not (tmp_path / "none.json").exists()
    assert set(ImportRun.objects.exclude(state="done").values_list("state", flat=True)) == {"refused"}


@pytest.mark.django_db
def test_what_cannot_be_read_or_is_nobodys_is_told(in_fund: Fund, tmp_path: Path) -> None:
    path = population.write(tmp_path / "feed.csv", [])
    code, said = run("import_recognitions", tmp_path / "nowhere.csv")
    assert (code, said) == (2, f"{tmp_path / 'nowhere.csv'}: there is no such file, or it may not be read.")
    code, said = run("import_recognitions", tmp_path)
    assert code == 2
    code, said = run("import_recognitions", path, fund="999")
    assert (code, said) == (2, "There is no fund 999 (known: 311); see create_fund.")
    with pytest.raises(CommandError, match="2026-11-21"):
        call_command("import_recognitions", str(path), "--fund", "311", "--today", "21/11/2026")


@pytest.mark.django_db
def test_a_report_that_cannot_be_written_is_told_before_the_import(in_fund: Fund, tmp_path: Path) -> None:
    path = population.write(tmp_path / "feed.csv", [population.line()])
    code, said = run("import_recognitions", path, report=tmp_path / "no" / "folder.json")
    assert code == 2
    assert "folder.json" in said
    assert counts()["Incapacity"] == 0


@pytest.mark.django_db
def test_a_quoted_newline_a_bom_and_other_orders_of_columns_are_read(in_fund: Fund, tmp_path: Path) -> None:
    one = population.line(street='Kerk;"straat"\n1', last_name="Zoë", reference="a")
    path = population.write(tmp_path / "plain.csv", [one, population.line(reference="b", ssin="1")])
    raw = path.read_bytes()
    names = raw.split(b"\r\n")[0].split(b";")
    feed = tmp_path / "feed.csv"
    feed.write_bytes(b"\xef\xbb\xbf" + raw)
    assert run("import_recognitions", feed, report=tmp_path / "r.json")[0] == 1
    # The broken street takes two lines of the file: the bad line after it is line 4.
    assert json.loads((tmp_path / "r.json").read_text())["rejected"] == [
        {"line": 4, "column": "ssin", "code": "invalid_check_digits"}
    ]
    person = Incapacity.objects.select_related("person").get().person
    assert (person.street, person.last_name) == ('Kerk;"straat" 1', "Zoë")
    turned = {name: one[name] for name in sorted(one, reverse=True)}
    assert list(turned) != [name.decode() for name in names]
    feed.write_text(
        ";".join(turned)
        + "\n"
        + ";".join(f'"{value.replace(chr(34), chr(34) * 2)}"' for value in turned.values())
    )
    assert run("import_recognitions", feed, report=tmp_path / "r.json")[0] == 0
    assert json.loads((tmp_path / "r.json").read_text())["unchanged"] == 1


@pytest.mark.django_db
def test_any_order_of_lines_gives_the_same_end_and_the_same_refusals(
    db: None,
) -> None:
    """One version of each reference; several overlaps of one person, some of them of each other."""
    person = population.line(1)["ssin"]
    periods = [
        ("a", "2026-01-05", "2026-03-01"), ("b", "2026-02-01", ""), ("c", "2026-02-01", "2026-02-20"),
        ("d", "2026-03-02", "2026-03-31"), ("e", "2026-04-01", ""), ("f", "2025-01-01", "2026-01-05"),
        ("g", "2026-04-01", "2026-04-01"),
    ]  # fmt: skip
    lines = [
        population.line(
            1, reference=name, ssin=person, start=start, end=end, end_reason="resumed" if end else ""
        )
        for name, start, end in periods
    ] + [population.line(number) for number in range(2, 9)]
    ends = []
    for seed in range(4):
        order = random.Random(seed).sample(lines, len(lines))
        ends.append(_taken(make_fund(f"60{seed}"), order))
    # f is first; a begins on its last day; b goes first of b, c at equal start; the open b covers d, e, g.
    assert ends[0][1] == {(name, "overlap") for name in "acdeg"}
    assert all(end == ends[0] for end in ends)


def _taken(fund: Fund, lines: list[dict[str, str]]) -> tuple[object, set[tuple[str, str]]]:
    report = population.take_in(fund, [{**line, "fund": fund.number} for line in lines], TODAY)
    refused = {(lines[item["line"] - 2]["reference"], item["code"]) for item in report["rejected"]}  # type: ignore[attr-defined]
    with audit.acting_as(actors.system(), fund):
        return end_state(), refused
