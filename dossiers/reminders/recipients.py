"""Whom a step concerns: whoever has to act, or the team lead; and where there is none, who stands in."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from dossiers.law.rules import RULES
from dossiers.models.deadline import Audience
from tnw.accounts.models import Fund, Role, Team, User

# What the insured has to do is the coordinator's to follow up.
OF_DOCTORS = frozenset(rule.id for rule in RULES if rule.whose == "advisory_doctor")


class Matter(NamedTuple):
    """What decides whom a step concerns: whose rule it is, its audience, and to whom the dossier is assigned."""

    of_doctors: bool
    audience: str
    team: int | None
    coordinator: int | None


class Recipients:
    """The people of one fund who are reminded: coordinators, the doctors and the lead of each team."""

    def __init__(self, fund: Fund) -> None:
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

    def of(self, matter: Matter) -> Iterable[int]:
        """The keys of the users whom this concerns."""
        team = matter.team or 0
        if matter.audience == Audience.OWNER:
            if matter.of_doctors:
                return self.doctors_of.get(team, self.doctors)
            if matter.coordinator and matter.coordinator in self.coordinators:
                return [matter.coordinator]
        # Without a coordinator at work nothing may fall silent: the team lead hears of it.
        lead = self.lead_of.get(team)
        return self.leads if lead is None else [lead]

    def as_owner(self, user: int) -> Q:
        """The same, as a condition on deadlines: of which of them this user hears as the one who has to act."""
        found = Q(pk__in=())
        if user in self.coordinators:
            found |= Q(dossier__coordinator=user) & ~Q(rule__in=OF_DOCTORS)
        if user in self.doctors:
            found |= self.as_medical(self.users[user])
        silent = ~Q(rule__in=OF_DOCTORS) & ~Q(dossier__coordinator__in=self.coordinators)
        return found | (self.as_lead(user) & silent)

    def as_medical(self, user: User) -> Q:
        """The doctors' deadlines of this user's team, and of the dossiers that no team's doctor looks after."""
        own = [user.team_id] if user.team_id else []
        return _of(own, beside=self.doctors_of) & Q(rule__in=OF_DOCTORS)

    def as_lead(self, user: int) -> Q:
        """Of which deadlines this user hears as team lead."""
        led = [team for team, lead in self.lead_of.items() if lead == user]
        if user in self.leads:
            return _of(led, beside=self.lead_of)
        return Q(dossier__team__in=led)


def _of(teams: Iterable[int], *, beside: Iterable[int]) -> Q:
    """Dossiers of these teams, and those that no team `beside` them looks after."""
    return Q(dossier__team__in=list(teams)) | ~Q(dossier__team__in=list(beside))
