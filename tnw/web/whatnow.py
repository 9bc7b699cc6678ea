"""What now: the one next step of whoever looks, what others have to do, what else is possible, and what is missing.

Each app tells its own steps; here they meet the deadlines, which say by when, and the words of the acts.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import routing.questionnaires.steps
import routing.steps
import trajects.steps
from dossiers import machines
from dossiers.explanations.table import OWNERS
from dossiers.law.rules import RULES
from dossiers.models import Dossier
from dossiers.policies import is_open, recognized_on
from dossiers.steps import Step
from routing.models import RouteA, RouteAState, RouteB
from routing.policies.first_contact import waits_in_b
from tnw.accounts.models import Actor, Role
from tnw.web import outlook, tidings
from tnw.web.acts.act import Occasion
from tnw.web.acts.registry import ACTS
from tnw.web.cards.card import Doing
from tnw.web.dossier import Line
from tnw.web.sentence import urgency
from tnw.web.worklist.reading import MET_BY
from trajects.heard import untold as heard_otherwise
from trajects.models import EmployerTraject, ReintegrationPlan, ReintegrationTraject, Traject
from trajects.models.appointment import Purpose
from trajects.reading import planned

STEPS: tuple[Callable[[Dossier, Actor, date], list[Step]], ...] = (
    routing.questionnaires.steps.steps,
    routing.steps.steps,
    trajects.steps.steps,
)
# Steps with a page of their own: the name of its address, and its words.
PAGES: dict[str, tuple[str, str | Promise]] = {
    "edit-plan": ("dossier_plan", gettext_lazy("Write the reintegration plan")),
    "assess": ("assess", gettext_lazy("Assess the remaining capacities")),
    "enter-answers": (
        "dossier_questionnaire_answers",
        gettext_lazy("Enter the answers of the questionnaire"),
    ),
    "record-signature": ("dossier_declaration", gettext_lazy("Let the insured person sign the declaration")),
    "sign-as-coordinator": ("dossier_declaration", gettext_lazy("Sign the declaration as coordinator")),
    "sign-as-doctor": ("dossier_declaration", gettext_lazy("Sign the declaration as advisory doctor")),
}
# Of these there can be several in a dossier: the address of their page names which.
PAGES_OF_ONE = {"dossier_declaration"}
# Where on its page a step is taken.
PLACES_ON_PAGE = {"record-signature": "#sign-insured"}
# What the questionnaire asks is work while its deadline waits; the rest of a route is so without one too.
ONLY_BY_DATE = {"T1", "T3"}
# What concerns the questionnaire stands on its tab, once neither its deadlines nor the assessment wait for it.
OF_QUESTIONNAIRE = ("send-questionnaire", "enter-answers", "waive-questionnaire", "offer-support")
ASKED = {"T1", "T2", "T3", "T4"}
# What happens to an appointment stands beside it, on the contacts tab.
BESIDE_IT = ("move", "cancel", "excuse", "absence")
# What looks ahead on a page of its own: after the end of the incapacity there is nothing to do of it.
AHEAD = ("assess", "edit-plan")
CLOSES = "close-route"
# What is left to do once the incapacity has ended.
AFTERWARDS = ("end-traject",)
# So near that whoever has to act hears of it, also where no page here records it.
NEAR = ("overdue", "today", "soon")
WHOSE = {rule.id: rule.whose for rule in RULES}
INSURED = "insured"
# What stands on its card and on the overview too: the route that every dossier goes, contacts, the formal part.
ON_BOTH = (
    "assess", "refer", "withdraw-referral", "first-contact", "first-contact-b", "close-route", "ask-permission", "plan",
    "first-step", "start-reintegration",
)  # fmt: skip
# Of these there is one card, whichever appointment a step of theirs is about.
ONE_CARD = {
    model.NAME
    for model in (RouteA, RouteB, Traject, ReintegrationTraject, ReintegrationPlan, EmployerTraject)
}
# What follows from a step, where its name does not tell.
LEADS_TO: dict[str, str | Promise] = {
    "start-reintegration": gettext_lazy(
        "Then the engagement declaration is drawn up, and all three sign it."
    ),
}
# What can be done about what the insured person has to do.
HELPS = {"T2": ("enter-answers", "offer-support")}


@dataclass(slots=True)
class WhatNow:
    """`sentence` and `next`, the one button; `mine` is to be done after it; `shut` cannot be done now, and says why.

    `due` are the deadlines of whoever looks that are to be met although no act here does it.
    """

    sentence: str = ""
    next: Doing | None = None
    mine: list[Doing] = field(default_factory=list)
    due: list[Line] = field(default_factory=list)
    others: list[Doing] = field(default_factory=list)
    possible: list[Doing] = field(default_factory=list)
    shut: list[Doing] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)
    halted: str = ""


def what_now(actor: Actor, dossier: Dossier, lines: Sequence[Line], today: date) -> WhatNow:
    """What now, of a dossier with these deadlines that wait. It reads the dossier's machines."""
    machines.load(dossier)
    now = WhatNow()
    if not (may := is_open(dossier, today)):
        now.halted = str(may.reason)
    if dossier.incapacity.excluded or dossier.out_of_order:
        return now
    occasion = Occasion(dossier, actor, today)
    pressing: list[tuple[bool, date, Doing]] = []
    served: set[int] = set()
    told: set[int] = set()  # of which it is said already when they are planned
    asked = any(line.row.rule in ASKED for line in lines) or waits_in_b(dossier)
    steps = _steps(occasion)
    for step in steps:
        if step.act in OF_QUESTIONNAIRE and not asked:
            continue
        serves = [line for line in lines if line.row.rule in step.rules]
        in_view = [line for line in serves if outlook.in_view(line, today)]
        dateless = step.main and not serves and not ONLY_BY_DATE.intersection(step.rules)
        is_now = bool(in_view or dateless) if not now.halted else step.act in AFTERWARDS
        one = _doing(step, actor, dossier, today, in_view[0] if in_view else None)
        if is_now and (step.verdict or not _theirs(actor, step)):
            served.update(id(line) for line in serves)
        if is_now and step.verdict:
            pressing.append((not step.main, one.line.act_by if one.line else date.max, one))
        elif is_now and not _theirs(actor, step):
            now.others.append(one)
        elif step.of and step.act not in ON_BOTH:  # on its card of the traject tab
            continue
        elif step.verdict:
            now.possible.append(one)
        elif _theirs(actor, step) and not now.halted:
            now.shut.append(one)
    if not now.halted:
        for line in (line for line in lines if id(line) not in served and outlook.in_view(line, today)):
            if WHOSE[line.row.rule] == INSURED:
                now.others.append(_of_insured(line, steps, occasion))
                served.add(id(line))
            elif _is_due(actor, line, today) and (ahead := _appointment(dossier, line, today)):
                if all(ahead.url != one.url for _main, _day, one in pressing):  # of one, two dates can wait
                    pressing.append((True, line.act_by, ahead))
                served.add(id(line))
                told.add(id(line))
    pressing += ((False, today, one) for one in _to_tell(actor, dossier, today))
    # What ends a route is not what one looks for first.
    now.possible.sort(key=lambda one: f"/{CLOSES}" in one.url)
    # What carries the dossier on comes first, then what is only due; each the most urgent first.
    pressing.sort(key=lambda entry: entry[:2])
    if pressing:
        now.next, *now.mine = _told_apart(dossier, [one for _main, _day, one in pressing])
    now.others = _told_apart(dossier, now.others)
    if not now.halted:
        untold = [line for line in lines if id(line) not in told]
        now.missing = list(outlook.missing(dossier, untold, today))
        unserved = [line for line in lines if id(line) not in served]
        now.due = [
            line for line in unserved if _is_due(actor, line, today) and not outlook.held_up(dossier, line)
        ]
        now.waits = list(outlook.waits(dossier, [line for line in unserved if line not in now.due], today))
    now.sentence = _sentence(now, today)
    return now


def _sentence(now: WhatNow, today: date) -> str:
    """Of the next step, or of what is due without one; of a step without a date that it is whose turn it is."""
    pressing = now.next.line if now.next else next(iter(now.due), None)
    if pressing:
        return urgency(pressing, today)
    if now.next:
        return _("It is your turn; no date presses.")
    return "" if now.halted else _("Nothing has to be done by you now.")


def of_appointments(actor: Actor, dossier: Dossier, today: date) -> dict[str, list[Doing]]:
    """What can be done with each appointment, by its subject: for the page where they stand."""
    found: dict[str, list[Doing]] = {}
    appointments = {one.subject for one in dossier.appointments.all()}
    for step in _all_steps(Occasion(dossier, actor, today)):
        if step.subject in appointments and step.verdict:
            one = _doing(step, actor, dossier, today, None, back="dossier_contacts")
            found.setdefault(step.subject, []).append(one)
    return found


def of_cards(actor: Actor, dossier: Dossier, today: date) -> dict[tuple[str, str], list[Doing]]:
    """What can be done with everything inside a dossier, by machine and subject: for the traject tab."""
    found: dict[tuple[str, str], list[Doing]] = {}
    for step in _all_steps(Occasion(dossier, actor, today)):
        if step.of and step.verdict:
            one = _doing(step, actor, dossier, today, None, back="dossier_traject")
            found.setdefault((step.of, "" if step.of in ONE_CARD else step.subject), []).append(one)
    # What carries it on stands first.
    return {of: sorted(steps, key=lambda one: not one.main) for of, steps in found.items()}


def beside_appointments(actor: Actor, dossier: Dossier, today: date) -> list[Doing]:
    """The contacts that can be planned or recorded without an appointment."""
    acts = ("plan", "hold-contact", "first-contact", "medical-contact")
    appointments = {one.subject for one in dossier.appointments.all()}
    return [
        _doing(step, actor, dossier, today, None, back="dossier_contacts")
        for step in _all_steps(Occasion(dossier, actor, today))
        if step.act in acts and step.verdict and step.subject not in appointments
    ]


def _all_steps(occasion: Occasion) -> Iterator[Step]:
    """The steps of all apps, of the last recognized day; what looks ahead is none where that day is past."""
    runs = recognized_on(occasion.dossier.incapacity, occasion.today)
    for of_app in STEPS:
        for step in of_app(occasion.dossier, occasion.actor, occasion.on):
            ahead = ACTS[step.act].looks_ahead if step.act in ACTS else step.act in AHEAD
            yield step._replace(verdict=step.verdict and runs) if ahead else step


def _steps(occasion: Occasion) -> list[Step]:
    """The steps that belong on the overview; an act that is named with its appointment is not named without it too."""
    steps = [step for step in _all_steps(occasion) if step.act not in BESIDE_IT]
    named = {step.act for step in steps if step.main and step.act != "plan" and step.subject}
    return [
        step
        for step in steps
        if (step.act not in named or step.main) and (step.main or step.act == "plan" or not step.subject)
    ]


def _is_due(actor: Actor, line: Line, today: date) -> bool:
    """Whether a deadline is the actor's own, and presses."""
    theirs = actor.user and WHOSE[line.row.rule] in actor.user.roles
    mine = bool(theirs) and line.row.rule not in outlook.INFORMS
    return mine and line.shown in NEAR and outlook.in_view(line, today)


def _of_insured(line: Line, steps: Sequence[Step], occasion: Occasion) -> Doing:
    """What the insured person has to do, and what whoever looks can do about it."""
    may = {step.act: step for step in steps if step.verdict}
    helps = next((may[act] for act in HELPS.get(line.row.rule, ()) if act in may), None)
    return Doing(
        line.words.title,
        "",
        line.whose,
        line,
        helps=_doing(helps, occasion.actor, occasion.dossier, occasion.today, None) if helps else None,
    )


def _appointment(dossier: Dossier, line: Line, today: date) -> Doing | None:
    """The appointment ahead by which a deadline will be met, where one is planned."""
    purpose = MET_BY.get(line.row.rule)
    ahead = [one for one in planned(dossier) if one.purpose == purpose and one.on > today]
    if not ahead:
        return None
    told = {"day": outlook.written(ahead[0].on), "legal": outlook.written(line.falls_on)}
    late = ahead[0].on > line.falls_on
    return Doing(
        _("See the appointment of %(day)s") % told,
        reverse("dossier_contacts", args=[dossier.public_id]) + "#planned",
        line.whose,
        line,
        leads_to=(
            _("It is planned on %(day)s, after its legal date %(legal)s.")
            if late
            else _("It is planned on %(day)s.")
        )
        % told,
    )


def _to_tell(actor: Actor, dossier: Dossier, today: date) -> Iterator[Doing]:
    """The letters about appointments that the insured knows otherwise than they stand, for who writes them."""
    of_doctor = Purpose.MEDICAL_EXAMINATION
    whose = {of_doctor: Role.ADVISORY_DOCTOR}
    mine = [
        one
        for one in dossier.appointments.all()
        if actor.user and actor.user.has_role(whose.get(Purpose(one.purpose), Role.COORDINATOR))
    ]
    for subject, one in (heard_otherwise(actor, dossier, mine) if mine else {}).items():
        if where := tidings.address(actor, dossier, one, today):
            role = whose.get(Purpose(one.appointment.purpose), Role.COORDINATOR)
            about = f"{one.appointment.get_purpose_display()}, {outlook.written(one.appointment.on)}"
            yield Doing(
                f"{tidings.title(one)} ({about})",
                where,
                str(role.label),
                subject=subject,
                leads_to=tidings.of(one),
            )


def _theirs(actor: Actor, step: Step) -> bool:
    """Whether a step is of one of the actor's roles, whatever its state says."""
    return bool(actor.user and actor.user.has_role(step.whose))


def _doing(
    step: Step, actor: Actor, dossier: Dossier, today: date, line: Line | None, back: str = ""
) -> Doing:
    if step.act in ACTS:
        act = ACTS[step.act]
        url = reverse("act", args=[dossier.public_id, step.act])
        query = {"subject": step.subject} if step.subject else {}
        query |= {"next": reverse(back, args=[dossier.public_id])} if back else {}
        title = str(act.title(Occasion(dossier, actor, today, step.subject)))
        if step.act == "hold-contact" and not step.subject and _awaits_first(dossier):
            title = _("Record another contact than the first")
        url += "?" + urlencode(query) if query else ""
    else:
        name, told = PAGES[step.act]
        which = [step.subject] if name in PAGES_OF_ONE else []
        url, title = reverse(name, args=[dossier.public_id, *which]), str(told)
        url += PLACES_ON_PAGE.get(step.act, "")
    whose = str(OWNERS.get(step.whose) or Role(step.whose).label)
    reason = "" if step.verdict else str(step.verdict.reason)
    leads_to = LEADS_TO.get(step.act, "")
    # Of an appointment of the past nobody said what came of it; on the contacts tab the step stands beside it.
    untold = [one for one in dossier.appointments.all() if one.subject == step.subject and one.on < today]
    if untold and not back and step.act == "hold-contact":
        title = _("Record the contact of %(day)s") % {"day": outlook.written(untold[0].on)}
    elif untold and not back:
        leads_to = _("What came of the appointment of %(day)s is not recorded.") % {
            "day": outlook.written(untold[0].on)
        }
    return Doing(title, url, whose, line, reason, step.subject, step.main, leads_to)


def _awaits_first(dossier: Dossier) -> bool:
    """Whether the first contact, which is recorded in its own act, is still to come."""
    route = getattr(dossier, "route_a", None)
    return bool(route and route.state == RouteAState.REFERRED) or waits_in_b(dossier)


def _told_apart(dossier: Dossier, steps: Sequence[Doing]) -> list[Doing]:
    """The same act for several appointments: each with what it was and its day."""
    named = Counter(one.title for one in steps)
    about = {
        one.subject: f"{one.get_purpose_display()}, {formats.date_format(outlook.local(one), 'd/m/Y H:i')}"
        for one in dossier.appointments.all()
    }
    return [
        replace(one, title=f"{one.title} ({about[one.subject]})")
        if named[one.title] > 1 and one.subject in about
        else one
        for one in steps
    ]
