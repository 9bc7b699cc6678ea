"""What follows on an absence in route A (X1 to X3). Each is one act: may you, does it fit, record.

It computes and proposes; nothing here pays or reduces a benefit.
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from dossiers import acts, scans
from dossiers.acts import Done
from dossiers.models import Dossier
from dossiers.scans import Upload
from tnw.accounts.models import Actor
from tnw.core.errors import DomainError
from tnw.core.policies import Verdict, require
from trajects.models import AbsenceProcedure
from trajects.policies import absence as policies

Policy = Callable[[Actor, Dossier, AbsenceProcedure, date], Verdict]


def _begin(
    dossier_id: UUID, actor: Actor, seen: int | None, on: date, subject: str, may: Policy
) -> tuple[Dossier, AbsenceProcedure]:
    """The dossier, locked, with the absence of which this is allowed. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    prefetch_related_objects([dossier], "absences")
    found = next((one for one in dossier.absences.all() if one.subject == subject), None)
    if found is None:
        raise DomainError(_("There is no such absence."), code="absence_unknown")
    require(may(actor, dossier, found, on))
    if on < found.absent_on:
        raise DomainError(_("This day lies before the absence."), code="before_absence", field="on")
    return dossier, found


@transaction.atomic
def send_letter(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    subject: str,
    proof: str,
    scan: Upload | None = None,
    seen: int | None = None,
) -> str:
    """The registered letter of the step that this absence is, with its number; gives the id of its fact.

    Raises NotAllowed, and DomainError without a number or with a scan that cannot be kept.
    """
    dossier, absence = _begin(dossier_id, actor, seen, on, subject, policies.may_send_letter)
    number = acts.registered_number(dossier, proof, "proof")
    step = policies.ladder(dossier)[absence.subject]
    kind = "registered_letter_sent"
    letter = Done(kind, on, {"step": step, "proof": number}, subject, instead_of=[kind])
    (fact_id,) = acts.record(dossier, actor, letter)
    if scan is not None:
        scans.add(dossier, actor, fact_id, scan)
    return fact_id


@transaction.atomic
def propose(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, note: str = "", seen: int | None = None
) -> None:
    """Propose to reduce the benefit, for another person to confirm (X3). Raises NotAllowed, DomainError."""
    dossier, _absence = _begin(dossier_id, actor, seen, on, subject, policies.may_propose)
    instead = ["reduction_proposed", "reduction_refused"]
    acts.record(
        dossier, actor, Done("reduction_proposed", on, {}, subject, acts.note(text=note), instead_of=instead)
    )


@transaction.atomic
def confirm(*, dossier_id: UUID, actor: Actor, on: date, subject: str, seen: int | None = None) -> None:
    """Confirm a proposal, with period and percentage as the law has them now (X1, X2). Raises NotAllowed, DomainError."""
    dossier, absence = _begin(dossier_id, actor, seen, on, subject, policies.may_confirm)
    span, percent = policies.period(dossier, absence), policies.percentage(dossier, absence)
    assert span is not None  # the policy said so
    values = {"from": span.since, "to": span.until, "percent": percent}
    acts.record(dossier, actor, Done("reduction_confirmed", on, values, subject))


@transaction.atomic
def refuse(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, note: str, seen: int | None = None
) -> None:
    """Do not confirm a proposal, with the reason. Raises NotAllowed, DomainError."""
    dossier, _absence = _begin(dossier_id, actor, seen, on, subject, policies.may_decide)
    acts.required(note, "note", _("Say why."))
    acts.record(dossier, actor, Done("reduction_refused", on, {}, subject, acts.note(text=note)))


@transaction.atomic
def ask_new_date(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, note: str = "", seen: int | None = None
) -> None:
    """The insured asked for a new date: the reduction of a second absence ends on that day (X1)."""
    dossier, _absence = _begin(dossier_id, actor, seen, on, subject, policies.may_ask_new_date)
    acts.record(dossier, actor, Done("new_date_asked", on, {}, subject, acts.note(text=note)))


@transaction.atomic
def withdraw(
    *, dossier_id: UUID, actor: Actor, on: date, subject: str, note: str, seen: int | None = None
) -> None:
    """Take back what follows on an absence, with the reason; it counts no more. Raises NotAllowed, DomainError."""
    dossier, _absence = _begin(dossier_id, actor, seen, on, subject, policies.may_withdraw)
    acts.required(note, "note", _("Say why."))
    acts.record(dossier, actor, Done("absence_withdrawn", on, {}, subject, acts.note(text=note)))
