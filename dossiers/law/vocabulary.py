"""The words in which the table of rules is written."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple


def N_(text: str) -> str:  # noqa: N802 - the extraction of translations looks for this name
    """Mark a text for translation where it is written; it is translated where it is shown."""
    return text


class When(NamedTuple):
    """A fact of this kind, saying one of these things where `having` names some."""

    kind: str
    having: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    # What a deadline closed by it says: the kind itself, unless told otherwise.
    code: str = ""
    # Only where both concern the same thing: the same training, the same planned work, the same declaration.
    same_subject: bool = False


def when(kind: str, code: str = "", **having: Any) -> When:
    said = ((name, told if isinstance(told, tuple) else (told,)) for name, told in having.items())
    return When(kind, tuple(said), code or kind)


def same(pattern: When) -> When:
    """The same, of the subject that the opening fact names."""
    return pattern._replace(same_subject=True)


class Period(NamedTuple):
    """A period counted from its anchor in one step (D2); `less_days` makes it end the day before."""

    anchor: str
    months: int = 0
    weeks: int = 0
    working_days: int = 0
    less_days: int = 0
    month_of_occurrence: bool = False
    to_end_of_month: bool = False
    last_working_day_before: bool = False


class Ground(NamedTuple):
    """The legal ground, per regime. Not verified: its article was not yet read in the Official Gazette."""

    employees: str
    self_employed: str
    verified: bool = False

    def text(self, regime: str) -> str:
        return self.self_employed if regime == "self_employed" else self.employees


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One row of the law."""

    id: str
    title: str
    scope: str
    opens: When
    falls: Period
    met_by: tuple[When, ...]
    whose: str
    kind: str
    ground: Ground
    sources: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    regimes: tuple[str, ...] = ("employee", "unemployed", "self_employed")
    # From when on a fact can meet it: after the opening fact, unless the row says otherwise.
    counts: str = "since_opening"
    closed_by: tuple[When, ...] = ()
    # Opens only where none of its kind is open.
    one_at_a_time: bool = False
    # Opens once in each formal part, and again by each of these.
    then: When | None = None
    # Opens only once this is there, and waits for it.
    waits_for: When | None = None
    # Opens the day after the date of this other deadline, where that was neither met nor closed by then.
    follows: str = ""
    # Where the period of `falls` holds only on the first assessment, and for a fact on or before its date.
    otherwise: Period | None = None
    occurrences: tuple[int, ...] = (1,)
    paused_by_suspension: bool = False
    # Tells a date and asks nothing: never overdue, met once its day is past.
    informs_only: bool = False
    # A day before the date on which it asks for attention: a warning, or its place in the queue.
    shown_from: Period | None = None
    # Before `valid_from` a first version applies all the same (P1), unless the row says otherwise.
    applies_before: bool = True
