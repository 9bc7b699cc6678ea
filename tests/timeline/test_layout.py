"""Where everything stands: fixed days, no two words or marks that touch, and what would touch becomes one mark."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest

from dossiers.law.facts import fact
from tests.timeline import making
from tests.timeline.making import START
from tnw.web.timeline import layout
from tnw.web.timeline.drawing import WIDTH, Box, Drawing, Words
from tnw.web.timeline.items import PLANNED, Item, led_from, month_of
from tnw.web.timeline.layout import clustered, draw, lanes
from tnw.web.timeline.measure import BOLD, shortened, width
from tnw.web.timeline.window import Scale, calendar, months, spans

TODAY = date(2025, 9, 15)
SENT = fact("questionnaire_sent", date(2025, 3, 17), "q-1", channel="post", language="nl")
ASSESSED = fact("assessment_made", date(2025, 5, 2), "a-1", category=4)
REFERRED = fact("referral_made", date(2025, 5, 5), "r-1")
HELD = fact("first_contact_held", date(2025, 5, 26), "c-1", route="A", form="in_person")
STARTED = fact("traject_started", date(2025, 5, 27), "t-1", route="A")
FACTS = [SENT, ASSESSED, REFERRED, HELD, STARTED]

# What is looked at, and the days between which it is drawn: a little room stays behind what comes last.
SPANS = {
    "new": ([], date(2025, 1, 20), None, {"whole": (START, date(2026, 2, 26))}),
    "traject": (
        FACTS,
        TODAY,
        None,
        {
            "whole": (START, date(2026, 2, 26)),
            "traject": (date(2025, 4, 27), date(2026, 1, 29)),
            "last": (date(2025, 6, 15), date(2026, 1, 17)),
        },
    ),
    "ended": (
        FACTS,
        date(2027, 3, 1),
        date(2025, 8, 31),
        {
            "whole": (START, date(2025, 10, 30)),
            "traject": (date(2025, 4, 27), date(2025, 10, 2)),
            "last": (date(2025, 5, 31), date(2025, 9, 24)),
        },
    ),
}


@pytest.mark.parametrize("name", SPANS)
def test_windows(name: str) -> None:
    facts, today, end, expected = SPANS[name]
    ended = [fact("incapacity_ended", end + timedelta(1), "e-1", version=2, reason="resumed")] if end else []
    items = making.items([*facts, *ended], today, making.dossier_of(end=end))
    assert spans(START, items, today, end, led_from(facts)) == expected


def test_days_lie_in_proportion_and_months_have_their_names() -> None:
    scale = Scale(START, date(2026, 1, 6), 14, 1100)
    assert [scale.x(day) for day in (START, date(2025, 7, 7), date(2026, 1, 6))] == [14, 556, 1100]
    assert [tick.label for tick in months(scale, START)] == [f"month {n}" for n in range(1, 13)]
    assert [tick.label for tick in calendar(scale)][:3] == ["Feb. 2025", "March", "April"]
    assert calendar(scale)[-1].label == "", "no room is left"
    assert len(months(scale, START, end=date(2025, 6, 5))) == 5
    far = Scale(START, date(2031, 1, 6), 14, 1100)
    said = [tick.label for tick in months(far, START) if tick.label]
    assert said[:3] == ["month 1", "month 7", "month 13"]


@pytest.mark.parametrize(
    ("day", "month"),
    [("2025-01-05", None), ("2025-01-06", 1), ("2025-02-05", 1), ("2025-02-06", 2), ("2026-01-06", 13)],
)
def test_d1_in_which_month_a_day_lies(day: str, month: int | None) -> None:
    assert month_of(making.dossier_of().incapacity, date.fromisoformat(day)) == month


def test_lanes_rise_to_the_left_so_that_no_stem_crosses_words() -> None:
    assert lanes([0, 30, 60, 300], [100, 100, 100, 10]) == [2, 1, 0, 0]
    assert lanes([0, 0, 200], [20, 20, 20]) == [1, 0, 0]


def test_what_would_touch_becomes_one() -> None:
    scale = Scale(START, START + timedelta(1086), 14, 1100)  # a day is one unit
    facts = [
        fact("action_taken", START + timedelta(days), f"f-{days}", kind="email")
        for days in (100, 110, 126, 200)
    ]
    items = [item for item in making.items(facts, TODAY) if item.title == "Action taken"]
    assert [(x, len(group)) for x, group in clustered(items, scale, 27)] == [(127, 3), (214, 1)]


def test_words_are_cut_where_there_is_no_room() -> None:
    assert shortened("Questionnaire sent", 200) == "Questionnaire sent"
    assert shortened("Hold the first contact after a referral", 120) == "Hold the first cont…"
    assert width("Hold the first cont…") <= 120 < width("Hold the first conta…")
    assert shortened("Hold the first contact after a referral", 40) == ""
    assert width("Plan", BOLD) > width("Plan")


def test_what_has_a_short_name_is_called_by_it_where_there_is_no_room() -> None:
    title, short = "The presumption of incapacity ends", "End of the presumption"
    one = Item("deadline", TODAY, title, "open", 1, short=short)
    assert layout._said([one], 400, TODAY) == ("", title)
    assert layout._said([one], 200, TODAY) == ("", short)


def boxes(drawing: Drawing) -> Iterator[tuple[str, Box]]:
    """Everything that may not touch another: words, heads of flags, marks, and the stems between."""
    for sign in drawing.signs:
        if sign.shape in ("flag", "mark"):
            yield sign.shape, sign.box
        if sign.shape == "flag":
            yield f"stem of {sign.x}", Box(sign.x - 0.5, sign.bottom, sign.x + 0.5, sign.foot)
        elif sign.shape == "mark" and sign.words:
            yield f"stem of {sign.middle}", Box(sign.middle - 0.5, sign.bottom, sign.middle + 0.5, sign.foot)
    for words in drawing.words:
        yield words.strong + words.text, words.box


def touching(drawing: Drawing) -> list[tuple[str, str]]:
    found = []
    for (one, box), (other, beside) in combinations(boxes(drawing), 2):
        stems = one.startswith("stem") + other.startswith("stem")
        # A stem stands beside what it carries, and two may stand on one day.
        if box.meets(beside) and not (stems and (stems == 2 or "flag" in (one, other))):
            found.append((one, other))
    found += [("outside", name) for name, box in boxes(drawing) if box.left < 0 or box.right > WIDTH]
    found += [("below", name) for name, box in boxes(drawing) if box.top < 0 or box.bottom > drawing.height]
    return found


def crossed(drawing: Drawing) -> list[str]:
    """Words through which the line of today or of the year goes."""
    lines = [
        Box(int(x) - 0.5, int(top), int(x) + 0.5, int(bottom))
        for path in (drawing.year_path, drawing.today_path)
        for x, top, bottom in re.findall(r"M(\d+) (\d+)V(\d+)", path)
    ]
    return [words.strong + words.text for words in drawing.words for line in lines if line.meets(words.box)]


def test_the_lines_of_today_and_of_the_year_stop_before_words() -> None:
    items = making.items(FACTS, TODAY)
    drawing = draw(items, spans(START, items, TODAY, None, None)["whole"], START, None, TODAY)
    assert drawing.today_x
    words = Words(drawing.today_x - 30, 60, "Hold the first contact")
    across = replace(drawing, signs=(replace(drawing.signs[0], words=words),))
    assert crossed(across) == []
    x, box = drawing.today_x, words.box
    assert across.today_path.startswith(f"M{x} 20V{round(box.top - 2)}M{x} {round(box.bottom + 2)}V")
    assert across.today_path.endswith(f"V{drawing.height}")


@pytest.mark.parametrize("today", [TODAY, date(2026, 1, 2)])
def test_a_day_of_another_year_is_written_with_it(today: date) -> None:
    dossier = making.dossier_of(appointments=[making.appointment(date(2026, 1, 20))])
    items = making.items(FACTS, today, dossier)
    drawing = draw(items, spans(START, items, today, None, None)["whole"], START, None, today)
    said = {
        (one.day, sign.words.strong)
        for sign in drawing.signs
        if sign.words and sign.words.strong
        for one in sign.items
    }
    assert (date(2026, 1, 20), "20/01 " if today.year == 2026 else "20/01/2026 ") in said
    flags = {(day, strong) for day, strong in said if day != date(2026, 1, 20)}
    assert flags
    assert all(
        strong == (f"{day:%d/%m} " if day.year == today.year else f"{day:%d/%m/%Y} ") for day, strong in flags
    )


@pytest.mark.parametrize("seed", range(12))
def test_sixty_facts_touch_nowhere(seed: int) -> None:
    today = START + timedelta(250 + 27 * seed)
    facts = [one for one in making.random_facts(seed, many=90) if one.on <= today][-60:]
    appointments = [making.appointment(today + timedelta(days)) for days in (0, 6)]
    items = making.items(facts, today, making.dossier_of(appointments=appointments))
    for zoom, span in spans(START, items, today, None, led_from(facts)).items():
        drawing = draw(items, span, START, None, today)
        assert touching(drawing) == [], zoom
        assert crossed(drawing) == [], zoom
        drawn = [item.key for sign in drawing.signs for item in sign.items]
        assert len(drawn) == len(set(drawn)), "each stands once"


def test_what_lies_ahead_shares_no_mark_with_what_was() -> None:
    """Much of today, and an appointment soon: the mark of today says what weighs most of what was."""
    facts = [
        *FACTS,
        *(fact("action_taken", TODAY, f"n-{number}", kind="email") for number in range(4)),
        fact("plan_agreed", TODAY, "pa-1", version=1),
    ]
    dossier = making.dossier_of(appointments=[making.appointment(TODAY + timedelta(2))])
    items = making.items(facts, TODAY, dossier)
    drawing = draw(items, spans(START, items, TODAY, None, None)["whole"], START, None, TODAY)
    marks = [sign for sign in drawing.signs if sign.shape == "mark"]
    assert all(len({item.sort == PLANNED for item in sign.items}) == 1 for sign in marks)
    today = next(sign for sign in marks if any(item.day == TODAY for item in sign.items))
    assert today.words
    assert (today.tone, today.words.strong) == ("milestone", "")
    assert today.words.text == "Reintegration plan agreed and 4 more"
    ahead = next(sign for sign in marks if sign.items[0].sort == PLANNED)
    assert ahead.x - today.x >= 24
    assert touching(drawing) == []


def test_the_check_sees_what_touches() -> None:
    items = making.items(FACTS, TODAY)
    drawing = draw(items, spans(START, items, TODAY, None, None)["whole"], START, None, TODAY)
    assert touching(drawing) == []
    words = drawing.signs[0].words
    assert words
    assert words.box.meets(words.box)
    assert not Box(0, 0, 1, 1).meets(Box(1, 0, 2, 1))
