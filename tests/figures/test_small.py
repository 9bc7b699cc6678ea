"""Small numbers: what is hidden, and that nobody reckons it back."""

from datetime import date
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from dossiers.models import FigureCount
from routing.figures.small import hidden
from routing.figures.table import FEW, FIGURES
from tests.figures.test_pages import SignIn, read
from tests.web.conftest import static_files_from_their_sources as static_files_from_their_sources
from tnw.accounts.models import Fund, User
from tnw.core import clock

CASES = [
    # By quarter, parts with their total: the totals of the columns are nobody's.
    ([[10, 20, 30]], False, set()),
    ([[0, 20, 30]], False, set()),
    ([[3, 20, 30]], False, {(0, 0), (0, 1)}),
    ([[3, 0, 0]], False, {(0, 0), (0, 3)}),
    ([[1, 1, 50]], False, {(0, 0), (0, 1), (0, 2)}),
    ([[4], [5], [0]], False, {(0, 0)}),
    # By team: what the quarter tells as a whole gives a single one away.
    ([[3], [9], [40]], True, {(0, 0), (1, 0)}),
    ([[3, 30], [20, 40]], True, {(0, 0), (0, 1), (1, 0), (1, 1)}),
]


@pytest.mark.parametrize(("numbers", "columns_add_up", "expected"), CASES)
def test_hidden(numbers: list[list[int]], columns_add_up: bool, expected: set[tuple[int, int]]) -> None:
    assert hidden(numbers, columns_add_up=columns_add_up) == expected


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 30), min_size=width, max_size=width), min_size=1, max_size=5
        )
    ),
    st.booleans(),
)
def test_no_small_number_is_told_or_reckoned_back(numbers: list[list[int]], columns_add_up: bool) -> None:
    away = hidden(numbers, columns_add_up=columns_add_up)
    table = [[*line, sum(line)] if len(line) > 1 else list(line) for line in numbers]
    if columns_add_up:
        table.append([sum(column) for column in zip(*table, strict=True)])
    cells = set(product(range(len(table)), range(len(table[0]))))
    assert all(not 0 < table[row][column] < FEW for row, column in cells - away)
    lines = [{(row, column) for column in range(len(table[0]))} for row in range(len(table))]
    lines = lines if len(table[0]) > 1 else []
    if columns_add_up:
        lines += [{(row, column) for row in range(len(table))} for column in range(len(table[0]))]
    for line in lines:
        inside = line & away
        assert len(inside) != 1, (numbers, line)
        if inside and inside != line:
            assert sum(table[row][column] for row, column in inside) >= FEW


# By figure and part how many, and which of the files of the quarter stay untold.
GIVES_AWAY = {
    "referrals": ({"routes": {"A": 10, "B": 2, "C": 20}, "referrals": {"": 10}}, ["·"]),
    "time_to_referral": (
        {"routes": {"A": 10, "B": 2, "C": 20}, "time_to_referral": {"": 10}},
        ["·", "·", "·"],
    ),
    "time_to_plan": ({"plans": {"first": 10, "changed": 2}, "time_to_plan": {"": 10}}, ["·", "·", "·"]),
    "routes": ({"routes": {"A": 10, "B": 20, "C": 30}, "referrals": {"": 10}}, ["10", "20", "30", "60"]),
}


@pytest.mark.parametrize("code", [*GIVES_AWAY, "told"])
def test_no_other_figure_tells_what_one_leaves_out(
    code: str, in_fund: Fund, signed_in: SignIn, team_lead: User
) -> None:
    numbers, told = GIVES_AWAY.get(code, (GIVES_AWAY["routes"][0], ["10"]))
    asked = "referrals" if code == "told" else code
    for figure, parts in numbers.items():
        FigureCount.objects.bulk_create(
            FigureCount(
                fund=in_fund, figure=figure, cut="", quarter="2026-01-01", part=part, number=number,
                median=40 if FIGURES[figure].in_days else None, ninetieth=50 if FIGURES[figure].in_days else None,
            )
            for part, number in parts.items()
        )  # fmt: skip
    with clock.at(date(2026, 5, 4)):
        lead: Client = signed_in(team_lead)
        lines = read(lead.get(reverse("figure_file", args=[asked, "csv"]) + "?until=2026q1"))
        assert [row[1:] for row in lines if row and row[0] == "Q1 2026"] == [told]
