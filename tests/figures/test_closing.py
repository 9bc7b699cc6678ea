"""The counts of the funding: closed at the end of a quarter as recorded by then; later there is a correction."""

from datetime import date

import pytest
from django.db import ProgrammingError, transaction

from dossiers.models import ClosedFact, ClosedQuarter, Dossier
from routing.figures import closing
from routing.figures.quarter import Quarter
from routing.figures.table import FIGURES
from routing.jobs import close_quarters
from tests.figures.conftest import Tell, record
from tests.figures.story import back, corrected, day, said, signed, voided
from tnw.accounts import actors
from tnw.accounts.models import Fund, User

Q1 = Quarter(2026, 1)
COMPLETE, DECLARED = FIGURES["complete_questionnaires"], FIGURES["positive_declarations"]


@pytest.fixture
def first_quarter(tell: Tell) -> list[Dossier]:
    """Three complete questionnaires and a declaration that count, and two that do not yet."""
    start = day("2025-11-03")
    return [
        tell(start, back("01-01")),
        tell(start, back("03-31")),
        tell(start, back("02-02"), voided("02-03", "back-02-02")),
        tell(start, back("03-02", complete=False)),
        tell(start, back("03-30"), said("traject_started", "02-02", route="A"),
             said("reintegration_started", "02-02", condition=1), *signed("03-31", "d-1")),
        tell(start, back("04-01")),
    ]  # fmt: skip


def lines(lead: User, figure: object = COMPLETE) -> tuple[int, list[tuple[int, date, date]]]:
    (told,) = closing.told(actors.of_user(lead), figure, [Q1], day("06-30"))  # type: ignore[arg-type]
    return told.number, [(change.by, change.day, change.at.date()) for change in told.changes]


def test_closed_once_as_recorded_by_then(fund: Fund, first_quarter: list[Dossier], team_lead: User) -> None:
    later = first_quarter[0]
    record(later, day("04-02"), back("01-15", recorded="04-02")[1])  # told after the quarter: no part of it
    assert close_quarters(day("03-31"), fund)["311"]["quarters"] == 2 * 16  # 2022 up to the end of 2025
    assert close_quarters(day("06-29"), fund)["311"]["quarters"] == 2  # late, and the same
    assert close_quarters(day("06-29"), fund)["311"]["quarters"] == 0
    assert [(one.number, one.closed_at.isoformat()[:10]) for one in ClosedQuarter.objects.filter(quarter=Q1.first)] == [
        (3, "2026-03-31"), (1, "2026-03-31"),
    ]  # fmt: skip
    behind = ClosedFact.objects.filter(closing__figure=COMPLETE.code).values_list("fact_id", flat=True)
    assert sorted(behind) == ["back-01-01", "back-03-30", "back-03-31"]
    assert lines(team_lead) == (3, [(1, day("01-15"), day("04-02"))])


def test_what_comes_later_is_a_correction(fund: Fund, first_quarter: list[Dossier], team_lead: User) -> None:
    close_quarters(day("04-01"), fund)
    assert lines(team_lead) == (3, [])
    one, two, taken_back, incomplete, declared, next_quarter = first_quarter
    record(one, *voided("04-10", "back-01-01"))
    record(two, *corrected("04-11", "back-03-31", on=day("04-01")))
    record(taken_back, *back("02-20", recorded="04-12"))
    record(incomplete, *corrected("04-13", "back-03-02", complete=True))
    record(declared, *said("declaration_voided", "04-14", "d-1"))
    record(next_quarter, *corrected("04-15", "back-04-01", on=day("03-31")))
    assert close_quarters(day("05-01"), fund)["311"]["quarters"] == 0
    assert lines(team_lead) == (
        3,
        [
            (-1, day("01-01"), day("04-10")),
            (-1, day("03-31"), day("04-11")),
            (1, day("02-20"), day("04-12")),
            (1, day("03-02"), day("04-13")),
            (1, day("03-31"), day("04-15")),
        ],
    )
    assert lines(team_lead, DECLARED) == (1, [(-1, day("03-31"), day("04-14"))])
    (told,) = closing.told(actors.of_user(team_lead), COMPLETE, [Q1], day("06-30"))
    assert (told.now, told.added, told.taken_off) == (4, 3, 2)


def test_what_is_closed_never_changes(fund: Fund, first_quarter: list[Dossier]) -> None:
    close_quarters(day("04-01"), fund)
    for change in (
        lambda: ClosedQuarter.objects.filter(number=3).update(number=4),
        lambda: ClosedFact.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(ProgrammingError, match="stays as it is"), transaction.atomic():
            change()


def test_nothing_before_the_fund_began(in_fund: Fund) -> None:
    Fund.objects.filter(pk=in_fund.pk).update(live_from=day("02-10"))
    in_fund.refresh_from_db()
    assert closing.close(in_fund, day("07-02")).quarters == 2 * 2
