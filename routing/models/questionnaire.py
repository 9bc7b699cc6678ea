from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.models import Dossier
from dossiers.models.walled import WalledQuerySet
from routing.models.question import QuestionnaireVersion
from tnw.accounts.models import LANGUAGES, Actor, Fund, Role, new_uuid


class Sending(models.TextChoices):
    TO_POST = "to_post", pgettext_lazy("questionnaire", "To be posted")
    TO_MAIL = "to_mail", pgettext_lazy("questionnaire", "To be e-mailed")
    SENT = "sent", pgettext_lazy("questionnaire", "Sent")
    WITHDRAWN = "withdrawn", pgettext_lazy("questionnaire", "Not sent after all")


WAITING = (Sending.TO_POST, Sending.TO_MAIL)


class Questionnaire(models.Model):
    """A questionnaire on its way to somebody. Nothing is sent before `sent_fact` stands in the ledger (T1).

    `automatic` says that the job of T1 prepared it: it is withdrawn where T1 is met or closed in another way. `token` is all
    that a link in a mail holds.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="questionnaires"
    )
    version = models.ForeignKey(
        QuestionnaireVersion, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    state = models.CharField(_("state"), max_length=9, choices=Sending.choices)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    channel = models.CharField(_("channel"), max_length=9)
    token = models.CharField(max_length=43, db_collation="C")
    automatic = models.BooleanField(default=False)
    prepared_on = models.DateField(_("prepared on"))
    sent_on = models.DateField(_("sent on"), null=True)
    sent_fact = models.CharField(max_length=200, blank=True, db_collation="C")
    # The day on which the mail server took it; with no fact yet, it is about to be recorded.
    mailed_on = models.DateField(null=True)
    # How often the mail could not be handed over, and when last.
    failures = models.SmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        constraints = [
            models.UniqueConstraint(fields=["fund", "token"], name="questionnaire_token_once"),
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(state__in=WAITING), name="questionnaire_one_waiting"
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_on__isnull=False) & ~models.Q(sent_fact="")
                | models.Q(state__in=[*WAITING, "withdrawn"], sent_on__isnull=True, sent_fact=""),
                name="questionnaire_sent_with_its_fact",
            ),
        ]
        indexes = [
            models.Index(fields=["dossier", "-id"], name="questionnaire_of_dossier"),
            models.Index(
                fields=["fund", "state", "id"],
                condition=models.Q(state__in=WAITING),
                name="questionnaire_waiting",
            ),
            models.Index(
                fields=["fund", "id"],
                condition=models.Q(mailed_on__isnull=False, sent_fact=""),
                name="questionnaire_to_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.state}"

    @property
    def reference(self) -> str:
        """What stands on paper, so that an answer finds its way back; it says nothing of anybody."""
        return f"{self.public_id.hex[-10:-5]}-{self.public_id.hex[-5:]}".upper()


# Everybody in the case sees that answers came; these read them (domain.md section 8).
READERS = (Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM)


class AnswerSheetQuerySet(WalledQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """What the insured answered, for those who may read it; a job reads none of it."""
        may_read = actor.user is not None and actor.user.has_role(*READERS)
        return super().visible_to(actor) if may_read else self.none()


class AnswerSheet(models.Model):
    """The answers as they came in once. A draft is typed by whoever has the paper or the phone; a received one stays.

    `answers` are by the code of the question: a code, codes, a number, a text, or yes and no. `revision` rises with each
    saving of the draft: whoever saves upon an older one is told.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="answer_sheets"
    )
    version = models.ForeignKey(
        QuestionnaireVersion, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    answers = models.JSONField(_("answers"), default=dict)
    revision = models.IntegerField(default=1)
    # The opened form that saved last: what it sends twice, or late on leaving, is no other person's.
    form = models.CharField(max_length=36, blank=True, db_default="", db_collation="C")
    # How far that form had come: what it sent earlier and lands later changes nothing.
    turn = models.IntegerField(default=0, db_default=0)
    actor = models.ForeignKey(Actor, models.PROTECT, db_index=False)
    saved_at = models.DateTimeField(_("saved at"))
    received_on = models.DateField(_("received on"), null=True)
    received_fact = models.CharField(max_length=200, blank=True, db_collation="C")
    channel = models.CharField(_("channel"), max_length=9, blank=True)
    complete = models.BooleanField(_("complete"), default=False)

    objects = AnswerSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("answers")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(received_fact=""), name="answers_one_draft"
            ),
            models.CheckConstraint(
                condition=models.Q(received_on__isnull=True, received_fact="", channel="", complete=False)
                | models.Q(received_on__isnull=False) & ~models.Q(received_fact="") & ~models.Q(channel=""),
                name="answers_received_with_their_fact",
            ),
        ]
        indexes = [models.Index(fields=["dossier", "-id"], name="answers_of_dossier")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.revision}"
