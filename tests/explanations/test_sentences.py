"""Every deadline says why it falls on its day, in whole sentences and in all four languages."""

import re
from datetime import date

import pytest
from django.utils.translation import gettext, override

from dossiers.explanations import explain
from dossiers.explanations.counting import COUNTED, ON_THE_FIRST_ASSESSMENT, PERIODS, shape
from dossiers.explanations.days import holiday, to_act, written
from dossiers.explanations.phrases import HAPPENED, STATES, of
from dossiers.law import row as law
from dossiers.law.row import ANCHORS, CLOSED_BY, Row
from dossiers.law.rules import RULES, SCOPES, rule_of
from tests.explanations.build import all_rows
from tests.law.build import d, f, only, recognized

# A place left open, a doubled stop or space, a second sentence. Not: an ordinal, the name of a holiday.
BROKEN = re.compile(r"%|\.\.|None|  |\. ")
ABBREVIATED = re.compile(r"\d\. |\bO\. L\. [HV]\. ")
LANGUAGES = ("nl", "fr", "de", "en")
ROWS = list(all_rows())
# Months that lack the day, months counted out, weeks, working days, holidays on the way: said or left unsaid.
EXACT = {
    "T1": "Counted from the first day of the incapacity, 31/01/2023: 10 weeks, so 11/04/2023.",
    "T4": "Month 4 of the incapacity that began on 31/01/2023 ends on 30/05/2023.",
    "T7": "Counted from the referral on 22/05/2023: one month, so 22/06/2023.",
    "T9": "Counted from the day on which permission was asked, 13/05/2023: 10 working days, so 30/05/2023 "
    "(weekends and legal holidays do not count: Ascension Day on 18/05/2023, Pentecost Monday on 29/05/2023).",
    "T11": "Counted from the last signature under the engagement declaration, on 31/08/2023: "
    "one month, so 30/09/2023 (that month has no day 31); 45 days of suspension make it 14/11/2023.",
}


def _kinds() -> dict[tuple[str, str, str], tuple[str, Row]]:
    """One row of each kind of sentence: by rule, anchor and regime."""
    return {(row.rule, row.anchor, regime): (regime, row) for regime, row in ROWS}


def test_the_rows_at_hand_know_every_anchor_and_every_code() -> None:
    assert {row.anchor for _, row in ROWS} == set(ANCHORS)
    assert set(CLOSED_BY) <= {row.closed_by for _, row in ROWS}
    assert {row.rule for _, row in ROWS} == {rule.id for rule in RULES}


def test_every_period_of_the_table_has_its_sentence_and_its_phrase() -> None:
    for rule in RULES:
        words = COUNTED if rule.otherwise is None else ON_THE_FIRST_ASSESSMENT
        for period in filter(None, (rule.falls, rule.otherwise)):
            assert (period.anchor, shape(period)) in words, rule.id
        for period in filter(None, (rule.falls, rule.otherwise, rule.shown_from)):
            assert (period.anchor, shape(period)) in PERIODS, rule.id


def test_every_fact_of_the_table_has_its_words() -> None:
    for rule in RULES:
        for pattern in (rule.opens, *rule.met_by, *rule.closed_by, *SCOPES[rule.scope]):
            assert of(pattern)
            assert pattern.code in HAPPENED


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_deadline_names_its_anchor_and_its_date_in_one_sentence(language: str) -> None:
    with override(language):
        for regime, row in ROWS:
            told = explain(row, regime=regime)
            assert written(row.falls_on) in told.why
            assert written(row.anchor_on) in told.why
            for text in (told.why, *told.pause, *filter(None, (told.closing, told.act_by))):
                assert text.endswith(".")
                assert not BROKEN.search(ABBREVIATED.sub("", text)), text


@pytest.mark.parametrize("language", LANGUAGES[:3])
def test_no_english_is_left(language: str) -> None:
    for regime, row in ROWS:
        with override("en"):
            english = explain(row, regime=regime)
        with override(language):
            told = explain(row, regime=regime)
        for name in ("title", "why", "ground", "kind_label", "closing", "act_by", "pause"):
            assert getattr(told, name) != getattr(english, name) or not getattr(told, name), (name, english)


@pytest.mark.parametrize("language", LANGUAGES[:3])
def test_every_text_of_a_sentence_is_translated(language: str) -> None:
    texts = [*COUNTED.values(), *ON_THE_FIRST_ASSESSMENT.values(), *PERIODS.values()]
    values = {"anchor": "01/01/2023", "date": "02/02/2023", "limit": 6}
    for n in (1, 2):
        for text in texts:
            with override("en"):
                english = str(text % {**values, "n": n})
            with override(language):
                assert str(text % {**values, "n": n}) != english
    with override(language):
        for phrase in HAPPENED.values():
            msgid = _in_english(phrase)
            assert gettext(msgid) != msgid


def test_every_state_has_its_word() -> None:
    assert tuple(STATES) == law.STATES


def _in_english(phrase: object) -> str:
    with override("en"):
        return str(phrase)


def test_the_sentences_in_english() -> None:
    found: dict[str, set[str]] = {}
    with override("en"):
        for regime, row in ROWS:
            found.setdefault(row.rule, set()).add(explain(row, regime=regime).why)
    for rule, sentence in EXACT.items():
        assert sentence in found[rule]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nl", "Gerekend vanaf de doorverwijzing op 22/05/2023: één maand, dus 22/06/2023."),
        ("fr", "À compter du renvoi du 22/05/2023\u00a0: un mois, soit le 22/06/2023."),
        ("de", "Gerechnet ab der Verweisung am 22/05/2023: ein Monat, also der 22/06/2023."),
        ("en", "Counted from the referral on 22/05/2023: one month, so 22/06/2023."),
    ],
)
def test_t7_in_the_readers_language(language: str, sentence: str) -> None:
    row = only(recognized(), f("2023-05-22", "referral_made"), rule="T7")
    with override(language):
        assert explain(row, regime="employee").why == sentence


def test_t7_of_the_self_employed_says_which_of_its_two_periods_it_took() -> None:
    first = only(
        recognized("2023-01-31", "self_employed"),
        f("2023-05-21", "assessment_made", category=4),
        f("2023-05-22", "referral_made"),
        rule="T7",
    )
    without = only(recognized("2023-01-31", "self_employed"), f("2023-05-22", "referral_made"), rule="T7")
    with override("en"):
        assert explain(first, regime="self_employed").why == (
            "For a self-employed person referred on the first assessment: "
            "month 6 of the incapacity that began on 31/01/2023 ends on 30/07/2023."
        )
        assert explain(without, regime="self_employed").why == (
            "For a self-employed person referred later than on the first assessment, or after month 6: "
            "counted from the referral on 22/05/2023 one month, so 22/06/2023."
        )


def test_t17_says_of_which_month_it_is_and_where_the_next_begins() -> None:
    row = next(row for _, row in ROWS if row.rule == "T17" and row.anchor_on == d("2024-10-30"))
    with override("en"):
        told = explain(row, regime="employee")
    assert told.title == "Hold the medical contact of month 4"
    assert told.why == (
        "Month 4 of the incapacity that began on 30/10/2024 ends on 27/02/2025 "
        "(the next one begins on 28/02/2025, as that month has no day 30)."
    )


SUSPENDED = (
    recognized(),
    f("2023-08-31", "declaration_completed"),
    f("2023-09-10", "traject_suspended", "", "s1", reason="illness"),
    f("2023-10-25", "traject_resumed", "", "s1"),
)


@pytest.mark.parametrize(
    ("today", "falls_on", "pause"),
    [
        ("2023-09-09", "30/09/2023", ()),
        (
            "2023-09-10",
            "30/09/2023",
            ("Paused since 10/09/2023 (illness): once resumed, 30/09/2023 moves by the days of the pause.",),
        ),
        (
            "2023-10-25",
            "14/11/2023",
            (
                "Paused on 10/09/2023 (illness) and resumed on 25/10/2023: 45 days, so 30/09/2023 became 14/11/2023.",
            ),
        ),
    ],
)
def test_a_pause_is_told_as_it_stands_on_the_day(today: str, falls_on: str, pause: tuple[str, ...]) -> None:
    row = only(*SUSPENDED, rule="T11")
    with override("en"):
        told = explain(row, regime="employee", today=d(today))
    assert told.pause == pause
    assert told.why.removesuffix(".").endswith(falls_on) or falls_on in told.why
    assert ("suspension" in told.why) == (falls_on == "14/11/2023")


def test_what_is_closed_during_a_pause_has_not_moved() -> None:
    row = only(*SUSPENDED[:3], f("2023-10-05", "plan_meeting_held"), rule="T11")
    with override("en"):
        told = explain(row, regime="employee")
    assert told.pause == (
        "Paused on 10/09/2023 (illness) and closed on 05/10/2023 during the pause: 30/09/2023 did not move, "
        "and nothing is late.",
    )
    assert told.closing == "Met on 05/10/2023: interview to draw up the plan held."


@pytest.mark.parametrize(
    ("outcome", "closed_by", "sentence"),
    [
        ("fallen_away", "before_the_law", "Fell away: its date lies before 01/01/2023, when the law came into force."),
        (
            "fallen_away",
            "before_the_start",
            "Fell away: its date lies before the day on which the fund started with this system.",
        ),
        ("fallen_away", "asked_again", "Fell away on 21/04/2023: questionnaire asked again."),
        ("fallen_away", "superseded", "Fell away on 10/02/2025: traject started by another route."),
        ("fallen_away", "not_category_4", "Fell away on 06/06/2023: assessed again, and not in category 4."),
        ("met", "day_past", "Its day is past; it only told a date."),
        ("met_late", "permission_refused", "Met on 31/05/2023, one day late: permission refused."),
        ("met_late", "questionnaire_received", "Met on 29/04/2023, 4 days late: questionnaire received."),
        (
            "missed",
            "incapacity_ended",
            "Missed: closed on 05/08/2024, 97 days after its date, without being met (incapacity for work ended).",
        ),
    ],
)  # fmt: skip
def test_what_closed_it_and_when(outcome: str, closed_by: str, sentence: str) -> None:
    with override("en"):
        told = {
            explain(row, regime=regime).closing
            for regime, row in ROWS
            if (row.outcome, row.closed_by) == (outcome, closed_by)
        }
    assert sentence in told


def test_a_closing_that_lies_ahead_is_not_told_yet() -> None:
    row = only(recognized(), f("2023-04-11", "questionnaire_sent"), rule="T1")
    with override("en"):
        assert explain(row, regime="employee", today=d("2023-04-10")).closing == ""
        assert explain(row, regime="employee", today=d("2023-04-11")).closing != ""


@pytest.mark.parametrize(
    ("falls_on", "sentence"),
    [
        ("2023-07-20", ""),
        (
            "2023-07-21",
            "To be done by 20/07/2023, the last working day: 21/07/2023 is a legal holiday (National Day).",
        ),
        ("2023-07-30", "To be done by 28/07/2023, the last working day: 30/07/2023 is a Sunday."),
        (
            "2023-07-22",
            "To be done by 20/07/2023, the last working day: 22/07/2023 is a Saturday, "
            "21/07/2023 is a legal holiday (National Day).",
        ),
    ],
)
def test_why_the_last_day_to_act_comes_earlier(falls_on: str, sentence: str) -> None:
    with override("en"):
        assert to_act(d(falls_on)) == sentence


def test_a_legal_holiday_is_named_in_the_readers_language() -> None:
    names = []
    for language in LANGUAGES:
        with override(language):
            names.append(holiday(date(2023, 5, 29)))
    assert names == ["Pinkstermaandag", "Lundi de Pentecôte", "Pfingstmontag", "Pentecost Monday"]
    with override("nl"):
        # Two on one day, and the Sunday that the law does not know.
        assert holiday(date(2008, 5, 1)) == "Dag van de Arbeid, O. L. H. Hemelvaart"
        assert holiday(date(2023, 5, 28)) == ""


def test_the_ground_says_that_it_was_not_verified_and_the_label_whose_it_is() -> None:
    rows = {key[0]: pair for key, pair in _kinds().items() if key[2] == "employee"}
    with override("en"):
        legal = explain(rows["T7"][1], regime="employee")
        own = explain(rows["T9"][1], regime="employee")
    assert legal.legal
    assert legal.kind_label == "Set by law"
    assert legal.ground.startswith("Royal decree of 3 July 1996")
    assert legal.ground.endswith("(not yet verified in the Belgian Official Gazette)")
    assert (own.legal, own.kind_label) == (False, "The fund's own target")


def test_a_row_of_no_rule_is_refused() -> None:
    row = ROWS[0][1]
    with pytest.raises(KeyError):
        explain(row._replace(version=date(1999, 1, 1)), regime="employee")
    assert rule_of(row.rule, row.version, "employee").id == row.rule
