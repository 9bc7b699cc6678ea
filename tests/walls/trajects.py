"""A row in every table of the floor of trajects."""

from datetime import datetime, timedelta

from dossiers.law.facts import fact
from dossiers.law.kinds import ROLES
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from tnw.accounts.models import Actor
from tnw.core import clock
from trajects.models import CalendarMessage, PlanDraft, Proposal


def write_trajects(dossier: Dossier, actor: Actor) -> None:
    """By the facts that begin each machine, after the request of route B; then what no fact makes."""
    on = dossier.incapacity.start
    at = datetime(on.year, on.month, on.day, 10, tzinfo=clock.BRUSSELS) + timedelta(days=30)
    said = [
        fact("appointment_made", on, "made-1", "appointment-1", purpose="follow_up", at=at),
        fact("appointment_made", on, "made-2", "appointment-2", purpose="medical_examination", at=at),
        fact("absence_recorded", on, "absent-1", "appointment-2", purpose="medical_examination"),
        fact("occupational_referral_proposed", on, "proposed-1"),
        fact("first_contact_held", on, "held-1", route="B", form="phone"),
        fact("permission_requested", on, "permission-1", aim="guidance"),
        fact("permission_granted", on, "granted-1"),
        fact("traject_started", on, "started-1", route="B"),
        fact("reintegration_started", on, "formal-1", condition=1),
        fact("declaration_drawn_up", on, "drawn-1", "declaration-1"),
        *(
            fact("declaration_signed", on, f"signed-{role}", "declaration-1", role=role, method="paper")
            for role in ROLES
        ),
        fact("declaration_completed", on, "complete-1", "declaration-1"),
        fact("plan_agreed", on, "agreed-1", version=1),
        fact("training_proposed", on, "training-1", "training-1", proposed_by="insured"),
        fact("partner_form_drawn_up", on, "form-1", "partner-1", service="vdab"),
        fact("adapted_work_planned", on, "work-1", "work-1", starts_on=at.date()),
    ]
    record_many([Entry(dossier.pk, one) for one in said], fund=dossier.fund, actor=actor)
    dossier.refresh_from_db(fields=["out_of_order"])
    assert not dossier.out_of_order
    Proposal.objects.create(
        fund=dossier.fund, dossier=dossier, purpose="first_contact", at=at, made_on=on,
        rule="T8", opened_by="asked-1", occurrence=1,
    )  # fmt: skip
    PlanDraft.objects.create(fund=dossier.fund, dossier=dossier, saved_at=clock.now(), saved_by=actor)
    CalendarMessage.objects.create(
        fund=dossier.fund, dossier=dossier, subject="appointment-1", sequence=0, method="request", made_at=clock.now(),
        actor=actor,
    )  # fmt: skip
