"""What every act on a dossier shares: the dossier locked, nothing overlooked that came in meanwhile, its facts recorded."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from dossiers import ledger
from dossiers.law.facts import Fact, Values
from dossiers.ledger import Entry
from dossiers.models import Dossier, Incapacity, LedgerEntry
from dossiers.policies import may_void
from tnw.accounts.models import Actor, new_uuid
from tnw.core.errors import DomainError
from tnw.core.policies import YES, Verdict, require


class Outdated(DomainError):
    """Somebody else recorded in this dossier since it was read, after its entry number `seen`."""

    code = "outdated"

    def __init__(self, seen: int) -> None:
        super().__init__(
            _("Meanwhile something was recorded in this dossier. Look at it, and decide again."), seen=seen
        )
        self.seen = seen


class Done(NamedTuple):
    """Something that was done on a day: the kind of fact, its plain values, and its free text."""

    kind: str
    on: date
    values: Mapping[str, Any] = {}
    subject: str = ""
    note: Mapping[str, Any] | None = None


def begin(dossier_id: UUID, actor: Actor, *, seen: int | None = None) -> Dossier:
    """The dossier, locked until the transaction ends. Raises DomainError where it is not there for the actor, Outdated."""
    dossier = (
        Dossier.objects.visible_to(actor)
        .select_related("fund", "incapacity__person", "coordinator", "team", "route_a")
        .filter(public_id=dossier_id)
        .locked()
        .first()
    )
    if dossier is None:
        raise DomainError(_("This dossier does not exist."), code="dossier_unknown")
    if seen is not None and head_of(dossier) > seen:
        raise Outdated(seen)
    return dossier


def head_of(dossier: Dossier) -> int:
    """The number of the latest entry: what whoever reads the dossier now has seen."""
    entries = LedgerEntry.objects.filter(fund=dossier.fund_id, dossier=dossier)
    return entries.aggregate(head=Max("seq"))["head"] or 0


def record(dossier: Dossier, actor: Actor, *done: Done) -> None:
    """Record what was done. Raises DomainError where the door, the incapacity or a state machine does not allow it."""
    entries = []
    for one in done:
        if not (verdict := recognized_on(dossier.incapacity, one.on)):
            raise DomainError(verdict.reason, code="not_recognized", field="on")
        fact = Fact(one.kind, one.on, str(new_uuid()), one.subject, Values.of(one.values))
        entries.append(Entry(dossier.pk, fact, one.note))
    ledger.record_many(entries, fund=dossier.fund, actor=actor, in_order=True)


@transaction.atomic
def void(
    *, dossier_id: UUID, actor: Actor, on: date, fact_id: str, reason: str, seen: int | None = None
) -> None:
    """Take back a fact that was recorded wrongly, with a reason; the states and dates that it made go with it.

    A correction is kept also where what remains contradicts: then the dossier is flagged until it is resolved.
    Raises NotAllowed, DomainError.
    """
    dossier = begin(dossier_id, actor, seen=seen)
    entries = LedgerEntry.objects.filter(fund=dossier.fund_id, dossier=dossier)
    entry = entries.filter(fact_id=fact_id).first()
    if entry is None:
        raise DomainError(_("There is no such fact in this dossier to correct."), code="unknown_fact")
    require(may_void(actor, entry.kind))
    if entries.filter(kind="fact_voided", values__fact=fact_id).exists():
        raise DomainError(_("This fact is voided already."), code="voided_already")
    values = Values.of({"fact": fact_id, "reason": reason})
    ledger.record(
        dossier, Fact("fact_voided", on, str(new_uuid()), "", values), fund=dossier.fund, actor=actor
    )


def recognized_on(incapacity: Incapacity, on: date) -> Verdict:
    """Whether the incapacity was recognized on that day, and is not excluded (P2)."""
    if incapacity.excluded:
        return Verdict(False, _("This incapacity is excluded from the return-to-work traject."))
    if on < incapacity.start:
        return Verdict(False, _("This day lies before the incapacity began."))
    if incapacity.end and on > incapacity.end:
        return Verdict(False, _("The incapacity had ended by that day."))
    return YES


def is_open(dossier: Dossier, on: date) -> Verdict:
    """Whether something of that day can be recorded: recognized, not excluded, and nothing recorded that contradicts."""
    if dossier.out_of_order:
        return Verdict(False, ledger.CONTRADICTS)
    return recognized_on(dossier.incapacity, on)
