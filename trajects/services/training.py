"""A paid training, from its proposal to its end (H1 to H3). Each is one act: may you, does it fit, record."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.models import Dossier
from tnw.accounts.models import Actor, new_uuid
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects.models import TrainingProject
from trajects.policies import training as policies

LETTER = "training_decision"


def training_of(dossier: Dossier, subject: str) -> TrainingProject:
    """A training of a dossier that is locked. Raises DomainError where there is none."""
    found = TrainingProject.objects.filter(fund=dossier.fund_id, dossier=dossier, subject=subject).first()
    if found is None:
        raise DomainError(_("There is no such training."), code="training_unknown")
    return found


@transaction.atomic
def propose(
    *, dossier_id: UUID, actor: Actor, on: date, proposed_by: str, what: str, seen: int | None = None
) -> str:
    """The insured, or the mediator of the regional service, proposes a training; gives its subject (H1).

    Raises NotAllowed, and DomainError where nothing says which training it is.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_propose(actor, dossier, on))
    acts.required(what, "what", _("Say which training it is."))
    subject = str(new_uuid())
    values = {"proposed_by": proposed_by}
    acts.record(dossier, actor, Done("training_proposed", on, values, subject, acts.note(text=what)))
    return subject


@transaction.atomic
def advise(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    favorable: bool,
    medical: str = "",
    insured: str = "",
    seen: int | None = None,
) -> None:
    """Whether the training fits the state of health (H1): `medical` says why, `insured` what the person is told of it.

    Raises NotAllowed, and DomainError where an unfavourable advice comes without its reasons.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_advise(actor, dossier, training_of(dossier, subject), on))
    if not favorable:
        acts.required(medical, "medical", _("Say why: an unfavourable advice needs its medical reason."))
        acts.required(insured, "insured", _("Say what the insured person is told of it."))
    note = acts.note(text=medical, insured=insured)
    advice = Done("training_advised", on, {"favorable": favorable}, subject, note, ["training_advised"])
    acts.record(dossier, actor, advice)


@transaction.atomic
def submit(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, note: str = "", seen: int | None = None
) -> str:
    """The application went to RIZIV (H1); gives the id of its fact. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_submit(actor, dossier, training_of(dossier, subject), on))
    submitted = Done("training_submitted", on, {}, subject, acts.note(text=note))
    return acts.record(dossier, actor, submitted)[0]


@transaction.atomic
def review(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    favorable: bool,
    note: str = "",
    seen: int | None = None,
) -> None:
    """What the team of RIZIV found (H1). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_review(actor, dossier, training_of(dossier, subject), on))
    values = {"favorable": favorable}
    acts.record(dossier, actor, Done("training_reviewed", on, values, subject, acts.note(text=note)))


@transaction.atomic
def decide(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    approved: bool,
    first_day: date | None = None,
    last_day: date | None = None,
    note: str = "",
    seen: int | None = None,
) -> None:
    """What the HCGRI decided (H1, H2): approved from a first to a last day, or refused.

    Raises NotAllowed, and DomainError where the days do not go with the decision.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_decide(actor, dossier, training_of(dossier, subject), on))
    values: dict[str, Any] = {"approved": approved}
    if approved:
        values |= _period(first_day, last_day)
    elif first_day or last_day:
        field = "first_day" if first_day else "last_day"
        raise DomainError(_("A training that is refused has no days."), code="days_of_none", field=field)
    acts.record(dossier, actor, Done("training_decided", on, values, subject, acts.note(text=note)))


@transaction.atomic
def send_letter(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, proof: str, seen: int | None = None
) -> str:
    """The registered letter of the decision was sent (H2), with its number; gives the id of its fact.

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    one = training_of(dossier, subject)
    require(policies.may_send_letter(actor, dossier, one, on))
    number = acts.registered_number(dossier, proof, "proof")
    if one.decided_on and on < one.decided_on:
        raise DomainError(
            _("The letter tells of the decision: it is not sent before it."),
            code="before_decision",
            field="on",
        )
    values = {"step": LETTER, "proof": number}
    return acts.record(dossier, actor, Done("registered_letter_sent", on, values, subject))[0]


@transaction.atomic
def complete(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    success: bool,
    note: str = "",
    seen: int | None = None,
) -> None:
    """The training is over, with success or without; with success the capacities are assessed anew (H3, T14).

    Raises NotAllowed, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_complete(actor, dossier, training_of(dossier, subject), on))
    values = {"success": success}
    acts.record(dossier, actor, Done("training_completed", on, values, subject, acts.note(text=note)))


@transaction.atomic
def break_off(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, reason: str, seen: int | None = None
) -> None:
    """It is given up, before the decision or after it. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_break_off(actor, dossier, training_of(dossier, subject), on))
    acts.required(reason, "reason", _("Say why."))
    acts.record(dossier, actor, Done("training_broken_off", on, {}, subject, acts.note(text=reason)))


def _period(first_day: date | None, last_day: date | None) -> dict[str, date]:
    """The days of an approved training, both of them."""
    if first_day is None or last_day is None:
        field = "last_day" if first_day else "first_day"
        raise DomainError(_("An approved training has a first and a last day."), code="required", field=field)
    if last_day < first_day:
        raise DomainError(_("The last day lies before the first."), code="wrong_period", field="last_day")
    return {"from": first_day, "to": last_day}
