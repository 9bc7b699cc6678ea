from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models.case import Dossier
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import MEDICAL, Actor, ActorKind, Fund, Role, new_uuid


class Sight(models.TextChoices):
    """For whose eyes a text is (domain.md section 8)."""

    MEDICAL = "medical", _("Doctors and medical team only")
    SHARED = "shared", _("Shared with the coordinator")
    CASE = "case", _("Everybody in the case")


READERS: dict[str, tuple[Role, ...]] = {
    Sight.MEDICAL: MEDICAL,
    Sight.SHARED: (*MEDICAL, Role.COORDINATOR),
    Sight.CASE: (*MEDICAL, Role.COORDINATOR, Role.TEAM_LEAD),
}


def sights(actor: Actor) -> list[Sight]:
    """For what an actor has eyes. A person's roles count alone: a job has nobody to show a text to.

    A fund's client of the API reads what is for everybody in the case, as far as its scopes reach.
    """
    if actor.kind == ActorKind.CLIENT and actor.fund_id:
        return [Sight.CASE]
    if actor.kind != ActorKind.USER or actor.user is None:
        return []
    return [sight for sight in Sight if actor.user.has_role(*READERS[sight])]


class HealthNoteQuerySet(WalledQuerySet):
    """The medical wall stands in the read itself: no page, search or export can forget it."""

    def visible_to(self, actor: Actor) -> Self:
        """Notes of the actor's own fund that are for this actor's eyes."""
        return super().visible_to(actor).filter(sight__in=sights(actor))


class HealthNoteTextQuerySet(WalledQuerySet):
    """The same wall, by the note that a text belongs to."""

    def visible_to(self, actor: Actor) -> Self:
        """Texts of notes that are for this actor's eyes."""
        return super().visible_to(actor).filter(health_note__sight__in=sights(actor))


class HealthNote(models.Model):
    """Gezondheidsnota: what doctors and medical team write down. Whose eyes it is for never changes.

    A text that was medical would otherwise become readable in its older versions; another audience is another note.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, models.PROTECT, db_constraint=False, related_name="health_notes")
    sight = models.CharField(_("for whose eyes"), max_length=7, choices=Sight.choices[:2])
    version = models.IntegerField(default=1)

    objects = HealthNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("health note")
        verbose_name_plural = _("health notes")
        constraints = [
            models.UniqueConstraint(fields=["fund", "id"], name="health_note_within_fund"),
            models.CheckConstraint(
                condition=models.Q(sight__in=["medical", "shared"]), name="health_note_sight_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class HealthNoteText(models.Model):
    """One version of a note's text. A change adds the next one; none is changed or deleted."""

    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    health_note = models.ForeignKey(
        HealthNote, models.PROTECT, db_constraint=False, db_index=False, related_name="texts"
    )
    version = models.IntegerField()
    text = models.TextField(_("text"))
    author = models.ForeignKey(Actor, models.PROTECT, db_index=False, related_name="+")
    written_at = models.DateTimeField()

    objects = HealthNoteTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a health note")
        verbose_name_plural = _("texts of health notes")
        constraints = [
            models.UniqueConstraint(fields=["health_note", "version"], name="health_note_text_once"),
            models.CheckConstraint(condition=~models.Q(text=""), name="health_note_text_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.health_note_id}/{self.version}"
