"""The formal part: under which condition, how far it has come, when it was suspended and why."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from dossiers.law.pauses import Interval, suspensions
from tnw.web.cards.card import GOOD, OPEN, PAUSED, Card, Case, day, told
from tnw.web.cards.traject import texts_between
from tnw.web.words import Word
from trajects.fact_words import CODES
from trajects.models import ReintegrationTraject
from trajects.models.reintegration import ReintegrationState

TEXTS = (
    "reintegration_started",
    "traject_suspended",
    "traject_resumed",
    "plan_evaluated",
    "reintegration_ended",
)


def cards(case: Case) -> Iterator[Card]:
    parts = sorted(case.dossier.reintegrations.all(), key=lambda one: one.number)
    for one in parts:
        title = _("Reintegration traject")
        yield Card(
            of=ReintegrationTraject.NAME,
            title=f"{title} {one.number}" if len(parts) > 1 else title,
            state=one.get_state_display(),
            tone=_tone(one),
            lines=[*_lines(one, case), *_suspended(one, case)],
            texts=texts_between(case, TEXTS, one.started_on, one.ended_on),
        )


def _tone(one: ReintegrationTraject) -> str:
    if one.state == ReintegrationState.ENDED:
        return GOOD
    return PAUSED if one.state == ReintegrationState.SUSPENDED else OPEN


def _lines(one: ReintegrationTraject, case: Case) -> list[tuple[Word, Word]]:
    suspended = one.state == ReintegrationState.SUSPENDED
    return told(
        (_("Condition"), one.get_condition_display()),
        (_("Goes on with"), ReintegrationState(one.resumes_to).label if suspended else ""),
        (_("Started on"), one.started_on),
        (_("Interview for the plan held on"), one.met_on),
        (_("Version of the plan"), str(one.plan_version or "")),
        (_("Last reviewed on"), one.reviewed_on),
        (_("Ended on"), one.ended_on),
        (_("Why it ended"), _("with the return-to-work traject") if _with_traject(one, case) else ""),
        (_("Result"), CODES["result"].get(one.result, "")),
    )


def _with_traject(one: ReintegrationTraject, case: Case) -> bool:
    """Whether it fell away with the traject, and was not ended by itself."""
    ended = {fact.on for fact in case.facts if fact.kind == "reintegration_ended"}
    return one.ended_on is not None and one.ended_on not in ended


def _suspended(one: ReintegrationTraject, case: Case) -> Iterator[tuple[Word, Word]]:
    for band in suspensions(case.facts, _last_day(case)):
        if band.since >= one.started_on and (one.ended_on is None or band.since <= one.ended_on):
            yield _("Suspended"), _band(band)


def _last_day(case: Case) -> date:
    return case.dossier.incapacity.end or date.max


def _band(band: Interval) -> str:
    said = {"since": day(band.since), "why": str(CODES["reason"].get(band.reason, ""))}
    if band.until is None:
        return _("since %(since)s: %(why)s") % said
    return _("from %(since)s to %(until)s: %(why)s") % {**said, "until": day(band.until)}
