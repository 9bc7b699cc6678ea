"""A career item and a health note in a dossier, as rows: what is written is no matter here."""

from datetime import UTC, datetime

from dossiers.models import CareerItem, Dossier, HealthNote, HealthNoteText
from tnw.accounts.models import Actor

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def write_notes(dossier: Dossier, actor: Actor) -> None:
    """One of each, inside the dossier's wall."""
    CareerItem.objects.create(
        fund=dossier.fund,
        dossier=dossier,
        kind="job",
        title="Baker",
        created_by=actor,
        created_at=AT,
        changed_by=actor,
        changed_at=AT,
    )
    note = HealthNote.objects.create(fund=dossier.fund, dossier=dossier, sight="shared")
    HealthNoteText.objects.create(
        fund=dossier.fund, health_note=note, version=1, text="Rest.", author=actor, written_at=AT
    )
