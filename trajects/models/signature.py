from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.models import Document, Dossier, Scan
from dossiers.models.walled import WalledQuerySet
from tnw.accounts.models import Actor, Fund, User, new_uuid


class Signature(models.Model):
    """Somebody's signature under the frozen text of a declaration: who, when, how, under which bytes (Z2).

    It counts as long as its fact stands. `on` is the day of signing, `at` the moment at which it came in; `name` is that of
    the signer, `stands_in_for` the colleague for whom a deputy signed; `evidence` is the scan, the drawn image, or what
    the outside provider handed over. A row never changes, save that `sealed_in` names the last sealed PDF that holds it.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    document = models.ForeignKey(
        Document, models.PROTECT, db_constraint=False, db_index=False, related_name="signatures"
    )
    subject = models.CharField(max_length=200, db_collation="C")
    fact = models.CharField(max_length=200, db_collation="C")
    role = models.CharField(_("role"), max_length=15)
    method = models.CharField(_("how"), max_length=11)
    name = models.CharField(_("name"), max_length=250)
    on = models.DateField(_("signed on"))
    at = models.DateTimeField(_("moment"))
    actor = models.ForeignKey(Actor, models.PROTECT, db_index=False, verbose_name=_("recorded by"))
    stands_in_for = models.ForeignKey(
        User, models.PROTECT, null=True, db_index=False, verbose_name=_("stands in for")
    )
    statement = models.TextField(_("how the identity was checked"), blank=True)
    evidence = models.ForeignKey(Scan, models.PROTECT, null=True, db_constraint=False, db_index=False)
    sealed_in = models.ForeignKey(
        Document, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [models.UniqueConstraint(fields=["dossier", "fact"], name="signature_once_a_fact")]
        indexes = [models.Index(fields=["document"], name="signature_of_document")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.role}"


class OutsideState(models.TextChoices):
    STARTED = "started", pgettext_lazy("signing", "With the provider")
    SIGNED = "signed", pgettext_lazy("signing", "Signed there")
    REFUSED = "refused", pgettext_lazy("signing", "Refused there")
    ENDED = "ended", pgettext_lazy("signing", "Not signed there")


class OutsideSigning(models.Model):
    """The insured was sent to a provider of signatures; `session` is its own word for it.

    `why` is the code of what kept a signature that was given there from counting.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, db_index=False)
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    document = models.ForeignKey(
        Document, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    subject = models.CharField(max_length=200, db_collation="C")
    session = models.CharField(max_length=200, db_collation="C")
    url = models.CharField(max_length=500)
    state = models.CharField(_("state"), max_length=7, choices=OutsideState.choices)
    why = models.CharField(max_length=20, blank=True)
    started_at = models.DateTimeField(_("started at"))
    actor = models.ForeignKey(Actor, models.PROTECT, db_index=False)

    objects = WalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing at a provider")
        verbose_name_plural = _("signings at a provider")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "subject"],
                condition=models.Q(state="started"),
                name="outside_signing_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.state}"
