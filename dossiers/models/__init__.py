"""The case: person, incapacity, dossier, its ledger, what the law makes of it, and what the feed brought."""

from dossiers.models.assignment import Reassignment
from dossiers.models.career import CareerItem
from dossiers.models.case import Dossier, Incapacity
from dossiers.models.deadline import Deadline, Reminder, ReminderStep, SweptThrough
from dossiers.models.health import HealthNote, HealthNoteText
from dossiers.models.imports import ImportRejection, ImportRun
from dossiers.models.ledger import LedgerEntry, LedgerPayload, Outbox
from dossiers.models.person import InsuredPerson

__all__ = [
    "CareerItem",
    "Deadline",
    "Dossier",
    "HealthNote",
    "HealthNoteText",
    "ImportRejection",
    "ImportRun",
    "Incapacity",
    "InsuredPerson",
    "LedgerEntry",
    "LedgerPayload",
    "Outbox",
    "Reassignment",
    "Reminder",
    "ReminderStep",
    "SweptThrough",
]
