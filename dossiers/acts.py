"""What every act on a dossier shares: the dossier locked, nothing overlooked that came in meanwhile, its facts recorded."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers import ledger
from dossiers.consents import may_lose_consent
from dossiers.law.facts import TEXT_LIMIT, Fact, Values, corrected, in_order
from dossiers.ledger import Entry
from dossiers.machines import misfits
from dossiers.models import Dispatch, Dossier, LedgerEntry
from dossiers.policies import CONTRADICTS, lies_in, recognized_on
from dossiers.policies.corrections import FIXED, may_correct, may_void
from dossiers.projection import facts_of
from dossiers.reading import signed_here
from tnw.accounts.models import Actor, new_uuid
from tnw.core.errors import DomainError
from tnw.core.policies import require

LETTER = "registered_letter_sent"
# What an act of this kind asks beyond the door, of a fact and of what comes before it. Raises DomainError.
Fits = Callable[[Dossier, Fact, Sequence[Fact]], object]


class Outdated(DomainError):
    """Somebody else recorded in this dossier since it was read, after its entry number `seen`."""

    code = "outdated"

    def __init__(self, seen: int) -> None:
        super().__init__(
            _("Meanwhile something was recorded in this dossier. Look at it, and decide again."), seen=seen
        )
        self.seen = seen


class Done(NamedTuple):
    """Something that was done on a day: the kind of fact, its plain values, and its free text.

    Within a day the law knows no order (F1): what of that day is told anew, for the same subject, purpose and party, is
    taken back first. Which kinds that are says `instead_of`.
    """

    kind: str
    on: date
    values: Mapping[str, Any] = {}
    subject: str = ""
    note: Mapping[str, Any] | None = None
    instead_of: Collection[str] = ()


def note(**told: str) -> dict[str, str] | None:
    """Free text beside a fact; None where nothing was written."""
    return {name: text.strip() for name, text in told.items() if text.strip()} or None


def required(text: str, field: str, sentence: str | Promise) -> None:
    """Some free text has to be there; the sentence asks for it. Raises DomainError."""
    if not text.strip():
        raise DomainError(sentence, code="required", field=field)


def registered_number(dossier: Dossier, text: str, field: str, *, of: str = "") -> str:
    """The number of a registered letter, as it is kept; `of` the fact that bears it already, where it is corrected.

    Raises DomainError where it proves nothing, or another letter.
    """
    number = " ".join(text.split())
    if not number or len(number) > TEXT_LIMIT:
        raise DomainError(
            _("The number of the registered letter is its proof: fill it in."), code="required", field=field
        )
    if _proves_another(dossier.fund_id, number, of):
        raise DomainError(
            _("Another registered letter bears this number already."), code="number_used", field=field
        )
    return number


def _proves_another(fund_id: int, number: str, of: str) -> bool:
    """The post gives a number to one letter: whether another of this fund goes under it now, corrections applied."""
    if Dispatch.objects.filter(fund=fund_id, number=number).exclude(number="").exclude(fact__gt="").exists():
        return True
    anew = LedgerEntry.objects.filter(
        fund=fund_id, dossier=OuterRef("dossier"), kind="fact_corrected", values__to__proof=number
    )
    told = LedgerEntry.objects.filter(Q(values__proof=number) | Exists(anew), fund=fund_id, kind=LETTER)
    dossiers = list(told.values_list("dossier", flat=True).distinct())
    return any(
        one.kind == LETTER and one.get("proof") == number and one.id != of
        for facts in (facts_of(dossiers).values() if dossiers else ())
        for one in corrected(facts)
    )


def begin(dossier_id: UUID, actor: Actor, *, seen: int | None = None) -> Dossier:
    """The dossier, locked until the transaction ends. Raises DomainError where it is not there for the actor, Outdated."""
    mine = Dossier.objects.visible_to(actor).filter(public_id=dossier_id)
    # Locked first and read then: a row that the lock had to wait for comes with what stood beside it before.
    if mine.locked().values_list("pk", flat=True).first() is None:
        raise DomainError(_("This dossier does not exist."), code="dossier_unknown")
    dossier = mine.for_acts().get()
    if seen is not None and head_of(dossier) != seen:
        raise Outdated(seen)
    return dossier


def head_of(dossier: Dossier) -> int:
    """The number of the latest entry: what whoever reads the dossier now has seen."""
    entries = LedgerEntry.objects.filter(fund=dossier.fund_id, dossier=dossier)
    return entries.aggregate(head=Max("seq"))["head"] or 0


def with_head(dossiers: "QuerySet[Dossier]") -> "QuerySet[Dossier]":
    """The same dossiers, each with that number as `head`, read in the same breath."""
    entries = LedgerEntry.objects.filter(fund=OuterRef("fund_id"), dossier=OuterRef("pk"))
    return dossiers.annotate(head=Coalesce(Subquery(entries.order_by("-seq").values("seq")[:1]), 0))


def happened(dossier: Dossier) -> list[Fact]:
    """What happened in a dossier as it reads now: corrections applied, in the law's order (F1)."""
    return in_order(corrected(facts_of([dossier.pk]).get(dossier.pk, ())))


def record(dossier: Dossier, actor: Actor, *done: Done, despite: bool = False) -> list[str]:
    """Record what was done; gives the ids of these facts, in the order given.

    `despite` what contradicts in the dossier already, where it itself fits, and although it is excluded (P2): for what
    may not wait until that is resolved.
    Raises DomainError where the door, the incapacity or a state machine does not allow it.
    """
    entries, made = [], []
    known = happened(dossier) if any(one.instead_of for one in done) else []
    for one in done:
        if not (verdict := (lies_in if despite else recognized_on)(dossier.incapacity, one.on)):
            raise DomainError(verdict.reason, code="not_recognized", field="on")
        for before in known:
            if _is_told_anew(before, one):
                values = Values.of({"fact": before.id, "reason": "replaced"})
                entries.append(Entry(dossier.pk, Fact("fact_voided", one.on, str(new_uuid()), "", values)))
        fact = Fact(one.kind, one.on, str(new_uuid()), one.subject, Values.of(one.values))
        made.append(fact.id)
        entries.append(Entry(dossier.pk, fact, one.note))
    despite = despite and bool(dossier.out_of_order)
    if despite:
        fits_all_the_same(dossier, [entry.fact for entry in entries])
    ledger.record_many(entries, fund=dossier.fund, actor=actor, in_order=not despite)
    return made


def fits_all_the_same(dossier: Dossier, facts: Sequence[Fact]) -> None:
    """Of a dossier that contradicts itself: that these facts add nothing that does not fit. Raises DomainError."""
    known = facts_of([dossier.pk])[dossier.pk]
    wrong = {fact.id for fact in misfits(known)}
    if any(fact.id not in wrong for fact in misfits([*known, *facts])):
        raise DomainError(CONTRADICTS, code="contradicts")


def _is_told_anew(before: Fact, one: Done) -> bool:
    return (
        before.kind in one.instead_of
        and (before.on, before.subject) == (one.on, one.subject)
        and all(before.get(name) == one.values.get(name) for name in ("purpose", "party"))
    )


@transaction.atomic
def void(
    *, dossier_id: UUID, actor: Actor, on: date, fact_id: str, reason: str, seen: int | None = None
) -> None:
    """Take back a fact that was recorded wrongly, with a reason; the states and dates that it made go with it.

    A correction is kept also where what remains contradicts: then the dossier is flagged until it is resolved.
    Raises NotAllowed, DomainError.
    """
    dossier = begin(dossier_id, actor, seen=seen)
    entry = entry_of(dossier, fact_id)
    signed, contradicts = _signed(dossier, entry), bool(dossier.out_of_order)
    require(may_void(actor, entry.kind, entry.values, signed=signed, contradicts=contradicts))
    if entry.kind == "consent_given":
        require(may_lose_consent(happened(dossier), fact_id, contradicts=contradicts))
    _not_voided(dossier, fact_id)
    beside = _beside(dossier, entry, happened(dossier))
    entries = [
        Entry(
            dossier.pk,
            Fact("fact_voided", on, str(new_uuid()), "", Values.of({"fact": taken, "reason": reason})),
        )
        for taken in (fact_id, *([beside.id] if beside else []))
    ]
    ledger.record_many(entries, fund=dossier.fund, actor=actor, in_order=True)


@transaction.atomic
def correct(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    fact_id: str,
    day: date,
    values: Mapping[str, Any],
    reason: str,
    seen: int | None = None,
) -> None:
    """Say what a fact's day and plain values should have been, with a reason (T20); the dates move with them.

    `values` are those that change from how the fact reads now; None takes one away. A correction is kept also where
    what follows contradicts: then the dossier is flagged until it is resolved. Raises NotAllowed, DomainError.
    """
    dossier = begin(dossier_id, actor, seen=seen)
    entry = entry_of(dossier, fact_id)
    require(may_correct(actor, entry.kind, entry.values, signed=_signed(dossier, entry)))
    _not_voided(dossier, fact_id)
    if fixed := FIXED.get(entry.kind, frozenset()).intersection(values):
        raise DomainError(
            _("This cannot become another one: take it back."), code="fixed", field=next(iter(fixed))
        )
    required(reason, "reason", _("Say why this is corrected."))
    reads = _readings(dossier, fact_id)[1]
    wanted = {**dict(reads.values), **values}
    if (day, Values.of(wanted)) == (reads.on, reads.values):
        raise DomainError(_("Nothing would change: it reads so already."), code="nothing_to_change")
    if day != reads.on and not (verdict := recognized_on(dossier.incapacity, day)):
        raise DomainError(verdict.reason, code="not_recognized", field="on")
    before = happened(dossier)
    changes = {fact_id: (day, wanted)}
    if beside := _beside(dossier, entry, before):
        moved = COMPANIONS[entry.kind].day(before, beside, day)
        if beside.on == COMPANIONS[entry.kind].day(before, beside, reads.on) != moved:
            changes[beside.id] = (moved, dict(beside.values))
    entries = [
        Entry(dossier.pk, _correction(dossier, on, changed, *to), note(text=reason))
        for changed, to in changes.items()
    ]
    ledger.record_many(entries, fund=dossier.fund, actor=actor, in_order=True)
    _fits_as_its_act(dossier, fact_id, before)


def _correction(dossier: Dossier, on: date, fact_id: str, day: date, wanted: Mapping[str, Any]) -> Fact:
    """The latest correction alone is read (F1): it says all that differs from the fact as it was recorded."""
    recorded, _reads, version = _readings(dossier, fact_id)
    names = sorted({*wanted, *dict(recorded.values)})
    to = {name: wanted.get(name) for name in names if wanted.get(name) != recorded.get(name)}
    told = Values.of({"fact": fact_id, "version": version, "to": Values([("on", day), *to.items()])})
    return Fact("fact_corrected", on, str(new_uuid()), "", told)


class Companion(NamedTuple):
    """What an act records right after its own fact, on the same day or with a later one of this kind; it goes with it."""

    kind: str
    not_before: str

    def day(self, facts: Iterable[Fact], beside: Fact, day: date) -> date:
        """The day on which it stands where the fact itself is of `day`."""
        before = (one.on for one in facts if one.kind == self.not_before and one.on <= beside.on)
        return max([day, *before])


# Z7: a traject at the employer suspends the formal part, and its end resumes it.
COMPANIONS = {
    "employer_traject_started": Companion("traject_suspended", "reintegration_started"),
    "employer_traject_ended": Companion("traject_resumed", "traject_suspended"),
}


def companion(dossier: Dossier, entry: LedgerEntry) -> LedgerEntry | None:
    """What the act that made this entry recorded beside it, where it did."""
    if (its := COMPANIONS.get(entry.kind)) is None:
        return None
    return LedgerEntry.objects.filter(
        fund=dossier.fund_id, dossier=dossier, seq=entry.seq + 1, kind=its.kind,
        actor=entry.actor_id, trace_id=entry.trace_id,
    ).first()  # fmt: skip


def _beside(dossier: Dossier, entry: LedgerEntry, facts: Iterable[Fact]) -> Fact | None:
    """The same as it reads among these facts; nothing once it is void."""
    its = companion(dossier, entry)
    return next((one for one in facts if its and one.id == its.fact_id), None)


@cache
def fits() -> dict[str, Fits]:
    """What the acts ask that make a kind of fact, as the apps name it in `AppConfig.fits`."""
    modules = (name for config in apps.get_app_configs() for name in getattr(config, "fits", ()))
    return {kind: one for name in modules for kind, one in import_module(name).FITS.items()}


def _fits_as_its_act(dossier: Dossier, fact_id: str, before: Sequence[Fact]) -> None:
    """A correction gets round no condition of the act itself; what never met it keeps its values. Raises DomainError."""
    after = happened(dossier)
    was, reads = (next(one for one in facts if one.id == fact_id) for facts in (before, after))
    if (refusal := _refusal(dossier, reads, after)) is None:
        return
    if was.values != reads.values or _refusal(dossier, was, before) is None:
        raise refusal


def _refusal(dossier: Dossier, one: Fact, facts: Sequence[Fact]) -> DomainError | None:
    """Why its act would not have recorded this fact where it stands among the others."""
    try:
        if its := fits().get(one.kind):
            its(dossier, one, facts[: facts.index(one)])
    except DomainError as error:
        return error
    return None


def entry_of(dossier: Dossier, fact_id: str) -> LedgerEntry:
    """The entry of a fact that can be corrected. Raises DomainError where there is none."""
    entry = LedgerEntry.objects.filter(fund=dossier.fund_id, dossier=dossier, fact_id=fact_id).first()
    if entry is None:
        raise DomainError(_("There is no such fact in this dossier to correct."), code="unknown_fact")
    return entry


def _signed(dossier: Dossier, entry: LedgerEntry) -> bool:
    return entry.subject in signed_here(
        LedgerEntry.objects.filter(fund=dossier.fund_id, dossier=dossier, kind="declaration_signed")
    )


def _not_voided(dossier: Dossier, fact_id: str) -> None:
    entries = LedgerEntry.objects.filter(fund=dossier.fund_id, dossier=dossier, kind="fact_voided")
    if entries.filter(values__fact=fact_id).exists():
        raise DomainError(_("This fact is voided already."), code="voided_already")


def _readings(dossier: Dossier, fact_id: str) -> tuple[Fact, Fact, int]:
    """A fact as it was recorded, as it reads now, and the version of its next correction."""
    facts = facts_of([dossier.pk])[dossier.pk]
    recorded = next(one for one in facts if one.id == fact_id)
    reads = next(one for one in corrected(facts) if one.id == fact_id)
    versions = (
        one.get("version", 1) for one in facts if one.kind == "fact_corrected" and one.get("fact") == fact_id
    )
    return recorded, reads, max(versions, default=1) + 1
