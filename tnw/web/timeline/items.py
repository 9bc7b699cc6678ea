"""What a timeline shows: the facts that count, appointments ahead, deadlines, and what lasts; each with its reason."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.explanations import phrases
from dossiers.law.calendar import ONE_DAY, add_months
from dossiers.law.facts import Fact, corrected, in_order
from dossiers.law.kinds import CORRECTIONS
from dossiers.law.pauses import suspensions
from dossiers.models import Dossier, Incapacity
from dossiers.phases import anniversary
from tnw.core import clock
from tnw.web import words
from tnw.web.dossier import Line
from trajects.fact_words import NAMES
from trajects.models import Appointment
from trajects.presumption import TRAINING, bands
from trajects.reading import planned

FACT, PLANNED, DEADLINE, YEAR, TODAY = "fact", "planned", "deadline", "year", "today"
SUSPENSION, PRESUMPTION, TRAINED = "suspension", "presumption", "training"
MILESTONE, FALLEN = "milestone", "fallen_away"
LASTING = (SUSPENSION, PRESUMPTION, TRAINED)
# Titles that have no room beside a date, by rule.
SHORT: dict[str, words.Word] = {"T13": gettext_lazy("End of the presumption")}
# What turns a dossier: these keep their words where there is room for few.
MILESTONES = frozenset({
    "incapacity_recognized", "invalidity_recognized", "incapacity_excluded", "incapacity_ended", "assessment_made",
    "referral_made", "contact_requested", "registration_reported", "first_contact_held", "permission_granted",
    "permission_refused", "traject_started", "reintegration_started", "declaration_completed", "plan_agreed",
    "plan_reviewed", "training_decided", "training_completed", "adapted_work_permitted", "employer_traject_started",
    "employer_traject_ended", "reintegration_ended", "traject_ended", "route_closed", "reduction_confirmed",
})  # fmt: skip
# What stands behind something else that is told too.
ASIDE = frozenset({
    "appointment_made", "appointment_moved", "appointment_cancelled", "declaration_drawn_up", "declaration_signed",
    "career_noted", "action_taken", "plan_evaluated", "traject_evaluated", "incapacity_corrected",
})  # fmt: skip
# From here on it is a traject, or on its way to one.
LEADS = (
    "traject_started",
    "first_contact_held",
    "referral_made",
    "contact_requested",
    "registration_reported",
)


@dataclass(frozen=True, slots=True)
class Item:
    """Something on the line, of one day or from `day` up to and including `until`; `key` names it on the page.

    `tone` is the state of a deadline as it is shown, or how much a fact weighs. `values` are those of a fact.
    """

    sort: str
    day: date
    title: str
    tone: str
    weight: int
    until: date | None = None
    values: Sequence[tuple[words.Word, words.Word]] = ()
    why: str = ""
    line: Line | None = None
    moment: datetime | None = None
    key: str = ""
    month: int | None = None
    short: words.Word = ""  # where the title has no room beside its date

    @property
    def lasts(self) -> bool:
        return self.sort in LASTING

    @property
    def waits(self) -> bool:
        return self.line is not None and self.line.waits


def items_of(dossier: Dossier, facts: Iterable[Fact], lines: Sequence[Line], today: date) -> tuple[Item, ...]:
    """All of a dossier whose machines are loaded, in the order of their days. What was taken back is left out."""
    incapacity = dossier.incapacity
    held = in_order(corrected(facts))
    found = [
        *_facts(held),
        *_appointments(planned(dossier), today),
        *(_deadline(line) for line in lines),
        *_suspensions(held, incapacity),
        *_presumptions(dossier, lines),
        _year(incapacity),
        Item(TODAY, today, _("Today"), TODAY, 0),
    ]
    found.sort(key=lambda item: item.day)
    return tuple(
        replace(item, key=f"t{number}", month=month_of(incapacity, item.day))
        for number, item in enumerate(found)
    )


def month_of(incapacity: Incapacity, day: date) -> int | None:
    """In which month of the incapacity a day lies (D1); None outside of it."""
    start = incapacity.start
    if day < start or (incapacity.end and day > incapacity.end):
        return None
    number = (day.year - start.year) * 12 + day.month - start.month
    return number if add_months(start, number) > day else number + 1


def led_from(facts: Iterable[Fact]) -> date | None:
    """The day from which it was a traject, the last where there were several; None where none is in sight."""
    days: dict[str, date] = {}
    for fact in in_order(corrected(facts)):
        days[fact.kind] = fact.on
    return next((days[kind] for kind in LEADS if kind in days), None)


def _facts(facts: Iterable[Fact]) -> Iterator[Item]:
    for fact in facts:
        if fact.kind in CORRECTIONS:
            continue
        weight = 2 if fact.kind in MILESTONES else 0 if fact.kind in ASIDE else 1
        yield Item(
            FACT,
            fact.on,
            str(words.kind(fact.kind)),
            MILESTONE if weight == 2 else FACT,
            weight,
            values=list(words.values(fact.values.plain())),
        )


def _appointments(ahead: Iterable[Appointment], today: date) -> Iterator[Item]:
    for one in ahead:
        if one.on >= today:
            yield Item(
                PLANNED,
                one.on,
                one.get_purpose_display(),
                PLANNED,
                3,
                values=((NAMES["form"], one.get_form_display()),),
                moment=one.at.astimezone(clock.BRUSSELS),
            )


def _deadline(line: Line) -> Item:
    weight, short = URGENCY.index(line.shown), SHORT.get(line.row.rule, "")
    return Item(DEADLINE, line.falls_on, line.words.title, line.shown, weight, line=line, short=short)


# The most urgent last.
URGENCY = (
    "not_open", "fallen_away", "met", "met_late", "missed", "later", "paused", "week", "open", "soon", "today",
    "overdue",
)  # fmt: skip


def _suspensions(facts: Iterable[Fact], incapacity: Incapacity) -> Iterator[Item]:
    ended_on = incapacity.end + ONE_DAY if incapacity.end else date.max
    for since, until, reason in suspensions(facts, ended_on):
        yield Item(
            SUSPENSION,
            since,
            _("Traject suspended"),
            SUSPENSION,
            3,
            until=until - ONE_DAY if until else None,
            why=_("Reason: %(reason)s.")
            % {"reason": phrases.SUSPENSIONS.get(reason, phrases.SUSPENSIONS["other"])},
        )


def _presumptions(dossier: Dossier, lines: Sequence[Line]) -> Iterator[Item]:
    rows = [line.row for line in lines]
    for band in bands(rows, dossier.trainings.all(), dossier.incapacity):
        trained = band.cause == TRAINING
        yield Item(
            TRAINED if trained else PRESUMPTION,
            band.since,
            _("Training, and presumption of incapacity") if trained else _("Presumption of incapacity"),
            TRAINED if trained else PRESUMPTION,
            2,
            until=band.until,
            why=_("Because a training was approved.")
            if trained
            else _("Because the engagement declaration was signed by all three."),
        )


def _year(incapacity: Incapacity) -> Item:
    """The first anniversary: from here on it can be an invalidity (P4)."""
    since, title = incapacity.invalidity_from, _("Invalidity")
    if since is None:
        title = _("1 year")
        why = _(
            "A year after the first day of the incapacity; RIZIV recognizes the invalidity, and the feed tells it."
        )
    else:
        why = _("RIZIV recognized the invalidity from %(day)s on.") % {
            "day": formats.date_format(since, "SHORT_DATE_FORMAT")
        }
    return Item(YEAR, anniversary(incapacity), title, YEAR, 2, why=why)
