"""The timeline of a dossier as its page shows it: the picture, the same as a list, and how near one looks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dossiers.law.facts import Fact
from dossiers.models import Dossier
from tnw.accounts.models import User
from tnw.accounts.services import remember
from tnw.web.dossier import Line
from tnw.web.timeline.drawing import Drawing
from tnw.web.timeline.items import DEADLINE, FACT, FALLEN, PLANNED, Item, items_of, led_from
from tnw.web.timeline.layout import draw
from tnw.web.timeline.window import WHOLE, ZOOMS, spans

# Under this name the screens keep how near this person looks.
CHOICE = "timeline"
COUNTED = (FACT, PLANNED, DEADLINE)


@dataclass(frozen=True, slots=True)
class Zoom:
    """A window one can look through."""

    name: str
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """`items` are those in the picture; `earlier` and `later` count what lies outside of it.

    `whole` is what is printed where the picture shows less than the whole time.
    """

    drawing: Drawing
    whole: Drawing | None
    items: Sequence[Item]
    zooms: Sequence[Zoom]
    earlier: int
    later: int

    @property
    def widest(self) -> Drawing:
        return self.whole or self.drawing


def chosen(user: User, query: Mapping[str, str]) -> str:
    """How near to look: as asked now, and then kept; else as last time, else all of it."""
    asked, kept = query.get("show", ""), user.choices.get(CHOICE, WHOLE)
    if asked in ZOOMS:
        if asked != kept:
            remember(user=user, name=CHOICE, value=None if asked == WHOLE else asked)
        return asked
    return str(kept)


def timeline(
    dossier: Dossier, facts: Iterable[Fact], lines: Sequence[Line], *, zoom: str, today: date
) -> Timeline:
    """Of a dossier whose machines are loaded; a zoom that tells nothing here of its own is the whole."""
    facts = list(facts)
    items = items_of(dossier, facts, lines, today)
    incapacity = dossier.incapacity
    windows = spans(incapacity.start, items, today, incapacity.end, led_from(facts))
    current = zoom if zoom in windows else WHOLE
    first, last = windows[current]
    drawing = draw(items, (first, last), incapacity.start, incapacity.end, today)
    whole = None
    if current != WHOLE:
        whole = draw(items, windows[WHOLE], incapacity.start, incapacity.end, today)
    keys = drawing.keys
    # What fell away ahead of its day is not missed in the picture.
    out = [one for one in items if one.sort in COUNTED and one.key not in keys and one.tone != FALLEN]
    address = reverse("dossier", args=[dossier.public_id])
    return Timeline(
        drawing,
        whole,
        [item for item in items if item.key in keys],
        [Zoom(name, _label(name), f"{address}?show={name}", name == current) for name in windows],
        sum(item.day < first for item in out),
        sum(item.day > last for item in out),
    )


def _label(zoom: str) -> str:
    match zoom:
        case "traject":
            return pgettext("timeline", "The traject")
        case "last":
            return _("The last months")
        case _:
            return pgettext("timeline", "The whole time")
