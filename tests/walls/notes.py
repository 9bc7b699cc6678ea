"""A career item, a health note and a scan in a dossier, as rows: what is written is no matter here."""

from datetime import UTC, datetime

from dossiers.models import CareerItem, Dossier, HealthNote, HealthNoteText, Scan
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
    Scan.objects.create(
        fund=dossier.fund, dossier=dossier, fact="letter-1", name="proof.pdf", media_type="application/pdf",
        sha256="0" * 64, content=b"%PDF-", added_at=AT, added_by=actor,
    )  # fmt: skip
