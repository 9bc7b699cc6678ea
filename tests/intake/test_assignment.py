"""To whom a new dossier goes: the team of its postal code, there who has the language and least to do."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from dossiers.models import Dossier
from tests import population
from tests.intake.conftest import Take
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund, Role, Team, TeamArea, User
from tnw.accounts.services import create_user

pytestmark = pytest.mark.django_db

Staff = Callable[..., User]


@pytest.fixture
def team_of(fund: Fund) -> Callable[..., Team]:
    """`team_of("9000", "9999", "8000", "8499")`: a team and the postal codes that it serves, from and to."""

    def make(*codes: str, fund: Fund = fund) -> Team:
        with audit.acting_as(actors.system(), fund):
            team = Team.objects.create(fund=fund, name=f"Team {codes}", languages=["nl", "fr", "de"])
            for first, last in zip(codes[::2], codes[1::2], strict=True):
                TeamArea.objects.create(team=team, first=first, last=last)
        return team

    return make


@pytest.fixture
def staff(fund: Fund) -> Staff:
    """`staff("Els", team, "nl", "fr")`: a coordinator who works in these languages."""

    def make(
        name: str, team: Team | None, *languages: str, role: str = Role.COORDINATOR, fund: Fund = fund
    ) -> User:
        return create_user(
            fund=fund, email=f"{name}@example.org", name=name, roles=[role], password=None, team=team,
            languages=languages, actor=actors.system(),
        )  # fmt: skip

    return make


def given() -> dict[str, tuple[str | None, str | None]]:
    """Team and coordinator of each dossier, by reference."""
    found = Dossier.objects.select_related("incapacity", "team", "coordinator")
    return {
        row.incapacity.reference: (
            row.team.name if row.team else None,
            row.coordinator.name if row.coordinator else None,
        )
        for row in found
    }


def test_postal_code_and_language_decide(in_fund: Fund, take: Take, team_of: Callable, staff: Staff) -> None:
    west, east = team_of("8000", "8999", "9500", "9500"), team_of("4000", "4999")
    staff("An", west, "nl")
    staff("Bea", west, "fr", "nl")
    staff("Cis", east, "de")
    table = {
        # postal code, language: team, coordinator
        ("8000", "fr"): (west.name, "Bea"),
        ("8999", "fr"): (west.name, "Bea"),
        ("9500", "fr"): (west.name, "Bea"),
        ("4700", "de"): (east.name, "Cis"),
        ("4700", "fr"): (east.name, None),  # the team has nobody with that language
        ("7999", "fr"): (None, None),
        ("9000", "nl"): (None, None),
        ("9501", "nl"): (None, None),
        ("3999", "de"): (None, None),
        ("5000", "de"): (None, None),
        ("80", "nl"): (None, None),
        ("8500AB", "nl"): (None, None),
        ("F-59000", "fr"): (None, None),
        ("L-4701", "de"): (None, None),
    }
    take(
        *(
            population.line(reference=f"{code}-{spoken}", postal_code=code, language=spoken)
            for code, spoken in table
        )
    )
    assert given() == {f"{code}-{spoken}": expected for (code, spoken), expected in table.items()}


def test_who_has_least_to_do_is_given_the_next(
    in_fund: Fund, take: Take, team_of: Callable, staff: Staff
) -> None:
    team = team_of("1000", "9999")
    for name in ("An", "Bea", "Cis"):
        staff(name, team, "nl")
    take(*(population.line() for _ in range(7)))
    assert sorted(Counter(name for _team, name in given().values()).values()) == [2, 2, 3]
    staff("Dirk", team, "nl")
    take(*(population.line() for _ in range(2)))
    assert Counter(name for _team, name in given().values())["Dirk"] == 2
    take(*(population.line() for _ in range(3)))
    assert set(Counter(name for _team, name in given().values()).values()) == {3}


def test_work_in_one_language_counts_in_the_other(
    in_fund: Fund, take: Take, team_of: Callable, staff: Staff
) -> None:
    team = team_of("1000", "9999")
    staff("An", team, "nl", "fr")
    staff("Bea", team, "nl")
    take(*(population.line(language="fr") for _ in range(4)), *(population.line() for _ in range(4)))
    assert Counter(name for _team, name in given().values()) == {"An": 4, "Bea": 4}


def test_what_has_ended_is_no_load(in_fund: Fund, take: Take, team_of: Callable, staff: Staff) -> None:
    team = team_of("1000", "9999")
    staff("An", team, "nl")
    lines = [population.line(reference=f"old{number}") for number in range(4)]
    take(*lines)
    staff("Bea", team, "nl")
    take(*({**line, "version": "2", "end": "2026-06-30", "end_reason": "resumed"} for line in lines))
    take(population.line(reference="new"), population.line(reference="newer"))
    assert {given()[name][1] for name in ("new", "newer")} == {"An", "Bea"}


def test_whoever_cannot_have_it_does_not_get_it(
    in_fund: Fund, other_fund: Fund, take: Take, team_of: Callable, staff: Staff
) -> None:
    team, elsewhere = team_of("1000", "9999"), team_of("1000", "9999", fund=other_fund)
    staff("Doctor", team, "nl", role=Role.ADVISORY_DOCTOR)
    staff("Nobody's", None, "nl")
    staff("Theirs", elsewhere, "nl", fund=other_fund)
    gone = staff("Gone", team, "nl")
    gone.is_active = False
    gone.save()
    take(population.line(reference="a"))
    assert given() == {"a": (team.name, None)}


def test_excluded_and_ended_get_nobody_and_a_later_end_does(
    in_fund: Fund, take: Take, team_of: Callable, staff: Staff
) -> None:
    team = team_of("1000", "9999")
    staff("An", team, "nl")
    ended: dict[str, Any] = {"end_reason": "resumed", "start": "2026-01-05"}
    take(
        population.line(reference="excluded", cause="work_accident"),
        population.line(reference="civil-servant", statutory_civil_servant="true"),
        population.line(reference="ended", end="2026-11-20", **ended),
        population.line(reference="last-day", end="2026-11-21", **ended),
        population.line(reference="ahead", end="2026-12-31", **ended),
    )
    nobody, somebody = (None, None), (team.name, "An")
    assert given() == {
        "excluded": nobody, "civil-servant": nobody, "ended": nobody, "last-day": somebody, "ahead": somebody,
    }  # fmt: skip


def test_a_newer_version_leaves_the_assignment_as_it_is(
    in_fund: Fund, take: Take, team_of: Callable, staff: Staff
) -> None:
    west, east = team_of("8000", "8999"), team_of("4000", "4999")
    staff("An", west, "nl")
    staff("Bea", east, "nl")
    line = population.line(reference="a", postal_code="8000")
    take(line)
    take({**line, "version": "2", "postal_code": "4000"})
    assert given() == {"a": (west.name, "An")}
