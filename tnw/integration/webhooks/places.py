"""Where what happened can be looked up: the resource of the noun that a fact is about, or its dossier."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.apps import apps

from dossiers.models.machine import Machine, SubjectMachine
from tnw.integration.webhooks.events import OF_FACTS

# By noun: the machine whose rows are its resources, and their address below the API's root.
RESOURCES: dict[str, tuple[str, str]] = {
    "contactRequest": ("routing.RouteB", "/contactRequests/{}"),
    "partnerRegistration": ("routing.RouteC", "/partnerRegistrations/{}"),
    "partnerReferral": ("trajects.PartnerReferral", "/partnerReferrals/{}"),
    "traject": ("trajects.Traject", "/trajects/{}"),
    "suspension": ("trajects.Traject", "/trajects/{}"),
    "declaration": ("trajects.EngagementDeclaration", "/declarations/{}"),
    "plan": ("trajects.ReintegrationPlan", "/plans/{}"),
    "planReview": ("trajects.ReintegrationPlan", "/plans/{}"),
    "employerTraject": ("trajects.EmployerTraject", "/employerTrajects/{}"),
    "trainingProject": ("trajects.TrainingProject", "/trainingProjects/{}"),
    "adaptedWork": ("trajects.AdaptedWork", "/adaptedWorks/{}"),
}
# A step is one of a registration or of a referral, whichever has its subject.
OF_STEPS = ("partnerRegistration", "partnerReferral")


class Told(NamedTuple):
    """An entry of the ledger that is in the outbox, with what is needed to tell of it."""

    dossier_id: int
    seq: int
    fund_id: int
    at: datetime
    dossier: UUID
    kind: str
    subject: str
    on: date

    @property
    def name(self) -> str:
        """`noun.happened`; empty for what nobody is told."""
        return OF_FACTS.get(self.kind, "")

    @property
    def noun(self) -> str:
        return self.name.split(".")[0]


Places = Mapping[tuple[str, int, str], UUID]


def places_of(entries: Iterable[Told]) -> Places:
    """The resources of these entries by noun, dossier and subject; without a subject the latest."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        for noun in OF_STEPS if entry.noun == "partnerStep" else (entry.noun,):
            if noun in RESOURCES:
                wanted.setdefault(noun, set()).add(entry.dossier_id)
    found: dict[tuple[str, int, str], UUID] = {}
    for noun, dossier_ids in wanted.items():
        model: type[Machine] = apps.get_model(RESOURCES[noun][0])
        named = issubclass(model, SubjectMachine)
        rows = model._default_manager.filter(dossier_id__in=dossier_ids).order_by("pk")
        for dossier_id, public_id, *subject in rows.values_list(
            "dossier_id", "public_id", *(["subject"] if named else [])
        ):
            found[noun, dossier_id, ""] = public_id
            if subject:
                found[noun, dossier_id, subject[0]] = public_id
    return found


def path_of(entry: Told, places: Places) -> str:
    """The path of the resource that an entry is about; its dossier's, where it has none of its own."""
    for noun in OF_STEPS if entry.noun == "partnerStep" else (entry.noun,):
        if public_id := places.get((noun, entry.dossier_id, entry.subject)):
            return RESOURCES[noun][1].format(public_id)
    return f"/dossiers/{entry.dossier}"
