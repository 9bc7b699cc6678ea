"""What a reintegration plan says (Z4): plain to keep as the text of its fact, read back, and what it lacks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, NamedTuple, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tnw.accounts.models import new_uuid
from tnw.core import clock
from trajects.models.appointment import Form

Word = str | Promise
# More than any plan has: what comes in by a request is bounded.
ROWS, TEXT, SHORT = 40, 2000, 200


@dataclass(frozen=True, slots=True)
class Objective:
    """An intermediate result, and the day by which it is aimed for."""

    text: str = ""
    target: date | None = None

    @property
    def complete(self) -> bool:
        return bool(self.text and self.target)

    @property
    def empty(self) -> bool:
        return not self.text and not self.target

    def plain(self) -> dict[str, Any]:
        return {"text": self.text, "target": _iso(self.target)}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        return cls(_text(told, "text"), _day(told.get("target")))


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody does by a day; `id` stays the same from version to version."""

    id: str = ""
    text: str = ""
    who: str = ""
    due: date | None = None
    done: bool = False

    @property
    def complete(self) -> bool:
        """Concrete: what, who, and by when."""
        return bool(self.text and self.who and self.due)

    @property
    def empty(self) -> bool:
        return not (self.text or self.who or self.due)

    def plain(self) -> dict[str, Any]:
        return {"id": self.id, "text": self.text, "who": self.who, "due": _iso(self.due), "done": self.done}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        return cls(
            _text(told, "id", SHORT),
            _text(told, "text"),
            _text(told, "who", SHORT),
            _day(told.get("due")),
            told.get("done") is True,
        )


@dataclass(frozen=True, slots=True)
class Interview:
    """The next follow-up interview: when, how and where."""

    on: date | None = None
    at: time | None = None
    form: str = ""
    place: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.on and self.at and self.form)

    @property
    def moment(self) -> datetime | None:
        return datetime.combine(self.on, self.at, clock.BRUSSELS) if self.on and self.at else None

    def plain(self) -> dict[str, Any]:
        at = self.at.isoformat("minutes") if self.at else None
        return {"on": _iso(self.on), "at": at, "form": self.form, "place": self.place}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        form = _text(told, "form", SHORT)
        known = form if form in Form.values else ""
        return cls(_day(told.get("on")), _time(told.get("at")), known, _text(told, "place", SHORT))


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a version of the plan says."""

    objectives: tuple[Objective, ...] = ()
    result: str = ""
    actions: tuple[Action, ...] = ()
    next: Interview = field(default_factory=Interview)

    def plain(self) -> dict[str, Any]:
        """As JSON, for the draft and for the text beside the fact."""
        return {
            "objectives": [one.plain() for one in self.objectives],
            "result": self.result,
            "actions": [one.plain() for one in self.actions],
            "next": self.next.plain(),
        }

    @classmethod
    def of(cls, told: Any) -> Self:
        """Whatever was kept, read leniently: what is not understood is left out."""
        body = told if isinstance(told, Mapping) else {}
        following = body.get("next")
        return cls(
            tuple(Objective.of(one) for one in _rows(body.get("objectives"))),
            _text(body, "result"),
            tuple(Action.of(one) for one in _rows(body.get("actions"))),
            Interview.of(following if isinstance(following, Mapping) else {}),
        )

    def tidy(self) -> Self:
        """Without rows in which nothing stands, and every action with an id."""
        actions = (one for one in self.actions if not one.empty)
        return replace(
            self,
            objectives=tuple(one for one in self.objectives if not one.empty),
            actions=tuple(one if one.id else replace(one, id=str(new_uuid())) for one in actions),
        )

    def action(self, action_id: str) -> Action | None:
        return next((one for one in self.actions if action_id and one.id == action_id), None)


class Part(NamedTuple):
    """One of the four things that a plan has to have: its code, its words, what is lacking, and whether it is there."""

    code: str
    label: Word
    lacks: Word
    there: bool


_PARTS: tuple[tuple[str, Word, Word, Callable[[Contents], bool]], ...] = (
    (
        "objectives",
        _("an objective with its date"),
        _("at least one objective, with the day by which it is aimed for"),
        lambda plan: any(one.complete for one in plan.objectives),
    ),
    ("result", _("the end result"), _("the end result aimed for"), lambda plan: bool(plan.result)),
    (
        "actions",
        _("a concrete action: who, and by when"),
        _("at least one concrete action, with who does it and by when"),
        lambda plan: any(one.complete for one in plan.actions),
    ),
    (
        "next",
        _("the next follow-up interview"),
        _("the appointment for the next follow-up interview, with day, time and form"),
        lambda plan: plan.next.complete,
    ),
)


def checklist(contents: Contents) -> list[Part]:
    """What a plan needs (Z4), and whether it is there."""
    return [Part(code, label, lacks, there(contents)) for code, label, lacks, there in _PARTS]


def missing(contents: Contents) -> list[Part]:
    """What Z4 asks and is not there; nothing where the plan can be agreed."""
    return [one for one in checklist(contents) if not one.there]


def unfinished(contents: Contents) -> list[Part]:
    """Parts with rows that were begun and not finished: whoever agrees finishes them, or takes them away."""
    rows: tuple[tuple[str, Word, Iterable[Objective | Action]], ...] = (
        ("objectives", _("an objective of which the text or the day is lacking"), contents.objectives),
        ("actions", _("an action of which the text, the person or the day is lacking"), contents.actions),
    )
    return [
        Part(code, lacks, lacks, there=False)
        for code, lacks, its in rows
        if any(not one.complete and not one.empty for one in its)
    ]


def to_finish(contents: Contents) -> list[Part]:
    """All that stands between a plan and its being agreed: what is missing, and what was begun and not finished."""
    return [*missing(contents), *unfinished(contents)]


# --- two versions side by side


class Compared(NamedTuple):
    """One line of two versions: how it stood, how it stands; `change` is added, removed, changed or nothing."""

    before: Any
    after: Any

    @property
    def change(self) -> str:
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return "changed" if self.before != self.after else ""


class Comparison(NamedTuple):
    """Two versions side by side."""

    result: Compared
    objectives: list[Compared]
    actions: list[Compared]
    next: Compared


def compare(before: Contents, after: Contents) -> Comparison:
    """What changed: actions meet by their id, objectives by their text, and what is left of them by its place."""
    return Comparison(
        Compared(before.result, after.result),
        _compared(before.objectives, after.objectives, lambda one: one.text),
        _compared(before.actions, after.actions, lambda one: one.id or one.text),
        Compared(before.next, after.next),
    )


def _compared(before: Iterable[Any], after: Iterable[Any], key: Callable[[Any], str]) -> list[Compared]:
    old = {key(one): one for one in before}
    new = {key(one): one for one in after}
    gone = [one for name, one in old.items() if name not in new]
    found = []
    for name, one in new.items():
        if name in old:
            found.append(Compared(old[name], one))
        else:
            # Reworded with the same day: the same objective.
            same = next(
                (was for was in gone if isinstance(was, Objective) and was.target == one.target), None
            )
            if same is not None:
                gone.remove(same)
            found.append(Compared(same, one))
    return [*found, *(Compared(one, None) for one in gone)]


# --- reading what was kept


def _rows(told: Any) -> list[Mapping[str, Any]]:
    rows = told if isinstance(told, list) else []
    return [one for one in rows[:ROWS] if isinstance(one, Mapping)]


def _text(told: Mapping[str, Any], name: str, limit: int = TEXT) -> str:
    value = told.get(name)
    return value.strip()[:limit] if isinstance(value, str) else ""


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(told: Any) -> date | None:
    try:
        return date.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None


def _time(told: Any) -> time | None:
    try:
        return time.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
