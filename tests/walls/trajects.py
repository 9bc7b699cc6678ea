"""A row in every table of the floor of trajects."""

from datetime import datetime, timedelta

from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from tnw.accounts.models import Actor
from tnw.core import clock
from trajects.models import Proposal


def write_trajects(dossier: Dossier, actor: Actor) -> None:
    on = dossier.incapacity.start
    at = datetime(on.year, on.month, on.day, 10, tzinfo=clock.BRUSSELS) + timedelta(days=30)
    said = [
        fact("traject_started", on, "started-1", route="B"),
        fact("appointment_made", on, "made-1", "appointment-1", purpose="follow_up", at=at),
    ]
    record_many([Entry(dossier.pk, one) for one in said], fund=dossier.fund, actor=actor)
    Proposal.objects.create(
        fund=dossier.fund, dossier=dossier, purpose="first_contact", at=at, made_on=on,
        rule="T8", opened_by="asked-1", occurrence=1,
    )  # fmt: skip
