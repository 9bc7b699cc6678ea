"""What was taken back by mistake stands again (T20): recorded anew as it read, so that what rests on it need not go."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts, ledger, reading
from dossiers.law.facts import Fact, corrected
from dossiers.models import LedgerEntry
from dossiers.policies import recognized_on
from dossiers.policies.corrections import may_restore
from dossiers.projection import facts_of
from tnw.accounts.models import Actor, new_uuid
from tnw.core.errors import DomainError
from tnw.core.policies import Verdict, require

VOIDED, REPLACED = "fact_voided", "replaced"
NOT_VOIDED = Verdict(False, _("This was not taken back."))
TOLD_ANEW = Verdict(False, _("This was told anew on that day: correct what stands instead of it."))
STANDS = Verdict(False, _("This stands again already."))


def can_stand_again(facts: Iterable[Fact], fact_id: str) -> Verdict:
    """Whether a fact was taken back, and neither told anew nor recorded again since; `facts` are those of its dossier."""
    facts = list(facts)
    reasons = [one.get("reason") for one in facts if one.kind == VOIDED and one.get("fact") == fact_id]
    if not reasons:
        return NOT_VOIDED
    if REPLACED in reasons:
        return TOLD_ANEW
    if _content(_as_read(facts)[fact_id]) in {_content(one) for one in corrected(facts)}:
        return STANDS
    return Verdict(True)


def restorable(actor: Actor, entries: Iterable[LedgerEntry]) -> set[str]:
    """Of one dossier's entries, the facts that this actor can let stand again."""
    entries = list(entries)
    facts = reading.facts_of(entries)
    voided = {one.get("fact") for one in facts if one.kind == VOIDED}
    return {
        one.fact_id
        for one in entries
        if one.fact_id in voided
        and may_restore(actor, one.kind, one.values)
        and can_stand_again(facts, one.fact_id)
    }


@transaction.atomic
def restore(
    *, dossier_id: UUID, actor: Actor, on: date, fact_id: str, reason: str, seen: int | None = None
) -> str:
    """Record anew, with its text, what was taken back by mistake; gives the id under which it stands.

    Only where nothing contradicts that did not before. Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    entry = acts.entry_of(dossier, fact_id)
    require(may_restore(actor, entry.kind, entry.values))
    acts.required(reason, "reason", _("Say why it stands again."))
    facts = facts_of([dossier.pk])[dossier.pk]
    require(can_stand_again(facts, fact_id))
    read = _as_read(facts)
    taken = [entry]
    beside = acts.companion(dossier, entry)
    if beside and can_stand_again(facts, beside.fact_id):
        taken.append(beside)
    again = [read[one.fact_id]._replace(id=str(new_uuid())) for one in taken]
    if not (verdict := recognized_on(dossier.incapacity, again[0].on)):
        raise DomainError(verdict.reason, code="not_recognized")
    if entry.kind == acts.LETTER:
        acts.registered_number(dossier, again[0].values["proof"], "")
    acts.fits_all_the_same(dossier, again)
    entries = [
        ledger.again(dossier.pk, one.seq, fact, reason.strip())
        for one, fact in zip(taken, again, strict=True)
    ]
    ledger.record_many(entries, fund=dossier.fund, actor=actor)
    return again[0].id


def _as_read(facts: Iterable[Fact]) -> dict[str, Fact]:
    """Each fact with its corrections, whether or not it was taken back."""
    return {one.id: one for one in corrected(one for one in facts if one.kind != VOIDED)}


def _content(one: Fact) -> tuple[object, ...]:
    return (one.kind, one.on, one.subject, one.values)
