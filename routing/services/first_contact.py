"""The first contact, which routes A and B share: planned and held for the route or routes that it serves."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.models import Dossier
from routing.policies import first_contact as policies
from tnw.accounts.models import Actor
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects.models.appointment import Purpose
from trajects.policies.contacts import may_tell_outcome
from trajects.services import contacts, planned


@transaction.atomic
def plan_first_contact(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    at: datetime,
    form: str,
    place: str = "",
    party: str = "",
    mail: bool = False,
    seen: int | None = None,
) -> str:
    """Make the appointment for the first contact (A6, B3), with nobody else there; gives its subject.

    It names route B where only a request waits for it: missed, it then has no consequence (X1). Raises NotAllowed,
    DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_plan(actor, dossier, on))
    return contacts.plan(
        dossier_id=dossier_id,
        actor=actor,
        on=on,
        purpose=Purpose.FIRST_CONTACT,
        at=at,
        form=form,
        place=place,
        party=party,
        mail=mail,
        route="" if policies.waits_in_a(dossier) else "B",
    )


def held(
    dossier: Dossier, actor: Actor, on: date, form: str, report: str, role_explained: bool, subject: str
) -> Done:
    """The contact itself, of its appointment where there was one (A6, B3). Raises NotAllowed, DomainError."""
    if subject:
        appointment = contacts.appointment_of(dossier, subject, Purpose.FIRST_CONTACT)
        require(may_tell_outcome(actor, dossier, appointment, on))
    if not role_explained:
        raise DomainError(
            _("At the first contact the coordinator explains his role: do so, and confirm it."),
            code="required",
            field="role_explained",
        )
    # For no route in particular it serves both (T7, T8).
    both = policies.waits_in_a(dossier) and policies.waits_in_b(dossier)
    route = None if both else "A" if policies.waits_in_a(dossier) else "B"
    return Done("first_contact_held", on, {"route": route, "form": form}, subject, acts.note(text=report))


def called_off(dossier: Dossier, on: date, but: str = "") -> list[Done]:
    """A first contact that is not waited for any more does not stand in anybody's diary."""
    return list(planned.called_off(dossier, on, (Purpose.FIRST_CONTACT,), but))
