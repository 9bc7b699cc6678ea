"""Whose work somebody looks after: their own, and that of the colleagues for whom they stand in today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers.law.rules import RULES
from dossiers.reminders import Recipients
from tnw.accounts.models import MEDICAL, Actor, Deputy, Role, User
from tnw.accounts.policies import may_see_dossiers
from trajects.models.appointment import Purpose

NONE = Q(pk__in=())
# What the insured has to do and nobody else can meet; once it is late the coordinator has a date to follow it up.
FOLLOWED_UP = sorted({rule.follows for rule in RULES if rule.follows})
EXAMINATION = Q(purpose=Purpose.MEDICAL_EXAMINATION)


@dataclass(frozen=True, slots=True)
class Part:
    """The work of one person: which deadlines and which dossiers, and the colleague whose it is, if not one's own.

    `contacts` are the appointments that this person holds, `led` those that their people hold.
    """

    deadlines: Q
    dossiers: Q
    colleague: User | None = None
    contacts: Q = NONE
    led: Q = NONE

    @property
    def has_dossiers(self) -> bool:
        """Whether there are dossiers to keep from falling silent, beside deadlines to meet in those of others."""
        return self.dossiers != NONE


@dataclass(frozen=True, slots=True)
class Scope:
    """All that is in somebody's worklist, in parts of which each is one question to the database."""

    name: str | Promise
    parts: tuple[Part, ...]
    leads: bool
    others: bool  # whether it holds dossiers of other coordinators
    own_first: bool  # a coordinator's list begins with what a coordinator has to do
    recipients: Recipients | None = None  # of the fund, where anybody else's dossiers are in it
    standing_in: tuple[tuple[User, date], ...] = ()  # for whom today, and until which day

    @property
    def colleagues(self) -> list[User]:
        """For whom this person stands in today."""
        return [part.colleague for part in self.parts if part.colleague]

    def of(self, whose: str) -> tuple[Part, ...]:
        """The parts asked for: `mine`, or those of the colleague with that public id; all of them otherwise."""
        if whose == "mine":
            return tuple(part for part in self.parts if part.colleague is None)
        theirs = tuple(
            part for part in self.parts if part.colleague and str(part.colleague.public_id) == whose
        )
        return theirs or self.parts


def scope_of(actor: Actor, today: date) -> Scope | None:
    """What this person looks after on a day; None for who works without dossiers."""
    user = actor.user
    if user is None or not may_see_dossiers(actor):
        return None
    absent = Deputy.objects.on(today).filter(deputy=user, user__is_active=True).select_related("user")
    people: list[tuple[User, set[str], User | None]] = [(user, set(user.roles), None)]
    until: dict[User, date] = {}
    for period in absent.order_by("pk"):
        until[period.user] = max(period.last_day, until.get(period.user, period.last_day))
    for colleague in until:
        people.append((colleague, set(colleague.roles) & set(user.roles), colleague))
    plain = all(roles.isdisjoint({Role.TEAM_LEAD, *MEDICAL}) for _user, roles, _colleague in people)
    recipients = None if plain else Recipients(user.fund, today)
    parts = tuple(_part(person, roles, colleague, recipients) for person, roles, colleague in people)
    others = not plain or len(parts) > 1
    leads = user.has_role(Role.TEAM_LEAD)
    standing_in = tuple(until.items())
    return Scope(_name(user), parts, leads, others, plain, recipients, standing_in)


def _part(user: User, roles: Iterable[str], colleague: User | None, recipients: Recipients | None) -> Part:
    deadlines = dossiers = contacts = led = NONE
    if Role.COORDINATOR in roles:
        deadlines |= Q(for_coordinator=user.pk)
        dossiers |= Q(coordinator=user.pk)
        contacts |= ~EXAMINATION & Q(dossier__coordinator=user.pk)
    if recipients and not set(MEDICAL).isdisjoint(roles):
        deadlines |= recipients.as_medical(user)
        contacts |= EXAMINATION & recipients.of_medical_team(user, "dossier__team")
    if recipients and Role.TEAM_LEAD in roles:
        deadlines |= recipients.as_lead(user.pk)
        dossiers |= recipients.as_lead(user.pk, "team")
        led |= recipients.as_lead(user.pk, "dossier__team")
    return Part(deadlines, dossiers, colleague, contacts, led)


def _name(user: User) -> str | Promise:
    if user.has_role(Role.TEAM_LEAD):
        return _("The dossiers of your team")
    if user.has_role(*MEDICAL):
        if user.has_role(Role.COORDINATOR):
            return _("Your dossiers, and what waits for an advisory doctor")
        return _("What waits for an advisory doctor")
    return _("Your dossiers")
