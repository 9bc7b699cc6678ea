"""The law of the deadlines, as a table: one row per rule, with the days between which it holds (D5).

How to read a row: *opens* names the fact that sets the deadline in motion, *falls* the period and the day it
is counted from, *met_by* the facts that meet it, *closed_by* the facts that make it fall away. Every deadline
besides closes with its scope (SCOPES), and with the end or the exclusion of the incapacity (T19).
"""

from datetime import date

from .vocabulary import N_, Ground, Period, Rule, When, same, when

# Scopes and what closes them (T19, R1).
INCAPACITY, FORMAL_PART = "incapacity", "formal_part"
ROUTE_A, ROUTE_B, ROUTE_C = "route_a", "route_b", "route_c"
SCOPES: dict[str, tuple[When, ...]] = {
    INCAPACITY: (),
    ROUTE_A: (when("route_closed", route="A"), when("traject_started", "superseded", route=("B", "C"))),
    ROUTE_B: (when("route_closed", route="B"), when("traject_started", "superseded", route=("A", "C"))),
    # One registration closes without the others; a start closes all that still wait, by whatever route.
    ROUTE_C: (
        same(when("route_closed", route="C")),
        when("traject_started", "superseded", route=("A", "B", "C")),
    ),
    FORMAL_PART: (when("reintegration_ended"), when("traject_ended")),
}

LEGAL, INTERNAL = "legal", "internal"

FIRST_LAW = date(2022, 1, 1)
LAW_OF_THE_SELF_EMPLOYED = date(2023, 1, 1)
LAW_OF_MEDICAL_CONTACTS = date(2024, 1, 1)
EMPLOYEES = ("employee", "unemployed")
SELF_EMPLOYED = ("self_employed",)
# The law of each regime, in force from (P1).
LAW_FROM = {
    **dict.fromkeys(EMPLOYEES, FIRST_LAW),
    **dict.fromkeys(SELF_EMPLOYED, LAW_OF_THE_SELF_EMPLOYED),
}

TRAJECT = Ground(
    N_(
        "Royal decree of 3 July 1996, section VIquater (art. 215octies and following), "
        "as replaced by the royal decree of 19 January 2022"
    ),
    N_("Royal decree of 20 July 1971 (art. 25/3 to 25/10), as changed by the royal decree of 12 March 2023"),
)
INCAPACITY_LAW = Ground(
    N_("Coordinated law of 14 July 1994 on sickness insurance (art. 100)"),
    N_("Royal decree of 20 July 1971 (art. 22), as changed by the royal decree of 12 March 2023"),
)
MEDICAL_CONTACTS = Ground(
    N_("Rules on medical contacts in months 4, 7 and 11, for incapacities from 1 January 2024"),
    N_("Rules on medical contacts in months 4, 7 and 11, for incapacities from 1 January 2024"),
)
DUTY = Ground(
    N_("Target of the fund, for its duty under the royal decree of 3 July 1996, section VIquater"),
    N_("Target of the fund, for its duty under the royal decree of 20 July 1971 (art. 25/3 to 25/10)"),
)

# Anchors that are not simply the day on which the deadline opened.
START = "start"
RETURN_DATE = "return_date"
LAST_CONTACT = "last_contact"
PLANNED_START = "planned_start"

RECOGNIZED = when("incapacity_recognized")
RECEIVED_COMPLETE = when("questionnaire_received", complete=True)
ASKED_AGAIN = when("questionnaire_sent", "asked_again")
ASSESSED = when("assessment_made")
REFERRED = when("referral_made")
CONTACT_HELD = (when("first_contact_held"), when("contact_held"))
NO_ROUTE_IN_PARTICULAR = ""

RULES: tuple[Rule, ...] = (
    Rule(
        id="T1",
        title=N_("Send the questionnaire"),
        scope=INCAPACITY,
        opens=RECOGNIZED,
        falls=Period(START, weeks=10),
        met_by=(when("questionnaire_sent"), when("questionnaire_received")),
        counts="ever",
        closed_by=(when("questionnaire_waived"),),
        whose="advisory_doctor",
        kind=LEGAL,
        ground=TRAJECT,
        sources=("S0", "S2", "S3"),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T2",
        title=N_("Return the questionnaire"),
        scope=INCAPACITY,
        opens=when("questionnaire_sent"),
        falls=Period("sending", weeks=2),
        met_by=(RECEIVED_COMPLETE,),
        closed_by=(ASKED_AGAIN,),
        whose="insured",
        kind=LEGAL,
        ground=TRAJECT,
        sources=("S0", "S2", "S3"),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T3",
        title=N_("Contact and offer support after no answer"),
        scope=INCAPACITY,
        opens=when("questionnaire_sent"),
        follows="T2",
        falls=Period(RETURN_DATE, weeks=1),
        met_by=(when("support_offered"), RECEIVED_COMPLETE),
        closed_by=(ASKED_AGAIN,),
        whose="coordinator",
        kind=INTERNAL,
        ground=DUTY,
        sources=("S0",),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T4",
        title=N_("Make the first assessment"),
        scope=INCAPACITY,
        opens=RECOGNIZED,
        falls=Period(START, months=4, less_days=1),
        shown_from=Period(START, months=3),
        met_by=(ASSESSED,),
        counts="since_start",
        whose="advisory_doctor",
        kind=LEGAL,
        ground=TRAJECT,
        sources=("S0", "S2", "S3", "S4"),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T5",
        title=N_("Look again at category 1"),
        scope=ROUTE_A,
        opens=when("assessment_made", category=1),
        falls=Period(START, months=6),
        met_by=(ASSESSED, REFERRED),
        whose="advisory_doctor",
        kind=INTERNAL,
        ground=DUTY,
        sources=("S4",),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T6",
        title=N_("Look again at category 3"),
        scope=ROUTE_A,
        opens=when("assessment_made", category=3),
        falls=Period("assessment", months=2),
        met_by=(ASSESSED, REFERRED),
        whose="advisory_doctor",
        kind=INTERNAL,
        ground=DUTY,
        sources=("S0", "S4"),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T7",
        title=N_("Hold the first contact after a referral"),
        scope=ROUTE_A,
        regimes=EMPLOYEES,
        opens=REFERRED,
        one_at_a_time=True,
        falls=Period("referral", months=1),
        met_by=(when("first_contact_held", route=("A", NO_ROUTE_IN_PARTICULAR)),),
        closed_by=(
            when("referral_withdrawn"),
            when("assessment_made", "not_category_4", category=(1, 2, 3)),
        ),
        whose="coordinator",
        kind=LEGAL,
        ground=TRAJECT,
        sources=("S0", "S2", "S4"),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T7",
        title=N_("Hold the first contact after a referral"),
        scope=ROUTE_A,
        regimes=SELF_EMPLOYED,
        opens=REFERRED,
        one_at_a_time=True,
        falls=Period(START, months=6, less_days=1),
        otherwise=Period("referral", months=1),
        met_by=(when("first_contact_held", route=("A", NO_ROUTE_IN_PARTICULAR)),),
        closed_by=(
            when("referral_withdrawn"),
            when("assessment_made", "not_category_4", category=(1, 2, 3)),
        ),
        whose="coordinator",
        kind=LEGAL,
        ground=TRAJECT,
        sources=("S3",),
        valid_from=LAW_OF_THE_SELF_EMPLOYED,
    ),
    Rule(
        id="T8",
        title=N_("Hold the first contact after a request"),
        scope=ROUTE_B,
        opens=when("contact_requested"),
        waits_for=RECEIVED_COMPLETE,
        one_at_a_time=True,
        falls=Period("request", months=1),
        met_by=(when("first_contact_held", route=("B", NO_ROUTE_IN_PARTICULAR)),),
        whose="coordinator",
        kind=LEGAL,
        ground=TRAJECT,
        sources=("S0", "S3"),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T9",
        title=N_("Answer on the permission asked"),
        scope=ROUTE_B,
        opens=when("permission_requested"),
        one_at_a_time=True,
        falls=Period("asked", working_days=10),
        met_by=(when("permission_granted"), when("permission_refused")),
        whose="advisory_doctor",
        kind=INTERNAL,
        ground=DUTY,
        sources=("own",),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T10",
        title=N_("Hold a new contact after a refusal"),
        scope=ROUTE_B,
        opens=when("permission_refused"),
        falls=Period(LAST_CONTACT, months=1),
        met_by=CONTACT_HELD,
        whose="coordinator",
        kind=LEGAL,
        ground=TRAJECT,
        sources=("S0", "S3"),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T11",
        title=N_("Hold the interview to draw up the plan"),
        scope=FORMAL_PART,
        opens=when("declaration_completed"),
        falls=Period("last_signature", months=1),
        met_by=(when("plan_meeting_held"),),
        closed_by=(same(when("declaration_voided")),),
        paused_by_suspension=True,
        whose="coordinator",
        kind=LEGAL,
        ground=TRAJECT,
        sources=("S0", "S3"),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T12",
        title=N_("Review the plan"),
        scope=FORMAL_PART,
        opens=when("plan_agreed"),
        then=when("plan_reviewed"),
        one_at_a_time=True,
        falls=Period("agreed", months=3),
        met_by=(when("plan_reviewed"),),
        paused_by_suspension=True,
        whose="coordinator",
        kind=LEGAL,
        ground=TRAJECT,
        sources=("S0",),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T13",
        title=N_("The presumption of incapacity ends"),
        scope=FORMAL_PART,
        opens=when("declaration_completed"),
        falls=Period("last_signature", months=6),
        met_by=(),
        closed_by=(same(when("declaration_voided")),),
        informs_only=True,
        shown_from=Period("last_signature", months=5),
        whose="coordinator",
        kind=LEGAL,
        ground=INCAPACITY_LAW,
        sources=("S1",),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T14",
        title=N_("Assess again after a training"),
        scope=INCAPACITY,
        regimes=EMPLOYEES,
        opens=when("training_completed", success=True),
        falls=Period("completion", months=6),
        met_by=(ASSESSED,),
        whose="advisory_doctor",
        kind=LEGAL,
        ground=INCAPACITY_LAW,
        sources=("S1", "2nd"),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T14",
        title=N_("Assess again after a training"),
        scope=INCAPACITY,
        regimes=SELF_EMPLOYED,
        opens=when("training_completed", success=True),
        falls=Period("completion", months=6, to_end_of_month=True),
        met_by=(ASSESSED,),
        whose="advisory_doctor",
        kind=LEGAL,
        ground=INCAPACITY_LAW,
        sources=("S1", "2nd"),
        valid_from=LAW_OF_THE_SELF_EMPLOYED,
    ),
    Rule(
        id="T15",
        title=N_("Declare the adapted work and ask permission"),
        scope=INCAPACITY,
        opens=when("adapted_work_planned"),
        falls=Period(PLANNED_START, last_working_day_before=True),
        met_by=(same(when("adapted_work_declared")),),
        closed_by=(
            same(when("adapted_work_cancelled")),
            same(when("adapted_work_planned", "planned_again")),
        ),
        whose="insured",
        kind=LEGAL,
        ground=INCAPACITY_LAW,
        sources=("S1",),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T16",
        title=N_("Confirm the invalidity to the regional service"),
        scope=ROUTE_C,
        opens=when("registration_reported"),
        falls=Period("reported", working_days=10),
        met_by=(same(when("invalidity_confirmed")), same(when("invalidity_denied"))),
        closed_by=(same(when("registration_refused")),),
        whose="coordinator",
        kind=INTERNAL,
        ground=DUTY,
        sources=("S1",),
        valid_from=FIRST_LAW,
    ),
    Rule(
        id="T17",
        title=N_("Hold the medical contact of month 4, 7 and 11"),
        scope=INCAPACITY,
        opens=RECOGNIZED,
        occurrences=(4, 7, 11),
        falls=Period(START, month_of_occurrence=True, less_days=1),
        met_by=(when("medical_contact_held"),),
        counts="since_month",
        whose="advisory_doctor",
        kind=LEGAL,
        ground=MEDICAL_CONTACTS,
        sources=("2nd",),
        valid_from=LAW_OF_MEDICAL_CONTACTS,
        applies_before=False,
    ),
    Rule(
        id="T23",
        title=N_("Refer after category 4"),
        scope=ROUTE_A,
        opens=when("assessment_made", category=4),
        one_at_a_time=True,
        falls=Period("assessment", working_days=5),
        met_by=(REFERRED,),
        closed_by=(when("assessment_made", "not_category_4", category=(1, 2, 3)),),
        whose="advisory_doctor",
        kind=INTERNAL,
        ground=DUTY,
        sources=("S4",),
        valid_from=FIRST_LAW,
    ),
)


def rule_of(id: str, version: date, regime: str) -> Rule:
    """The row under which a deadline was made. Raises KeyError where there is none."""
    for rule in RULES:
        if rule.id == id and rule.valid_from == version and regime in rule.regimes:
            return rule
    raise KeyError((id, version, regime))


def in_force(on: date) -> tuple[Rule, ...]:
    """The table of the law as it stood on a day."""
    return tuple(
        rule
        for rule in RULES
        if rule.valid_from <= on
        and (rule.valid_to is None or on <= rule.valid_to)
        and any(LAW_FROM[regime] <= on for regime in rule.regimes)
    )
