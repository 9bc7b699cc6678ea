"""Calendar messages to the insured: rows made in the transaction of the fact of which they tell, mailed by a job."""

from django.db.models import QuerySet

from dossiers.models import Dossier
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.core.policies import require
from trajects.models import CalendarMessage
from trajects.models.calendar import MessageState, Method
from trajects.policies.contacts import may_be_mailed
from trajects.tasks import mail_calendar


def invited(dossier: Dossier, subject: str) -> bool:
    """Whether the insured has this appointment in a calendar, as far as is known here."""
    last = _of(dossier, subject).filter(state=MessageState.SENT).order_by("sequence").last()
    return last is not None and last.method == Method.REQUEST


def has_or_gets(dossier: Dossier, subject: str) -> bool:
    """Whether the insured has it in a calendar, or gets it: an invitation waits."""
    waits = _of(dossier, subject).filter(state=MessageState.WAITING)
    return invited(dossier, subject) or waits.exists()


def made(dossier: Dossier, actor: Actor, subject: str) -> None:
    """Invite to an appointment that was made. Raises NotAllowed."""
    require(may_be_mailed(dossier))
    _queue(dossier, actor, subject, Method.REQUEST)


def moved(dossier: Dossier, actor: Actor, subject: str, *, mail: bool | None) -> None:
    """Tell of the new moment, where that is wished; an invitation that still waits tells it of itself. Raises NotAllowed.

    Where nothing is said, whoever was invited hears of it.
    """
    if mail is None:
        mail = invited(dossier, subject) and bool(may_be_mailed(dossier))
    if mail:
        require(may_be_mailed(dossier))
    if _withdrawn(dossier, subject) or mail:
        _queue(dossier, actor, subject, Method.REQUEST)


def cancelled(dossier: Dossier, actor: Actor, subject: str, *, mail: bool | None) -> None:
    """Take it out of the calendar of whoever was invited, unless that is not wished; what waits does not go any more."""
    tried = _of(dossier, subject).filter(state=MessageState.WAITING, failures__gt=0).exists()
    _withdrawn(dossier, subject)
    if mail is not False and may_be_mailed(dossier) and (tried or invited(dossier, subject)):
        _queue(dossier, actor, subject, Method.CANCEL)


def _withdrawn(dossier: Dossier, subject: str) -> int:
    waits = _of(dossier, subject).filter(state=MessageState.WAITING)
    return waits.update(state=MessageState.WITHDRAWN)


def _queue(dossier: Dossier, actor: Actor, subject: str, method: str) -> None:
    """One message more, after all that were made of this appointment, and nudge the worker."""
    last = _of(dossier, subject).order_by("sequence").last()
    same = {"uid": last.uid} if last else {}
    CalendarMessage.objects.create(
        fund_id=dossier.fund_id,
        dossier=dossier,
        subject=subject,
        method=method,
        sequence=last.sequence + 1 if last else 0,
        made_at=clock.now(),
        actor=actor,
        **same,
    )
    mail_calendar.delay_on_commit(dossier.fund_id)


def _of(dossier: Dossier, subject: str) -> "QuerySet[CalendarMessage]":
    return CalendarMessage.objects.filter(fund=dossier.fund_id, dossier=dossier, subject=subject)
