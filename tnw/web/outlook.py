"""What a dossier waits for: which deadlines are work of today, what is missing, what comes without anybody acting today."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from dossiers.law.calendar import add_months
from dossiers.law.rules import RULES
from dossiers.models import Dossier
from routing.assessments import REFER
from routing.models import RouteAState
from routing.models.route_a import BEFORE_ASSESSMENT
from routing.policies.first_contact import waits_in_b
from tnw.core import clock
from tnw.web import presumption, words
from tnw.web.cards import employer, partner, route_b, route_c, training
from tnw.web.dossier import Line
from trajects.models import Appointment
from trajects.models.appointment import Purpose
from trajects.policies.contacts import running_traject
from trajects.reading import planned

# What is looked at again is no work of today until its day comes near; the same for what the system sends by itself.
DAYS_AHEAD = {"T1": 7, "T5": 14, "T6": 14, "T14": 14}
# A date of the law by which nobody acts: it comes by itself.
INFORMS = {rule.id for rule in RULES if rule.informs_only}
WAITS_SHOWN = 3


def in_view(line: Line, today: date) -> bool:
    """Whether a deadline that waits is work of today."""
    row = line.row
    if line.state == "paused" or line.falls_away or (row.surfaces_on and row.surfaces_on > today):
        return False
    if row.rule == "T17":  # not before its month has begun
        return add_months(row.anchor_on, row.occurrence - 1) <= today
    ahead = DAYS_AHEAD.get(row.rule)
    return ahead is None or line.act_by <= today + timedelta(ahead)


def held_up(dossier: Dossier, line: Line) -> bool:
    """Whether nobody can meet it now: a referral waits until the traject ends that runs."""
    return line.row.rule == REFER and running_traject(dossier) is not None


def missing(dossier: Dossier, lines: Sequence[Line], today: date) -> Iterator[str]:
    """What a dossier in this state should have and has not."""
    if dossier.coordinator is None:
        yield _("No coordinator.")
    route = getattr(dossier, "route_a", None)
    state = route.state if route else ""
    ahead = planned(dossier)
    assessing = any(line.row.rule == "T4" and in_view(line, today) for line in lines)
    if assessing and state in BEFORE_ASSESSMENT and state not in (RouteAState.RECEIVED, RouteAState.WAIVED):
        yield _("No complete questionnaire: the assessment does not have to wait for it.")
    awaited = state == RouteAState.REFERRED or waits_in_b(dossier)
    if awaited:
        first = [one for one in ahead if one.purpose == Purpose.FIRST_CONTACT]
        if not first:
            yield _("No appointment for the first contact.")
        # One of the past without an outcome is told of elsewhere.
        coming = [one.on for one in first if one.on >= today]
        for line in lines:
            if coming and line.row.rule in ("T7", "T8") and coming[0] > line.falls_on:
                told = {"day": written(coming[0]), "legal": written(line.falls_on)}
                yield _("The first contact is planned on %(day)s, after its legal date %(legal)s.") % told
                break
    if running_traject(dossier) and not ahead:
        for_plan = any(line.row.rule == "T11" and line.waits for line in lines)
        if for_plan:
            yield _("No appointment for the interview for the plan.")
        else:
            yield _("No appointment for a follow-up interview.")
    yield from training.missing(dossier, today)
    yield from presumption.missing(dossier, [line.row for line in lines], today)
    yield from route_b.missing(dossier)
    yield from route_c.missing(dossier, today)
    for one in ahead:
        # Of a first contact that nothing waits for any more no step tells: it was held otherwise, or came to nothing.
        if one.on < today and one.purpose == Purpose.FIRST_CONTACT and not awaited:
            told = {"what": one.get_purpose_display(), "day": written(one.on)}
            yield _("The outcome of the appointment of %(day)s (%(what)s): see Contacts.") % told


def waits(dossier: Dossier, lines: Sequence[Line], today: date) -> Iterator[str]:
    """What happens next without anybody acting today: appointments ahead, and deadlines that are not work of today."""
    for one in planned(dossier):
        if one.on > today:
            at = formats.date_format(local(one), "d/m/Y H:i")
            yield _("%(what)s, planned on %(at)s") % {"what": one.get_purpose_display(), "at": at}
    yield from route_b.waits(dossier)
    yield from route_c.waits(dossier, today)
    yield from employer.waits(dossier)
    yield from partner.waits(dossier)
    yield from training.waits(dossier, today)
    for line in lines[:WAITS_SHOWN]:
        yield _held_up(line) if held_up(dossier, line) else _awaited(line, today)


def _held_up(line: Line) -> str:
    told = {"what": line.words.title, "whose": line.whose}
    return _("%(what)s (%(whose)s): it waits until the traject ends") % told


def _awaited(line: Line, today: date) -> str:
    """A deadline that is waited for: by when, on which day it comes by itself, or that it stands still (T18)."""
    told = {
        "what": line.words.title,
        "whose": line.whose,
        "day": written(line.act_by),
        "legal": written(line.falls_on),
    }
    if line.state == "paused":
        told["since"] = written(max(pause.since for pause in line.row.pauses if pause.since <= today))
        return _("%(what)s (%(whose)s): stands still since %(since)s, its day moves on") % told
    if line.falls_away:
        return words.labelled(f"{line.words.title} ({line.whose})", line.words.closing)
    if line.row.rule in INFORMS:
        return _("%(what)s on %(legal)s") % told
    if line.act_by == line.falls_on:
        return _("%(what)s (%(whose)s), by %(day)s") % told
    return _("%(what)s (%(whose)s), to act by %(day)s (legal date %(legal)s)") % told


def written(day: date) -> str:
    return formats.date_format(day, "d/m/Y")


def local(one: Appointment) -> datetime:
    return one.at.astimezone(clock.BRUSSELS)
