"""The free text beside facts, for whoever may read it: the only way from `LedgerPayload` to a page."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils import formats

from dossiers.law.facts import corrected
from dossiers.law.kinds import CORRECTIONS
from dossiers.models import LedgerEntry, LedgerPayload
from dossiers.models.health import Sight
from dossiers.policies import may_read, sight_of
from dossiers.reading import facts_of
from tnw.accounts.models import Actor

# What the doctor decides is medical, but for what the insured is told of it: the text beside the key `insured`.
TOLD_TO_INSURED = frozenset({"permission_refused", "training_advised", "adapted_work_refused"})
# What a structured text keeps for machines: ids and codes, which are no text to read.
_CODED = ("id", "form")
# In which order its parts are read; the database keeps none.
_READ = ("objectives", "result", "actions", "next", "action", "text", "who", "target", "due", "on", "at")


class Note(NamedTuple):
    """The texts beside one fact; `erased` where they are gone and the fact stays.

    Of an appointment also where it takes place, None where that was not told anew, and why it moved.
    """

    texts: tuple[str, ...]
    erased: bool
    place: str | None = None
    reason: str = ""


def notes_of(actor: Actor, entries: Iterable[LedgerEntry]) -> dict[str, Note]:
    """By the id of the fact, the free texts of one dossier's entries that are for this actor's eyes."""
    return _notes(actor, entries, frozenset(sight for sight in Sight if may_read(actor, sight)))


def not_medical(actor: Actor, entries: Iterable[LedgerEntry]) -> dict[str, Note]:
    """The same of what the insured may have in hand, whoever gives it: what is medical the doctor tells him himself."""
    return _notes(actor, entries, frozenset(sight for sight in (Sight.CASE,) if may_read(actor, sight)))


def _notes(actor: Actor, entries: Iterable[LedgerEntry], readable_by: frozenset[Sight]) -> dict[str, Note]:
    entries = list(entries)
    eyes = _sights(entries)
    readable = {
        entry.seq: entry.fact_id
        for entry in entries
        if entry.payload_digest is not None and eyes[entry.fact_id] in readable_by
    }
    for_insured = {
        entry.seq: entry.fact_id
        for entry in entries
        if entry.kind in TOLD_TO_INSURED and entry.seq not in readable and Sight.CASE in readable_by
    }
    found: dict[str, Note] = {}
    if readable:
        for payload in _payloads(actor, entries[0], readable):
            found[readable[payload.seq]] = _note(payload.body)
    if for_insured:
        told = _part(actor, entries[0], for_insured, "insured")
        found |= {fact_id: Note((text,), False) for fact_id, text in told.items()}
    return found


def _note(body: Any) -> Note:
    texts = tuple(_texts(body))
    parts = body if isinstance(body, Mapping) else {}
    place, reason = parts.get("place"), parts.get("reason")
    return Note(
        texts,
        body is None,
        place.strip() if isinstance(place, str) else None,
        reason.strip() if isinstance(reason, str) else "",
    )


def told_to_insured(actor: Actor, entries: Iterable[LedgerEntry], part: str) -> dict[str, str]:
    """By the id of the fact, the one part of its text that the insured is told: what was decided, or a `place`.

    A letter reads this and nothing beside it, whoever writes it.
    """
    entries = list(entries)
    its = {entry.seq: entry.fact_id for entry in entries if entry.payload_digest is not None}
    return _part(actor, entries[0], its, part) if its else {}


def _part(actor: Actor, one: LedgerEntry, of: Mapping[int, str], part: str) -> dict[str, str]:
    found = _payloads(actor, one, of).annotate(told=KeyTextTransform(part, "body"))
    return {of[seq]: text for seq, text in found.filter(told__isnull=False).values_list("seq", "told")}


def payloads_of(actor: Actor, entries: Iterable[LedgerEntry]) -> dict[str, Any]:
    """By the id of the fact, what is kept beside one dossier's entries as it was written, for this actor's eyes.

    None where it was erased. For texts that have a form of their own, such as a plan; others are read by `notes_of`.
    """
    entries = list(entries)
    eyes = _sights(entries)
    readable = {
        entry.seq: entry.fact_id
        for entry in entries
        if entry.payload_digest is not None and may_read(actor, eyes[entry.fact_id])
    }
    if not readable:
        return {}
    return {readable[one.seq]: one.body for one in _payloads(actor, entries[0], readable)}


def _payloads(actor: Actor, one: LedgerEntry, of: Mapping[int, str]) -> QuerySet[LedgerPayload]:
    return LedgerPayload.objects.visible_to(actor).filter(dossier_id=one.dossier_id, seq__in=list(of))


def _sights(entries: Iterable[LedgerEntry]) -> dict[str, Sight]:
    """For whose eyes each entry's text is, by its kind and by what it is about.

    A correction tells of the fact that it corrects; what happens to an appointment, of that appointment.
    """
    entries = list(entries)
    facts = facts_of(entries)
    # As it was recorded and as it reads now: what is medical in either is.
    medical = [
        fact
        for fact in (*facts, *corrected(facts))
        if sight_of(fact.kind, fact.values.plain()) == Sight.MEDICAL
    ]
    shut = {fact.id for fact in medical}
    examinations = {fact.subject for fact in medical if fact.kind == "appointment_made"}
    told = {
        entry.fact_id: Sight.MEDICAL
        if entry.fact_id in shut or entry.subject in examinations
        else sight_of(entry.kind, entry.values)
        for entry in entries
    }
    righted = {
        entry.fact_id: told.get(entry.values["fact"], Sight.MEDICAL)
        for entry in entries
        if entry.kind in CORRECTIONS
    }
    return told | righted


def _texts(body: Any) -> Iterator[str]:
    match body:
        case str():
            if body.strip():
                yield body.strip()
        case Mapping() | list():
            for value in _read(body) if isinstance(body, Mapping) else body:
                yield from _texts(_line(value) if _is_row(value) else value)


def _read(body: Mapping[str, Any]) -> list[Any]:
    return [body[name] for name in sorted(body, key=lambda name: (*_READ, name).index(name))]


def _is_row(value: Any) -> bool:
    """A mapping in which nothing is nested: an action with who and by when."""
    return isinstance(value, Mapping) and not any(isinstance(one, Mapping | list) for one in value.values())


def _line(row: Mapping[str, Any]) -> str:
    """What stands together in a structured text, in one line."""
    shown = {name: value for name, value in row.items() if name not in _CODED}
    said = [_told(value) for value in _read(shown) if isinstance(value, str)]
    return " · ".join(text for text in said if text)


def _told(text: str) -> str:
    try:
        return (
            formats.date_format(date.fromisoformat(text), "d/m/Y") if len(text) == len("2026-01-31") else text
        )
    except ValueError:
        return text.strip()
