"""What a ledger entry's hash is, written a second time without the database: an independent proof."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC

from dossiers.models import LedgerEntry

SEPARATOR = "\x1f"


def canonical(value: object) -> str:
    """PostgreSQL's own text of a jsonb value: keys by length, then by bytes."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return (
            "{"
            + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {canonical(value[key])}" for key in keys)
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(canonical, value)) + "]"
    assert not isinstance(value, float), "a float has no one text"
    return json.dumps(value, ensure_ascii=False)


def text(entry: LedgerEntry) -> bytes:
    digest = bytes(entry.payload_digest).hex() if entry.payload_digest is not None else ""
    fields = (
        entry.dossier_id, entry.seq, entry.fund_id, entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        entry.actor_id, entry.trace_id, entry.fact_id, entry.kind, entry.on.isoformat(), entry.subject, digest,
        canonical(entry.values),
    )  # fmt: skip
    return SEPARATOR.join(map(str, fields)).encode()


def hashes(entries: Iterable[LedgerEntry]) -> list[bytes]:
    """The chain of one dossier's entries."""
    chain: list[bytes] = []
    for entry in entries:
        chain.append(hashlib.sha256((chain[-1] if chain else b"") + text(entry)).digest())
    return chain


def payload_digest(salt: bytes | memoryview, body: object) -> bytes:
    return hashlib.sha256(bytes(salt) + canonical(body).encode()).digest()
