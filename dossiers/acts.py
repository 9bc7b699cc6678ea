"""What every act on a dossier shares: the dossier locked, nothing overlooked that came in meanwhile, its facts recorded."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from dossiers import ledger
from dossiers.law.facts import Fact, Values, corrected
from dossiers.ledger import Entry
from dossiers.models import Dossier, LedgerEntry
from dossiers.policies import may_void, recognized_on
from dossiers.projection import facts_of
from tnw.accounts.models import Actor, new_uuid
from tnw.core.errors import DomainError
from tnw.core.policies import require


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


def begin(dossier_id: UUID, actor: Actor, *, seen: int | None = None) -> Dossier:
    """The dossier, locked until the transaction ends. Raises DomainError where it is not there for the actor, Outdated."""
    mine = Dossier.objects.visible_to(actor).filter(public_id=dossier_id)
    # Locked first and read then: a row that the lock had to wait for comes with what stood beside it before.
    if mine.locked().values_list("pk", flat=True).first() is None:
        raise DomainError(_("This dossier does not exist."), code="dossier_unknown")
    dossier = mine.select_related("fund", "incapacity__person", "coordinator", "team", "route_a").get()
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
    known = (
        corrected(facts_of([dossier.pk]).get(dossier.pk, ())) if any(one.instead_of for one in done) else []
    )
    for one in done:
        if not (verdict := recognized_on(dossier.incapacity, one.on)):
            raise DomainError(verdict.reason, code="not_recognized", field="on")
        for told in known:
            if _is_told_anew(told, one):
                values = Values.of({"fact": told.id, "reason": "replaced"})
                entries.append(Entry(dossier.pk, Fact("fact_voided", one.on, str(new_uuid()), "", values)))
        fact = Fact(one.kind, one.on, str(new_uuid()), one.subject, Values.of(one.values))
        entries.append(Entry(dossier.pk, fact, one.note))
    ledger.record_many(entries, fund=dossier.fund, actor=actor, in_order=True)


def _is_told_anew(told: Fact, one: Done) -> bool:
    return (
        told.kind in one.instead_of
        and (told.on, told.subject) == (one.on, one.subject)
        and all(told.get(name) == one.values.get(name) for name in ("purpose", "party"))
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
