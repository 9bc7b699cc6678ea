"""The free text beside facts, for whoever may read it: the only way from `LedgerPayload` to a page."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from dossiers.law.kinds import CORRECTIONS
from dossiers.models import LedgerEntry, LedgerPayload
from dossiers.models.health import Sight
from dossiers.policies import may_read, sight_of
from tnw.accounts.models import Actor


class Note(NamedTuple):
    """The texts beside one fact; `erased` where they are gone and the fact stays."""

    texts: tuple[str, ...]
    erased: bool


def notes_of(actor: Actor, entries: Iterable[LedgerEntry]) -> dict[str, Note]:
    """By the id of the fact, the free texts of one dossier's entries that are for this actor's eyes."""
    entries = list(entries)
    eyes = _sights(entries)
    readable = {
        entry.seq: entry.fact_id
        for entry in entries
        if entry.payload_digest is not None and may_read(actor, eyes[entry.fact_id])
    }
    if not readable:
        return {}
    payloads = LedgerPayload.objects.visible_to(actor).filter(
        dossier_id=entries[0].dossier_id, seq__in=list(readable)
    )
    return {
        readable[payload.seq]: Note(tuple(_texts(payload.body)), payload.body is None) for payload in payloads
    }


def _sights(entries: Iterable[LedgerEntry]) -> dict[str, Sight]:
    """For whose eyes each entry's text is, by its kind and by what it is about.

    A correction tells of the fact that it corrects; what happens to an appointment, of that appointment.
    """
    entries = list(entries)
    own = {entry.fact_id: sight_of(entry.kind, entry.values) for entry in entries}
    medical = {
        entry.subject
        for entry in entries
        if entry.kind == "appointment_made" and own[entry.fact_id] == Sight.MEDICAL
    }
    found: dict[str, Sight] = {}
    for entry in entries:
        sight = own[entry.fact_id]
        if entry.kind in CORRECTIONS:
            sight = own.get(entry.values["fact"], Sight.MEDICAL)
        found[entry.fact_id] = Sight.MEDICAL if entry.subject in medical else sight
    return found


def _texts(body: Any) -> Iterator[str]:
    match body:
        case str():
            if body.strip():
                yield body.strip()
        case Mapping():
            for value in body.values():
                yield from _texts(value)
        case list():
            for value in body:
                yield from _texts(value)
