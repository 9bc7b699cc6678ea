"""Reading one dossier, for page, command and API alike: its facts, deadlines, states, and what moved a date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dossiers.law.facts import Fact, from_plain
from dossiers.law.kinds import PLACE
from dossiers.law.moves import moved
from dossiers.law.pauses import Pause
from dossiers.law.row import Row
from dossiers.models import Deadline, Dossier, LedgerEntry, Reassignment
from tnw.accounts.models import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A date that a correction moved (T20): what it was without it, what it is, and who recorded the cause when."""

    rule: str
    opened_by: str
    occurrence: int
    old_date: date
    new_date: date
    cause: Fact
    recorded_at: datetime
    recorded_by: Actor

    @property
    def key(self) -> tuple[str, str, int]:
        """The key of the deadline, as `Row.key`."""
        return (self.rule, self.opened_by, self.occurrence)


def by_reference(actor: Actor, reference: str) -> Dossier | None:
    """The dossier of the incapacity with that reference, as far as the actor may see; None where there is none."""
    return (
        Dossier.objects.visible_to(actor)
        .select_related("fund", "incapacity", "team", "coordinator")
        .filter(incapacity__reference=reference)
        .first()
    )


def entries_of(actor: Actor, dossier: Dossier) -> list[LedgerEntry]:
    """The whole ledger in the order of recording, with who recorded each entry."""
    found = LedgerEntry.objects.visible_to(actor).filter(dossier=dossier)
    return list(found.select_related("actor").order_by("seq"))


def signed_here(entries: Iterable[LedgerEntry]) -> set[str]:
    """The declarations under which a signature was given here, with the document that is kept: from the last one on (Z3)."""
    return {one.subject for one in entries if one.kind == "declaration_signed" and one.values.get("document")}


def reassignments_of(actor: Actor, dossier: Dossier) -> list[Reassignment]:
    """Who had the dossier after whom, and why; the latest first."""
    found = Reassignment.objects.visible_to(actor).filter(dossier=dossier)
    return list(found.select_related("before", "after", "actor").order_by("-at", "-pk"))


def by_day(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """In the order of what happened: by day, and on a day as the law orders them (F1)."""
    return sorted(entries, key=lambda entry: (entry.on, PLACE[entry.kind], entry.seq))


def facts_of(entries: Iterable[LedgerEntry]) -> tuple[Fact, ...]:
    """The entries as the law reads them, in the order of recording."""
    return tuple(
        from_plain(entry.kind, entry.on, entry.fact_id, entry.subject, entry.values)
        for entry in sorted(entries, key=lambda entry: entry.seq)
    )


def plain(entry: LedgerEntry) -> dict[str, Any]:
    """A fact as JSON: `id`, `kind`, `on`, `subject` where it has one, and its values beside them.

    A value of one of these names, such as the kind of an action, stands under `details`.
    """
    told: dict[str, Any] = {"id": entry.fact_id, "kind": entry.kind, "on": entry.on.isoformat()}
    if entry.subject:
        told["subject"] = entry.subject
    taken = {"id", "kind", "on", "subject"}
    told |= {name: value for name, value in entry.values.items() if name not in taken}
    if own := {name: value for name, value in entry.values.items() if name in taken}:
        told["details"] = own
    return told


def deadlines_of(actor: Actor, dossier: Dossier, today: date) -> list[tuple[Deadline, Row]]:
    """The deadlines that have opened by a day, closed ones too, the first to act on first."""
    found = Deadline.objects.visible_to(actor).filter(dossier=dossier, opens_on__lte=today)
    read = [(deadline, as_row(deadline)) for deadline in found]

    def order(pair: tuple[Deadline, Row]) -> tuple[date, date, int, str, int]:
        row = pair[1]
        number = int(row.rule.lstrip("T"))
        return (row.act_by_at(today), row.falls_on_at(today), number, row.opened_by, row.occurrence)

    return sorted(read, key=order)


def as_row(deadline: Deadline) -> Row:
    """A stored deadline as the law gave it."""
    day = date.fromisoformat
    pauses = tuple(
        Pause(day(since), day(until) if until else None, days, day(old), reason)
        for since, until, days, old, reason in deadline.pauses
    )
    columns = {name: getattr(deadline, name) for name in Row._fields}
    return Row(**columns | {"outcome": deadline.outcome or None, "pauses": pauses})


def moves(entries: Iterable[LedgerEntry], live_from: date) -> tuple[Move, ...]:
    """Every date that a correction moved, one for each correction that did, with who recorded it and when."""
    recorded = {entry.fact_id: entry for entry in entries}
    return tuple(
        Move(
            rule=one.rule,
            opened_by=one.opened_by,
            occurrence=one.occurrence,
            old_date=one.old_date,
            new_date=one.new_date,
            cause=one.cause,
            recorded_at=recorded[one.cause.id].at,
            recorded_by=recorded[one.cause.id].actor,
        )
        for one in moved(facts_of(recorded.values()), live_from)
    )
