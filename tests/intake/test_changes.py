"""A higher version of a line: every kind of change is a fact, and the deadlines follow it (T20, P2)."""

from datetime import date
from typing import Any

import pytest

from dossiers.law.facts import fact
from dossiers.law.reading import read
from dossiers.models import Deadline, Incapacity, InsuredPerson, LedgerEntry
from dossiers.projection import facts_of
from tests import population
from tests.intake.conftest import TODAY, Take, counts, heads
from tnw.accounts.models import Fund

pytestmark = pytest.mark.django_db

START = "2026-09-01"
T4 = date(2026, 12, 31)
LATER = date(2026, 11, 22)
NUMBER = "0642607677"


def dates() -> dict[str, tuple[Any, ...]]:
    """T4's date, outcome and what closed it: the deadline that every incapacity has once."""
    return {
        row.dossier.incapacity.reference: (row.falls_on, row.outcome, row.closed_by)
        for row in Deadline.objects.filter(rule="T4").select_related("dossier__incapacity")
    }


def facts_after(line: int) -> list[tuple[object, ...]]:
    """Kind, day, id and values of what was recorded after so many entries."""
    found = LedgerEntry.objects.filter(seq__gt=line).order_by("seq")
    return [(entry.kind, str(entry.on), entry.fact_id, entry.values) for entry in found]


# What the first version says, what the second, the facts of the second, and T4 after it.
EXCLUDED = {"cause": "work_accident"}
CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any], list[tuple[object, ...]], tuple[object, ...] | None]] = {
    "nothing-the-law-reads": ({}, {"last_name": "De Smet"}, [], (T4, "", "")),
    "an-earlier-start": (
        {}, {"start": "2026-08-01"},
        [("incapacity_corrected", "2026-11-22", "corrected-2", {"version": 2, "start": "2026-08-01"})],
        (date(2026, 11, 30), "", ""),
    ),
    "a-later-start": (
        {}, {"start": "2026-10-01"},
        [("incapacity_corrected", "2026-11-22", "corrected-2", {"version": 2, "start": "2026-10-01"})],
        (date(2027, 1, 31), "", ""),
    ),
    "another-regime": (
        {}, {"regime": "self_employed"},
        [("incapacity_corrected", "2026-11-22", "corrected-2", {"version": 2, "regime": "self_employed"})], (T4, "", ""),
    ),
    "another-cause": (
        {}, {"cause": "private_accident"},
        [("incapacity_corrected", "2026-11-22", "corrected-2", {"version": 2, "cause": "private_accident"})], (T4, "", ""),
    ),
    "a-contract": (
        {}, {"employment_contract": "true", "employer_number": NUMBER},
        [("incapacity_corrected", "2026-11-22", "corrected-2", {"version": 2, "contract": True})], (T4, "", ""),
    ),
    "an-end-behind": (
        {}, {"end": "2026-10-31", "end_reason": "resumed"},
        [("incapacity_ended", "2026-11-01", "ended-2", {"version": 2, "reason": "resumed"})],
        (T4, "fallen_away", "incapacity_ended"),
    ),
    "an-end-ahead": (
        {}, {"end": "2026-12-20", "end_reason": "other"},
        [("incapacity_ended", "2026-12-21", "ended-2", {"version": 2, "reason": "other"})],
        (T4, "fallen_away", "incapacity_ended"),
    ),
    "another-end": (
        {"end": "2026-10-31", "end_reason": "resumed"}, {"end": "2027-02-28", "end_reason": "resumed"},
        [("incapacity_ended", "2027-03-01", "ended-2", {"version": 2, "reason": "resumed"})],
        (T4, "missed", "incapacity_ended"),
    ),
    "another-reason-of-the-end": (
        {"end": "2026-10-31", "end_reason": "resumed"}, {"end": "2026-10-31", "end_reason": "death"},
        [("incapacity_ended", "2026-11-01", "ended-2", {"version": 2, "reason": "death"})],
        (T4, "fallen_away", "incapacity_ended"),
    ),
    "a-period-moved-later-as-a-whole": (
        {"start": "2026-08-01", "end": "2026-08-20", "end_reason": "other"},
        {"start": START, "end": "2026-12-20", "end_reason": "other"},
        [
            ("incapacity_corrected", "2026-11-22", "corrected-2", {"version": 2, "start": START}),
            ("incapacity_ended", "2026-12-21", "ended-2", {"version": 2, "reason": "other"}),
        ],
        (T4, "fallen_away", "incapacity_ended"),
    ),
    "a-period-moved-earlier-as-a-whole": (
        {"end": "2026-09-20", "end_reason": "other"},
        {"start": "2026-08-01", "end": "2026-08-20", "end_reason": "other"},
        [
            ("incapacity_corrected", "2026-11-22", "corrected-2", {"version": 2, "start": "2026-08-01"}),
            ("incapacity_ended", "2026-08-21", "ended-2", {"version": 2, "reason": "other"}),
        ],
        (date(2026, 11, 30), "fallen_away", "incapacity_ended"),
    ),
    "an-end-withdrawn": (
        {"end": "2026-10-31", "end_reason": "resumed"}, {},
        [("incapacity_end_withdrawn", "2026-11-22", "end-withdrawn-2", {"version": 2})], (T4, "", ""),
    ),
    "an-exclusion": (
        {}, EXCLUDED,
        [
            ("incapacity_corrected", "2026-11-22", "corrected-2", {"version": 2, "cause": "work_accident"}),
            ("incapacity_excluded", "2026-11-22", "excluded-2", {"reason": "work_accident"}),
        ],
        (T4, "fallen_away", "incapacity_excluded"),
    ),
    "a-statutory-civil-servant": (
        {}, {"statutory_civil_servant": "true"},
        [("incapacity_excluded", "2026-11-22", "excluded-2", {"reason": "statutory_civil_servant"})],
        (T4, "fallen_away", "incapacity_excluded"),
    ),
    "no-longer-excluded": (
        {"statutory_civil_servant": "true"}, {},
        [("fact_voided", "2026-11-22", "voided-excluded-1-2", {"fact": "excluded-1", "version": 2, "reason": "feed"})],
        (T4, "", ""),
    ),
    "excluded-for-another-reason": (
        {"statutory_civil_servant": "true"}, {"cause": "occupational_disease"},
        [
            ("incapacity_corrected", "2026-11-22", "corrected-2", {"version": 2, "cause": "occupational_disease"}),
            (
                "fact_corrected", "2026-11-22", "reason-excluded-1-2",
                {"fact": "excluded-1", "version": 2, "to": {"reason": "occupational_disease"}},
            ),
        ],
        None,
    ),
    "an-invalidity": (
        {}, {"invalidity_from": "2026-11-10"},
        [("invalidity_recognized", "2026-11-10", "invalidity-2", {"version": 2, "from": "2026-11-10"})], (T4, "", ""),
    ),
    "an-invalidity-ahead": (
        {}, {"invalidity_from": "2027-09-01"},
        [("invalidity_recognized", "2026-11-22", "invalidity-2", {"version": 2, "from": "2027-09-01"})], (T4, "", ""),
    ),
    "an-invalidity-moved": (
        {"invalidity_from": "2026-11-10"}, {"invalidity_from": "2026-11-15"},
        [("invalidity_recognized", "2026-11-15", "invalidity-2", {"version": 2, "from": "2026-11-15"})], (T4, "", ""),
    ),
    "an-invalidity-withdrawn": (
        {"invalidity_from": "2026-11-10"}, {},
        [("fact_voided", "2026-11-22", "voided-invalidity-1-2", {"fact": "invalidity-1", "version": 2, "reason": "feed"})],
        (T4, "", ""),
    ),
}  # fmt: skip


def test_each_change_is_a_fact_and_moves_what_it_moves(in_fund: Fund, take: Take) -> None:
    firsts = {
        name: population.line(reference=name, **{"start": START, **before})
        for name, (before, *_rest) in CHANGES.items()
    }
    assert take(*firsts.values())["rejected"] == []
    known = dict(LedgerEntry.objects.values_list("dossier__incapacity__reference", "seq").order_by("seq"))
    seconds = {
        name: {
            **firsts[name],
            **{key: population.line(1)[key] for key in before},
            "start": START,
            **after,
            "version": "2",
        }
        for name, (before, after, *_rest) in CHANGES.items()
    }
    report = take(*seconds.values(), today=LATER)
    assert (report["accepted"], report["rejected"]) == (len(CHANGES), [])
    after = dates()
    for name, (_before, _after, expected, t4) in CHANGES.items():
        found = LedgerEntry.objects.filter(dossier__incapacity__reference=name, seq__gt=known[name]).order_by(
            "seq"
        )
        assert [(entry.kind, str(entry.on), entry.fact_id, entry.values) for entry in found] == expected, name
        assert after.get(name) == t4, name
        _summary_says(seconds[name])
    before = counts(), heads()
    assert take(*seconds.values(), today=LATER)["unchanged"] == len(CHANGES)
    assert take(*firsts.values(), today=LATER)["unchanged"] == len(CHANGES)
    assert (counts(), heads()) == before


def _summary_says(line: dict[str, str]) -> None:
    """The row in the table, and the law's reading of the ledger, both say what the line says."""
    found = Incapacity.objects.get(reference=line["reference"])
    seen = read(facts_of([found.dossier.pk])[found.dossier.pk])
    assert seen
    assert (found.start, found.end, found.end_reason) == (seen.start, seen.end, seen.end_reason or "")
    assert (str(found.start), str(found.end or ""), found.end_reason) == (
        line["start"],
        line["end"],
        line["end_reason"],
    )
    assert found.regime == seen.regime == line["regime"]
    assert found.cause == seen.cause == line["cause"]
    assert found.employment_contract == seen.contract == (line["employment_contract"] == "true")
    assert found.employer_number == line["employer_number"]
    assert str(found.invalidity_from or "") == str(seen.invalidity_from or "") == line["invalidity_from"]
    excluded = line["cause"] if line["cause"] in ("work_accident", "occupational_disease") else ""
    excluded = excluded or ("statutory_civil_servant" if line["statutory_civil_servant"] == "true" else "")
    assert found.excluded == (seen.excluded or "") == excluded
    assert found.version == int(line["version"])


def test_there_and_back_again_through_many_versions(in_fund: Fund, take: Take) -> None:
    """Excluded, not, excluded for another reason, not; ended, running, ended; invalid, not, invalid."""
    line = population.line(start=START)
    steps: list[dict[str, str]] = [
        {}, {"statutory_civil_servant": "true"}, {}, {"cause": "work_accident"}, {"cause": "occupational_disease"}, {},
        {"end": "2026-10-31", "end_reason": "resumed"}, {}, {"end": "2026-11-05", "end_reason": "other"}, {},
        {"invalidity_from": "2026-11-10"}, {}, {"invalidity_from": "2026-11-12"}, {"invalidity_from": "2026-11-11"}, {},
        {"start": "2026-08-01"}, {"start": "2026-09-15", "regime": "unemployed"}, {},
    ]  # fmt: skip
    for version, step in enumerate(steps, start=1):
        said = {**line, **step, "version": str(version)}
        assert take(said)["accepted"] == 1, version
        _summary_says(said)
    assert dates() == {line["reference"]: (T4, "", "")}


def test_all_versions_in_one_file_end_as_one_after_the_other(in_fund: Fund, take: Take) -> None:
    line = population.line(reference="a", start=START)
    versions = [
        line,
        {**line, "version": "2", "end": "2026-10-31", "end_reason": "resumed"},
        {**line, "version": "3", "statutory_civil_servant": "true"},
        {**line, "version": "4", "statutory_civil_servant": "true", "cause": "work_accident"},
        {**line, "version": "5", "invalidity_from": "2026-11-10"},
    ]
    report = take(*versions)
    assert (report["accepted"], report["unchanged"], report["rejected"]) == (5, 0, [])
    _summary_says(versions[-1])
    together = facts_after(0)
    other = {**population.line(reference="b", start=START)}
    for version in versions:
        take({**version, "reference": "b", "ssin": other["ssin"], "birth_date": other["birth_date"]})
    found = LedgerEntry.objects.filter(dossier__incapacity__reference="b").order_by("seq")
    assert [(entry.kind, str(entry.on), entry.fact_id, entry.values) for entry in found] == together


def test_an_older_version_after_a_newer_changes_nothing(in_fund: Fund, take: Take) -> None:
    line = population.line(start=START)
    report = take(
        {**line, "version": "7"}, {**line, "version": "3", "start": "2026-01-01"}, {**line, "version": "7"}
    )
    assert (report["accepted"], report["unchanged"]) == (1, 2)
    assert Incapacity.objects.get().start == date(2026, 9, 1)


def test_address_and_name_follow_the_feed_without_a_fact(in_fund: Fund, take: Take) -> None:
    line = population.line(start=START)
    take(line)
    told = {
        "last_name": "Müller", "first_name": "Zoë", "street": "Marktplatz 2", "postal_code": "4700", "city": "Eupen",
        "email": "zoe@example.org", "phone": "+32", "language": "de", "birth_date": "",
    }  # fmt: skip
    take({**line, **told, "version": "2"})
    person = InsuredPerson.objects.get()
    assert {name: getattr(person, name) or "" for name in told} == told
    assert person.search_name.startswith("muller")
    assert facts_after(1) == []


def test_a_replaced_ssin_stays_one_person(in_fund: Fund, take: Take) -> None:
    old = population.line(1, reference="a", start="2026-01-05", end="2026-02-01", end_reason="resumed")
    take(old)
    key = InsuredPerson.objects.get().pk
    new = {**population.line(2, reference="b", start=START), "replaced_ssin": old["ssin"]}
    assert take(new)["rejected"] == []
    person = InsuredPerson.objects.get()
    assert (person.pk, person.ssin, person.former_ssins) == (key, new["ssin"], [old["ssin"]])
    assert person.incapacities.count() == 2
    # The old number, in a later file of a system that does not know yet, is the same person.
    take({**old, "version": "2", "last_name": "Nieuw"})
    person.refresh_from_db()
    assert (person.ssin, person.former_ssins, person.last_name) == (new["ssin"], [old["ssin"]], "Nieuw")
    assert InsuredPerson.objects.count() == 1


def test_two_known_people_who_are_one_are_merged(in_fund: Fund, take: Take) -> None:
    first = population.line(1, reference="a", start="2026-01-05", end="2026-02-01", end_reason="resumed")
    second = population.line(2, reference="b", start=START)
    take(first, second)
    assert InsuredPerson.objects.count() == 2
    assert take({**second, "version": "2", "replaced_ssin": first["ssin"]})["rejected"] == []
    person = InsuredPerson.objects.get()
    assert (person.ssin, person.former_ssins) == (second["ssin"], [first["ssin"]])
    assert set(person.incapacities.values_list("reference", flat=True)) == {"a", "b"}


def test_a_merge_keeps_the_numbers_that_either_had_before(in_fund: Fund, take: Take) -> None:
    first = population.line(1, reference="a", start="2026-01-05", end="2026-01-31", end_reason="resumed")
    second = population.line(2, reference="b", start="2026-02-05", end="2026-02-28", end_reason="resumed")
    third = population.line(3, reference="c", start="2026-03-05")
    take(first)
    take({**second, "replaced_ssin": first["ssin"]})
    take(third)
    take({**third, "version": "2", "replaced_ssin": second["ssin"]})
    person = InsuredPerson.objects.get()
    assert person.ssin == third["ssin"]
    assert set(person.former_ssins) == {first["ssin"], second["ssin"]}


def test_periods_of_merged_people_that_overlap_are_refused(in_fund: Fund, take: Take) -> None:
    first = population.line(1, reference="a", start="2026-01-05")
    take(first)
    new = {**population.line(2, reference="b", start=START), "replaced_ssin": first["ssin"]}
    assert take(new)["rejected"] == [{"line": 2, "column": "start", "code": "overlap"}]


def test_a_known_reference_is_no_other_persons(in_fund: Fund, take: Take) -> None:
    line, other = population.line(1, reference="a"), population.line(2, reference="a", version="2")
    refused = [{"line": 2, "column": "reference", "code": "duplicate_reference_person"}]
    take(line)
    assert take(other)["rejected"] == refused
    assert Incapacity.objects.get().person.ssin == line["ssin"]
    assert InsuredPerson.objects.count() == 1
    assert take({**other, "replaced_ssin": line["ssin"]})["rejected"] == []
    assert InsuredPerson.objects.get().ssin == other["ssin"]


def test_a_reference_that_comes_twice_is_the_first_persons(in_fund: Fund, take: Take) -> None:
    line, other = population.line(1, reference="a"), population.line(2, reference="a", version="2")
    assert take(line, other)["rejected"] == [
        {"line": 3, "column": "reference", "code": "duplicate_reference_person"}
    ]


def test_an_end_that_makes_room_lets_the_next_in(in_fund: Fund, take: Take) -> None:
    """Judged after the whole file: the new period stands before the end that it needs."""
    running = population.line(1, reference="a", start="2026-01-05")
    take(running)
    following = population.line(1, reference="b", start="2026-06-01")
    ended = {**running, "version": "2", "end": "2026-05-31", "end_reason": "resumed"}
    assert take(following, ended)["rejected"] == []
    assert take({**running, "version": "3"})["rejected"] == [
        {"line": 2, "column": "start", "code": "overlap"}
    ]
    assert Incapacity.objects.get(reference="a").end == date(2026, 5, 31)


def test_the_same_reference_and_person_in_two_funds_are_two_cases(
    fund: Fund, other_fund: Fund, take: Take
) -> None:
    line = population.line(1, reference="a")
    assert take(line)["accepted"] == 1
    assert population.take_in(other_fund, [{**line, "fund": "509"}], TODAY)["accepted"] == 1
    assert population.take_in(other_fund, [line], TODAY)["rejected"] == [
        {"line": 2, "column": "fund", "code": "other_fund"}
    ]


def test_a_line_that_contradicts_what_people_corrected_is_refused_alone(
    in_fund: Fund, take: Take, dossier_of: Any
) -> None:
    """A start that was corrected by hand, and an end before it from the feed: no dossier ends before it begins."""
    moved = fact("incapacity_corrected", TODAY, "by hand", version=99, start=date(2026, 10, 1))
    dossier = dossier_of(start=START, facts=[moved], today=TODAY)
    said = population.line(
        reference=dossier.incapacity.reference, ssin=dossier.incapacity.person.ssin, birth_date="", version="2",
        start="2026-10-01", end="2026-10-20", end_reason="resumed",
    )  # fmt: skip
    bad = {**said, "version": "3", "start": "2026-09-01", "end": "2026-09-15"}
    report = take(said, bad, population.line(reference="next"))
    assert (report["accepted"], report["unchanged"]) == (2, 0)
    assert report["rejected"] == [{"line": 3, "column": "end", "code": "end_before_start"}]
    found = Incapacity.objects.get(reference=said["reference"])
    assert (found.start, found.end, found.version) == (date(2026, 10, 1), date(2026, 10, 20), 2)


def test_what_was_done_stays_done_when_the_feed_changes(in_fund: Fund, dossier_of: Any) -> None:
    made = fact("assessment_made", date(2026, 10, 1), "assessed", category=4)
    dossier = dossier_of(start=START, facts=[made], today=TODAY)
    line = population.line(
        reference=dossier.incapacity.reference, ssin=dossier.incapacity.person.ssin, version="2", start=START,
        cause="work_accident", birth_date="",
    )  # fmt: skip
    population.take_in(in_fund, [line], LATER)
    assert dates() == {line["reference"]: (T4, "met", "assessment_made")}
