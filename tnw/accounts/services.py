"""Funds and users: how they come to be."""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from auditlog import get_logentry_model
from auditlog.context import disable_auditlog
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Deputy, Fund, SavedView, Team, User
from tnw.accounts.policies import CASE_ROLES, may_arrange_deputy, may_remove_view
from tnw.core.errors import DomainError
from tnw.core.policies import require

VIEWS = 20  # that one user keeps
CHOICES = 2_000  # characters of JSON that the screens remember of one user


@transaction.atomic
def create_fund(*, number: str, institution: str, name: str, live_from: date, actor: Actor) -> Fund:
    """A new fund, named alike in all languages until an administrator says otherwise. Raises DomainError."""
    fund = Fund(
        number=number, institution=institution, live_from=live_from, name_nl=name, name_fr=name, name_de=name
    )
    _validate(fund)
    with disable_auditlog():  # its entry needs the fund, which is only there once saved
        fund.save()
    with audit.acting_as(actor, fund):
        entries = get_logentry_model()
        entries.objects.log_create(fund, force_log=True, action=entries.Action.CREATE)
    return fund


@transaction.atomic
def create_user(
    *,
    fund: Fund,
    email: str,
    name: str,
    roles: Iterable[str],
    password: str | None,
    actor: Actor,
    team: Team | None = None,
    language: str = "nl",
    languages: Iterable[str] = (),
) -> User:
    """Somebody who can sign in, with an actor of their own; without a password only after a reset. Raises DomainError."""
    user = User(
        fund=fund,
        email=email.lower(),
        name=name,
        roles=list(roles),
        team=team,
        language=language,
        languages=list(languages),
    )
    user.set_password(password)
    _validate(user)
    if team and team.fund_id != fund.pk:
        raise DomainError(_("This team belongs to another fund."), code="other_fund", field="team")
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise DomainError(" ".join(error.messages), field="password") from None
    with audit.acting_as(actor, fund):
        user.save()
        actors.of_user(user)
    return user


@transaction.atomic
def forget_second_factors(*, user: User, actor: Actor) -> int:
    """Take away the second factors of somebody who lost them all, recovery codes too; gives how many there were."""
    with audit.acting_as(actor, user.fund):
        found = list(Authenticator.objects.filter(user=user))
        for one in found:
            one.delete()  # one by one, so that the audit trail has each
    return len(found)


@transaction.atomic
def start_deputy(
    *, user: User, deputy: User, first_day: date, last_day: date, actor: Actor, today: date
) -> Deputy:
    """Let a colleague stand in for somebody in a period. Raises NotAllowed, DomainError."""
    require(may_arrange_deputy(actor, user))
    if user == deputy:
        raise DomainError(_("Nobody stands in for themselves."), code="oneself", field="deputy")
    shared = set(user.roles) & set(deputy.roles) & set(CASE_ROLES)
    if deputy.fund_id != user.fund_id or not deputy.is_active or not shared:
        raise DomainError(
            _("A deputy is a colleague of the same fund with the same role."),
            code="no_deputy",
            field="deputy",
        )
    if last_day < first_day:
        raise DomainError(_("The end lies before the start."), code="period", field="last_day")
    if last_day < today:
        raise DomainError(_("This period is over already."), code="past", field="last_day")
    User.objects.select_for_update().get(pk=user.pk)  # of two at once, the second sees the first
    same = Deputy.objects.filter(user=user, deputy=deputy, first_day__lte=last_day, last_day__gte=first_day)
    if same.exists():
        raise DomainError(
            _("This colleague stands in during that period already."), code="overlap", field="first_day"
        )
    return Deputy.objects.create(
        fund_id=user.fund_id, user=user, deputy=deputy, first_day=first_day, last_day=last_day
    )


@transaction.atomic
def end_deputy(*, deputy_id: UUID, actor: Actor, today: date) -> None:
    """End a period today; one that did not begin yet is taken back. Raises NotAllowed, DomainError."""
    fund_id = actor.user.fund_id if actor.user else 0
    found = (
        Deputy.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(public_id=deputy_id, fund_id=fund_id)
        .first()
    )
    if found is None:
        raise DomainError(_("This period does not exist."), code="deputy_unknown")
    require(may_arrange_deputy(actor, found.user))
    yesterday = today - timedelta(days=1)
    if found.first_day > yesterday:
        found.delete()
    elif found.last_day > yesterday:
        found.last_day = yesterday
        found.save(update_fields=["last_day"])


@transaction.atomic
def remember(*, user: User, name: str, value: Any) -> None:
    """What the screens keep for this person under a name, at most 2,000 characters of JSON; None forgets it."""
    kept = User.objects.select_for_update().get(pk=user.pk)
    kept.choices.pop(name, None)
    if value is not None:
        kept.choices[name] = value
    if len(json.dumps(kept.choices)) > CHOICES:
        raise DomainError(_("No more choices can be kept."), code="too_many")
    kept.save(update_fields=["choices"])
    user.choices = kept.choices


def views_of(user: User) -> QuerySet[SavedView]:
    """The views that somebody may use: the own ones, and those shared with a team that they are in or lead."""
    theirs = Q(user=user) | Q(team__lead=user)
    if user.team_id:
        theirs |= Q(team=user.team_id)
    found = SavedView.objects.filter(theirs, user__fund_id=user.fund_id)
    return found.select_related("user", "team").order_by("name", "pk")


@transaction.atomic
def save_view(*, user: User, name: str, query: str, shared: bool = False) -> SavedView:
    """Keep a choice of filters under a name, for oneself or `shared` with the team; the same name again replaces it.

    Raises DomainError.
    """
    name, query = " ".join(name.split())[:60], query[:500]
    if not name:
        raise DomainError(_("Give the view a name."), code="required", field="name")
    team = team_to_share_with(user) if shared else None
    if shared and team is None:
        raise DomainError(_("You are in no team to share a view with."), code="no_team", field="shared")
    User.objects.select_for_update().get(pk=user.pk)
    others = SavedView.objects.filter(user=user).exclude(name=name)
    if others.count() >= VIEWS:
        raise DomainError(
            _("You keep %(number)s views already: delete one first."),
            code="too_many",
            field="name",
            number=VIEWS,
        )
    kept = {"query": query, "team": team}
    view, _created = SavedView.objects.update_or_create(user=user, name=name, defaults=kept)
    return view


def team_to_share_with(user: User) -> Team | None:
    """The team that somebody is in, or else the one that they lead."""
    return user.team or Team.objects.filter(fund=user.fund_id, lead=user).order_by("name").first()


@transaction.atomic
def delete_view(*, actor: Actor, view_id: int) -> None:
    """Forget a view, which its owner or a team lead may; one that is gone already is no matter. Raises NotAllowed."""
    view = views_of(actor.user).filter(pk=view_id).first() if actor.user else None
    if view:
        require(may_remove_view(actor, view))
        view.delete()


def _validate(instance: Fund | User) -> None:
    try:
        instance.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(
            _("%(field)s: %(messages)s"), field=field, messages=" ".join(messages), code="invalid"
        ) from None
