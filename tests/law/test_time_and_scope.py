"""Changes of the law, the fund's start, closings, pauses and corrections: P1, P2, D5, T18 to T20, T22."""

from dataclasses import replace

import pytest

from dossiers.law import deadlines as law
from dossiers.law.deadlines import deadlines
from dossiers.law.moves import moved
from dossiers.law.pauses import Pause
from dossiers.law.reading import read
from dossiers.law.rules import FIRST_LAW, rule_of
from dossiers.law.vocabulary import Period
from tests.law.build import d, f, only, recognized, rows

S = "2023-01-31"
SIGNED = f("2023-08-31", "declaration_completed")


# T1 falls ten weeks after the start: 70 days before 1-1-2022 is 23-10-2021, before 1-1-2023 23-10-2022.
@pytest.mark.parametrize(
    ("regime", "start", "falls_on", "closed_by"),
    [
        ("employee", "2021-10-22", "2021-12-31", "before_the_law"),
        ("employee", "2021-10-23", "2022-01-01", ""),
        ("employee", "2021-10-24", "2022-01-02", ""),
        ("unemployed", "2021-10-22", "2021-12-31", "before_the_law"),
        ("unemployed", "2021-10-23", "2022-01-01", ""),
        ("unemployed", "2021-10-24", "2022-01-02", ""),
        ("self_employed", "2022-10-22", "2022-12-31", "before_the_law"),
        ("self_employed", "2022-10-23", "2023-01-01", ""),
        ("self_employed", "2022-10-24", "2023-01-02", ""),
    ],
)
def test_p1_what_fell_before_the_law_falls_away(
    regime: str, start: str, falls_on: str, closed_by: str
) -> None:
    row = only(recognized(start, regime), rule="T1")
    assert (str(row.falls_on), row.closed_by, row.version) == (falls_on, closed_by, FIRST_LAW)
    if closed_by:
        assert (row.outcome, row.closed_on) == ("fallen_away", row.falls_on)


@pytest.mark.parametrize(
    ("start", "occurrences"),
    [("2023-12-31", []), ("2024-01-01", [4, 7, 11]), ("2024-01-02", [4, 7, 11])],
)
def test_medical_contacts_for_incapacities_from_2024(start: str, occurrences: list[int]) -> None:
    assert [row.occurrence for row in rows(recognized(start), rule="T17")] == occurrences


def test_a_corrected_start_decides_whether_there_are_medical_contacts() -> None:
    later = f("2024-01-10", "incapacity_corrected", version=2, start=d("2024-01-01"))
    assert len(rows(recognized("2023-12-31"), later, rule="T17")) == 3


def test_the_law_of_the_regime_that_stands_after_correction() -> None:
    facts = (
        recognized("2022-10-22"),
        f("2023-01-05", "incapacity_corrected", version=2, regime="self_employed"),
    )
    assert only(*facts, rule="T1").closed_by == "before_the_law"


@pytest.mark.parametrize(
    ("start", "falls_on", "version"),
    [
        ("2026-12-31", "2027-03-11", "2022-01-01"),
        ("2027-01-01", "2027-02-26", "2027-01-01"),
        ("2027-01-02", "2027-02-27", "2027-01-01"),
    ],
)
def test_the_version_in_force_on_the_day_of_opening(
    monkeypatch: pytest.MonkeyPatch, start: str, falls_on: str, version: str
) -> None:
    """D5, on an invented change: eight weeks instead of ten from 2027 on."""
    t1 = rule_of("T1", FIRST_LAW, "employee")
    old = replace(t1, valid_to=d("2026-12-31"))
    new = replace(t1, valid_from=d("2027-01-01"), falls=Period("start", weeks=8))
    monkeypatch.setattr(law, "_BY_REGIME", {"employee": (old, new)})
    monkeypatch.setattr(law, "_FIRST_VERSIONS", frozenset({old}))
    law._deadlines.cache_clear()
    row = only(recognized(start), rule="T1")
    law._deadlines.cache_clear()
    assert (str(row.falls_on), str(row.version)) == (falls_on, version)


class TestStartOfTheFund:
    """T22."""

    @pytest.mark.parametrize(
        ("live_from", "closed_by"),
        [("2023-04-10", ""), ("2023-04-11", ""), ("2023-04-12", "before_the_start")],
    )
    def test_the_day_before_the_day_and_the_day_after(self, live_from: str, closed_by: str) -> None:
        assert only(recognized(S), rule="T1", live_from=live_from).closed_by == closed_by

    def test_met_late_before_the_start_stays_met(self) -> None:
        sent = f("2023-04-30", "questionnaire_sent")
        assert only(recognized(S), sent, rule="T1", live_from="2023-05-01").outcome == "met_late"
        row = only(recognized(S), sent, rule="T1", live_from="2023-04-30")
        assert (row.outcome, row.closed_on) == ("fallen_away", d("2023-04-11"))

    def test_missed_before_the_start_falls_away(self) -> None:
        waived = f("2023-04-20", "questionnaire_waived", reason="medical")
        row = only(recognized(S), waived, rule="T1", live_from="2023-05-01")
        assert (row.outcome, row.closed_by) == ("fallen_away", "before_the_start")
        waived = f("2023-04-11", "questionnaire_waived", reason="medical")
        row = only(recognized(S), waived, rule="T1", live_from="2023-05-01")
        assert (row.outcome, row.closed_by) == ("fallen_away", "questionnaire_waived")

    def test_it_opens_nothing(self) -> None:
        sent = f("2023-04-11", "questionnaire_sent")
        assert rows(recognized(S), sent, rule="T3", live_from="2023-04-26") == []
        assert rows(recognized(S), sent, rule="T3", live_from="2023-04-25")

    def test_a_referral_that_fell_away_leaves_room_for_another(self) -> None:
        facts = f("2023-05-22", "referral_made"), f("2023-08-01", "referral_made")
        found = rows(recognized(S), *facts, rule="T7", live_from="2023-07-01")
        assert [row.closed_by for row in found] == ["before_the_start", ""]
        assert len(rows(recognized(S), *facts, rule="T7")) == 1

    def test_paused_is_not_fallen_due(self) -> None:
        suspended = f("2023-09-10", "traject_suspended", "", "e1")
        row = only(recognized(S), SIGNED, suspended, rule="T11", live_from="2023-11-01")
        assert row.state(d("2023-11-01")) == "paused"


class TestClosing:
    """P2, T19."""

    def test_excluded_from_the_start_has_no_deadline(self) -> None:
        for day in ("2023-01-30", "2023-01-31"):
            assert rows(recognized(S), f(day, "incapacity_excluded", reason="work_accident")) == []
        assert rows(recognized(S), f("2023-02-01", "incapacity_excluded", reason="work_accident"))

    def test_excluded_on_or_before_a_start_that_was_corrected(self) -> None:
        excluded = f("2023-02-10", "incapacity_excluded", reason="work_accident")
        later = f("2023-02-15", "incapacity_corrected", version=2, start=d("2023-02-10"))
        assert rows(recognized(S), excluded, later) == []
        earlier = f("2023-02-15", "incapacity_corrected", version=2, start=d("2023-01-10"))
        excluded = f("2023-01-31", "incapacity_excluded", reason="work_accident")
        assert rows(recognized(S), excluded, earlier) == []

    def test_nothing_opens_on_the_day_of_exclusion_but_meeting_wins(self) -> None:
        excluded = f("2023-05-02", "incapacity_excluded", reason="work_accident")
        sent = f("2023-05-02", "questionnaire_sent")
        assert rows(recognized(S), excluded, sent, rule="T2") == []
        assert only(recognized(S), excluded, sent, rule="T1").outcome == "met_late"

    def test_no_longer_excluded_is_as_if_it_never_was(self) -> None:
        sent = f("2023-04-11", "questionnaire_sent")
        excluded = f("2023-01-31", "incapacity_excluded", "excluded-1", reason="work_accident")
        voided = f("2023-05-02", "fact_voided", fact="excluded-1", version=1)
        assert rows(recognized(S), excluded, sent, voided) == rows(recognized(S), sent)

    def test_the_traject_of_another_route_supersedes_and_its_own_does_not(self) -> None:
        referral = f("2023-05-22", "referral_made")
        for route, closed_by in (("A", ""), ("B", "superseded"), ("C", "superseded")):
            started = f("2023-06-01", "traject_started", route=route)
            assert only(recognized(S), referral, started, rule="T7").closed_by == closed_by
            assert only(recognized(S), referral, started, rule="T4").closed_by == ""

    def test_the_end_of_the_formal_part_closes_no_route(self) -> None:
        referral = f("2023-05-22", "referral_made")
        for kind in ("reintegration_ended", "traject_ended"):
            ended = f("2023-09-20", kind, result="no_result")
            assert only(recognized(S), referral, ended, rule="T7").closed_on is None
            assert only(recognized(S), SIGNED, ended, rule="T11").outcome == "fallen_away"

    def test_closed_after_its_day_is_missed(self) -> None:
        ended = f("2023-10-01", "traject_ended", result="no_result")
        assert only(recognized(S), SIGNED, ended, rule="T11").outcome == "missed"
        ended = f("2023-09-30", "traject_ended", result="no_result")
        assert only(recognized(S), SIGNED, ended, rule="T11").outcome == "fallen_away"

    def test_a_future_end_closes_nothing_until_it_comes(self) -> None:
        row = only(recognized(S), f("2023-05-01", "incapacity_ended", reason="resumed"), rule="T4")
        assert [row.state(d(day)) for day in ("2023-04-30", "2023-05-01")] == ["open", "fallen_away"]

    def test_a_recognized_end_closes_the_day_after_it(self) -> None:
        row = only(recognized(S, end=d("2023-04-30")), rule="T4")
        assert (row.closed_on, row.closed_by) == (d("2023-05-01"), "incapacity_ended")
        assert row.closed_by_fact == "recognized-1"

    def test_nothing_opens_after_the_end(self) -> None:
        ended = f("2023-05-01", "incapacity_ended", reason="resumed")
        assert rows(recognized(S), ended, f("2023-05-02", "questionnaire_sent"), rule="T2") == []
        assert (
            rows(recognized(S), ended, f("2023-05-02", "questionnaire_sent"), rule="T1")[0].outcome
            == "missed"
        )

    def test_an_end_withdrawn_reopens(self) -> None:
        facts = (
            recognized(S),
            f("2023-05-01", "incapacity_ended", version=2, reason="resumed"),
            f("2023-05-10", "incapacity_end_withdrawn", version=3),
        )
        assert only(*facts, rule="T4").closed_on is None


class TestSuspension:
    """T18."""

    def suspended(self, *spans: tuple[str, str, str]) -> list:
        facts = []
        for subject, since, until in spans:
            facts.append(f(since, "traject_suspended", "", subject, reason="employer_traject"))
            if until:
                facts.append(f(until, "traject_resumed", "", subject))
        return facts

    def test_moves_by_the_days_and_tells_the_old_date(self) -> None:
        row = only(recognized(S), SIGNED, *self.suspended(("e1", "2023-09-10", "2023-10-25")), rule="T11")
        assert row.pauses == (
            Pause(d("2023-09-10"), d("2023-10-25"), 45, d("2023-09-30"), "employer_traject"),
        )
        days = ("2023-09-09", "2023-09-10", "2023-10-24", "2023-10-25", "2023-11-14", "2023-11-15")
        assert [row.state(d(day)) for day in days] == ["open", "paused", "paused", "open", "open", "overdue"]
        assert [str(row.falls_on_at(d(day))) for day in days[2:4]] == ["2023-09-30", "2023-11-14"]

    def test_a_resumption_without_a_subject_ends_all_and_with_one_also_what_had_none(self) -> None:
        begun = f("2023-09-10", "traject_suspended", "", "e1", reason="illness")
        unnamed = f("2023-09-10", "traject_suspended", reason="illness")
        ends_all = only(recognized(S), SIGNED, begun, f("2023-09-20", "traject_resumed"), rule="T11")
        ends_unnamed = only(
            recognized(S), SIGNED, unnamed, f("2023-09-20", "traject_resumed", "", "x"), rule="T11"
        )
        other = only(recognized(S), SIGNED, begun, f("2023-09-20", "traject_resumed", "", "e2"), rule="T11")
        assert [row.pauses[0].until for row in (ends_all, ends_unnamed)] == [d("2023-09-20")] * 2
        assert other.state(d("2023-12-01")) == "paused"

    def test_the_day_after_its_own_day_it_no_longer_moves(self) -> None:
        spans = self.suspended(("e1", "2023-10-01", "2023-10-10"))
        row = only(recognized(S), SIGNED, *spans, rule="T11")
        assert (str(row.falls_on), row.pauses) == ("2023-09-30", ())

    def test_met_while_paused_is_never_late_and_has_not_moved(self) -> None:
        spans = self.suspended(("e1", "2023-09-10", "2023-10-25"))
        met = f("2023-10-20", "plan_meeting_held")
        row = only(recognized(S), SIGNED, *spans, met, rule="T11")
        assert (str(row.falls_on), row.outcome) == ("2023-09-30", "met")
        assert row.state(d("2023-10-19")) == "paused"
        ended = f("2023-10-20", "traject_ended", result="no_result")
        row = only(recognized(S), SIGNED, *spans[:1], ended, rule="T11")
        assert (str(row.falls_on), row.outcome) == ("2023-11-09", "fallen_away")

    def test_a_suspension_resumed_the_same_day_moves_nothing(self) -> None:
        spans = self.suspended(("e1", "2023-09-10", "2023-09-10"))
        assert only(recognized(S), SIGNED, *spans, rule="T11").pauses == ()

    def test_an_end_of_the_incapacity_ends_it_too(self) -> None:
        spans = self.suspended(("e1", "2023-09-10", ""))
        row = only(recognized(S, end=d("2023-09-19")), SIGNED, *spans, rule="T11")
        assert (row.pauses[0].until, row.outcome) == (d("2023-09-20"), "fallen_away")

    def test_the_presumption_does_not_move(self) -> None:
        spans = self.suspended(("e1", "2023-09-10", "2023-10-25"))
        assert str(only(recognized(S), SIGNED, *spans, rule="T13").falls_on) == "2024-02-29"


class TestCorrections:
    """F1, T20."""

    REFERRAL = f("2023-05-29", "referral_made", "f9")

    def test_the_highest_version_wins(self) -> None:
        to = [
            f("2023-06-01", "fact_corrected", fact="f9", version=n, to=(("on", d(day)),))
            for n, day in ((2, "2023-05-20"), (1, "2023-05-22"))
        ]
        assert str(only(recognized(S), self.REFERRAL, *to, rule="T7").falls_on) == "2023-06-20"

    def test_a_void_beats_a_correction_whatever_the_version(self) -> None:
        voided = f("2023-06-01", "fact_voided", fact="f9", version=1)
        corrected = f("2023-06-02", "fact_corrected", fact="f9", version=9, to=(("on", d("2023-05-20")),))
        assert rows(recognized(S), self.REFERRAL, voided, corrected, rule="T7") == []

    def test_values_and_subject_can_be_corrected_and_an_optional_one_taken_away(self) -> None:
        planned = f("2024-02-20", "adapted_work_planned", "p", "w1", starts_on=d("2024-04-02"))
        to = (("starts_on", "2024-04-05"), ("subject", "w2"))
        corrected = f("2024-02-21", "fact_corrected", fact="p", version=1, to=to)
        declared = f("2024-03-01", "adapted_work_declared", "", "w2")
        row = only(recognized(S), planned, corrected, declared, rule="T15")
        assert (str(row.falls_on), row.outcome) == ("2024-04-04", "met")
        ended = f("2023-02-20", "fact_corrected", fact="recognized-1", version=1, to=(("end", None),))
        assert only(recognized(S, end=d("2023-03-01")), ended, rule="T4").closed_on is None

    def test_an_unknown_target_changes_nothing(self) -> None:
        corrected = f(
            "2023-06-01", "fact_corrected", fact="nowhere", version=1, to=(("on", d("2023-05-20")),)
        )
        voided = f("2023-06-01", "fact_voided", fact="elsewhere", version=1)
        assert rows(recognized(S), corrected, voided) == rows(recognized(S))

    def test_a_voided_recognition_leaves_nothing(self) -> None:
        voided = f("2023-06-01", "fact_voided", fact="recognized-1", version=1)
        assert rows(recognized(S), voided, f("2023-04-11", "questionnaire_sent")) == []
        assert rows(f("2023-04-11", "questionnaire_sent")) == []

    def test_what_moved_shows_old_date_new_date_and_cause(self) -> None:
        corrected = f(
            "2023-06-09", "fact_corrected", "c1", fact="f9", version=1, to=(("on", d("2023-05-22")),)
        )
        (move,) = moved((recognized(S), self.REFERRAL, corrected))
        assert (move.rule, str(move.old_date), str(move.new_date)) == ("T7", "2023-06-29", "2023-06-22")
        assert (move.opened_by, move.cause) == ("f9", corrected)

    def test_a_corrected_start_moves_what_is_counted_from_it(self) -> None:
        later = f("2023-05-02", "incapacity_corrected", version=2, start=d("2023-02-28"))
        found = {
            move.rule: (str(move.old_date), str(move.new_date)) for move in moved((recognized(S), later))
        }
        assert found == {"T1": ("2023-04-11", "2023-05-09"), "T4": ("2023-05-30", "2023-06-27")}
        assert moved((recognized(S),)) == ()

    def test_a_voided_resumption_shows_in_what_it_moved(self) -> None:
        spans = (
            f("2023-09-10", "traject_suspended", "", "e1"),
            f("2023-09-20", "traject_resumed", "r", "e1"),
            f("2023-09-25", "fact_voided", fact="r", version=1),
        )
        (move,) = moved((recognized(S), SIGNED, *spans))
        assert (str(move.old_date), str(move.new_date)) == ("2023-10-10", "2023-09-30")


class TestReading:
    def test_versions_overlay_whatever_their_order(self) -> None:
        third = f("2023-03-01", "incapacity_corrected", version=3, regime="unemployed")
        second = f(
            "2023-04-01", "incapacity_corrected", version=2, regime="self_employed", start=d("2023-02-01")
        )
        found = read((second, third, recognized(S)))
        assert found is not None
        assert (found.start, found.regime, found.original_start) == (d("2023-02-01"), "unemployed", d(S))
        assert (found.version, found.cause, found.contract) == (3, "illness", True)

    def test_the_highest_version_tells_the_end(self) -> None:
        first = recognized(S, end=d("2023-06-30"), end_reason="other")
        ended = f("2023-05-01", "incapacity_ended", "e", version=2, reason="resumed")
        withdrawn = f("2023-05-05", "incapacity_end_withdrawn", version=3)
        again = f("2023-05-08", "incapacity_corrected", version=4, end=d("2023-07-31"), end_reason="pension")
        told = []
        for facts in ((first,), (first, ended), (first, ended, withdrawn), (first, ended, withdrawn, again)):
            found = read(reversed(facts))
            assert found is not None
            told.append((str(found.end), found.end_reason, str(found.ended_on)))
        assert told == [
            ("2023-06-30", "other", "2023-07-01"),
            ("2023-04-30", "resumed", "2023-05-01"),
            ("None", None, "None"),
            ("2023-07-31", "pension", "2023-08-01"),
        ]

    def test_exclusion_and_invalidity(self) -> None:
        excluded = f("2023-05-01", "incapacity_excluded", reason="occupational_disease")
        invalid = f("2024-01-10", "invalidity_recognized", **{"from": d("2024-01-31")})
        found = read((recognized(S), excluded, invalid))
        assert found is not None
        assert (found.excluded, found.excluded_on) == ("occupational_disease", d("2023-05-01"))
        assert found.invalidity_from == d("2024-01-31")
        assert read(()) is None


def test_equal_facts_are_computed_once() -> None:
    facts = (recognized(S), f("2023-04-11", "questionnaire_sent"))
    again = (recognized(S), f("2023-04-11", "questionnaire_sent"))
    assert facts is not again
    assert deadlines(facts) is deadlines(again)
