"""What happens in a dossier, as a phrase after a colon or in a table: nouns and participles, no sentence."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.law.rules import NO_ROUTE_IN_PARTICULAR
from dossiers.law.vocabulary import When, when

Word = str | Promise

# By the code that a closed deadline carries: the kind of a fact, or one of the law's own codes.
HAPPENED: dict[str, Word] = {
    "incapacity_recognized": _("incapacity for work recognized"),
    "questionnaire_sent": _("questionnaire sent"),
    "questionnaire_received": _("questionnaire received"),
    "questionnaire_waived": _("questionnaire waived"),
    "support_offered": _("support offered"),
    "contact_requested": _("contact requested by the insured person"),
    "assessment_made": _("remaining capacities assessed"),
    "referral_made": _("referral to the coordinator"),
    "referral_withdrawn": _("referral withdrawn"),
    "registration_reported": _("registration reported by the regional service"),
    "invalidity_confirmed": _("invalidity confirmed"),
    "invalidity_denied": _("invalidity denied"),
    "registration_refused": _("registration refused"),
    "medical_contact_held": _("medical contact held"),
    "first_contact_held": _("first contact held"),
    "contact_held": _("contact of the coordinator held"),
    "permission_requested": _("permission asked of the advisory doctor"),
    "permission_granted": _("permission granted"),
    "permission_refused": _("permission refused"),
    "declaration_completed": _("engagement declaration signed by all"),
    "declaration_voided": _("engagement declaration voided"),
    "plan_meeting_held": _("interview to draw up the plan held"),
    "plan_agreed": _("plan agreed"),
    "plan_reviewed": _("plan reviewed"),
    "training_completed": _("training completed"),
    "adapted_work_planned": _("start of adapted work planned"),
    "adapted_work_declared": _("adapted work declared"),
    "adapted_work_cancelled": _("adapted work cancelled"),
    "route_closed": _("route closed"),
    "reintegration_ended": _("reintegration traject ended"),
    "traject_ended": _("return-to-work traject ended"),
    "incapacity_ended": _("incapacity for work ended"),
    "incapacity_excluded": _("insured person excluded from the return-to-work traject"),
    "asked_again": _("questionnaire asked again"),
    "not_category_4": _("assessed again, and not in category 4"),
    "planned_again": _("start of adapted work planned again"),
    "superseded": _("traject started by another route"),
}

# By the state of a deadline on a day (`Row.state`).
STATES: dict[str, Word] = {
    "not_open": pgettext_lazy("deadline", "Not yet open"),
    "open": pgettext_lazy("deadline", "Open"),
    "overdue": pgettext_lazy("deadline", "Overdue"),
    "paused": pgettext_lazy("deadline", "Paused"),
    "met": pgettext_lazy("deadline", "Met"),
    "met_late": pgettext_lazy("deadline", "Met late"),
    "fallen_away": pgettext_lazy("deadline", "Fallen away"),
    "missed": pgettext_lazy("deadline", "Missed"),
}

# Where a rule asks for more than the kind of fact.
_IN_PARTICULAR: dict[When, Word] = {
    when("questionnaire_received", complete=True): _("complete questionnaire received"),
    when("assessment_made", category=1): _("assessment in category 1"),
    when("assessment_made", category=3): _("assessment in category 3"),
    when("assessment_made", category=4): _("assessment in category 4"),
    when("assessment_made", "not_category_4", category=(1, 2, 3)): _("new assessment in category 1, 2 or 3"),
    when("first_contact_held", route=("A", NO_ROUTE_IN_PARTICULAR)): _(
        "first contact held, for the referral or for no route in particular"
    ),
    when("first_contact_held", route=("B", NO_ROUTE_IN_PARTICULAR)): _(
        "first contact held, for the request or for no route in particular"
    ),
    when("training_completed", success=True): _("training completed with success"),
    when("route_closed", route="A"): _("route of the advisory doctor closed"),
    when("route_closed", route="B"): _("route of the insured person closed"),
    when("route_closed", route="C"): _("route of the regional service closed"),
}


def of(pattern: When) -> str:
    """The pattern of a rule in words. Raises KeyError where it has none of its own."""
    plain = pattern._replace(same_subject=False)
    if pattern.having and pattern.code != "superseded":
        return str(_IN_PARTICULAR[plain])
    return str(HAPPENED[pattern.code])


SUSPENSIONS: dict[str, str | Promise] = {
    "employer_traject": _("an employer traject runs"),
    "illness": _("illness"),
    "other": _("another reason"),
}
