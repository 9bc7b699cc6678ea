"""Whose agenda it is: one's own, that of a colleague for whom one stands in, or of a coordinator whom one leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from tnw.accounts.models import Actor, Role, User
from tnw.web.worklist.scope import EXAMINATION, NONE, scope_of


@dataclass(frozen=True, slots=True)
class Diary:
    """The appointments of one person: `contacts` is their condition, `of_coordinator` whether they guide people."""

    user: User
    contacts: Q
    own: bool
    of_coordinator: bool


def diaries(actor: Actor, today: date) -> Sequence[Diary]:
    """All that this person may look into, the own one first; none for who works without dossiers."""
    scope = scope_of(actor, today)
    if scope is None or actor.user is None:
        return ()
    found = {}
    for part in scope.parts:
        user = part.colleague or actor.user
        if part.contacts not in (NONE, NONE | NONE):
            found[user.pk] = Diary(
                user, part.contacts, part.colleague is None, user.has_role(Role.COORDINATOR)
            )
    if scope.leads:
        for user in _led(actor.user):
            theirs = ~EXAMINATION & Q(dossier__coordinator=user.pk)
            found.setdefault(user.pk, Diary(user, theirs, False, True))
    return tuple(found.values())


def _led(lead: User) -> QuerySet[User]:
    """The coordinators of the teams that this person leads, and of those that nobody leads."""
    led = Q(team__lead=lead.pk) | Q(team__lead=None) | Q(team__lead__is_active=False)
    active = User.objects.filter(led, fund=lead.fund_id, is_active=True, roles__contains=[Role.COORDINATOR])
    return active.order_by("name", "pk")


def chosen(found: Sequence[Diary], public_id: str) -> Diary | None:
    """The one asked for; else the first."""
    return next((one for one in found if str(one.user.public_id) == public_id), next(iter(found), None))


def own(actor: Actor, today: date) -> Diary | None:
    """The own one, without those of colleagues; None for who meets nobody."""
    return next((one for one in diaries(actor, today) if one.own), None)
