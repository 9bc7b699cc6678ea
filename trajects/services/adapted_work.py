"""Adapted work, from its planning to its end (W1). Each is one act: may you, does it fit, record."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.models import Dossier
from dossiers.policies import recognized_on
from tnw.accounts.models import Actor, new_uuid
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects.models import AdaptedWork
from trajects.policies import adapted_work as policies

# More hours than a week has are a mistake in typing; how many are compatible is the doctor's to say.
MOST_HOURS = Decimal(168)


def work_of(dossier: Dossier, subject: str) -> AdaptedWork:
    """The adapted work of a dossier that is locked. Raises DomainError where there is none."""
    found = AdaptedWork.objects.filter(fund=dossier.fund_id, dossier=dossier, subject=subject).first()
    if found is None:
        raise DomainError(_("There is no such adapted work."), code="adapted_work_unknown")
    return found


@transaction.atomic
def plan(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    starts_on: date,
    what: str = "",
    declared: bool = False,
    seen: int | None = None,
) -> str:
    """Adapted work is planned; gives its subject. `declared`: on the same day permission was asked.

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_plan(actor, dossier, on))
    _recognized(dossier, starts_on, "starts_on")
    subject = str(new_uuid())
    values = {"starts_on": starts_on}
    done = [Done("adapted_work_planned", on, values, subject, acts.note(text=what))]
    if declared:
        done.append(Done("adapted_work_declared", on, {}, subject))
    acts.record(dossier, actor, *done)
    return subject


@transaction.atomic
def replan(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    starts_on: date,
    note: str = "",
    seen: int | None = None,
) -> None:
    """It begins on another day: what was declared before is declared anew (T15). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_replan(actor, dossier, work_of(dossier, subject), on))
    _recognized(dossier, starts_on, "starts_on")
    values = {"starts_on": starts_on}
    planned = Done(
        "adapted_work_planned", on, values, subject, acts.note(text=note), ["adapted_work_planned"]
    )
    acts.record(dossier, actor, planned)


@transaction.atomic
def declare(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, note: str = "", seen: int | None = None
) -> None:
    """The insured declared it and asked permission, in time or late (W1, T15). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_declare(actor, dossier, work_of(dossier, subject), on))
    acts.record(dossier, actor, Done("adapted_work_declared", on, {}, subject, acts.note(text=note)))


@transaction.atomic
def permit(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    first_day: date,
    last_day: date | None = None,
    hours: Decimal | None = None,
    medical: str = "",
    seen: int | None = None,
) -> None:
    """Compatible with the state of health, from a day on, so many hours a week; anew where that changes.

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    work = work_of(dossier, subject)
    require(policies.may_permit(actor, dossier, work, on))
    _recognized(dossier, first_day, "first_day")
    if last_day and last_day < first_day:
        raise DomainError(_("The last day lies before the first."), code="wrong_period", field="last_day")
    if last_day and last_day < work.starts_on:
        raise DomainError(
            _("The last day lies before the day on which the work starts, %(day)s."),
            code="wrong_period",
            field="last_day",
            day=date_format(work.starts_on, "d/m/Y"),
        )
    if hours is not None and not 0 < hours <= MOST_HOURS:
        raise DomainError(
            _("Give the hours a week as a number above zero, and no more than a week has."),
            code="wrong_hours",
            field="hours",
        )
    values: dict[str, Any] = {"from": first_day}
    values |= {"to": last_day} if last_day else {}
    values |= {"hours": hours} if hours is not None else {}
    note = acts.note(text=medical)
    acts.record(
        dossier,
        actor,
        Done("adapted_work_permitted", on, values, subject, note, ["adapted_work_permitted"]),
    )


@transaction.atomic
def refuse(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    medical: str,
    insured: str,
    seen: int | None = None,
) -> None:
    """Not compatible with the state of health: `medical` says why, `insured` what the person is told of it.

    Raises NotAllowed, and DomainError where one of the two lacks.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_refuse(actor, dossier, work_of(dossier, subject), on))
    acts.required(medical, "medical", _("Say why: a refusal needs its medical reason."))
    acts.required(insured, "insured", _("Say what the insured person is told of it."))
    note = acts.note(text=medical, insured=insured)
    acts.record(dossier, actor, Done("adapted_work_refused", on, {}, subject, note))


@transaction.atomic
def end(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, note: str = "", seen: int | None = None
) -> None:
    """The adapted work is over. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_end(actor, dossier, work_of(dossier, subject), on))
    acts.record(dossier, actor, Done("adapted_work_ended", on, {}, subject, acts.note(text=note)))


@transaction.atomic
def cancel(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, note: str = "", seen: int | None = None
) -> None:
    """It does not begin after all; T15 falls away. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_cancel(actor, dossier, work_of(dossier, subject), on))
    acts.record(dossier, actor, Done("adapted_work_cancelled", on, {}, subject, acts.note(text=note)))


def _recognized(dossier: Dossier, day: date, field: str) -> None:
    """Adapted work is done during the incapacity."""
    if not (verdict := recognized_on(dossier.incapacity, day)):
        raise DomainError(verdict.reason, code="not_recognized", field=field)
