"""A fund with the reference data that its dossiers need."""

from datetime import date

from django.apps import apps
from django.db import transaction

from dossiers.reminders import seed_steps
from tnw.accounts import audit, services
from tnw.accounts.models import Actor, Fund


@transaction.atomic
def open_fund(*, number: str, institution: str, name: str, live_from: date, actor: Actor) -> Fund:
    """A new fund with its reminder steps, and what the apps above give a new one. Raises DomainError."""
    fund = services.create_fund(
        number=number, institution=institution, name=name, live_from=live_from, actor=actor
    )
    with audit.acting_as(actor, fund):
        seed_steps(fund)
        for config in apps.get_app_configs():
            if seed := getattr(config, "seed_fund", None):
                seed(fund)
    return fund
