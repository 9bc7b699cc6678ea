"""A dossier with an appointment to write of, and its letters on their way."""

from datetime import date
from typing import Any

from dossiers.documents import dispatching, making
from dossiers.law.facts import fact
from dossiers.models import Channel, Dispatch, Document, Dossier
from tests.web import cases
from tnw.accounts import actors, audit
from tnw.accounts.models import User

PLANNED = fact(
    "appointment_made",
    date(2026, 6, 5),
    "ap-1",
    cases.APPOINTMENT,
    purpose="first_contact",
    at=cases.moment(date(2026, 6, 22)),
    form="phone",
)
REFERRED = (cases.SENT, cases.ASSESSED[4], cases.REFERRED, PLANNED)
INVITATION = "invitation"


def written(dossier: Dossier, by: User, kind: str = INVITATION, **more: Any) -> Document:
    """A letter that is kept, of the appointment unless told otherwise."""
    actor = actors.of_user(by)
    with audit.acting_as(actor, by.fund):
        given = {"subject": cases.APPOINTMENT, **more}
        return making.write(dossier_id=dossier.public_id, actor=actor, on=cases.TODAY, kind=kind, **given)


def on_its_way(dossier: Dossier, by: User, channel: str = Channel.POST, **more: Any) -> Dispatch:
    """The same, put on its way."""
    document = written(dossier, by, **more)
    actor = actors.of_user(by)
    with audit.acting_as(actor, by.fund):
        return dispatching.prepare(
            document_id=document.public_id, actor=actor, on=cases.TODAY, channel=channel
        )


def ways(dossier: Dossier) -> list[Dispatch]:
    """All ways of its letters, inside the wall."""
    with audit.acting_as(actors.system(), dossier.fund):
        return list(Dispatch.objects.filter(dossier=dossier).select_related("document").order_by("pk"))
