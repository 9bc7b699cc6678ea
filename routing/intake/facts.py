"""A line of the feed as facts: what it says for the first time, and what it changes later (T20, P2)."""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from dossiers.law.facts import Fact, Values, fact
from dossiers.law.reading import read

ONE_DAY = timedelta(days=1)
_RESERVED = re.compile(r"(recognized|corrected|ended|end-withdrawn|excluded|invalidity|reason|voided)-.+")


def is_reserved(fact_id: str) -> bool:
    """Whether the feed may need this id: history that took it would stand in the way of a later version."""
    return _RESERVED.fullmatch(fact_id) is not None


class Said(NamedTuple):
    """What one version of a line says about the incapacity, as far as the law reads it."""

    version: int
    start: date
    end: date | None
    end_reason: str
    regime: str
    cause: str
    contract: bool
    excluded: str
    invalidity_from: date | None


@lru_cache(maxsize=50_000)
def first(said: Said, today: date) -> tuple[Fact, ...]:
    """The facts of a line that is new. Their ids are made of kind and version, alike for all dossiers."""
    version = said.version
    facts = [
        fact(
            "incapacity_recognized", said.start, f"recognized-{version}",
            start=said.start, end=said.end, end_reason=said.end_reason or None, regime=said.regime,
            cause=said.cause, contract=said.contract, version=version,
        )
    ]  # fmt: skip
    if said.excluded:
        facts.append(fact("incapacity_excluded", said.start, f"excluded-{version}", reason=said.excluded))
    if said.end:
        facts.append(_ended(said))
    if said.invalidity_from:
        facts.append(_invalidity(said, today))
    return tuple(facts)


def changes(before: Said, now: Said, known: tuple[Fact, ...], today: date) -> tuple[Fact, ...]:
    """The facts of a newer version; `known` are the dossier's, where a withdrawn one has to be named."""
    facts: list[Fact] = []
    changed: dict[str, Any] = {
        name: getattr(now, name)
        for name in ("start", "regime", "cause", "contract")
        if getattr(now, name) != getattr(before, name)
    }
    if changed:
        facts.append(
            fact("incapacity_corrected", today, f"corrected-{now.version}", version=now.version, **changed)
        )
    if (now.end, now.end_reason) != (before.end, before.end_reason):
        facts.append(
            _ended(now)
            if now.end
            else fact("incapacity_end_withdrawn", today, f"end-withdrawn-{now.version}", version=now.version)
        )
    facts += _exclusion(before, now, known, today)
    if now.invalidity_from != before.invalidity_from:
        if now.invalidity_from:
            facts.append(_invalidity(now, today))
        else:
            facts += [_void(item, now, today) for item in _standing(known, "invalidity_recognized")]
    return tuple(facts)


def _exclusion(before: Said, now: Said, known: tuple[Fact, ...], today: date) -> list[Fact]:
    if now.excluded == before.excluded:
        return []
    if not before.excluded:
        return [fact("incapacity_excluded", today, f"excluded-{now.version}", reason=now.excluded)]
    seen = read(known)
    standing = [item for item in known if seen and item.id == seen.excluded_by]
    if not now.excluded:
        return [_void(item, now, today) for item in standing]
    return [
        fact(
            "fact_corrected", today, f"reason-{item.id}-{now.version}",
            fact=item.id, version=now.version, to=Values.of({"reason": now.excluded}),
        )
        for item in standing
    ]  # fmt: skip


def _standing(known: tuple[Fact, ...], kind: str) -> list[Fact]:
    voided = {item.get("fact") for item in known if item.kind == "fact_voided"}
    return [item for item in known if item.kind == kind and item.id not in voided]


def _void(item: Fact, now: Said, today: date) -> Fact:
    return fact(
        "fact_voided", today, f"voided-{item.id}-{now.version}",
        fact=item.id, version=now.version, reason="feed",
    )  # fmt: skip


def _ended(said: Said) -> Fact:
    assert said.end
    return fact(
        "incapacity_ended", said.end + ONE_DAY, f"ended-{said.version}",
        version=said.version, reason=said.end_reason,
    )  # fmt: skip


def _invalidity(said: Said, today: date) -> Fact:
    assert said.invalidity_from
    return fact(
        "invalidity_recognized", min(said.invalidity_from, today), f"invalidity-{said.version}",
        **{"from": said.invalidity_from, "version": said.version},
    )  # fmt: skip
