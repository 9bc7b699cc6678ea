"""When a deadline comes into view before its date: T4 in the queue after three months, T13 a month ahead."""

from tests.law.build import d, f, only, recognized, rows


def test_t4_stands_in_the_queue_from_the_fourth_month_on() -> None:
    row = only(recognized("2023-01-15"), rule="T4")
    assert (row.surfaces_on, row.falls_on) == (d("2023-04-15"), d("2023-05-14"))


def test_d1_d2_t4_is_counted_in_one_step_to_the_end_of_a_shorter_month() -> None:
    assert only(recognized("2023-01-31"), rule="T4").surfaces_on == d("2023-04-30")


def test_t4_follows_a_corrected_start() -> None:
    later = f("2023-03-01", "incapacity_corrected", version=2, start=d("2023-02-28"))
    assert only(recognized("2023-01-31"), later, rule="T4").surfaces_on == d("2023-05-28")


def test_t13_is_warned_of_five_months_after_the_last_signature() -> None:
    signed = f("2023-08-31", "declaration_completed")
    row = only(recognized(), signed, rule="T13")
    assert (row.surfaces_on, row.falls_on) == (d("2024-01-31"), d("2024-02-29"))


def test_t13_does_not_move_with_a_suspension() -> None:
    facts = (
        recognized(),
        f("2023-08-31", "declaration_completed"),
        f("2023-09-10", "traject_suspended", "", "s1"),
        f("2023-09-20", "traject_resumed", "", "s1"),
    )
    assert only(*facts, rule="T13").surfaces_on == d("2024-01-31")


def test_no_other_deadline_surfaces() -> None:
    facts = (recognized(), f("2023-08-31", "declaration_completed"), f("2023-04-11", "questionnaire_sent"))
    assert {row.rule for row in rows(*facts) if row.surfaces_on} == {"T4", "T13"}
