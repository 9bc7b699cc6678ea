"""What goes from the agenda into other calendars: messages to the insured, and the feed of who works here."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.models import Dossier
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Actor, Fund, User, new_uuid


class Method(models.TextChoices):
    """What a message asks of the calendar that reads it (RFC 5546)."""

    REQUEST = "request", pgettext_lazy("calendar", "Invitation")
    CANCEL = "cancel", pgettext_lazy("calendar", "Cancellation")


class MessageState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("dispatch", "To be sent")
    SENT = "sent", pgettext_lazy("dispatch", "Sent")
    WITHDRAWN = "withdrawn", pgettext_lazy("dispatch", "Not sent after all")
    REFUSED = "refused", pgettext_lazy("dispatch", "Could not be sent")


class CalendarMessage(models.Model):
    """A calendar message about an appointment: made with its fact, mailed by a job, sent once the mail server took it.

    It holds no text: what it says is read from the appointment when it goes. All messages of one appointment (`subject`)
    have one `uid`; the calendar that reads them goes by the highest `sequence`.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    subject = models.CharField(max_length=200, db_collation="C")
    uid = models.UUIDField(default=new_uuid, editable=False)
    sequence = models.SmallIntegerField()
    method = models.CharField(max_length=7, choices=Method.choices)
    state = models.CharField(
        _("state"), max_length=9, choices=MessageState.choices, default=MessageState.WAITING
    )
    made_at = models.DateTimeField(_("made at"))
    sent_at = models.DateTimeField(_("sent at"), null=True)
    # Of one that could not be sent, why.
    refused_why = models.CharField(max_length=200, blank=True)
    failures = models.SmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    actor = models.ForeignKey(Actor, models.PROTECT, db_index=False)

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar message")
        verbose_name_plural = _("calendar messages")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "subject", "sequence"], name="calendar_message_in_sequence"
            ),
            models.UniqueConstraint(
                fields=["dossier", "subject"],
                condition=models.Q(state="waiting"),
                name="calendar_message_one_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(method__in=Method.values, state__in=MessageState.values),
                name="calendar_message_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at=None)),
                name="calendar_message_sent_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["fund", "id"], condition=models.Q(state="waiting"), name="calendar_message_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.sequence} {self.state}"


class CalendarFeed(models.Model):
    """The private address at which somebody's calendar fetches their appointments; of the address only its hash is kept."""

    user = models.OneToOneField(User, models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True, db_collation="C")
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at:%Y-%m-%d}"
