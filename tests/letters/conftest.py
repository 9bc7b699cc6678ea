"""A fund with its letterhead, somebody of each role in it, and dossiers whose medical texts bear a mark."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from dossiers import health, ledger
from dossiers.ledger import Entry
from dossiers.models.health import Sight
from tests.letters.stage import LOGO, MARK, Stage, marked
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL, SYSTEM
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role, Team, User

START = date(2026, 1, 5)
LEAD = "team_lead"
NAMES = {COORDINATOR: "Lies Peeters", DOCTOR: "Dr. Karim Amrani", MEDICAL: "Tom Jacobs", LEAD: "Eva Maes"}


@pytest.fixture
def people(in_fund: Fund, team: Team, make_user: Callable[..., User]) -> dict[str, Actor]:
    found = {}
    for role, name in NAMES.items():
        user = found[role] = make_user(Role(role), fund=in_fund, team=team)
        user.name, user.email, user.phone = name, f"{role}@fund.example", "02 123 45 67"
        user.save()
    return {SYSTEM: actors.system(), **{role: actors.of_user(user) for role, user in found.items()}}


@pytest.fixture
def begin(
    in_fund: Fund, team: Team, people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Stage]:
    """`begin(start=…, **columns)`: somebody whose every medical text bears the mark."""
    record_many = ledger.record_many

    def marking(entries: Sequence[Entry], **more: Any) -> None:
        record_many([marked(entry) for entry in entries], **more)

    monkeypatch.setattr(ledger, "record_many", marking)
    in_fund.logo = LOGO
    in_fund.save()
    team.place = "Kouter 8, 9000 Gent"
    team.save()

    def make(start: date = START, **columns: Any) -> Stage:
        columns = {"first_name": "Zoë", "last_name": "Van Hée", "street": "Zoutstraat 12 bus 3", **columns}
        columns.setdefault("ssin", "85073003328")
        columns.setdefault("birth_date", "1985-07-30")
        one = Stage(in_fund, people, start, **columns)
        doctor = people[DOCTOR]
        with audit.acting_as(doctor, in_fund):
            for sight in (Sight.MEDICAL, Sight.SHARED):
                health.write(dossier_id=one.dossier.public_id, sight=sight, text=MARK, actor=doctor)
        return one

    return make


@pytest.fixture
def stage(begin: Callable[..., Stage]) -> Stage:
    return begin()
