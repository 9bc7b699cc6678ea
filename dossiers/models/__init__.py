"""The case: person, incapacity, dossier, its ledger, what the law makes of it, and what the feed brought."""

from dossiers.models.assignment import Reassignment
from dossiers.models.batch import REASSIGN, Batch, BatchRow
from dossiers.models.career import CareerItem
from dossiers.models.case import Dossier, Incapacity
from dossiers.models.deadline import Deadline, Reminder, ReminderStep, SweptThrough
from dossiers.models.document import (
    Channel,
    Dispatch,
    DispatchState,
    Document,
    reference_of,
)
from dossiers.models.figures import ClosedFact, ClosedQuarter, FigureCount, FiguresCounted
from dossiers.models.health import HealthNote, HealthNoteText
from dossiers.models.imports import ImportRejection, ImportRun
from dossiers.models.ledger import LedgerEntry, LedgerPayload, Outbox
from dossiers.models.person import InsuredPerson
from dossiers.models.scan import Scan

__all__ = [
    "REASSIGN",
    "Batch",
    "BatchRow",
    "CareerItem",
    "Channel",
    "ClosedFact",
    "ClosedQuarter",
    "Deadline",
    "Dispatch",
    "DispatchState",
    "Document",
    "Dossier",
    "FigureCount",
    "FiguresCounted",
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
    "Scan",
    "SweptThrough",
    "reference_of",
]
