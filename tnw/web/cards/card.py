"""What a card shows of one thing inside a dossier: how it stands, what is known of it, what can be done with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import formats
from django.utils.translation import gettext

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.notes import Note
from tnw.accounts.models import Actor
from tnw.web.dossier import Line
from tnw.web.words import Word, labelled

# How a state looks: what waits, what is over and went well, what came to nothing, what stands still.
OPEN, GOOD, OVER, PAUSED, BAD = "open", "met", "fallen_away", "paused", "missed"


@dataclass(frozen=True, slots=True)
class Case:
    """What cards are made of: a dossier with its machines, its facts in order, and the texts that the actor may read."""

    dossier: Dossier
    actor: Actor
    today: date
    facts: Sequence[Fact]
    notes: Mapping[str, Note]

    def texts(self, subject: str, *kinds: str) -> list[str]:
        """What was written beside the facts of a subject, of these kinds where any are named."""
        return [
            text
            for fact in self.facts
            if fact.subject == subject and (not kinds or fact.kind in kinds) and fact.id in self.notes
            for text in self.notes[fact.id].texts
        ]


@dataclass(frozen=True, slots=True)
class Doing:
    """A step in words: where it is done, by whom, by when and why, and why not; `subject` is what it is about.

    `leads_to` says what follows from it. Of what somebody else has to do, `helps` is what whoever looks can do about it.
    """

    title: str
    url: str
    whose: str
    line: Line | None = None
    reason: str = ""
    subject: str = ""
    main: bool = False
    leads_to: Word = ""
    helps: "Doing | None" = None


@dataclass(slots=True)
class Card:
    """One thing: `of` and `subject` tell what its steps are, by the machine's name and what tells several apart.

    `lines` are labels with what they say, `course` days with what happened on them; `template` is a part of the page
    for what these cannot show, with `more`.
    """

    of: str
    title: Word
    state: Word
    tone: str = OPEN
    subject: str = ""
    lines: list[tuple[Word, Word]] = field(default_factory=list)
    course: Sequence[tuple[Word, Word]] = ()
    texts: Sequence[str] = ()
    template: str = ""
    more: object = None
    steps: Sequence[Doing] = ()
    # What is done and still holds something up: it stands with what runs.
    stays: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing can come of it any more; such cards stand last, folded."""
        return self.tone in (GOOD, OVER, BAD) and not self.stays


def told(*lines: tuple[Word, Word | date | None]) -> list[tuple[Word, Word]]:
    """The lines that say something; days as the reader writes them."""
    return [(label, day(value) if isinstance(value, date) else value) for label, value in lines if value]


def said(words: Word, texts: Sequence[str]) -> str:
    """What happened, with what was written beside it."""
    return labelled(words, " ".join(texts)) if texts else str(words)


def closed(facts: Iterable[Fact], route: str, since: date, until: date | None) -> date | None:
    """The day on which a route was closed, of those of one round."""
    days = [
        fact.on
        for fact in facts
        if fact.kind == "route_closed" and fact.values["route"] == route
        and since <= fact.on and (until is None or fact.on <= until)
    ]  # fmt: skip
    return days[0] if days else None


def with_traject(facts: Iterable[Fact], own: str, subject: str) -> str:
    """Why one that has ended did: with the traject, where it has no end of its own of this kind."""
    if any(fact.kind == own and fact.subject in ("", subject) for fact in facts):
        return ""
    return gettext("with the return-to-work traject")


def day(value: date) -> str:
    return formats.date_format(value, "d/m/Y")
