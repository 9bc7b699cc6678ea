"""The ledger's only door: what is recorded here brings deadlines, summary and outbox up to date, or nothing happens."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from dossiers import machines, projection
from dossiers.law.facts import Fact, FactRefused, check, check_correction
from dossiers.law.kinds import CORRECTIONS
from dossiers.law.reading import read
from dossiers.models import Dossier, LedgerPayload
from dossiers.policies import CONTRADICTS
from dossiers.sharing import shared
from tnw.accounts.models import Actor, Fund
from tnw.accounts.policies import may_erase
from tnw.core import clock, staging, trace
from tnw.core.errors import DomainError
from tnw.core.policies import require


class Entry(NamedTuple):
    """A fact on its way into a dossier's ledger; `note` is its free text, kept apart and erasable."""

    dossier_id: int
    fact: Fact
    note: Mapping[str, Any] | None = None


COLUMNS = """n bigint,
dossier_id bigint,
fact_id text,
kind text,
"on" date,
subject text,
"values" jsonb,
salt bytea,
body jsonb"""

# Every chain goes on from its head; the entries of one dossier keep the order in which they were handed over.
APPEND = """
with head as (
  select d.dossier_id, l.seq, l.hash from (select distinct dossier_id from ledger_new) d
  left join lateral (select seq, hash from dossiers_ledgerentry l
    where l.dossier_id = d.dossier_id and not %(fresh)s order by seq desc limit 1) l on true),
numbered as (
  select n.*, (coalesce(h.seq, 0) + row_number() over (partition by n.dossier_id order by n.n))::int as seq,
    coalesce(h.hash, ''::bytea) as head,
    sha256(n.salt || convert_to(n.body::text, 'UTF8')) as payload_digest
  from ledger_new n join head h using (dossier_id)),
chained as (
  select *, ledger_chain(head, ledger_text(dossier_id, seq, %(fund)s, %(at)s, %(actor)s, %(trace)s, fact_id, kind,
    "on", subject, payload_digest, "values")) over (partition by dossier_id order by seq) as hash from numbered),
payloads as (
  insert into dossiers_ledgerpayload (dossier_id, seq, fund_id, salt, body, erased_because)
  select dossier_id, seq, %(fund)s, salt, body, '' from chained where body is not null),
entries as (
  insert into dossiers_ledgerentry (dossier_id, seq, fund_id, at, actor_id, trace_id, fact_id, kind, "on", subject,
    "values", payload_digest, hash)
  select dossier_id, seq, %(fund)s, %(at)s, %(actor)s, %(trace)s, fact_id, kind, "on", subject, "values",
    payload_digest, hash from chained)
insert into dossiers_outbox (dossier_id, seq, fund_id, at) select dossier_id, seq, %(fund)s, %(at)s from chained
"""


def record(
    dossier: Dossier, fact: Fact, *, fund: Fund, actor: Actor, note: Mapping[str, Any] | None = None
) -> None:
    """Record one fact. Raises DomainError where the door or a state machine refuses it."""
    record_many([Entry(dossier.pk, fact, note)], fund=fund, actor=actor, in_order=True)


@transaction.atomic
def record_many(
    entries: Sequence[Entry],
    *,
    fund: Fund,
    actor: Actor,
    today: date | None = None,
    fresh: bool = False,
    in_order: bool = False,
) -> None:
    """Record facts of any number of dossiers of one fund, each dossier's in the order given.

    No fact may lie after `today`; the moment of recording is the clock's. `fresh` says that the dossiers were made in
    this transaction and have no facts yet. With `in_order` the state machines have to allow what is recorded; what
    comes from elsewhere is kept all the same, and the dossier flagged. Raises DomainError, and then nothing is recorded:
    an unknown kind, value or code, a day ahead, a fact id used before, a correction of nothing, an act out of order.
    """
    if not entries:
        return
    today = today or clock.today()
    checked = [entry._replace(fact=_at_the_door(entry.fact, today)) for entry in entries]
    known = {} if fresh else projection.facts_of(_lock({entry.dossier_id for entry in entries}))
    facts = _joined(known, checked, today)
    if in_order:
        _check_order(known, facts, checked)
    staging.stage("ledger_new", COLUMNS, (_line(n, entry) for n, entry in enumerate(checked)))
    with connection.cursor() as cursor:
        cursor.execute(
            APPEND,
            {
                "fresh": fresh,
                "fund": fund.pk,
                "at": clock.now(),
                "actor": actor.pk,
                "trace": str(trace.current()),
            },
        )
    projection.project(fund, facts, fresh=fresh)
    if not fresh:
        Dossier.objects.filter(pk__in=facts, unswept=False).update(unswept=True)
        for (
            config
        ) in apps.get_app_configs():  # who tells the outside world; after an import the next job does
            if told := getattr(config, "recorded", None):
                told()


def _at_the_door(fact: Fact, today: date) -> Fact:
    try:
        if not f"{fact.id}{fact.subject}".isprintable():
            raise FactRefused("id", "wrong_type")
        return check(
            fact.kind, on=fact.on, id=fact.id, subject=fact.subject, values=dict(fact.values), today=today
        )
    except FactRefused as refusal:
        raise _error(refusal) from None


SENTENCES = {
    "duplicate_id": _("A fact with this id is recorded already."),
    "unknown_fact": _("There is no such fact in this dossier to correct."),
    "recognized_already": _("This incapacity is recognized already."),
    "recognition_stays": _("A recognition cannot be withdrawn: end the incapacity, or exclude it."),
    "in_future": _("This day lies ahead: only what has happened can be recorded."),
    "start_in_future": _("The incapacity would begin in the future."),
    "end_before_start": _("The incapacity would end before it begins."),
    "out_of_range": _("The value is smaller or larger than can be."),
}


def _check_order(
    known: Mapping[int, tuple[Fact, ...]], grown: Mapping[int, tuple[Fact, ...]], entries: Iterable[Entry]
) -> None:
    """An act fits what is recorded before and after its day; a correction may contradict, and resolves what does."""
    acted = {entry.dossier_id for entry in entries if entry.fact.kind not in CORRECTIONS}
    if machines.out_of_order({pk: known.get(pk, ()) for pk in acted}):
        raise DomainError(CONTRADICTS, code="contradicts")
    if machines.out_of_order({pk: grown[pk] for pk in acted}):
        raise DomainError(
            _("This does not fit what is recorded of the days before or after it."),
            code="out_of_order",
            field="on",
        )


def _error(refusal: FactRefused) -> DomainError:
    sentence = SENTENCES.get(
        refusal.code, _("This fact is refused: %(field)s is not what is expected (%(code)s).")
    )
    return DomainError(sentence, code=refusal.code, field=refusal.field)


def check_beside(fact: Fact, there: Mapping[str, Fact], today: date) -> None:
    """Check a fact beside the others of its dossier, by id: what it repeats or corrects. Raises FactRefused."""
    if fact.id in there:
        raise FactRefused("id", "duplicate_id")
    if fact.kind in CORRECTIONS:
        target = there.get(fact.get("fact"))
        if target is None:
            raise FactRefused("fact", "unknown_fact")
        if fact.kind == "fact_voided" and target.kind == "incapacity_recognized":
            raise FactRefused("fact", "recognition_stays")
        check_correction(fact, target, today=today)
    elif fact.kind == "incapacity_recognized" and any(other.kind == fact.kind for other in there.values()):
        raise FactRefused("kind", "recognized_already")


def may_move_the_period(fact: Fact) -> bool:
    """Whether a fact can change when the incapacity begins or ends."""
    return fact.kind in CORRECTIONS or fact.kind.startswith("incapacity_")


@shared
def check_period(facts: tuple[Fact, ...], today: date) -> None:
    """Check the period that all facts of a dossier make together. Raises FactRefused."""
    seen = read(facts)
    if seen and seen.start > today:
        raise FactRefused("start", "start_in_future")
    if seen and seen.end and seen.end < seen.start:
        raise FactRefused("end", "end_before_start")


def _lock(dossier_ids: set[int]) -> list[int]:
    found = list(
        Dossier.objects.filter(pk__in=dossier_ids)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk", flat=True)
    )
    if len(found) != len(dossier_ids):
        raise DomainError(_("This dossier does not exist."), code="dossier_unknown")
    return found


def _joined(
    known: Mapping[int, tuple[Fact, ...]], entries: Iterable[Entry], today: date
) -> dict[int, tuple[Fact, ...]]:
    """The whole set of facts of every dossier touched, with what is unique and what corrects checked against it."""
    grown: dict[int, dict[str, Fact]] = {}
    moved: set[int] = set()
    for dossier_id, fact, _note in entries:
        if dossier_id not in grown:
            grown[dossier_id] = {there.id: there for there in known.get(dossier_id, ())}
        try:
            check_beside(fact, grown[dossier_id], today)
        except FactRefused as refusal:
            raise _error(refusal) from None
        grown[dossier_id][fact.id] = fact
        if may_move_the_period(fact):
            moved.add(dossier_id)
    whole = {dossier_id: tuple(facts.values()) for dossier_id, facts in grown.items()}
    for dossier_id in moved:  # not after each fact: a period that moves as a whole is two of them
        try:
            check_period(whole[dossier_id], today)
        except FactRefused as refusal:
            raise _error(refusal) from None
    return whole


def _line(n: int, entry: Entry) -> str:
    fact = entry.fact
    salt = body = None
    if entry.note is not None:
        salt, body = "\\x" + os.urandom(16).hex(), json.dumps(entry.note, ensure_ascii=False)
    values = json.dumps(fact.values.plain(), ensure_ascii=False)
    return staging.line(n, entry.dossier_id, fact.id, fact.kind, fact.on, fact.subject, values, salt, body)


def again(dossier_id: int, seq: int, fact: Fact, because: str) -> Entry:
    """A fact on its way in anew, with the free text that stood beside an entry and why; the text is shown to nobody here."""
    its = LedgerPayload.objects.filter(dossier_id=dossier_id, seq=seq).first()
    return Entry(dossier_id, fact, {**((its.body if its else None) or {}), "restored": because})


def erase(*, dossier_id: int, seq: int, because: str, actor: Actor) -> None:
    """Erase an entry's free text for a reason; the chain still verifies.

    Raises NotAllowed, and DomainError without a text or a reason.
    """
    require(may_erase(actor))
    if not because.strip():
        raise DomainError(_("Say why this text is erased."), code="required", field="because")
    erased = LedgerPayload.objects.filter(dossier_id=dossier_id, seq=seq, body__isnull=False).update(
        salt=None, body=None, erased_at=clock.now(), erased_because=f"{actor}: {because}"[:200]
    )
    if not erased:
        raise DomainError(_("There is no text to erase here."), code="nothing_to_erase")
