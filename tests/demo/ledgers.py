"""What the demo's replay has to have recorded, by the law's own door: to hold the replay against."""

from datetime import date

from dossiers.law.facts import Fact
from routing.intake import facts
from routing.intake.facts import Said
from tnw.web.demo import feed
from tnw.web.demo.course import Life


def ledger_of(life: Life, today: date) -> tuple[Fact, ...]:
    """The facts that the replay will have recorded by the end of a day: of the feed, and of people."""
    known: list[Fact] = []
    before: Said | None = None
    for day, line in feed.lines(life):
        if day > today:
            break
        said = _said(line)
        known += facts.changes(before, said, tuple(known), day) if before else facts.first(said, day)
        before = said
    return (*known, *(fact for act in life.acts if act.day <= today for fact in act.facts))


def _said(line: dict[str, str]) -> Said:
    excluded = line["cause"] if line["cause"] in ("work_accident", "occupational_disease") else ""
    return Said(
        version=int(line["version"]),
        start=date.fromisoformat(line["start"]),
        end=date.fromisoformat(line["end"]) if line["end"] else None,
        end_reason=line["end_reason"],
        regime=line["regime"],
        cause=line["cause"],
        contract=line["employment_contract"] == "true",
        excluded=excluded or ("statutory_civil_servant" if line["statutory_civil_servant"] == "true" else ""),
        invalidity_from=date.fromisoformat(line["invalidity_from"]) if line["invalidity_from"] else None,
    )
