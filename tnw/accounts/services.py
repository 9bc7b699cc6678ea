"""Funds and users: how they come to be."""

from collections.abc import Iterable
from datetime import date

from auditlog import get_logentry_model
from auditlog.context import disable_auditlog
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Team, User
from tnw.core.errors import DomainError


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


def _validate(instance: Fund | User) -> None:
    try:
        instance.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(
            _("%(field)s: %(messages)s"), field=field, messages=" ".join(messages), code="invalid"
        ) from None
