"""The one table of F4: every kind of fact, its values, their codes, and its place within a day (F1)."""

from typing import Any, NamedTuple

ROUTES = ("A", "B", "C")
REGIMES = ("employee", "unemployed", "self_employed")
CAUSES = ("illness", "private_accident", "work_accident", "occupational_disease")
EXCLUSIONS = ("work_accident", "occupational_disease", "statutory_civil_servant")
END_REASONS = ("resumed", "not_recognized", "pension", "death", "other")
LANGUAGES = ("nl", "fr", "de")
CHANNELS = ("post", "email", "portal", "phone", "in_person", "other")
WAIVERS = ("employer_traject", "adapted_work", "requested_traject", "near_pension", "medical")
FORMS = ("in_person", "phone", "video", "home_visit", "other")
AIMS = ("former_activity", "other_activity", "adapted_work", "training", "guidance", "other")
SERVICES = ("vdab", "forem", "actiris", "adg")
REGISTRATION_REFUSALS = ("outside_window", "unknown_person", "other")
DENIALS = ("not_in_invalidity", "awaiting_recognition", "incapacity_ended", "excluded", "other")
SERVICE_STEPS = (
    "competence_mapping", "orientation", "application_training", "orientation_placement", "learning_at_work",
    "training", "coaching", "unpaid_work", "self_employment_guidance", "other",
)  # fmt: skip
ROUTE_CLOSINGS = (
    "declined", "no_consent", "health", "no_need", "superseded", "permission_refused", "invalidity_denied",
    "excluded", "incapacity_ended", "other",
)  # fmt: skip
PURPOSES = ("medical_examination", "first_contact", "follow_up", "plan_meeting", "other")
CONSENTS = ("data_processing", "consultation", "employer_referral", "other")
PARTIES = (
    "treating_doctor", "therapist", "regional_service", "employer", "occupational_physician",
    "other_provider", "social_insurance_fund", "organization", "other",
)  # fmt: skip
FIRST_STEPS = ("employer", "training", "regional_service", "adapted_work", "guidance")
ACTIONS = ("phone_call", "email", "letter", "meeting", "research", "referral", "other")
RESULTS = (
    "resumed_own_employer", "resumed_other_employer", "resumed_self_employed", "adapted_work",
    "training_finished", "stopped_by_insured", "medically_not_possible", "incapacity_ended", "no_result",
)  # fmt: skip
ROLES = ("insured", "coordinator", "advisory_doctor")
METHODS = ("application", "paper", "on_screen", "provider", "eid", "itsme", "other")
SUSPENSIONS = ("employer_traject", "illness", "other")
REFERRAL_ASKS = ("visit", "employer_traject")
VISIT_OUTCOMES = ("employer_traject", "no_employer_traject", "resumption", "other")
REQUESTERS = ("employer", "employee", "treating_doctor", "advisory_doctor", "other")
DECISIONS = ("A", "B", "C", "D", "E")
REFUSERS = ("worker", "employer")
LETTER_STEPS = ("first", "second", "again", "training_decision")
PROPOSERS = ("insured", "regional_service")


class Value(NamedTuple):
    """One value of a kind: its type, and whether it has to be given. `default` fills in what was left out."""

    name: str
    type: str
    codes: tuple[Any, ...] = ()
    required: bool = True
    default: Any = None


class Kind(NamedTuple):
    """One kind of fact; `place` orders facts of one day (F1), `subject` says whether one is required."""

    name: str
    place: int
    values: tuple[Value, ...]
    subject: bool


def code(name: str, codes: tuple[str, ...]) -> Value:
    return Value(name, "code", codes)


def number(name: str, codes: tuple[int, ...] = (), default: int | None = None) -> Value:
    return Value(name, "int", codes, default is None, default)


def flag(name: str, default: bool | None = None) -> Value:
    return Value(name, "bool", (), default is None, default)


def day(name: str) -> Value:
    return Value(name, "date")


def maybe(value: Value) -> Value:
    return value._replace(required=False)


VERSION = number("version", default=1)
CHANGES = Value("to", "changes")
FACT = Value("fact", "text")

# Within a day, in this order (F1): what begins, what is done, what answers, what ends. A kind written with
# an asterisk concerns one of several things and always names its subject.
_TABLE: tuple[tuple[str, tuple[Value, ...]], ...] = (
    # Corrections are applied before the order matters.
    ("fact_corrected", (FACT, VERSION, CHANGES)),
    ("fact_voided", (FACT, VERSION, maybe(Value("reason", "slug")))),
    # The incapacity begins.
    (
        "incapacity_recognized",
        (
            day("start"), maybe(day("end")), maybe(code("end_reason", END_REASONS)),
            code("regime", REGIMES), code("cause", CAUSES), flag("contract"), VERSION,
        ),
    ),
    (
        "incapacity_corrected",
        (
            number("version"), maybe(day("start")), maybe(day("end")), maybe(code("end_reason", END_REASONS)),
            maybe(code("regime", REGIMES)), maybe(code("cause", CAUSES)), maybe(flag("contract")),
        ),
    ),
    ("invalidity_recognized", (maybe(day("from")), VERSION)),
    # Exclusion and waiver.
    ("incapacity_excluded", (code("reason", EXCLUSIONS),)),
    ("questionnaire_waived", (code("reason", WAIVERS),)),
    # Request, sent, received, support.
    ("contact_requested", ()),
    ("questionnaire_sent", (code("channel", CHANNELS), code("language", LANGUAGES))),
    ("questionnaire_received", (flag("complete"), code("channel", CHANNELS))),
    ("support_offered", (code("channel", CHANNELS),)),
    # Assessment, referral.
    ("assessment_made", (number("category", (1, 2, 3, 4)),)),
    ("referral_made", ()),
    ("referral_withdrawn", ()),
    # Report, answer.
    ("registration_reported*", (code("service", SERVICES), day("registered_on"))),
    (
        "registration_refused*",
        (
            code("reason", REGISTRATION_REFUSALS), maybe(code("service", SERVICES)), maybe(day("registered_on")),
        ),
    ),
    ("invalidity_confirmed*", ()),
    ("invalidity_denied*", (code("reason", DENIALS),)),
    # Contacts.
    (
        "appointment_made*",
        (
            code("purpose", PURPOSES), Value("at", "moment"), maybe(code("form", FORMS)),
            maybe(code("route", ROUTES)), maybe(code("party", PARTIES)),
        ),
    ),
    ("appointment_moved*", (maybe(Value("at", "moment")), maybe(code("form", FORMS)))),
    ("appointment_cancelled*", ()),
    # Before what is held: who stays away and comes later that day has attended after his absence (X1).
    ("absence_recorded*", (code("purpose", PURPOSES),)),
    ("medical_contact_held", (code("form", FORMS),)),
    ("first_contact_held", (maybe(code("route", ROUTES)), code("form", FORMS))),
    ("contact_held", (code("form", FORMS), maybe(code("party", PARTIES)))),
    ("attended", ()),
    ("registered_letter_sent", (code("step", LETTER_STEPS), Value("proof", "text"))),
    ("reduction_proposed", ()),
    ("reduction_confirmed", (day("from"), maybe(day("to")), Value("percent", "decimal"))),
    ("reduction_refused", ()),
    ("new_date_asked", ()),
    ("absence_excused*", ()),
    ("absence_withdrawn", ()),
    ("career_noted", ()),
    ("occupational_referral_proposed", ()),
    ("consent_given", (code("purpose", CONSENTS), maybe(code("party", PARTIES)))),
    ("consent_refused", (maybe(code("purpose", CONSENTS)), maybe(code("party", PARTIES)))),
    ("consent_withdrawn", (maybe(code("purpose", CONSENTS)), maybe(code("party", PARTIES)))),
    ("first_step_chosen", (code("step", FIRST_STEPS),)),
    ("action_taken", (code("kind", ACTIONS), maybe(Value("plan_action", "text")))),
    ("consultation_held", (code("party", PARTIES),)),
    # Permission.
    ("permission_requested", (code("aim", AIMS),)),
    ("permission_granted", ()),
    ("permission_refused", ()),
    # Start of the traject and of its formal part; the employer's side of it.
    ("traject_started", (code("route", ROUTES),)),
    ("occupational_referral_made", (maybe(code("asks_for", REFERRAL_ASKS)),)),
    ("pre_return_visit_held", (code("outcome", VISIT_OUTCOMES),)),
    ("employer_traject_declined", ()),
    ("employer_traject_started", (code("requested_by", REQUESTERS),)),
    (
        "employer_traject_ended",
        (code("decision", DECISIONS), maybe(code("refused_by", REFUSERS)), flag("plan_carried_out", False)),
    ),
    ("reintegration_started", (number("condition", (1, 2, 3, 4)),)),
    # Declaration.
    ("declaration_drawn_up*", ()),
    # `document`: the SHA-256 of what was signed; `evidence`: that of the scan, the drawing or the proof that was kept.
    (
        "declaration_signed*",
        (
            code("role", ROLES),
            code("method", METHODS),
            maybe(Value("document", "text")),
            maybe(Value("evidence", "text")),
        ),
    ),
    ("declaration_completed*", ()),
    ("declaration_refused*", (code("role", ROLES),)),
    ("declaration_voided*", ()),
    # Suspension.
    ("traject_suspended", (code("reason", SUSPENSIONS),)),
    ("traject_resumed", ()),
    # Meeting, plan, review.
    ("plan_meeting_held", ()),
    ("plan_agreed", (VERSION,)),
    ("plan_reviewed", (flag("with_interview", False),)),
    ("plan_evaluated", ()),
    # Training, regional service, adapted work.
    ("training_proposed*", (maybe(code("proposed_by", PROPOSERS)),)),
    ("training_advised*", (flag("favorable"),)),
    ("training_submitted*", ()),
    ("training_reviewed*", (flag("favorable"),)),
    ("training_decided*", (flag("approved"), maybe(day("from")), maybe(day("to")))),
    ("training_completed*", (flag("success"),)),
    ("training_broken_off*", ()),
    ("partner_form_drawn_up", (code("service", SERVICES),)),
    ("partner_form_sent", (code("service", SERVICES),)),
    ("partner_answered", (flag("accepted"),)),
    ("service_step*", (code("step", SERVICE_STEPS),)),
    ("partner_ended", ()),
    ("adapted_work_planned*", (day("starts_on"),)),
    ("adapted_work_declared*", ()),
    ("adapted_work_permitted*", (day("from"), maybe(day("to")), maybe(Value("hours", "decimal")))),
    ("adapted_work_refused*", ()),
    ("adapted_work_cancelled*", ()),
    ("adapted_work_ended*", ()),
    # Closings.
    ("route_closed", (code("route", ROUTES), code("reason", ROUTE_CLOSINGS))),
    ("reintegration_ended", (code("result", RESULTS),)),
    ("traject_evaluated", ()),
    ("traject_ended", (code("result", RESULTS),)),
    ("incapacity_end_withdrawn", (number("version"),)),
    ("incapacity_ended", (VERSION, code("reason", END_REASONS))),
)  # fmt: skip

KINDS: dict[str, Kind] = {
    name.rstrip("*"): Kind(name.rstrip("*"), place, values, name.endswith("*"))
    for place, (name, values) in enumerate(_TABLE)
}
PLACE: dict[str, int] = {kind.name: kind.place for kind in KINDS.values()}
CORRECTIONS = frozenset({"fact_corrected", "fact_voided"})
MAY_LIE_AHEAD = frozenset({"incapacity_ended"})
