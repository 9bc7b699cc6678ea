"""Mails to those who sign, without names, and the nudge for calendar messages; what waits stands elsewhere anyway."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from dossiers.models import Dossier
from dossiers.models.deadline import Audience
from dossiers.reminders.recipients import Matter, Recipients
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, User
from tnw.core import clock, mailing
from tnw.core.tasks import app
from trajects.calendar.mailing import deliver
from trajects.policies.declaration import DOCTOR

ATTEMPTS = 5


class MailKind(models.TextChoices):
    """Why somebody hears of a declaration: the subject of the mail."""

    CHANGED = "changed", gettext_noop("The text of a declaration changed: sign it anew")
    REMINDED = "reminded", gettext_noop("A declaration waits for your signature")


def concerned(dossier: Dossier, role: str, on: date) -> dict[int, int | None]:
    """Who signs in a role, by key, each with the colleague for whom; None for who signs for themselves."""
    matter = Matter(role == DOCTOR, Audience.OWNER, dossier.team_id, dossier.coordinator_id)
    return Recipients(dossier.fund, on).of(matter)


def to_mail(
    kind: MailKind,
    dossier: Dossier,
    on: date,
    roles: Iterable[str],
    *,
    beside: Iterable[int | None] = (),
    but: Actor | None = None,
) -> None:
    """Mail those who sign in these roles, and those named beside them; not who does this."""
    users = {user for role in roles for user in concerned(dossier, role, on)} | {pk for pk in beside if pk}
    for user in sorted(users - {but.user_id if but else None}):
        mail_signer.delay_on_commit(user, kind.value)


@app.task(
    name="trajects.mail_signer",
    autoretry_for=mailing.AWAY,
    max_retries=ATTEMPTS,
    retry_backoff=60,
)
def mail_signer(user_id: int, kind: str) -> None:
    """One mail, in the language of who reads it; tried again where the mail server is away."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    with translation.override(user.language):
        context = {"changed": kind == MailKind.CHANGED, "url": settings.BASE_URL + reverse("signatures")}
        EmailMessage(
            gettext(MailKind(kind).label),
            render_to_string("mail/signature.txt", context),
            to=[user.email],
            headers={"Auto-Submitted": "auto-generated"},
        ).send()


@app.task(name="trajects.mail_calendar")
def mail_calendar(fund_id: int) -> None:
    """Mail the calendar messages of a fund that wait for it."""
    fund = Fund.objects.get(pk=fund_id)
    with audit.acting_as(actors.system(), fund):
        deliver(fund, clock.today())
