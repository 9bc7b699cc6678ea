"""Funds and users: how they come to be."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from auditlog import get_logentry_model
from auditlog.context import disable_auditlog
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Deputy, Fund, SavedView, Team, User
from tnw.accounts.policies import CASE_ROLES, may_arrange_deputy
from tnw.core.errors import DomainError
from tnw.core.policies import require

VIEWS = 20  # that one user keeps


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
def save_view(*, user: User, name: str, query: str) -> SavedView:
    """Keep a choice of filters under a name; the same name again replaces it. Raises DomainError."""
    name, query = " ".join(name.split())[:60], query[:500]
    if not name:
        raise DomainError(_("Give the view a name."), code="required", field="name")
    User.objects.select_for_update().get(pk=user.pk)
    others = SavedView.objects.filter(user=user).exclude(name=name)
    if others.count() >= VIEWS:
        raise DomainError(
            _("You keep %(number)s views already: delete one first."),
            code="too_many",
            field="name",
            number=VIEWS,
        )
    view, _created = SavedView.objects.update_or_create(user=user, name=name, defaults={"query": query})
    return view


def delete_view(*, user: User, name: str) -> None:
    """Forget a view; one that is gone already is no matter."""
    SavedView.objects.filter(user=user, name=name).delete()


def _validate(instance: Fund | User) -> None:
    try:
        instance.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(
            _("%(field)s: %(messages)s"), field=field, messages=" ".join(messages), code="invalid"
        ) from None
