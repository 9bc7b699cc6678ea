"""What doctors and medical team write down about somebody's health. No text of it leaves in an error or a log."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers.acts import begin
from dossiers.models import HealthNote, HealthNoteText
from dossiers.models.health import Sight
from dossiers.policies import may_write_health
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import require

OUTDATED = "outdated"


@transaction.atomic
def write(*, dossier_id: UUID, sight: str, text: str, actor: Actor) -> HealthNote:
    """Write a note, for the coordinator's eyes too or for the medical side's alone. Raises NotAllowed and DomainError."""
    require(may_write_health(actor))
    dossier = begin(dossier_id, actor)
    if sight not in (Sight.MEDICAL, Sight.SHARED):
        raise DomainError(_("Say who may read this note."), code="unknown_code", field="sight")
    text = _said(text)
    note = HealthNote.objects.create(fund=dossier.fund, dossier=dossier, sight=sight)
    _put(note, text, actor)
    return note


@transaction.atomic
def rewrite(*, dossier_id: UUID, note_id: UUID, text: str, version: int, actor: Actor) -> HealthNote:
    """Give a note its next text; `version` is the one that was read. Raises NotAllowed and DomainError (`OUTDATED`)."""
    require(may_write_health(actor))
    dossier = begin(dossier_id, actor)
    note = HealthNote.objects.visible_to(actor).filter(dossier=dossier, public_id=note_id).first()
    if note is None:
        raise DomainError(_("This note does not exist."), code="note_unknown")
    if note.version != version:
        raise DomainError(_("Somebody else changed this meanwhile."), code=OUTDATED)
    text = _said(text)
    if HealthNoteText.objects.visible_to(actor).get(health_note=note, version=version).text == text:
        return note
    note.version += 1
    note.save(update_fields=["version"])
    _put(note, text, actor)
    return note


def _said(text: str) -> str:
    # A browser sends lines ended its own way; the same text must stay the same text.
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise DomainError(_("Write something."), code="required", field="text")
    return text


def _put(note: HealthNote, text: str, actor: Actor) -> None:
    HealthNoteText.objects.create(
        fund_id=note.fund_id,
        health_note=note,
        version=note.version,
        text=text,
        author=actor,
        written_at=clock.now(),
    )
