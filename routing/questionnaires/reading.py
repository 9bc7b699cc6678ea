"""What the pages read: how a dossier's questionnaire stands, by its facts; and what waits for the post."""

from collections.abc import Iterable
from datetime import date
from itertools import dropwhile
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from dossiers.law.calendar import add_months
from dossiers.law.facts import Fact, corrected, in_order
from dossiers.models import Deadline, Dossier, LedgerEntry
from dossiers.notes import notes_of
from dossiers.reading import entries_of, facts_of
from routing.models import AnswerSheet, Questionnaire, QuestionnaireVersion
from routing.models.questionnaire import WAITING, Sending
from tnw.accounts.models import Actor, Fund

LINK_MONTHS = 6  # so long a link in a mail leads somewhere
KINDS = ("questionnaire_sent", "questionnaire_received", "questionnaire_waived", "support_offered")


class Happened(NamedTuple):
    """A fact about the questionnaire as it stands now; `entry` is how it was recorded, `voided` that it does not count."""

    fact: Fact
    entry: LedgerEntry
    voided: bool = False
    sheet: AnswerSheet | None = None
    sending: Questionnaire | None = None
    notes: tuple[str, ...] = ()


class Standing(NamedTuple):
    """How a dossier's questionnaire stands. `counts` are the answers that count: the latest that were not voided."""

    happened: list[Happened]
    waiting: Questionnaire | None
    draft: AnswerSheet | None
    counts: AnswerSheet | None

    @property
    def received(self) -> bool:
        """That it came is recorded, whether or not what it said is here."""
        return any(one.fact.kind == "questionnaire_received" and not one.voided for one in self.happened)


def standing(actor: Actor, dossier: Dossier) -> Standing:
    """The facts first, the latest on top; answers and free text as far as they are for this actor's eyes."""
    entries = [entry for entry in entries_of(actor, dossier) if entry.kind in KINDS or _corrects(entry)]
    facts = facts_of(entries)
    known = {fact.id: fact for fact in facts if fact.kind in KINDS}
    live = {fact.id: fact for fact in in_order(corrected(facts)) if fact.kind in KINDS}
    sheets = {one.received_fact: one for one in _sheets(actor, dossier)}
    sendings = {one.sent_fact: one for one in _sendings(actor, dossier)}
    notes = notes_of(actor, entries)
    happened = [
        Happened(
            live.get(entry.fact_id, known[entry.fact_id]),
            entry,
            entry.fact_id not in live,
            sheets.get(entry.fact_id),
            sendings.get(entry.fact_id),
            notes[entry.fact_id].texts if entry.fact_id in notes else (),
        )
        for entry in entries
        if entry.fact_id in known
    ]
    happened.sort(key=lambda one: (one.fact.on, one.entry.seq), reverse=True)
    counting = [one.sheet for one in happened if one.sheet and not one.voided]
    # What came last counts; of one day what was recorded last.
    return Standing(
        happened,
        next((one for one in sendings.values() if one.state in WAITING), None),
        sheets.get(""),
        counting[0] if counting else None,
    )


def _corrects(entry: LedgerEntry) -> bool:
    return entry.kind in ("fact_voided", "fact_corrected")


def _sheets(actor: Actor, dossier: Dossier) -> QuerySet[AnswerSheet]:
    found = AnswerSheet.objects.visible_to(actor).filter(dossier=dossier)
    return found.select_related("version", "actor").order_by("pk")


def _sendings(actor: Actor, dossier: Dossier) -> Iterable[Questionnaire]:
    """What was sent, by its fact, and the one that waits; what was withdrawn has neither."""
    found = Questionnaire.objects.visible_to(actor).filter(dossier=dossier)
    return found.exclude(state=Sending.WITHDRAWN).order_by("pk")


def to_post(actor: Actor, shown: int, team: int | None = None) -> list[Questionnaire]:
    """What waits for the post in the actor's fund, the most urgent first; of a team, and of no team, where one is named.

    Each with `act_by` and `falls_on` of the deadline that waits for it; what was asked for again has none, and comes last.
    """
    waiting = _waiting(actor).filter(state=Sending.TO_POST)
    if team is not None:
        waiting = waiting.filter(Q(dossier__team=team) | Q(dossier__team=None))
    due = Deadline.objects.visible_to(actor).filter(dossier=OuterRef("dossier"), rule="T1", closed_on=None)
    due = due.order_by("act_by", "pk")
    urgent = waiting.annotate(
        act_by=Subquery(due.values("act_by")[:1]), falls_on=Subquery(due.values("falls_on")[:1])
    )
    return list(urgent.order_by(F("act_by").asc(nulls_last=True), "prepared_on", "pk")[:shown])


def not_mailed(actor: Actor, shown: int) -> list[Questionnaire]:
    """What could not be mailed."""
    return list(_waiting(actor).filter(state=Sending.TO_MAIL, failures__gt=0)[:shown])


def _waiting(actor: Actor) -> QuerySet[Questionnaire]:
    found = Questionnaire.objects.visible_to(actor).filter(state__in=WAITING)
    return found.select_related("dossier__incapacity__person").order_by("prepared_on", "pk")


def blank(fund: Fund, token: str, today: date) -> tuple[QuestionnaireVersion, str, str] | None:
    """What a link shows, inside the wall of `fund`: the questions, the language and the reference, and nobody's name.

    None where it leads nowhere: withdrawn, come back complete, or too old.
    """
    found = Questionnaire.objects.filter(fund=fund, token=token).exclude(state=Sending.WITHDRAWN)
    one = found.select_related("version").first()
    if one is None or add_months(one.sent_on or one.prepared_on, LINK_MONTHS) < today or answered(one):
        return None
    return one.version, one.language, one.reference


def answered(one: Questionnaire) -> bool:
    """Whether it was received complete since it was sent: recorded after the sending, of that day or a later one."""
    if one.sent_on is None:
        return False
    entries = LedgerEntry.objects.filter(fund=one.fund_id, dossier=one.dossier_id).order_by("seq")
    facts = facts_of(entries)
    since = {fact.id for fact in dropwhile(lambda fact: fact.id != one.sent_fact, facts)}
    return any(
        fact.kind == "questionnaire_received" and fact.get("complete") and fact.on >= one.sent_on
        for fact in corrected(facts)
        if fact.id in since
    )
