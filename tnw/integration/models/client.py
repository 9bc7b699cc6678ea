from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from tnw.accounts.models import Actor, Fund

CALLS_A_MINUTE = 600


class Client(AbstractApplication):
    """A system that calls the API: of one fund, or of a regional service that works with several.

    Whose it is says its actor; `funds` are those that a regional service works with.
    """

    actor = models.OneToOneField(Actor, models.PROTECT, related_name="client", verbose_name=_("acts as"))
    funds = models.ManyToManyField(Fund, blank=True, related_name="+", verbose_name=_("funds"))
    scopes = ArrayField(models.CharField(max_length=60), verbose_name=_("scopes"))
    keys = models.JSONField(
        _("public keys"), null=True, blank=True, help_text=_("A JSON Web Key Set, for private_key_jwt.")
    )
    calls_a_minute = models.PositiveIntegerField(_("calls a minute"), default=CALLS_A_MINUTE)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(client_type="confidential", authorization_grant_type="client-credentials"),
                name="client_of_a_machine",
            )
        ]

    def __str__(self) -> str:
        return self.name
