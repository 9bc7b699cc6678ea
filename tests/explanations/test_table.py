"""The table of the law in words, on the page and in `explain_rules`, as it stood on a day."""

import re
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from dossiers.explanations import RuleInWords, rules_on
from dossiers.explanations.table import OWNERS
from dossiers.law.rules import RULES, in_force

NOW = date(2026, 11, 21)
DAYS = (date(2021, 12, 31), date(2022, 1, 1), date(2023, 1, 1), date(2024, 1, 1), NOW)


def rule(id: str, regimes: str = "", on: date = NOW) -> RuleInWords:
    with override("en"):
        (found,) = [one for one in rules_on(on) if one.id == id and regimes in one.regimes]
    return found


def told(on: str, language: str) -> str:
    out = StringIO()
    call_command("explain_rules", f"--on={on}", language=language, stdout=out)
    # Lines are broken at plain spaces only: a French colon keeps the one before it.
    return re.sub("[ \n]+", " ", out.getvalue())


@pytest.mark.parametrize("on", DAYS)
def test_it_has_the_rows_that_were_in_force_and_no_other(on: date) -> None:
    assert [one.id for one in rules_on(on)] == [one.id for one in in_force(on)]


def test_before_the_law_there_is_nothing_to_tell() -> None:
    assert rules_on(date(2021, 12, 31)) == []
    assert "No rule was in force on that day." in told("2021-12-31", "en")


def test_the_self_employed_come_with_their_law() -> None:
    assert rule("T1", on=date(2022, 12, 31)).regimes == "Employee, Unemployed"
    assert rule("T1", on=date(2023, 1, 1)).regimes == "Employee, Unemployed, Self-employed"
    assert rule("T7", "Self-employed").since == "01/01/2023"
    assert rule("T1", on=date(2022, 12, 31)).since == "01/01/2022"
    assert rule("T1", on=date(2023, 1, 1)).since == (
        "01/01/2022 (Employee, Unemployed), 01/01/2023 (Self-employed)"
    )


def test_a_ground_of_a_regime_without_a_law_is_not_named() -> None:
    assert "1971" not in rule("T1", on=date(2022, 12, 31)).ground
    assert "1971" in rule("T1", on=date(2023, 1, 1)).ground


def test_t7_of_the_self_employed_tells_both_its_periods() -> None:
    assert rule("T7", "Self-employed").period == (
        "the last day of month 6 of the incapacity, for a referral on the first assessment and by that day; "
        "any other: one month after the referral"
    )


def test_t3_opens_after_t2_and_t12_again_and_again() -> None:
    assert rule("T3").opens == (
        "the day after the questionnaire was due back, unless it came back complete or was asked again by then"
    )
    assert rule("T12").opens == (
        "plan agreed for the first time in a formal part; after that, each time: plan reviewed; "
        "not while this deadline is open already"
    )


def test_t17_names_its_months_and_for_whom_it_is() -> None:
    t17 = rule("T17")
    assert t17.period == "the last day of month 4, 7, 11 of the incapacity"
    assert t17.met_by == ("medical contact held, since that month began",)
    assert t17.remarks == ("Only for incapacities that began on 01/01/2024 or later.",)
    assert t17.sources == ("2nd",)
    assert not t17.verified


def test_t13_is_met_by_nothing_and_says_so() -> None:
    t13 = rule("T13")
    assert t13.met_by == ()
    assert t13.remarks == (
        "In view: 5 months after the last signature.",
        "Only tells a date and is never overdue.",
    )
    assert "nothing: it only tells a date" in told("2026-11-21", "en")


def test_what_takes_a_deadline_away_includes_its_scope_and_the_end_of_the_incapacity() -> None:
    assert rule("T7", "Employee").falls_away_by == (
        "referral withdrawn",
        "new assessment in category 1, 2 or 3",
        "route of the advisory doctor closed",
        "traject started by another route",
        "incapacity for work ended",
        "insured person excluded from the return-to-work traject",
    )


@pytest.mark.parametrize("language", ["nl", "fr", "de"])
def test_no_english_is_left(language: str) -> None:
    names = (
        "title",
        "regimes",
        "opens",
        "period",
        "met_by",
        "falls_away_by",
        "whose",
        "kind_label",
        "ground",
    )
    with override("en"):
        english = rules_on(NOW)
    with override(language):
        for one, other in zip(rules_on(NOW), english, strict=True):
            for name in names:
                assert getattr(one, name) != getattr(other, name) or not getattr(one, name), (one.id, name)
            for mine, theirs in zip(
                (*one.met_by, *one.falls_away_by, *one.remarks),
                (*other.met_by, *other.falls_away_by, *other.remarks),
                strict=True,
            ):
                assert mine != theirs


def test_every_owner_has_a_name() -> None:
    assert {one.whose for one in RULES} == set(OWNERS)


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_the_command_prints_all_of_it(language: str) -> None:
    text = told("2026-11-21", language)
    with override(language):
        for one in rules_on(NOW):
            for part in (
                one.id,
                one.title,
                one.opens,
                one.period,
                *one.met_by,
                *one.falls_away_by,
                one.whose,
            ):
                assert part in text
            assert one.ground in text


def test_the_command_speaks_dutch_unless_told_otherwise_and_takes_today() -> None:
    out = StringIO()
    call_command("explain_rules", stdout=out)
    assert "De vragenlijst" in out.getvalue()


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="31/01/2026"):
        call_command("explain_rules", "--on=31/01/2026", stdout=StringIO())
