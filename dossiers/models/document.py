from typing import Any

from django.db import models
from django.db.models.functions import Cast, Right
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.models.case import Dossier
from dossiers.models.scan import Scan
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import LANGUAGES, Actor, Fund, new_uuid


class Document(models.Model):
    """What was written, byte for byte with its SHA-256: a letter, a declaration, a plan. It never changes.

    `kind` is a slug of `dossiers.documents.kinds`, `subject` what of the dossier it is about, `party` to whom it goes, if
    not to the insured. `certificate` is the SHA-256 of the certificate that sealed it, where one did.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    # The reference as a column of its own: it is found by somebody who has but the paper.
    tail = models.GeneratedField(
        expression=Right(Cast("public_id", models.CharField()), 10),
        output_field=models.CharField(max_length=10, db_collation="C"),
        db_persist=True,
    )
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="documents"
    )
    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(max_length=200, blank=True, db_collation="C")
    party = models.CharField(_("to"), max_length=22, blank=True)
    address = models.TextField(_("address"), blank=True)
    # What the letters of one day are put in order by for the post: country, postal code, street.
    postal_order = models.CharField(max_length=340, blank=True, db_collation="C")
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    title = models.CharField(_("title"), max_length=200)
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    pages = models.SmallIntegerField(_("pages"))
    certificate = models.CharField(max_length=64, blank=True)
    made_on = models.DateField(_("made on"))
    made_at = models.DateTimeField(_("made at"))
    actor = models.ForeignKey(Actor, models.PROTECT, db_index=False, verbose_name=_("made by"))

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["fund", "id"], name="document_within_fund"),
            models.CheckConstraint(
                condition=~models.Q(kind="declaration_signed", certificate=""),
                name="document_signed_is_sealed",
            ),
        ]
        indexes = [
            models.Index(fields=["dossier", "-id"], name="document_of_dossier"),
            models.Index(fields=["fund", "sha256"], name="document_by_hash"),
            models.Index(
                fields=["fund", "party", "-id"], condition=~models.Q(party=""), name="document_to_party"
            ),
            models.Index(fields=["fund", "tail"], name="document_by_reference"),
            models.Index(
                fields=["fund", "certificate"],
                condition=~models.Q(certificate=""),
                name="document_by_certificate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def reference(self) -> str:
        """What stands on each page: it leads back here, and says nothing of anybody."""
        return reference_of(self.public_id)


def reference_of(public_id: Any) -> str:
    """The last ten hexadecimal digits of a public id, as people read them out."""
    return f"{public_id.hex[-10:-5]}-{public_id.hex[-5:]}".upper()


class Channel(models.TextChoices):
    POST = "post", pgettext_lazy("channel", "By post")
    REGISTERED = "registered", pgettext_lazy("channel", "By registered mail")
    EMAIL = "email", pgettext_lazy("channel", "By e-mail, with a link")
    HANDED_OVER = "handed_over", pgettext_lazy("channel", "Handed over")
    EBOX = "ebox", pgettext_lazy("channel", "By eBox")


class DispatchState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("dispatch", "To be sent")
    SENT = "sent", pgettext_lazy("dispatch", "Sent")
    RETURNED = "returned", pgettext_lazy("dispatch", "Came back")
    WITHDRAWN = "withdrawn", pgettext_lazy("dispatch", "Not sent after all")
    REFUSED = "refused", pgettext_lazy("dispatch", "Could not be sent")


TRIES = 5  # with another date of birth, until the link of a mail is shut


class Dispatch(models.Model):
    """A document on its way by one channel. It is sent once the post has it, the mail server took it, or somebody holds it.

    `number` and `scan` prove a registered letter; `token` is all that the link in a mail holds.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    document = models.ForeignKey(
        Document, models.PROTECT, db_constraint=False, db_index=False, related_name="dispatches"
    )
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    channel = models.CharField(_("channel"), max_length=11, choices=Channel.choices)
    state = models.CharField(_("state"), max_length=9, choices=DispatchState.choices)
    prepared_on = models.DateField(_("prepared on"))
    sent_on = models.DateField(_("sent on"), null=True)
    number = models.CharField(_("number of the registered letter"), max_length=200, blank=True)
    scan = models.ForeignKey(Scan, models.PROTECT, null=True, db_constraint=False, db_index=False)
    returned_on = models.DateField(_("came back on"), null=True)
    # What the post wrote on it; of one that could not be sent, why.
    returned_why = models.CharField(_("why it came back"), max_length=200, blank=True)
    token = models.CharField(max_length=43, blank=True, db_collation="C")
    # How often the link was tried with another date of birth; after some it is shut.
    wrong = models.SmallIntegerField(default=0)
    opened_at = models.DateTimeField(_("opened at"), null=True)
    failures = models.SmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    # The fact that this sending is, where the law knows it.
    fact = models.CharField(max_length=200, blank=True, db_collation="C")
    actor = models.ForeignKey(Actor, models.PROTECT, db_index=False)

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "token"], condition=~models.Q(token=""), name="dispatch_token_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "withdrawn", "refused"], sent_on=None)
                | models.Q(state__in=["sent", "returned"], sent_on__isnull=False),
                name="dispatch_sent_on_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(state="returned", returned_on__isnull=False)
                | (~models.Q(state="returned") & models.Q(returned_on=None)),
                name="dispatch_returned_on_a_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(channel="registered", state="sent") | ~models.Q(number=""),
                name="dispatch_registered_with_number",
            ),
        ]
        indexes = [
            models.Index(fields=["document"], name="dispatch_of_document"),
            models.Index(
                fields=["fund", "channel", "id"],
                condition=models.Q(state__in=["waiting", "refused"]),
                name="dispatch_waiting",
            ),
            models.Index(
                fields=["fund", "number"], condition=~models.Q(number=""), name="dispatch_by_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"

    @property
    def is_shut(self) -> bool:
        """Whether its link opens nothing any more, whoever tries."""
        return self.wrong >= TRIES
