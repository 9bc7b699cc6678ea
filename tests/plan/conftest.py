"""A dossier of which the declaration is signed by all: the plan comes next."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from dossiers import ledger
from dossiers.law.facts import fact
from dossiers.law.kinds import ROLES
from dossiers.notes import notes_of
from dossiers.reading import entries_of
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL, SYSTEM, Case
from tests.web.conftest import browse, static_files_from_their_sources
from tnw.accounts import actors
from tnw.accounts.models import Actor, Fund, Role, Team, User
from tnw.core import clock
from trajects.plans import Action, Contents, Interview, Objective
from trajects.services import plan as services
from trajects.versions import Version, versions_of

__all__ = ["browse", "static_files_from_their_sources"]
START = date(2026, 1, 5)
SIGNED = date(2026, 3, 2)  # a Monday
LEAD = "team_lead"


def contents(following: date = date(2026, 6, 16), **more: Any) -> Contents:
    """A complete plan."""
    told: dict[str, Any] = {
        "objectives": (Objective("Half-time by summer", date(2026, 7, 1)),),
        "result": "Back as a bookkeeper",
        "actions": (Action("a-1", "Refresh the software", "the insured person", date(2026, 5, 1)),),
        "next": Interview(following, time(14), "in_person", "Kerkstraat 1, Gent"),
    }
    return Contents(**{**told, **more})


class PlanCase(Case):
    """What people do with a plan."""

    def signed(self) -> "PlanCase":
        """Route B to its traject, and the formal part as far as the last signature."""
        self.on(SIGNED)
        self.record("contact_requested")
        self.record("first_contact_held", route="B", form="phone")
        self.record("permission_requested", aim="guidance")
        self.record("permission_granted")
        self.record("traject_started", route="B")
        self.record("reintegration_started", condition=1)
        self.record("declaration_drawn_up", "d-1")
        for role in ROLES:
            self._sign(role)
        self.record("declaration_completed", "d-1")
        return self

    def _sign(self, role: str) -> None:
        one = fact("declaration_signed", self.day, f"signed-{role}", "d-1", role=role, method="paper")
        with clock.at(self.day):
            entries = [ledger.Entry(self.dossier.pk, one)]
            ledger.record_many(entries, fund=self.fund, actor=self.people[SYSTEM], in_order=True)

    def meet_for_plan(self, subject: str = "", **more: Any) -> None:
        self.act(
            services.hold_meeting, COORDINATOR, form="in_person", report="Drawn up.", subject=subject, **more
        )

    def agree(self, plan: Contents | None = None, **more: Any) -> int:
        return int(self.act(services.agree, COORDINATOR, contents=plan or contents(), **more))

    def review(self, **more: Any) -> None:
        self.act(
            services.review, COORDINATOR, **{"done": "The course began.", "found": "It goes well.", **more}
        )

    def draft(self, plan: Contents, revision: int, by: str = COORDINATOR, **more: Any) -> Any:
        return self.act(services.save_draft, by, contents=plan, revision=revision, **more)

    def beginning(self) -> Contents:
        with clock.at(self.day):
            return services.beginning(self.people[COORDINATOR], self.dossier)

    def versions(self, by: str = COORDINATOR) -> list[Version]:
        self.dossier.refresh_from_db()
        return versions_of(self.people[by], self.dossier)

    def texts(self, kind: str, by: str = COORDINATOR) -> list[tuple[str, ...]]:
        """What the history says beside the facts of a kind."""
        entries = entries_of(self.people[by], self.dossier)
        notes = notes_of(self.people[by], entries)
        return [notes[one.fact_id].texts for one in entries if one.kind == kind and one.fact_id in notes]

    def planned(self, purpose: str = "follow_up") -> list[datetime]:
        return sorted(
            one.at
            for one in self.dossier.appointments.all()
            if (one.purpose, one.state) == (purpose, "planned")
        )


@pytest.fixture
def case(in_fund: Fund, team: Team, make_user: Callable[..., User]) -> PlanCase:
    people = {
        role: actors.of_user(make_user(role, fund=in_fund, team=team))
        for role in (COORDINATOR, DOCTOR, MEDICAL, LEAD)
    }
    people["other"] = actors.of_user(make_user(Role.COORDINATOR, fund=in_fund, team=team))
    people[SYSTEM] = actors.system()
    return PlanCase(in_fund, people, START).signed()


@pytest.fixture
def privacy(privacy_officer: User) -> Actor:
    return actors.of_user(privacy_officer)


def later(days: int, since: date = SIGNED) -> date:
    return since + timedelta(days)
