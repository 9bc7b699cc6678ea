"""The table of definitions: every figure once, with its sentence, what it counts, and the words of its parts.

Pages, exports and the API read it; `routing.figures.sources` says in SQL which rows each sentence means.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from trajects.fact_words import CODES

Word = str | Promise

# Fewer than so many are not told outside the walls of the case: they could be somebody in particular (own).
FEW = 5


class Group(StrEnum):
    """Under which heading a figure stands."""

    FUNDING = "funding"
    ENTRANCE = "entrance"
    TRAJECT = "traject"
    DEADLINES = "deadlines"
    TIME = "time"


GROUPS: dict[Group, Word] = {
    Group.FUNDING: _("What the funding counts"),
    Group.ENTRANCE: _("Towards a traject"),
    Group.TRAJECT: _("In the traject"),
    Group.DEADLINES: _("In time or late"),
    Group.TIME: _("Time from the incapacity to each step"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One of those that a figure tells apart: its name, and the ground on which charts draw it."""

    name: Word
    tone: str


def _one() -> Mapping[str, Part]:
    return {"": Part(_("Number"), "a")}


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """What is counted: a name, the sentence that defines it, and what its rows are.

    `kinds` are the kinds of facts that count, as they read now; `rules` the deadlines. What neither names follows from
    the incapacity or from a state machine. A figure `in_days` tells how long something took. `funding`: the coordinators'
    funding counts it, and its quarters are closed. `tells` is the part of another figure whose number this one gives away:
    where that stays untold, so does this.
    """

    code: str
    group: Group
    name: Word
    definition: Word
    kinds: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    parts: Mapping[str, Part] = field(default_factory=_one)
    in_days: bool = False
    tells: tuple[str, str] | None = None

    @property
    def funding(self) -> bool:
        return self.group == Group.FUNDING

    @property
    def split(self) -> bool:
        """Whether it tells parts apart."""
        return len(self.parts) > 1

    @property
    def by_deadline(self) -> bool:
        """Whether the day of its rows is a legal date, and not one on which something happened."""
        return self.parts is IN_TIME


# By what a figure can be told apart, besides quarter and part.
DIMENSIONS: dict[str, Word] = {
    "team": _("Team"),
    "coordinator": _("Coordinator"),
    "regime": _("Regime"),
    "language": _("Language"),
}

IN_TIME = {
    "in_time": Part(pgettext_lazy("figure", "in time"), "met"),
    "late": Part(pgettext_lazy("figure", "late"), "soon"),
    "never": Part(pgettext_lazy("figure", "not done, and past its date"), "overdue"),
}
RETURNED = {
    "in_time": Part(pgettext_lazy("figure", "back in time"), "met"),
    "late": Part(pgettext_lazy("figure", "back late"), "soon"),
    "never": Part(pgettext_lazy("figure", "never came back"), "overdue"),
    "waiting": Part(pgettext_lazy("figure", "still to come back"), "open"),
    "fallen": Part(pgettext_lazy("figure", "no longer expected"), "fallen"),
}
CATEGORIES = {
    "1": Part(_("1: will resume by himself"), "a"),
    "2": Part(_("2: resumption does not seem possible"), "b"),
    "3": Part(_("3: not now"), "c"),
    "4": Part(_("4: possible with guidance"), "d"),
}
ROUTES = {
    "A": Part(_("A: initiative of the advisory doctor"), "a"),
    "B": Part(_("B: request of the insured person"), "b"),
    "C": Part(_("C: registration with a regional service"), "c"),
}
PERMISSIONS = {
    "granted": Part(pgettext_lazy("figure", "granted"), "met"),
    "refused": Part(pgettext_lazy("figure", "refused"), "overdue"),
}
DECLARATIONS = {
    "complete": Part(pgettext_lazy("figure", "signed by all three"), "met"),
    "waiting": Part(pgettext_lazy("figure", "waiting for signatures"), "open"),
    "refused": Part(pgettext_lazy("figure", "refused"), "overdue"),
    "fallen": Part(pgettext_lazy("figure", "void or lapsed"), "fallen"),
}
PLANS = {
    "first": Part(pgettext_lazy("figure", "first plan"), "a"),
    "changed": Part(pgettext_lazy("figure", "new version"), "b"),
}
RESULTS = {code: Part(word, "a") for code, word in CODES["result"].items()}

G = Group
_ALL = (
    Figure(
        "complete_questionnaires", G.FUNDING, _("Complete questionnaires received"),
        _("Questionnaires received complete, each on the day it was received."),
        kinds=("questionnaire_received",),
    ),
    Figure(
        "positive_declarations", G.FUNDING, _("Positive declarations signed"),
        _(
            "Positive engagement declarations signed by all three, each on the day of the last signature. One that was "
            "declared void because its text changed no longer counts."
        ),
        kinds=("declaration_completed",),
    ),
    Figure(
        "inflow", G.ENTRANCE, _("Inflow"), _("Incapacities that began in the quarter and are not excluded."),
    ),
    Figure(
        "questionnaires", G.ENTRANCE, _("Questionnaires sent, and what came back"),
        _(
            "Questionnaires sent in the quarter, each sending by what became of it: back complete within two weeks, back "
            "later, or not back when its date was past."
        ),
        rules=("T2",), parts=RETURNED,
    ),
    Figure(
        "assessments", G.ENTRANCE, _("Assessments by category"),
        _("Assessments of the remaining capacities made in the quarter, first ones and later ones, by their category."),
        kinds=("assessment_made",), parts=CATEGORIES,
    ),
    Figure(
        "referrals", G.ENTRANCE, _("Referrals"),
        _("Referrals by the advisory doctor to a coordinator, made in the quarter; those withdrawn later too."),
        kinds=("referral_made",), tells=("routes", "A"),
    ),
    Figure(
        "routes", G.ENTRANCE, _("Routes"),
        _(
            "What opened in the quarter by each route: referrals (A), requests of the insured (B) and registrations "
            "reported by a regional service (C)."
        ),
        kinds=("referral_made",), parts=ROUTES,
    ),
    Figure(
        "trajects", G.TRAJECT, _("Trajects started"),
        _("Return-to-work trajects started in the quarter, by the route that led to them."), parts=ROUTES,
    ),
    Figure(
        "permissions", G.TRAJECT, _("Permissions"),
        _("Answers of the advisory doctor in the quarter to a request for permission (route B)."),
        kinds=("permission_granted", "permission_refused"), parts=PERMISSIONS,
    ),
    Figure(
        "declarations", G.TRAJECT, _("Declarations"),
        _("Engagement declarations drawn up in the quarter, by what has become of them."), parts=DECLARATIONS,
    ),
    Figure(
        "plans", G.TRAJECT, _("Plans"),
        _("Reintegration plans agreed in the quarter: the first of a formal part, and new versions."), parts=PLANS,
    ),
    Figure(
        "results", G.TRAJECT, _("Results"), _("Trajects that ended in the quarter, by their result."), parts=RESULTS,
    ),
    Figure(
        "first_contacts", G.DEADLINES, _("First contacts"),
        _("First contacts due in the quarter, after a referral or a request: held in time, held late, or not held."),
        rules=("T7", "T8"), parts=IN_TIME,
    ),
    Figure(
        "reviews", G.DEADLINES, _("Reviews of the plan"),
        _("Three-monthly reviews of a plan due in the quarter: done in time, done late, or not done."),
        rules=("T12",), parts=IN_TIME,
    ),
    Figure(
        "questionnaires_in_time", G.DEADLINES, _("Sending of the questionnaire"),
        _("Questionnaires to be sent by a day in the quarter, after ten weeks: sent in time, sent late, or not sent."),
        rules=("T1",), parts=IN_TIME,
    ),
    Figure(
        "assessments_in_time", G.DEADLINES, _("First assessments"),
        _("First assessments due in the quarter, in month 4: made in time, made late, or not made."),
        rules=("T4",), parts=IN_TIME,
    ),
    Figure(
        "answers_in_time", G.DEADLINES, _("Answers on permission"),
        _("Answers on a permission due in the quarter: given in time, given late, or not given."),
        rules=("T9",), parts=IN_TIME,
    ),
    Figure(
        "plan_interviews", G.DEADLINES, _("Interviews for the plan"),
        _("Interviews to draw up the plan due in the quarter: held in time, held late, or not held."),
        rules=("T11",), parts=IN_TIME,
    ),
    *(
        Figure(
            f"time_to_{step}", G.TIME, name,
            _(
                "Days from the first day of the incapacity to this step, where it was first taken in the quarter: half of "
                "them took no longer than the median, nine in ten no longer than the second number. Excluded incapacities "
                "are left out."
            ),
            kinds=kinds, in_days=True, tells={"referral": ("routes", "A"), "plan": ("plans", "first")}.get(step),
        )
        for step, name, kinds in (
            ("questionnaire", _("Questionnaire sent"), ("questionnaire_sent",)),
            ("answer", _("Questionnaire back, complete"), ("questionnaire_received",)),
            ("assessment", _("First assessment"), ("assessment_made",)),
            ("referral", _("Referral"), ("referral_made",)),
            ("first_contact", _("First contact held"), ("first_contact_held",)),
            ("traject", _("Traject started"), ()),
            ("declaration", _("Declaration signed by all"), ("declaration_completed",)),
            ("plan", _("Plan agreed"), ("plan_agreed",)),
        )
    ),
)  # fmt: skip

FIGURES: dict[str, Figure] = {one.code: one for one in _ALL}
FUNDING = tuple(one for one in _ALL if one.funding)


@dataclass(frozen=True, slots=True)
class ToClients:
    """What API clients are told of a figure: some of its parts together, under a name of their own."""

    figure: Figure
    parts: tuple[str, ...]
    definition: Word


_F = FIGURES
TO_CLIENTS: dict[str, ToClients] = {
    **{
        code: ToClients(_F[code], ("",), _F[code].definition)
        for code in ("complete_questionnaires", "positive_declarations", "inflow")
    },
    "first_contacts_in_time": ToClients(
        _F["first_contacts"], ("in_time",),
        _("First contacts due in the quarter, after a referral or a request, that were held in time."),
    ),
    "first_contacts_late": ToClients(
        _F["first_contacts"], ("late", "never"),
        _("First contacts due in the quarter, after a referral or a request, that were held late, or not held yet."),
    ),
}  # fmt: skip
