"""The parts of a drawn timeline: words, signs that can be asked for their reason, shades; and where each stands."""

from dataclasses import dataclass
from typing import NamedTuple

from tnw.web.timeline.items import Item
from tnw.web.timeline.measure import BOLD, SIZE, width
from tnw.web.timeline.window import SMALL, Tick

WIDTH = 1140
# How high the words on top are.
TOP = 26
# Where a line from top to bottom begins, and how far it stays away from words.
LINE, APART = 20, 2


class Point(NamedTuple):
    x: int
    y: int


class Box(NamedTuple):
    """Left, top, right and bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Words:
    """Words at a place: `x` is where they begin; `strong` stands before them. The box is as they are measured."""

    x: int
    y: int
    text: str
    strong: str = ""
    size: int = SIZE

    @property
    def box(self) -> Box:
        wide = width(self.text, size=self.size) + width(self.strong, BOLD, self.size)
        return Box(self.x, self.y - self.size, self.x + wide, self.y + self.size * 0.3)


@dataclass(frozen=True, slots=True)
class Sign:
    """A flag, a mark, a band or the anniversary: what can be asked for its reason. `items` are what it stands for."""

    shape: str
    items: tuple[Item, ...]
    x: int
    y: int
    wide: int
    high: int
    foot: int
    words: Words | None = None
    start: bool = False

    @property
    def tone(self) -> str:
        return max(self.items, key=lambda item: item.weight).tone

    @property
    def several(self) -> int:
        return len(self.items) if len(self.items) > 1 else 0

    @property
    def by_law(self) -> bool:
        return any(item.line is not None and item.line.words.legal for item in self.items)

    @property
    def box(self) -> Box:
        return Box(self.x, self.y, self.x + self.wide, self.y + self.high)

    @property
    def middle(self) -> int:
        return self.x + self.wide // 2

    @property
    def bottom(self) -> int:
        return self.y + self.high

    @property
    def icon(self) -> Point:
        """Where the icon of a flag stands."""
        return Point(self.x + (4 if self.by_law else 3), self.y + 3)

    @property
    def number(self) -> Point:
        """Where stands how many there are: its middle in a mark, its beginning in a flag."""
        return Point(self.x + 19 if self.shape == "flag" else self.middle, self.y + self.high // 2 + 4)

    @property
    def target(self) -> Point:
        """Where a thumb's target around a mark begins."""
        return Point(self.middle - 12, self.y + self.high // 2 - 12)


@dataclass(frozen=True, slots=True)
class Shade:
    """Days that are shaded from top to bottom, or a part of the axis."""

    x: int
    wide: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of it, and at which height each part stands."""

    height: int
    axis: int
    dates: int
    months: tuple[Tick, ...]
    calendar: tuple[Tick, ...]
    signs: tuple[Sign, ...]
    shades: tuple[Shade, ...]
    primary: Shade | None
    invalid: Shade | None
    year_x: int | None
    today_x: int | None
    today: Words | None
    today_key: str

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def below(self) -> int:
        """How high what is shaded from below the words on top is."""
        return self.height - TOP

    @property
    def month_y(self) -> int:
        return self.axis + 15

    @property
    def date_y(self) -> int:
        return self.dates + 13

    @property
    def year_path(self) -> str:
        return self._down(self.year_x)

    @property
    def today_path(self) -> str:
        return self._down(self.today_x)

    def _down(self, x: int | None) -> str:
        """A line from top to bottom, interrupted where words stand across it."""
        if x is None:
            return ""
        across = sorted(
            (box.top - APART, box.bottom + APART)
            for box in (words.box for words in self.words)
            if box.left - APART < x < box.right + APART
        )
        found, here = [], float(LINE)
        for top, bottom in across:
            if top > here:
                found.append(f"M{x} {round(here)}V{round(top)}")
            here = max(here, bottom)
        if here < self.height:
            found.append(f"M{x} {round(here)}V{self.height}")
        return "".join(found)

    @property
    def today_box(self) -> Shade | None:
        """Around today's date."""
        if self.today is None:
            return None
        left, _top, right, _bottom = self.today.box
        return Shade(round(left) - 5, round(right - left) + 10)

    @property
    def keys(self) -> frozenset[str]:
        """What can be found in the picture, today's line too."""
        today = {self.today_key} if self.today_key else set()
        return frozenset({item.key for sign in self.signs for item in sign.items} | today)

    @property
    def words(self) -> list[Words]:
        """All words that stand outside of marks."""
        own = [sign.words for sign in self.signs if sign.words]
        axis = [Words(tick.text_x, self.month_y, "", tick.label, SMALL) for tick in self.months if tick.label]
        dates = [
            Words(tick.text_x, self.date_y, tick.label, "", SMALL) for tick in self.calendar if tick.label
        ]
        return [*own, *axis, *dates, *([self.today] if self.today else [])]
