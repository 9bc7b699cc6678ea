"""Inside: contact moments, the traject itself, and everything that can happen in it."""

from trajects.models.absence import AbsenceProcedure
from trajects.models.adapted_work import AdaptedWork
from trajects.models.appointment import Appointment
from trajects.models.calendar import CalendarFeed, CalendarMessage
from trajects.models.declaration import EngagementDeclaration
from trajects.models.employer import EmployerTraject
from trajects.models.partner import PartnerReferral
from trajects.models.plan import PlanDraft, ReintegrationPlan
from trajects.models.proposal import Proposal
from trajects.models.reintegration import ReintegrationTraject
from trajects.models.signature import OutsideSigning, Signature
from trajects.models.training import TrainingProject
from trajects.models.traject import Traject

__all__ = [
    "AbsenceProcedure",
    "AdaptedWork",
    "Appointment",
    "CalendarFeed",
    "CalendarMessage",
    "EmployerTraject",
    "EngagementDeclaration",
    "OutsideSigning",
    "PartnerReferral",
    "PlanDraft",
    "Proposal",
    "ReintegrationPlan",
    "ReintegrationTraject",
    "Signature",
    "TrainingProject",
    "Traject",
]
