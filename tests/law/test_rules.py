"""One test for each row of the table of rules, and for what each of them does not do."""

from dossiers.law.kinds import KINDS
from dossiers.law.row import ANCHORS, CLOSED_BY
from dossiers.law.rules import FIRST_LAW, RULES, SCOPES, in_force, rule_of
from tests.law.build import d, dates, f, only, recognized, rows

S = "2023-01-31"
LATER = (f("2023-04-11", "questionnaire_sent"), f("2023-04-20", "questionnaire_received"))


def test_every_row_has_a_ground_a_source_and_a_known_owner() -> None:
    for rule in RULES:
        assert rule.title
        assert rule.sources
        assert rule.ground.employees
        assert rule.ground.self_employed
        assert rule.whose in ("advisory_doctor", "coordinator", "insured")
        assert rule.kind in ("legal", "internal")
        assert rule_of(rule.id, rule.valid_from, rule.regimes[0]) is rule


def test_every_code_and_kind_in_the_table_is_known() -> None:
    for rule in RULES:
        periods = (rule.falls, rule.otherwise, rule.shown_from)
        assert all(period.anchor in ANCHORS for period in periods if period)
        patterns = (rule.opens, *rule.met_by, *rule.closed_by, *SCOPES[rule.scope])
        for pattern in (*patterns, *(one for one in (rule.then, rule.waits_for) if one)):
            assert pattern.code in KINDS or pattern.code in CLOSED_BY
            told = {value.name: value.codes for value in KINDS[pattern.kind].values}
            for name, codes in pattern.having:
                assert all(code in ("", True) or code in told[name] for code in codes)


def test_eighteen_rules_in_the_order_of_their_id() -> None:
    ids = list(dict.fromkeys(rule.id for rule in RULES))
    assert ids == [f"T{n}" for n in (*range(1, 18), 23)]


def test_the_table_as_it_stood_on_a_day() -> None:
    assert in_force(d("2021-12-31")) == ()
    assert "T17" not in {rule.id for rule in in_force(d("2023-12-31"))}
    assert "T17" in {rule.id for rule in in_force(d("2024-01-01"))}
    assert [rule.regimes for rule in in_force(d("2022-06-01")) if rule.id == "T7"] == [
        ("employee", "unemployed")
    ]
    assert len([rule for rule in in_force(d("2023-01-01")) if rule.id == "T7"]) == 2


def test_t1_questionnaire_after_ten_weeks() -> None:
    row = only(recognized(S), rule="T1")
    assert (row.falls_on, row.anchor, row.anchor_on) == (d("2023-04-11"), "start", d(S))
    assert (row.opens_on, row.version, row.opened_by, row.closed_on) == (
        d(S),
        FIRST_LAW,
        "recognized-1",
        None,
    )


def test_t1_waived_after_its_day_is_missed() -> None:
    row = only(recognized(S), f("2023-04-12", "questionnaire_waived", reason="medical"), rule="T1")
    assert (row.outcome, row.closed_by) == ("missed", "questionnaire_waived")


def test_t1_is_met_by_what_was_sent_before_a_start_that_was_corrected() -> None:
    corrected = f("2023-03-10", "incapacity_corrected", version=2, start=d("2023-03-01"))
    row = only(recognized(S), f("2023-02-20", "questionnaire_sent"), corrected, rule="T1")
    assert (row.outcome, row.closed_on) == ("met", d("2023-03-01"))


def test_t2_two_weeks_after_each_sending() -> None:
    sent = (f("2023-04-11", "questionnaire_sent"), f("2023-04-20", "questionnaire_sent"))
    first, second = rows(recognized(S), *sent, f("2023-04-20", "questionnaire_received"), rule="T2")
    assert (str(first.falls_on), first.outcome) == ("2023-04-25", "met")
    assert (str(second.falls_on), second.outcome) == ("2023-05-04", "met")


def test_t2_asked_again_and_a_waiver_leaves_it() -> None:
    again = f("2023-04-21", "questionnaire_sent")
    first, _ = rows(recognized(S), LATER[0], again, rule="T2")
    assert (first.outcome, first.closed_by, first.closed_by_fact) == ("fallen_away", "asked_again", again.id)
    waived = f("2023-04-21", "questionnaire_waived", reason="medical")
    assert only(recognized(S), LATER[0], waived, rule="T2").closed_on is None


def test_t3_the_day_after_no_answer() -> None:
    row = only(recognized(S), LATER[0], rule="T3")
    assert (str(row.opens_on), str(row.falls_on)) == ("2023-04-26", "2023-05-02")
    assert (row.anchor, row.anchor_on) == ("return_date", d("2023-04-25"))
    assert row.state(d("2023-04-25")) == "not_open"


def test_t3_not_when_answered_or_asked_again_by_the_end_of_that_day() -> None:
    for kind in ("questionnaire_received", "questionnaire_sent"):
        assert not [
            r
            for r in rows(recognized(S), LATER[0], f("2023-04-26", kind), rule="T3")
            if str(r.opens_on) < "2023-05"
        ]
        assert rows(recognized(S), LATER[0], f("2023-04-27", kind), rule="T3")


def test_t3_support_offered_before_it_opened_meets_it_from_its_opening() -> None:
    row = only(recognized(S), LATER[0], f("2023-04-20", "support_offered"), rule="T3")
    assert (row.outcome, row.closed_on, row.closed_by) == ("met", row.opens_on, "support_offered")
    before = f("2023-04-10", "support_offered")
    assert only(recognized(S), before, LATER[0], rule="T3").closed_on is None


def test_t4_end_of_month_four_and_any_assessment_since_the_start() -> None:
    assert str(only(recognized(S), rule="T4").falls_on) == "2023-05-30"
    early = f("2023-01-31", "assessment_made", category=2)
    assert only(recognized(S), early, rule="T4").outcome == "met"
    earlier = f("2023-01-30", "assessment_made", category=2)
    assert only(recognized(S), earlier, rule="T4").closed_on is None


def test_t5_six_months_from_the_start() -> None:
    assessed = f("2023-05-21", "assessment_made", category=1)
    assert dates(recognized(S), assessed, rule="T5") == ["2023-07-31"]
    row = only(recognized(S), assessed, f("2023-08-01", "referral_made"), rule="T5")
    assert (row.outcome, row.closed_by) == ("met_late", "referral_made")


def test_t6_two_months_from_the_assessment() -> None:
    first = f("2023-05-21", "assessment_made", category=3)
    second = f("2023-07-21", "assessment_made", category=3)
    old, new = rows(recognized(S), first, second, rule="T6")
    assert (str(old.falls_on), old.outcome, str(new.falls_on)) == ("2023-07-21", "met", "2023-09-21")


def test_t7_employees_a_month_after_the_referral() -> None:
    for regime in ("employee", "unemployed"):
        row = only(recognized(S, regime), f("2023-05-31", "referral_made"), rule="T7")
        assert (str(row.falls_on), row.anchor) == ("2023-06-30", "referral")


def test_t7_is_not_met_by_a_contact_for_another_route() -> None:
    referral = f("2023-05-22", "referral_made")
    row = only(recognized(S), referral, f("2023-06-01", "first_contact_held", route="B"), rule="T7")
    assert row.closed_on is None
    for given in ({"route": "A"}, {}):
        row = only(recognized(S), referral, f("2023-06-01", "first_contact_held", **given), rule="T7")
        assert row.outcome == "met"


def test_t7_withdrawn_and_referred_again() -> None:
    facts = (
        f("2023-05-22", "referral_made"),
        f("2023-06-01", "referral_withdrawn"),
        f("2023-06-02", "referral_made"),
    )
    first, second = rows(recognized(S), *facts, rule="T7")
    assert (first.outcome, first.closed_by) == ("fallen_away", "referral_withdrawn")
    assert second.closed_on is None


def test_t7_self_employed_on_the_first_assessment() -> None:
    me = recognized(S, "self_employed")
    assessed = f("2023-05-21", "assessment_made", category=4)
    row = only(me, assessed, f("2023-07-30", "referral_made"), rule="T7")
    assert (str(row.falls_on), row.anchor, row.version) == ("2023-07-30", "start", d("2023-01-01"))
    row = only(me, assessed, f("2023-07-31", "referral_made"), rule="T7")
    assert (str(row.falls_on), row.anchor) == ("2023-08-31", "referral")
    assert str(only(me, f("2023-05-22", "referral_made"), rule="T7").falls_on) == "2023-06-22"


def test_t8_a_month_from_the_receipt_it_waited_for() -> None:
    asked = f("2023-02-20", "contact_requested")
    assert rows(recognized(S), asked, rule="T8") == []
    incomplete = f("2023-02-25", "questionnaire_received", complete=False)
    assert rows(recognized(S), asked, incomplete, rule="T8") == []
    row = only(recognized(S), asked, incomplete, f("2023-03-31", "questionnaire_received"), rule="T8")
    assert (str(row.opens_on), str(row.falls_on), row.anchor) == ("2023-03-31", "2023-04-30", "receipt")
    assert row.opened_by == asked.id


def test_t8_a_month_from_the_request_when_the_questionnaire_is_there() -> None:
    row = only(recognized(S), *LATER, f("2023-05-01", "contact_requested"), rule="T8")
    assert (str(row.falls_on), row.anchor) == ("2023-06-01", "request")


def test_t8_a_contact_held_while_it_waits_meets_it_at_birth() -> None:
    facts = (f("2023-02-20", "contact_requested"), f("2023-03-01", "first_contact_held"))
    row = only(recognized(S), *facts, f("2023-03-10", "questionnaire_received"), rule="T8")
    assert (row.outcome, row.closed_on, row.opens_on) == ("met", d("2023-03-10"), d("2023-03-10"))


def test_t8_a_second_request_while_it_waits_opens_nothing() -> None:
    facts = (
        f("2023-02-20", "contact_requested"),
        f("2023-03-01", "first_contact_held"),
        f("2023-03-05", "contact_requested"),
        f("2023-03-10", "questionnaire_received"),
    )
    assert len(rows(recognized(S), *facts, rule="T8")) == 1


def test_t8_the_closing_of_the_route_ends_the_waiting() -> None:
    asked, received = f("2023-02-20", "contact_requested"), f("2023-03-10", "questionnaire_received")
    for closing in (
        f("2023-03-01", "route_closed", route="B", reason="declined"),
        f("2023-03-01", "traject_started", route="C"),
        f("2023-03-01", "incapacity_excluded", reason="work_accident"),
        f("2023-03-01", "incapacity_ended", reason="resumed"),
    ):
        assert rows(recognized(S), asked, closing, received, rule="T8") == []
    closing = f("2023-03-01", "route_closed", route="B", reason="declined")
    again = f("2023-03-05", "contact_requested")
    assert only(recognized(S), asked, closing, again, received, rule="T8").opened_by == again.id
    other = f("2023-03-01", "route_closed", route="A", reason="declined")
    assert only(recognized(S), asked, other, received, rule="T8").opened_by == asked.id


def test_t9_ten_working_days() -> None:
    asked = f("2023-05-13", "permission_requested")
    assert dates(recognized(S), asked, f("2023-05-15", "permission_requested"), rule="T9") == ["2023-05-30"]
    row = only(recognized(S), asked, f("2023-05-31", "permission_granted"), rule="T9")
    assert row.outcome == "met_late"


def test_t10_a_month_after_the_last_contact_before_the_refusal() -> None:
    facts = (f("2023-05-12", "first_contact_held"), f("2023-05-14", "contact_held"))
    refused = f("2023-05-19", "permission_refused")
    row = only(recognized(S), *facts, refused, rule="T10")
    assert (str(row.falls_on), row.anchor) == ("2023-06-14", "last_contact")
    row = only(recognized(S), refused, rule="T10")
    assert (str(row.falls_on), row.anchor) == ("2023-06-19", "refusal")
    same_day = f("2023-05-19", "contact_held")
    assert str(only(recognized(S), same_day, refused, rule="T10").falls_on) == "2023-06-19"


def test_t10_can_be_born_overdue() -> None:
    row = only(
        recognized(S), f("2023-03-01", "contact_held"), f("2023-05-19", "permission_refused"), rule="T10"
    )
    assert row.state(d("2023-05-19")) == "overdue"


def test_t11_a_month_after_the_last_signature() -> None:
    signed = f("2023-08-31", "declaration_completed")
    row = only(recognized(S), signed, rule="T11")
    assert (str(row.falls_on), row.anchor) == ("2023-09-30", "last_signature")
    assert only(recognized(S), signed, f("2023-09-05", "plan_agreed"), rule="T11").closed_on is None


def test_t11_only_its_own_declaration_takes_it_away() -> None:
    signed = f("2023-08-31", "declaration_completed", "", "d1")
    for subject, outcome in (("d1", "fallen_away"), ("", "fallen_away"), ("d2", None)):
        voided = f("2023-09-05", "declaration_voided", "", subject)
        assert only(recognized(S), signed, voided, rule="T11").outcome == outcome
        assert only(recognized(S), signed, voided, rule="T13").outcome in (outcome, "met")


def test_t12_first_plan_and_each_review_of_one_formal_part() -> None:
    facts = (
        f("2023-09-27", "plan_reviewed"),
        f("2023-09-28", "plan_agreed", version=1),
        f("2023-10-28", "plan_agreed", version=2),
        f("2023-12-08", "plan_reviewed"),
        f("2024-01-10", "reintegration_ended", result="no_result"),
        f("2024-01-20", "plan_reviewed"),
        f("2024-02-29", "plan_agreed", version=1),
    )
    found = rows(recognized(S), *facts, rule="T12")
    assert [(str(row.falls_on), row.outcome) for row in found] == [
        ("2023-12-28", "met"),
        ("2024-03-08", "fallen_away"),
        ("2024-05-29", None),
    ]
    assert [row.anchor for row in found] == ["agreed", "review", "agreed"]


def test_t13_informs_and_is_never_overdue() -> None:
    row = only(recognized(S), f("2023-08-31", "declaration_completed"), rule="T13")
    states = [row.state(d(day)) for day in ("2024-02-28", "2024-02-29", "2024-03-01", "2025-01-01")]
    assert states == ["open", "open", "met", "met"]
    assert (row.closed_by, row.closed_by_fact) == ("day_past", "")


def test_t14_six_months_or_the_last_day_of_the_sixth_month() -> None:
    done = f("2024-02-12", "training_completed", success=True)
    assert dates(recognized(S), done, rule="T14") == ["2024-08-12"]
    assert dates(recognized(S, "self_employed"), done, rule="T14") == ["2024-08-31"]
    failed = f("2024-02-12", "training_completed", success=False)
    assert dates(recognized(S), failed, rule="T14") == []
    ended = f("2024-03-01", "traject_ended", result="training_finished")
    assert only(recognized(S), done, ended, rule="T14").closed_on is None


def test_t15_the_last_working_day_before_the_planned_start() -> None:
    planned = f("2024-02-20", "adapted_work_planned", "", "w1", starts_on=d("2024-04-02"))
    row = only(recognized(S), planned, f("2024-03-01", "adapted_work_declared", "", "w2"), rule="T15")
    assert (str(row.falls_on), row.anchor, row.closed_on) == ("2024-03-29", "planned_start", None)
    again = f("2024-02-22", "adapted_work_planned", "", "w1", starts_on=d("2024-05-06"))
    old, new = rows(recognized(S), planned, again, rule="T15")
    assert (old.outcome, old.closed_by) == ("fallen_away", "planned_again")
    assert new.closed_on is None


def test_t16_ten_working_days_to_confirm() -> None:
    reported = f("2023-05-15", "registration_reported", "", "r1", service="vdab")
    row = only(recognized(S), reported, f("2023-05-20", "invalidity_confirmed", "", "r2"), rule="T16")
    assert (str(row.falls_on), row.closed_on) == ("2023-05-31", None)
    row = only(recognized(S), reported, f("2023-05-31", "invalidity_denied", "", "r1"), rule="T16")
    assert row.outcome == "met"
    refused = f("2023-05-15", "registration_refused", "", "r1", reason="outside_window")
    assert rows(recognized(S), refused, rule="T16") == []


def test_t17_month_four_seven_and_eleven() -> None:
    start = recognized("2024-10-30")
    found = rows(start, f("2025-04-30", "medical_contact_held"), rule="T17")
    assert [row.occurrence for row in found] == [4, 7, 11]
    assert [row.outcome for row in found] == ["met_late", "met", None]
    found = rows(start, f("2025-01-29", "medical_contact_held"), rule="T17")
    assert [row.outcome for row in found] == [None, None, None]


def test_t23_five_working_days_to_refer() -> None:
    first, again = (f(day, "assessment_made", category=4) for day in ("2023-05-21", "2023-05-24"))
    assert dates(recognized(S), first, again, rule="T23") == ["2023-05-26"]
    row = only(recognized(S), first, f("2023-05-24", "assessment_made", category=3), rule="T23")
    assert (row.outcome, row.closed_by) == ("fallen_away", "not_category_4")
