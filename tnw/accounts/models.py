"""Who works here: funds, teams, users, the actors behind every change, and the logs of what they saw and did."""

import uuid
from datetime import date
from typing import ClassVar, Self

import uuid_utils.compat
from auditlog.models import AbstractLogEntry
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LANGUAGES = [("nl", _("Dutch")), ("fr", _("French")), ("de", _("German"))]


THREE_DIGITS = RegexValidator(r"^[0-9]{3}\Z", _("Three digits are expected, such as 311."))
HUNDREDS = RegexValidator(r"^[1-9]00\Z", _("One of 100, 200 and so on to 900 is expected."))
FOUR_DIGITS = RegexValidator(r"^[0-9]{4}\Z", _("Four digits are expected, such as 1000."))


def new_uuid() -> uuid.UUID:
    """A public id: UUID version 7, so that indexes stay compact."""
    return uuid_utils.compat.uuid7()


# Of a name in another language.
SAME = _("Where nothing stands here, the same as above.")


class Fund(models.Model):
    """Ziekenfonds (mutualiteit): the wall between tenants."""

    number = models.CharField(_("number"), max_length=3, unique=True, validators=[THREE_DIGITS])
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    name_nl = models.CharField(_("name in Dutch"), max_length=120)
    name_fr = models.CharField(_("name in French"), max_length=120)
    name_de = models.CharField(_("name in German"), max_length=120)
    institution = models.CharField(_("insurance institution"), max_length=3, validators=[HUNDREDS])
    live_from = models.DateField(_("live from"))
    # What stands on its letters.
    street = models.CharField(_("street and number"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    # In Brussels and where the language of the place is another: what stands in letters in that language.
    street_fr = models.CharField(
        _("street and number in French"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=SAME,
    )
    city_fr = models.CharField(
        _("city in French"), max_length=120, blank=True, default="", db_default="", help_text=SAME
    )
    street_de = models.CharField(
        _("street and number in German"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=SAME,
    )
    city_de = models.CharField(
        _("city in German"), max_length=120, blank=True, default="", db_default="", help_text=SAME
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    website = models.CharField(_("website"), max_length=120, blank=True)
    logo = models.BinaryField(_("logo"), null=True, blank=True)
    second_factor = models.BooleanField(
        _("doctors need a second factor to sign"),
        default=False,
        help_text=_("An application that makes codes, or a passkey, besides the password."),
    )

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^\d{3}$"), name="fund_number_three_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(institution__regex=r"^[1-9]00$"), name="fund_institution_hundreds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return getattr(self, f"name_{(get_language() or 'nl')[:2]}", self.name_nl)

    @property
    def town(self) -> str:
        """The city in the reader's language, where it has a name of its own there."""
        return getattr(self, f"city_{(get_language() or 'nl')[:2]}", "") or self.city

    @property
    def seat(self) -> str:
        """Street and city, likewise, in one line."""
        street = getattr(self, f"street_{(get_language() or 'nl')[:2]}", "") or self.street
        return f"{street}, {self.postal_code} {self.town}"


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("Return-to-work coordinator")
    ADVISORY_DOCTOR = "advisory_doctor", _("Advisory doctor")
    MEDICAL_TEAM = "medical_team", _("Medical team")
    TEAM_LEAD = "team_lead", _("Team lead")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")
    ADMINISTRATOR = "administrator", _("Administrator")


MEDICAL = (Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM)


class Team(models.Model):
    """Coordinators and doctors of a region, with their lead."""

    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"))
    name = models.CharField(_("name"), max_length=80)
    lead = models.ForeignKey(
        "User", models.SET_NULL, null=True, blank=True, related_name="leads", verbose_name=_("team lead")
    )
    languages = ArrayField(models.CharField(max_length=2, choices=LANGUAGES), verbose_name=_("languages"))
    place = models.CharField(
        _("place of contacts"),
        max_length=200,
        blank=True,
        help_text=_("The office where the insured are received: it is proposed for appointments."),
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = [
            models.UniqueConstraint(fields=["fund", "name"], name="team_name_once_a_fund"),
            models.UniqueConstraint(fields=["fund", "id"], name="team_within_fund"),
        ]

    def __str__(self) -> str:
        return self.name


class TeamArea(models.Model):
    """Postal codes that a team serves, from `first` up to and including `last`."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="areas", verbose_name=_("team"))
    first = models.CharField(_("first postal code"), max_length=4, validators=[FOUR_DIGITS])
    last = models.CharField(_("last postal code"), max_length=4, validators=[FOUR_DIGITS])

    class Meta:
        verbose_name = _("postal codes")
        verbose_name_plural = _("postal codes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first__lte=models.F("last")), name="area_first_before_last"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]  # the API client's, which has no types
    """Somebody who signs in: one fund, one or more roles."""

    email = models.EmailField(_("e-mail address"), unique=True)
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"))
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), verbose_name=_("roles"))
    languages = ArrayField(
        models.CharField(max_length=2, choices=LANGUAGES),
        default=list,
        blank=True,
        verbose_name=_("languages of work"),
        help_text=_("The languages in which this person guides people."),
    )
    language = models.CharField(
        _("language of the screens"), max_length=2, choices=[*LANGUAGES, ("en", _("English"))], default="nl"
    )
    digest = models.BooleanField(_("daily e-mail with what is due"), default=True)
    # What the screens remember of this person, by name: codes and numbers, never anything about somebody insured.
    choices = models.JSONField(
        default=dict, blank=True, editable=False, db_default=models.Value({}, models.JSONField())
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(roles__len__gt=0) & models.Q(roles__contained_by=Role.values),
                name="user_roles_known",
            ),
            models.UniqueConstraint(fields=["fund", "id"], name="user_within_fund"),
        ]

    def __str__(self) -> str:
        return self.name

    def has_role(self, *roles: str) -> bool:
        """Whether this person has at least one of the roles."""
        return not set(roles).isdisjoint(self.roles)

    # Django's admin asks these: administrators edit users, teams and reference data of their own fund.
    @property
    def is_staff(self) -> bool:
        return self.has_role(Role.ADMINISTRATOR)

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class ActorKind(models.TextChoices):
    USER = "user", _("User")
    CLIENT = "client", _("API client")
    JOB = "job", _("System")


SYSTEM_NAMES = {
    "TNW": _("the system"),
    "manage.py": _("the operators"),
    "feed": _("the fund's daily delivery"),
}


class Actor(models.Model):
    """Whoever acts: a user, an API client or a named job. Ledger, audit and access log point here, never to nobody.

    An API client works for one `fund`, or for a regional `service` (VDAB, Forem, Actiris, ADG) with several funds.
    """

    kind = models.CharField(max_length=6, choices=ActorKind.choices)
    name = models.CharField(max_length=120)
    user = models.OneToOneField(User, models.PROTECT, null=True, related_name="actor")
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, related_name="+", verbose_name=_("fund"))
    service = models.CharField(_("regional service"), max_length=7, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(user__isnull=True), name="actor_name_once_without_user"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="user", user__isnull=False)
                | (~models.Q(kind="user") & models.Q(user__isnull=True)),
                name="actor_user_has_a_user",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="client", fund__isnull=False, service="")
                | (models.Q(kind="client", fund__isnull=True) & ~models.Q(service=""))
                | (~models.Q(kind="client") & models.Q(fund__isnull=True, service="")),
                name="actor_client_of_a_fund_or_a_service",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name as people read it: what acts of itself is named in their language."""
        return (
            str(SYSTEM_NAMES[self.name])
            if self.kind == ActorKind.JOB and self.name in SYSTEM_NAMES
            else self.name
        )


class AccessLog(models.Model):
    """Who opened which dossier, when and through what. Read by the privacy officer."""

    fund = models.ForeignKey(Fund, models.PROTECT)
    actor = models.ForeignKey(Actor, models.PROTECT, verbose_name=_("who"))
    dossier_id = models.BigIntegerField()
    at = models.DateTimeField(_("when"))
    through = models.CharField(_("through"), max_length=40)
    trace_id = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["fund", "-at", "-id"], name="access_log_latest"),
            models.Index(fields=["dossier_id", "-at"], name="access_log_of_dossier"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_id} {self.dossier_id}"


class AuditEntry(AbstractLogEntry):
    """auditlog's entry, with the fund it belongs to and the actor behind it (a job where no user acted)."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="+")
    acting = models.ForeignKey(Actor, models.PROTECT, related_name="+", verbose_name=_("who"))

    class Meta(AbstractLogEntry.Meta):
        abstract = False
        indexes = [models.Index(fields=["fund", "-timestamp"], name="audit_entry_latest")]


class DigestSent(models.Model):
    """A user's daily mail of a day is done with: what was new up to the reminder `through` stood in it, if anything was."""

    user = models.ForeignKey(User, models.CASCADE, db_index=False)
    day = models.DateField()
    through = models.BigIntegerField()
    lines = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day} {self.lines}"


class DeputyQuerySet(models.QuerySet):
    def on(self, day: date) -> Self:
        """Those whose period holds on a day."""
        return self.filter(first_day__lte=day, last_day__gte=day)


class Deputy(models.Model):
    """Somebody stands in for a colleague from `first_day` up to and including `last_day`, in the roles that both have."""

    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    public_id = models.UUIDField(default=new_uuid, unique=True, editable=False)
    user = models.ForeignKey(
        User, models.PROTECT, related_name="deputies", db_index=False, verbose_name=_("who is away")
    )
    deputy = models.ForeignKey(
        User, models.PROTECT, related_name="stands_in", db_index=False, verbose_name=_("deputy")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day")), name="deputy_first_before_last"
            ),
            models.CheckConstraint(condition=~models.Q(user=models.F("deputy")), name="deputy_not_oneself"),
        ]
        indexes = [models.Index(fields=["fund", "last_day"], name="deputy_by_period")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.deputy_id} {self.first_day} {self.last_day}"


class SavedView(models.Model):
    """A choice of filters that a user keeps under a name; the query holds codes only. With a `team` it is shared with it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="views", db_index=False)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="views")
    name = models.CharField(_("name of the view"), max_length=60)
    query = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="view_name_once_a_user")]

    def __str__(self) -> str:
        return self.name
