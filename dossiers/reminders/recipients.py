"""Whom a step concerns: whoever has to act, or the team lead; and where there is none, who stands in."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from dossiers.law.rules import RULES
from dossiers.models.deadline import Audience
from tnw.accounts.models import Deputy, Fund, Role, Team, User

# What the insured has to do is the coordinator's to follow up.
OF_DOCTORS = frozenset(rule.id for rule in RULES if rule.whose == "advisory_doctor")


class Matter(NamedTuple):
    """What decides whom a step concerns: whose rule it is, its audience, and to whom the dossier is assigned."""

    of_doctors: bool
    audience: str
    team: int | None
    coordinator: int | None


class Recipients:
    """The people of one fund who are reminded on a day: coordinators, doctors, the lead of each team, their deputies."""

    def __init__(self, fund: Fund, today: date) -> None:
        users = list(User.objects.filter(fund=fund, is_active=True).order_by("pk"))
        self.users = {user.pk: user for user in users}
        self.coordinators = {user.pk for user in users if user.has_role(Role.COORDINATOR)}
        self.doctors = [user.pk for user in users if user.has_role(Role.ADVISORY_DOCTOR)]
        self.leads = [user.pk for user in users if user.has_role(Role.TEAM_LEAD)]
        self.doctors_of = {
            team: members
            for team in {user.team_id for user in users if user.team_id}
            if (members := [pk for pk in self.doctors if self.users[pk].team_id == team])
        }
        leads = Team.objects.filter(fund=fund, lead__in=self.users).values_list("pk", "lead")
        self.lead_of: dict[int, int] = dict(leads)
        self._deputies: dict[int, list[int]] = {}
        periods = Deputy.objects.on(today).filter(fund=fund).order_by("pk")
        for user, deputy in periods.values_list("user", "deputy"):
            if user in self.users and deputy in self.users:
                self._deputies.setdefault(user, []).append(deputy)

    def of(self, matter: Matter) -> dict[int, int | None]:
        """The keys of the users whom this concerns, each with the colleague for whom; None for what is their own."""
        concerned, role = self._concerned(matter)
        heard: dict[int, int | None] = dict.fromkeys(concerned)
        for user in concerned:
            for deputy in self._deputies.get(user, ()):
                if self.users[deputy].has_role(role):
                    heard.setdefault(deputy, user)
        return heard

    def _concerned(self, matter: Matter) -> tuple[list[int], Role]:
        team = matter.team or 0
        if matter.audience == Audience.OWNER:
            if matter.of_doctors:
                return self.doctors_of.get(team, self.doctors), Role.ADVISORY_DOCTOR
            if matter.coordinator and matter.coordinator in self.coordinators:
                return [matter.coordinator], Role.COORDINATOR
        # Without a coordinator at work nothing may fall silent: the team lead hears of it.
        lead = self.lead_of.get(team)
        return (self.leads if lead is None else [lead]), Role.TEAM_LEAD

    def as_medical(self, user: User) -> Q:
        """The doctors' deadlines of this user's team, and of the dossiers that no team's doctor looks after."""
        return self.of_medical_team(user, "for_team") & Q(rule__in=OF_DOCTORS)

    def of_medical_team(self, user: User, path: str) -> Q:
        """What is of this user's team, and what no team's doctor looks after; `path` leads to the team."""
        return _of(path, [user.team_id] if user.team_id else [], beside=self.doctors_of)

    def as_lead(self, user: int, path: str = "for_team") -> Q:
        """The deadlines that this user looks after as team lead; with `path="team"`, the dossiers."""
        led = [team for team, lead in self.lead_of.items() if lead == user]
        if user in self.leads:
            return _of(path, led, beside=self.lead_of)
        return Q(**{f"{path}__in": led})


def _of(path: str, teams: Iterable[int], *, beside: Iterable[int]) -> Q:
    """Of these teams, and of none that `beside` looks after."""
    return Q(**{f"{path}__in": list(teams)}) | ~Q(**{f"{path}__in": list(beside)})
