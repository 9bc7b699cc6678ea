"""What now: the one next step of whoever looks, what others have to do, what else is possible, and what is missing.

Each app tells its own steps; here they meet the deadlines, which say by when, and the words of the acts.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import routing.questionnaires.steps
import routing.steps
import trajects.steps
from dossiers.explanations.table import OWNERS
from dossiers.law.calendar import add_months
from dossiers.law.rules import RULES
from dossiers.models import Dossier
from dossiers.policies import is_open, recognized_on
from dossiers.steps import Step
from routing.models import RouteAState
from routing.models.route_a import BEFORE_ASSESSMENT
from tnw.accounts.models import Actor, Role
from tnw.core import clock
from tnw.web.acts.act import Occasion
from tnw.web.acts.registry import ACTS
from tnw.web.dossier import Line
from trajects.models import Appointment
from trajects.models.appointment import AppointmentState, Purpose
from trajects.policies import running_traject

STEPS: tuple[Callable[[Dossier, Actor, date], list[Step]], ...] = (
    routing.questionnaires.steps.steps,
    routing.steps.steps,
    trajects.steps.steps,
)
# Steps with a page of their own: the name of its address, and its words.
PAGES: dict[str, tuple[str, str | Promise]] = {
    "assess": ("assess", gettext_lazy("Assess the remaining capacities")),
    "enter-answers": (
        "dossier_questionnaire_answers",
        gettext_lazy("Enter the answers of the questionnaire"),
    ),
}
# What is looked at again is no work of today until its day comes near; the same for what the system sends by itself.
DAYS_AHEAD = {"T1": 7, "T5": 14, "T6": 14, "T14": 14}
# What the questionnaire asks is work while its deadline waits; the rest of a route is so without one too.
ONLY_BY_DATE = {"T1", "T3"}
# What concerns the questionnaire stands on its tab, once neither its deadlines nor the assessment wait for it.
OF_QUESTIONNAIRE = ("send-questionnaire", "enter-answers", "waive-questionnaire", "offer-support")
ASKED = {"T1", "T2", "T3", "T4"}
# What happens to an appointment stands beside it, on the contacts tab.
BESIDE_IT = ("move", "cancel", "excuse", "absence")
# What looks ahead on a page of its own: after the end of the incapacity there is nothing to do of it.
AHEAD = ("assess",)
# So near that whoever has to act hears of it, also where no page here records it.
NEAR = ("overdue", "today", "soon")
WHOSE = {rule.id: rule.whose for rule in RULES}
WAITS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Doing:
    """A step in words: where it is done, by whom, by when and why, and why not."""

    title: str
    url: str
    whose: str
    line: Line | None = None
    reason: str = ""


@dataclass(slots=True)
class WhatNow:
    """`next` is the one button; `mine` is what is to be done after it; `shut` cannot be done now, and says why.

    `due` are the deadlines of whoever looks that are to be met although no act here does it.
    """

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
    """What now, of a dossier with these deadlines that wait. It reads the dossier's appointments and trajects."""
    prefetch_related_objects([dossier], "appointments", "trajects")
    now = WhatNow()
    if not (may := is_open(dossier, today)):
        now.halted = str(may.reason)
    if dossier.incapacity.excluded or dossier.out_of_order:
        return now
    occasion = Occasion(dossier, actor, today)
    pressing: list[tuple[bool, date, Doing]] = []
    served: set[int] = set()
    asked = any(line.row.rule in ASKED for line in lines)
    for step in _steps(occasion):
        if step.act in OF_QUESTIONNAIRE and not asked:
            continue
        serves = [line for line in lines if line.row.rule in step.rules]
        in_view = [line for line in serves if _in_view(line, today)]
        dateless = step.main and not serves and not ONLY_BY_DATE.intersection(step.rules)
        is_now = not now.halted and bool(in_view or dateless)
        one = _doing(step, actor, dossier, today, in_view[0] if in_view else None)
        if is_now and (step.verdict or not _theirs(actor, step)):
            served.update(id(line) for line in serves)
        if is_now and step.verdict:
            pressing.append((not step.main, one.line.act_by if one.line else date.max, one))
        elif is_now and not _theirs(actor, step):
            now.others.append(one)
        elif step.verdict:
            now.possible.append(one)
        elif _theirs(actor, step) and not now.halted:
            now.shut.append(one)
    # What carries the dossier on comes first, then what is only due; each the most urgent first.
    pressing.sort(key=lambda entry: entry[:2])
    if pressing:
        now.next, *now.mine = (one for _main, _day, one in pressing)
    if not now.halted:
        now.missing = list(_missing(dossier, lines, today))
        unserved = [line for line in lines if id(line) not in served]
        now.due = [line for line in unserved if _is_due(actor, line, today)]
        now.waits = list(_waits(dossier, [line for line in unserved if line not in now.due], today))
    return now


def of_appointments(actor: Actor, dossier: Dossier, today: date) -> dict[str, list[Doing]]:
    """What can be done with each appointment, by its subject: for the page where they stand."""
    found: dict[str, list[Doing]] = {}
    appointments = {one.subject for one in dossier.appointments.all()}
    for step in _all_steps(Occasion(dossier, actor, today)):
        if step.subject in appointments and step.verdict:
            one = _doing(step, actor, dossier, today, None, back="dossier_contacts")
            found.setdefault(step.subject, []).append(one)
    return found


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
    return bool(theirs) and line.shown in NEAR and _in_view(line, today)


def _theirs(actor: Actor, step: Step) -> bool:
    """Whether a step is of one of the actor's roles, whatever its state says."""
    return bool(actor.user and actor.user.has_role(step.whose))


def _in_view(line: Line, today: date) -> bool:
    """Whether a deadline that waits is work of today."""
    row = line.row
    if line.state == "paused" or (row.surfaces_on and row.surfaces_on > today):
        return False
    if row.rule == "T17":  # not before its month has begun
        return add_months(row.anchor_on, row.occurrence - 1) <= today
    ahead = DAYS_AHEAD.get(row.rule)
    return ahead is None or line.act_by <= today + timedelta(ahead)


def _doing(
    step: Step, actor: Actor, dossier: Dossier, today: date, line: Line | None, back: str = ""
) -> Doing:
    if step.act in ACTS:
        act = ACTS[step.act]
        url = reverse("act", args=[dossier.public_id, step.act])
        query = {"subject": step.subject} if step.subject else {}
        query |= {"next": reverse(back, args=[dossier.public_id])} if back else {}
        title = str(act.title(Occasion(dossier, actor, today, step.subject)))
        url += "?" + urlencode(query) if query else ""
    else:
        name, words = PAGES[step.act]
        url, title = reverse(name, args=[dossier.public_id]), str(words)
    whose = str(OWNERS.get(step.whose) or Role(step.whose).label)
    return Doing(title, url, whose, line, "" if step.verdict else str(step.verdict.reason))


def _planned(dossier: Dossier) -> list[Appointment]:
    planned = [one for one in dossier.appointments.all() if one.state == AppointmentState.PLANNED]
    return sorted(planned, key=lambda one: one.at)


def _missing(dossier: Dossier, lines: Sequence[Line], today: date) -> Iterator[str]:
    """What a dossier in this state should have and has not."""
    if dossier.coordinator is None:
        yield _("No coordinator.")
    route = getattr(dossier, "route_a", None)
    state = route.state if route else ""
    planned = _planned(dossier)
    assessing = any(line.row.rule == "T4" and _in_view(line, today) for line in lines)
    if assessing and state in BEFORE_ASSESSMENT and state not in (RouteAState.RECEIVED, RouteAState.WAIVED):
        yield _("No complete questionnaire: the assessment does not have to wait for it.")
    if state == RouteAState.REFERRED:
        first = [one for one in planned if one.purpose == Purpose.FIRST_CONTACT]
        if not first:
            yield _("No appointment for the first contact.")
        for line in lines:
            if first and line.row.rule == "T7" and first[0].on > line.falls_on:
                told = {"day": _day(first[0].on), "legal": _day(line.falls_on)}
                yield _("The first contact is planned on %(day)s, after its legal date %(legal)s.") % told
    if running_traject(dossier) and not planned:
        yield _("No appointment for a follow-up interview.")
    for one in planned:
        # Of a first contact that nothing waits for any more no step tells: it was held otherwise, or came to nothing.
        if one.on < today and one.purpose == Purpose.FIRST_CONTACT and state != RouteAState.REFERRED:
            told = {"what": one.get_purpose_display(), "day": _day(one.on)}
            yield _("The outcome of the appointment of %(day)s (%(what)s): see Contacts.") % told


def _waits(dossier: Dossier, lines: Sequence[Line], today: date) -> Iterator[str]:
    """What happens next without anybody acting today: appointments ahead, and deadlines that are not work of today."""
    for one in _planned(dossier):
        if one.on > today:
            at = formats.date_format(one.at.astimezone(clock.BRUSSELS), "d/m/Y H:i")
            yield _("%(what)s, planned on %(at)s") % {"what": one.get_purpose_display(), "at": at}
    for line in lines[:WAITS_SHOWN]:
        told = {"what": line.words.title, "whose": line.whose, "day": _day(line.act_by)}
        yield _("%(what)s (%(whose)s), by %(day)s") % told


def _day(day: date) -> str:
    return formats.date_format(day, "d/m/Y")
