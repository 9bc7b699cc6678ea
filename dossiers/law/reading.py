"""What the facts say about the incapacity itself: its start, its end, its regime, its exclusion."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from .calendar import ONE_DAY
from .facts import Fact, corrected, in_order


class Incapacity(NamedTuple):
    """An incapacity as it stands after all its versions. `end` is the last recognized day."""

    recognized_by: str
    version: int
    original_start: date
    start: date
    end: date | None
    end_reason: str | None
    end_by: str
    regime: str
    cause: str | None
    contract: bool | None
    excluded: str | None
    excluded_on: date | None
    excluded_by: str
    invalidity_from: date | None

    @property
    def ended_on(self) -> date | None:
        """The day after the last recognized day."""
        return None if self.end is None else self.end + ONE_DAY

    @property
    def never_in(self) -> bool:
        """Excluded from the start: a record with its reason, no route, no deadline (P2)."""
        return self.excluded_on is not None and self.excluded_on <= max(self.start, self.original_start)


def read(facts: Iterable[Fact]) -> Incapacity | None:
    """The incapacity that these facts tell of, corrections applied; None where none was recognized."""
    return read_ordered(in_order(corrected(facts)))


def read_ordered(facts: Iterable[Fact]) -> Incapacity | None:
    """The same, of facts that are corrected and in order already."""
    versions: list[Fact] = []
    ends: list[tuple[int, int, Fact]] = []
    recognized: Fact | None = None
    exclusion: Fact | None = None
    invalidity: Fact | None = None
    for item in facts:
        match item.kind:
            case "incapacity_recognized" | "incapacity_corrected":
                if item.kind == "incapacity_recognized" and recognized is None:
                    recognized = item
                versions.append(item)
                if item.get("end") is not None:
                    ends.append((item.get("version", 1), 0, item))
            case "incapacity_ended":
                ends.append((item.get("version", 1), 1, item))
            case "incapacity_end_withdrawn":
                ends.append((item.get("version", 1), 2, item))
            case "incapacity_excluded":
                exclusion = exclusion or item
            case "invalidity_recognized":
                if invalidity is None or item.get("version", 1) >= invalidity.get("version", 1):
                    invalidity = item
    if recognized is None:
        return None
    told: dict[str, Any] = {}
    if len(versions) > 1:
        versions.sort(key=lambda item: item.get("version", 1))
    for item in versions:
        told.update(item.values)
    end, end_reason, end_by = _end(ends, told)
    return Incapacity(
        recognized_by=recognized.id,
        version=max([told.get("version", 1), *(version for version, _, _ in ends)]),
        original_start=recognized.values["start"],
        start=told["start"],
        end=end,
        end_reason=end_reason,
        end_by=end_by,
        regime=told["regime"],
        cause=told.get("cause"),
        contract=told.get("contract"),
        excluded=exclusion.get("reason") if exclusion else None,
        excluded_on=exclusion.on if exclusion else None,
        excluded_by=exclusion.id if exclusion else "",
        invalidity_from=invalidity.get("from", invalidity.on) if invalidity else None,
    )


def _end(ends: list[tuple[int, int, Fact]], told: dict[str, Any]) -> tuple[date | None, str | None, str]:
    """The end that the highest version claims; of one version, a fact of it before a line's own end."""
    if not ends:
        return None, None, ""
    last = max(ends, key=lambda claim: claim[:2])[2]
    if last.kind == "incapacity_end_withdrawn":
        return None, None, ""
    if last.kind == "incapacity_ended":
        return last.on - ONE_DAY, last.get("reason", told.get("end_reason")), last.id
    return last.values["end"], last.get("end_reason", told.get("end_reason")), last.id
