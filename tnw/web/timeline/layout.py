"""Where everything of a timeline stands, in whole units of the drawing: no two words or marks touch.

From the top: words of the vertical lines, flags of deadlines in lanes, the axis in months of incapacity, calendar
months, bands of what lasts, marks of facts, and their words in lanes. Flags and marks carry their words at the right
of a stem. From the right to the left each takes the lane above all that its words reach over: so no stem crosses words.
The lines of today and of the year go from top to bottom, but for where words stand across them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dossiers.law.calendar import ONE_DAY
from tnw.web.timeline.drawing import TOP, WIDTH, Box, Drawing, Shade, Sign, Words
from tnw.web.timeline.items import DEADLINE, FACT, LASTING, PLANNED, TODAY, YEAR, Item
from tnw.web.timeline.measure import BOLD, shortened, width
from tnw.web.timeline.window import SMALL, Scale, calendar, months

# At the right a flag has room behind the last day.
EDGE, BEHIND = 14, 40
# What is nearer than this becomes one mark: a thumb's target is 24.
TOUCH, FLAG_TOUCH = 27, 46
FLAG, FLAG_OF_SEVERAL, FLAG_HEIGHT, LANE = 22, 38, 18, 24
MARK, WORDS_LANE, AXIS, DATES, BAND = 7, 19, 22, 18, 20
MOST_LANES, MOST_WORDS_LANES = 6, 6
LONGEST, GAP = 250, 8
FLAG_SORTS, MARK_SORTS = (DEADLINE,), (FACT, PLANNED)


def clustered(items: Iterable[Item], scale: Scale, touch: int) -> list[tuple[int, tuple[Item, ...]]]:
    """Items in the order of their days, those that would touch together in the middle of where they lie."""
    found: list[tuple[int, list[Item]]] = []
    first = 0
    for item in sorted(items, key=lambda one: one.day):
        x = scale.x(item.day)
        if found and x - found[-1][0] < touch:
            found[-1][1].append(item)
            found[-1] = ((first + x) // 2, found[-1][1])
        else:
            first = x
            found.append((x, [item]))
    return [(x, tuple(group)) for x, group in found]


def apart(groups: Iterable[tuple[int, tuple[Item, ...]]], touch: int) -> list[tuple[int, tuple[Item, ...]]]:
    """Groups of several sorts from the left to the right; one that would touch the one before it stands beside it."""
    found: list[tuple[int, tuple[Item, ...]]] = []
    for x, group in sorted(groups, key=lambda one: (one[0], one[1][0].day)):
        found.append((max(x, found[-1][0] + touch) if found else x, group))
    return found


def lanes(xs: Sequence[int], widths: Sequence[float]) -> list[int]:
    """For each, from the right to the left, the lane above all whose stem stands within its width; `xs` ascend."""
    found = [0] * len(xs)
    for place in range(len(xs) - 1, -1, -1):
        reach, lane = xs[place] + widths[place] + GAP, 0
        for later in range(place + 1, len(xs)):
            if xs[later] >= reach:
                break
            lane = max(lane, found[later] + 1)
        found[place] = lane
    return found


def arranged(
    xs: Sequence[int], bare: Sequence[int], full: Sequence[float], order: Sequence[int], most: int
) -> tuple[list[int], list[bool]]:
    """The lanes, and who keeps its words: in that order, as long as they fit into so many lanes."""
    widths: list[float] = list(bare)
    for place in order:
        widths[place] = full[place]
        if max(lanes(xs, widths)) >= most:
            widths[place] = bare[place]
    kept = [wide > narrow for wide, narrow in zip(widths, bare, strict=True)]
    return lanes(xs, widths), kept


def draw(
    items: Sequence[Item], span: tuple[date, date], start: date, end: date | None, today: date
) -> Drawing:
    """The picture of these items between two days."""
    scale = Scale(*span, EDGE, WIDTH - BEHIND)
    shown = [item for item in items if scale.holds(item)]
    flags = _flags(scale, [item for item in shown if item.sort in FLAG_SORTS], today)
    highest = max((lane for _x, _group, lane, _words in flags), default=-1)
    axis = TOP + (highest + 1) * LANE + 4
    dates = axis + AXIS
    below = dates + DATES
    bands, below = _bands(scale, [item for item in shown if item.lasts], below)
    marks, below = _marks(scale, [item for item in shown if item.sort in MARK_SORTS], below, today)
    year = next((item for item in shown if item.sort == YEAR), None)
    turn = scale.x(year.day) if year else None
    now = next((item for item in shown if item.sort == TODAY), None)
    here = scale.x(today) if now else None
    said = _top(here, today)
    signs = [*_planted(flags, axis), *bands, *marks]
    if year and turn is not None:
        signs.append(_anniversary(year, turn, axis, said))
    signs.sort(key=lambda sign: (sign.items[0].day, sign.x))
    begins, ends = scale.clamped(start), scale.clamped(end + ONE_DAY) if end else scale.right
    turned = next((scale.clamped(item.day) for item in items if item.sort == YEAR), ends)
    passed = min(max(turned, begins), ends)
    return Drawing(
        height=below + 6,
        axis=axis,
        dates=dates,
        months=months(scale, start, end),
        calendar=calendar(scale),
        signs=_with_start(signs, today),
        shades=tuple(Shade(sign.x, sign.wide) for sign in bands if sign.items[0].tone == "suspension"),
        primary=Shade(begins, passed - begins) if passed > begins else None,
        invalid=Shade(passed, ends - passed) if ends > passed else None,
        year_x=turn,
        today_x=here,
        today=said,
        today_key=now.key if now else "",
    )


Placed = list[tuple[int, tuple[Item, ...], int, Words | None]]


def _flags(scale: Scale, deadlines: Sequence[Item], today: date) -> Placed:
    """Deadlines: what is closed shares a flag where it would touch, and so does the rest where there are too many."""
    waiting = [item for item in deadlines if item.waits]
    closed = [item for item in deadlines if not item.waits]
    groups = [(scale.x(item.day), (item,)) for item in waiting] + clustered(closed, scale, FLAG_TOUCH)
    groups.sort(key=lambda group: group[0])
    bare = [_head(group) for _x, group in groups]
    if groups and max(lanes([x for x, _group in groups], bare)) >= MOST_LANES:
        groups = clustered(deadlines, scale, FLAG_TOUCH)
        bare = [_head(group) for _x, group in groups]
    room = [WIDTH - EDGE - x - head - 6 for (x, _group), head in zip(groups, bare, strict=True)]
    texts = [
        _said(group, min(LONGEST, space), today) for (_x, group), space in zip(groups, room, strict=True)
    ]
    return _in_lanes(groups, bare, texts, 6, MOST_LANES)


def _in_lanes(
    groups: Sequence[tuple[int, tuple[Item, ...]]],
    bare: Sequence[int],
    texts: Sequence[tuple[str, str]],
    inset: int,
    most: int,
) -> Placed:
    if not groups:
        return []
    xs = [x for x, _group in groups]
    full = [
        head + inset + width(text) + width(strong, BOLD) if text else head
        for head, (strong, text) in zip(bare, texts, strict=True)
    ]
    order = sorted(range(len(groups)), key=lambda at: (-_weight(groups[at][1]), -at))
    found, kept = arranged(xs, bare, full, order, most)
    return [
        (x, group, lane, Words(x + head + inset, 0, text, strong) if keeps else None)
        for (x, group), head, lane, keeps, (strong, text) in zip(
            groups, bare, found, kept, texts, strict=True
        )
    ]


def _weight(group: Sequence[Item]) -> int:
    return max(item.weight for item in group)


def _head(group: Sequence[Item]) -> int:
    return FLAG_OF_SEVERAL if len(group) > 1 else FLAG


def _said(group: Sequence[Item], room: float, today: date) -> tuple[str, str]:
    """The day of what waits or is planned, in another year with it, and what it is; cut where there is less room."""
    one = max(group, key=lambda item: item.weight)
    written = "d/m" if one.day.year == today.year else "d/m/Y"
    strong = f"{formats.date_format(one.day, written)} " if one.waits or one.sort == PLANNED else ""
    room -= width(strong, BOLD)
    fits = width(one.title) <= room and len(group) == 1
    return strong, _cut(one.title if fits else str(one.short or one.title), len(group), room)


def _cut(title: str, several: int, room: float) -> str:
    if several < 2:
        return shortened(title, room)
    others = ngettext("and %(n)s more", "and %(n)s more", several - 1) % {"n": several - 1}
    whole = f"{title} {others}"
    if width(whole) <= room:
        return whole
    more = f" +{several - 1}"
    text = shortened(title, room - width(more))
    return text + more if text else ""


def _planted(flags: Placed, axis: int) -> list[Sign]:
    found = []
    for x, group, lane, words in flags:
        y = axis - 4 - LANE * (lane + 1)
        text = Words(words.x, y + 14, words.text, words.strong) if words else None
        found.append(Sign("flag", group, x, y, _head(group), FLAG_HEIGHT, axis, text))
    return found


def _marks(scale: Scale, facts: Sequence[Item], top: int, today: date) -> tuple[list[Sign], int]:
    """Facts and appointments below the axis, never both in one mark, with their words below them; and where they end."""
    was = clustered((item for item in facts if item.sort != PLANNED), scale, TOUCH)
    ahead = clustered((item for item in facts if item.sort == PLANNED), scale, TOUCH)
    groups = apart([*was, *ahead], TOUCH)
    if not groups:
        return [], top
    bare = [0] * len(groups)
    room = [WIDTH - EDGE - x - 5 for x, _group in groups]
    texts = [
        _said(group, min(LONGEST, space), today) for (_x, group), space in zip(groups, room, strict=True)
    ]
    middle, found, deepest = top + 14, [], -1
    placed = _in_lanes(groups, bare, texts, 5, MOST_WORDS_LANES)
    for x, group, lane, words in placed:
        text, foot = None, middle + MARK
        if words:
            deepest = max(deepest, lane)
            foot = middle + 28 + WORDS_LANE * lane
            text = Words(words.x, foot, words.text, words.strong)
        half = 12 if len(group) > 1 else MARK
        found.append(Sign("mark", group, x - half, middle - half, 2 * half, 2 * half, foot, text))
    return found, middle + 34 + WORDS_LANE * deepest if deepest >= 0 else middle + 14


def _bands(scale: Scale, lasting: Sequence[Item], top: int) -> tuple[list[Sign], int]:
    """What lasts, a row for each sort and for what overlaps; its words inside, after it, or left out."""
    rows: list[tuple[str, int]] = []
    found: list[Sign] = []
    for item in sorted(lasting, key=lambda one: (LASTING.index(one.sort), one.day)):
        left = scale.clamped(item.day)
        right = scale.clamped(item.until) if item.until else scale.right
        right = max(right, min(left + TOUCH, scale.right))
        left = min(left, right - TOUCH)
        row = next((at for at, (sort, end) in enumerate(rows) if sort == item.sort and end + GAP <= left), -1)
        if row < 0:
            rows.append((item.sort, 0))
            row = len(rows) - 1
        y = top + 4 + row * BAND
        words, end = None, right
        wide = width(item.title, size=SMALL)
        if wide + 10 <= right - left:
            words = Words(left + 5, y + 12, item.title, size=SMALL)
        elif right + 5 + wide <= WIDTH - EDGE and _alone(item, lasting):
            words, end = Words(right + 5, y + 12, item.title, size=SMALL), round(right + 5 + wide)
        rows[row] = (item.sort, end)
        found.append(Sign("band", (item,), left, y, right - left, 16, y + 16, words))
    return found, top + 4 + len(rows) * BAND if rows else top


def _alone(item: Item, lasting: Sequence[Item]) -> bool:
    """Whether nothing of its sort comes after it."""
    return not any(other.sort == item.sort and other.day > item.day for other in lasting)


def _top(here: int | None, today: date) -> Words | None:
    if here is None:
        return None
    text = " ".join((_("Today"), formats.date_format(today, "d/m/Y")))
    wide = round(width(text, BOLD, SMALL))
    return Words(min(max(here - wide // 2, EDGE), WIDTH - EDGE - wide), 14, "", text, SMALL)


def _anniversary(year: Item, x: int, axis: int, today: Words | None) -> Sign:
    """Its words at the right of the line, else at its left, where they do not touch today's."""
    wide = round(width(year.title, size=SMALL))
    for left in (x + 5, x - 5 - wide):
        words = Words(left, 14, year.title, size=SMALL)
        padded = Box(left - 8, 0, left + wide + 8, 20)
        if left >= EDGE and left + wide <= WIDTH - EDGE and not (today and today.box.meets(padded)):
            return Sign("year", (year,), x - 12, axis, 24, AXIS, axis + AXIS, words)
    return Sign("year", (year,), x - 12, axis, 24, AXIS, axis + AXIS)


def _with_start(signs: Sequence[Sign], today: date) -> tuple[Sign, ...]:
    """One of them is where the keyboard comes in: what waits first, or the last of what was."""
    waits = [at for at, sign in enumerate(signs) if any(item.waits for item in sign.items)]
    was = [at for at, sign in enumerate(signs) if sign.items[0].day <= today]
    at = (waits or was[-1:] or [0])[0]
    return tuple(replace(sign, start=number == at) for number, sign in enumerate(signs))
