"""`import_facts`: a fund's history comes in, and the deadlines are what they would have been."""

import json
import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dossiers.feed.facts import COLUMNS
from dossiers.law.facts import from_plain
from dossiers.ledger import Entry, record_many
from dossiers.models import Deadline, Dossier, LedgerEntry
from tests import population
from tests.intake.conftest import TODAY, Take, counts, heads, run
from tnw.accounts import actors
from tnw.accounts.models import Fund
from tnw.core import clock

pytestmark = pytest.mark.django_db

Line = tuple[str, str, str, str, str, str]
START = "2026-03-02"


def said(reference: str, id: str, kind: str, on: str = START, subject: str = "", /, **details: Any) -> Line:
    return reference, id, kind, on, subject, json.dumps(details) if details else ""


HISTORY = [
    said("a", "sent", "questionnaire_sent", "2026-05-11", channel="post", language="nl"),
    said("a", "back", "questionnaire_received", "2026-05-20", channel="post", complete=True),
    said("a", "assessed", "assessment_made", "2026-06-15", category=4),
    said("a", "referred", "referral_made", "2026-06-16"),
    said("a", "met", "first_contact_held", "2026-07-01", route="A", form="in_person"),
    said("a", "earlier", "fact_corrected", "2026-07-05", fact="met", version=1, to={"on": "2026-06-30"}),
    said("a", "later", "fact_corrected", "2026-07-06", fact="met", version=2, to={"on": "2026-07-02"}),
    said("a", "planned", "adapted_work_planned", "2026-07-10", "1", starts_on="2026-08-03"),
    said("a", "not so", "fact_voided", "2026-07-11", fact="planned", version=1, reason="mistake"),
    said("a", "agreed", "plan_agreed", "2026-08-01"),
    said("a", "paused", "traject_suspended", "2026-09-01", "s", reason="illness"),
    said("a", "on again", "traject_resumed", "2026-09-11", "s"),
    said("b", "sent", "questionnaire_sent", "2026-05-12", channel="email", language="fr"),
    said("b", "ends", "incapacity_ended", "2027-01-01", version=2, reason="resumed"),
]


def write(path: Path, lines: Iterable[Line]) -> Path:
    quoted = (";".join('"' + value.replace('"', '""') + '"' for value in line) for line in (COLUMNS, *lines))
    path.write_text("\n".join(quoted) + "\n")
    return path


def bring(path: Path, *lines: Line, **options: Any) -> tuple[int, dict[str, Any]]:
    """Exit code and report."""
    out = path / "report.json"
    out.unlink(missing_ok=True)
    code, told = run("import_facts", write(path / "facts.csv", lines), report=out, **options)
    assert out.exists(), told
    return code, json.loads(out.read_text())


@pytest.fixture
def cases(in_fund: Fund, take: Take) -> dict[str, Dossier]:
    """Four running cases by reference: two for the import, two that people record in."""
    take(*(population.line(reference=name, start=START) for name in ("a", "b", "live-a", "live-b")))
    return {dossier.incapacity.reference: dossier for dossier in Dossier.objects.select_related("incapacity")}


def dates(dossier: Dossier) -> list[tuple[str, ...]]:
    names = [
        one.attname
        for one in Deadline._meta.concrete_fields
        if one.attname not in ("id", "fund_id", "dossier_id")
    ]
    return sorted(
        tuple(map(str, row)) for row in Deadline.objects.filter(dossier=dossier).values_list(*names)
    )


def test_history_gives_the_deadlines_of_live_recording(
    in_fund: Fund, cases: dict[str, Dossier], tmp_path: Path
) -> None:
    actor = actors.system()
    for reference, id, kind, on, subject, details in HISTORY:
        item = from_plain(kind, date.fromisoformat(on), id, subject, json.loads(details or "{}"))
        with clock.at(min(item.on, TODAY)):
            record_many([Entry(cases[f"live-{reference}"].pk, item)], fund=in_fund, actor=actor)
    lines = random.Random(1).sample(HISTORY, len(HISTORY))
    code, report = bring(tmp_path, *lines)
    assert (code, report["accepted"], report["unchanged"], report["rejected"]) == (0, len(HISTORY), 0, [])
    for name in ("a", "b"):
        assert dates(cases[name]) == dates(cases[f"live-{name}"])
    closed = dict(Deadline.objects.filter(dossier=cases["a"], rule="T7").values_list("rule", "closed_on"))
    assert closed == {"T7": date(2026, 7, 2)}, "the highest version of the correction"
    assert not Deadline.objects.filter(dossier=cases["a"], rule="T15").exists(), "what was voided"
    assert cases["b"].incapacity.reference == "b"


def test_twice_changes_nothing(cases: dict[str, Dossier], tmp_path: Path) -> None:
    bring(tmp_path, *HISTORY)
    before = counts(), heads()
    code, report = bring(tmp_path, *HISTORY)
    assert (code, report["accepted"], report["unchanged"]) == (0, 0, len(HISTORY))
    assert (counts(), heads()) == before
    code, report = bring(tmp_path, *HISTORY, said("b", "more", "contact_requested"))
    assert (code, report["accepted"], report["unchanged"]) == (0, 1, len(HISTORY))


def test_a_dry_run_of_history_changes_nothing(cases: dict[str, Dossier], tmp_path: Path) -> None:
    before = counts(), heads()
    code, report = bring(tmp_path, *HISTORY, dry_run=True)
    assert (code, report["accepted"]) == (0, len(HISTORY))
    assert (counts(), heads()) == before


def test_the_feed_is_the_actor_and_the_day_is_the_facts_own(
    cases: dict[str, Dossier], tmp_path: Path
) -> None:
    bring(tmp_path, *HISTORY)
    entry = LedgerEntry.objects.get(fact_id="assessed")
    assert (entry.actor.name, entry.on, clock.BRUSSELS.fromutc(entry.at.replace(tzinfo=clock.BRUSSELS)).date()) == (
        "feed", date(2026, 6, 15), clock.today(),
    )  # fmt: skip


ASKED = said("a", "1", "contact_requested")
# The one line, the column and code that refuse it.
REFUSED: list[tuple[Line, str, str]] = [
    (said("", "1", "contact_requested"), "reference", "required"),
    (said("nobody", "1", "contact_requested"), "reference", "unknown_reference"),
    (said("x" * 65, "1", "contact_requested"), "reference", "unknown_code"),
    (said("a", "", "contact_requested"), "id", "required"),
    (said("a", "x" * 201, "contact_requested"), "id", "unknown_code"),
    (said("a", "x\x1fy", "contact_requested"), "id", "unknown_code"),
    (said("a", "recognized-1", "contact_requested"), "id", "reserved_id"),
    (said("a", "corrected-7", "contact_requested"), "id", "reserved_id"),
    (said("a", "1", ""), "kind", "required"),
    (said("a", "1", "contact_request"), "kind", "unknown_code"),
    (said("a", "1", "contact_requested", ""), "on", "required"),
    (said("a", "1", "contact_requested", "2026-02-30"), "on", "invalid_date"),
    (said("a", "1", "contact_requested", "20260302"), "on", "invalid_date"),
    (said("a", "1", "contact_requested", "2026-11-22"), "on", "in_future"),
    (said("a", "1", "training_proposed"), "subject", "required"),
    (said("a", "1", "training_proposed", START, "x" * 201), "subject", "unknown_code"),
    (("a", "1", "contact_requested", START, "", "{"), "details", "invalid_json"),
    (("a", "1", "contact_requested", START, "", "[]"), "details", "invalid_json"),
    (("a", "1", "contact_requested", START, "", '{"a": NaN}'), "details", "invalid_json"),
    (("a", "1", "contact_requested", START, "", '{"a": "\\u0000"}'), "details", "invalid_json"),
    (("a", "1", "contact_requested", START, "", '{"a": "\\ud800"}'), "details", "invalid_json"),
    (("a", "1", "assessment_made", START, "", '{"category": 1, "category": 4}'), "details", "invalid_json"),
    (said("a", "1", "contact_requested", colour="red"), "details", "unknown_value"),
    (said("a", "1", "assessment_made"), "details.category", "required"),
    (said("a", "1", "assessment_made", category=9), "details.category", "unknown_code"),
    (said("a", "1", "assessment_made", category="4"), "details.category", "wrong_type"),
    (said("a", "1", "adapted_work_planned", START, "1", starts_on="soon"), "details.starts_on", "wrong_type"),
    (said("a", "1", "incapacity_corrected", version=2), "details.version", "nothing_to_change"),
    (said("a", "1", "fact_voided", fact="nothing", version=1), "details.fact", "unknown_fact"),
    (said("a", "1", "fact_corrected", fact="recognized-1", to={}), "details.to", "wrong_type"),
    (
        said("a", "1", "fact_corrected", fact="recognized-1", to={"regime": "king"}),
        "details.regime",
        "unknown_code",
    ),
    (said("a", "1", "fact_corrected", fact="recognized-1", to={"start": None}), "details.start", "required"),
    (
        said("a", "1", "fact_corrected", fact="recognized-1", to={"on": "2027-01-01"}),
        "details.on",
        "in_future",
    ),
]


def test_each_fault_is_told_by_line_column_and_code_and_stops_nothing_else(
    cases: dict[str, Dossier], tmp_path: Path
) -> None:
    right = said("b", "good", "contact_requested")
    code, report = bring(tmp_path, *(line for line, *_fault in REFUSED), right)
    assert code == 1
    assert report["rejected"] == [
        {"line": number, "column": column, "code": told}
        for number, (_line, column, told) in enumerate(REFUSED, start=2)
    ]
    assert (report["lines"], report["accepted"]) == (len(REFUSED) + 1, 1)
    assert LedgerEntry.objects.filter(seq=2).get().fact_id == "good"


def test_an_id_is_unique_in_its_dossier(cases: dict[str, Dossier], tmp_path: Path) -> None:
    code, report = bring(
        tmp_path,
        said("a", "1", "contact_requested"),
        said("a", "1", "contact_requested"),  # the same again: nothing new
        said("a", "1", "contact_requested", "2026-03-03"),
        said("b", "1", "contact_requested", "2026-03-03"),  # of another reference
        said("a", "2", "fact_voided", fact="1", version=1),
        said("a", "2", "fact_voided", fact="1", version=2),
    )
    assert (code, report["accepted"], report["unchanged"]) == (1, 3, 1)
    assert report["rejected"] == [
        {"line": 4, "column": "id", "code": "duplicate_id"},
        {"line": 7, "column": "id", "code": "duplicate_id"},
    ]
    assert str(LedgerEntry.objects.get(dossier=cases["a"], fact_id="1").on) == START


def test_a_correction_of_what_was_refused_is_refused(cases: dict[str, Dossier], tmp_path: Path) -> None:
    code, report = bring(
        tmp_path,
        said("a", "void", "fact_voided", fact="bad", version=1),
        said("a", "of a correction", "fact_voided", fact="fine", version=1),
        said("a", "bad", "assessment_made", category=7),
        said("a", "fine", "fact_corrected", fact="recognized-1", to={"regime": "unemployed"}),
    )
    assert [(item["line"], item["code"]) for item in report["rejected"]] == [
        (2, "unknown_fact"), (3, "unknown_fact"), (4, "unknown_code"),
    ]  # fmt: skip
    assert (code, report["accepted"]) == (1, 1)
    cases["a"].incapacity.refresh_from_db()
    assert cases["a"].incapacity.regime == "unemployed"


def test_another_funds_reference_is_unknown(
    cases: dict[str, Dossier], other_fund: Fund, tmp_path: Path
) -> None:
    code, report = bring(tmp_path, ASKED, fund="509")
    assert (code, report["rejected"]) == (
        1,
        [{"line": 2, "column": "reference", "code": "unknown_reference"}],
    )


def test_history_and_feed_meet_in_one_ledger(
    in_fund: Fund, cases: dict[str, Dossier], take: Take, tmp_path: Path
) -> None:
    """A correction that people imported does not lose against the feed's next version, nor the other way round."""
    bring(
        tmp_path,
        said("a", "moved", "fact_corrected", fact="recognized-1", version=5, to={"start": "2026-03-09"}),
    )
    dossier = cases["a"]
    assert Deadline.objects.get(dossier=dossier, rule="T4").falls_on == date(2026, 7, 8)
    one = Dossier.objects.select_related("incapacity__person").get(pk=dossier.pk).incapacity
    again = population.line(
        reference="a",
        ssin=one.person.ssin,
        birth_date="",
        start="2026-03-09",
        version="2",
        regime="unemployed",
    )
    assert take(again)["accepted"] == 1
    one.refresh_from_db()
    assert (str(one.start), one.regime) == ("2026-03-09", "unemployed")
