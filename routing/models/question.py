from datetime import date
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dossiers.models.career import CareerKind
from tnw.accounts.models import Fund

CODE = RegexValidator(
    r"^[a-z][a-z0-9_]*\Z", _("Small letters, digits and underscores are expected, beginning with a letter.")
)


class Section(models.TextChoices):
    HEALTH = "health", pgettext_lazy("section", "Health")
    WORK = "work", pgettext_lazy("section", "Work")
    TRAINING = "training", pgettext_lazy("section", "Training")
    CAREER = "career", pgettext_lazy("section", "Career")
    EXPECTATION = "expectation", pgettext_lazy("section", "What you expect yourself")


class Kind(models.TextChoices):
    CHOICE = "choice", _("one of a list")
    MULTIPLE = "multiple", _("several of a list")
    SCALE = "scale", _("scale from 0 to 10")
    NUMBER = "number", pgettext_lazy("question", "number")
    TEXT = "text", _("text")
    YES_NO = "yes_no", _("yes or no")


OF_A_LIST = (Kind.CHOICE, Kind.MULTIPLE)
SECTIONS: dict[str, int] = {str(section): place for place, section in enumerate(Section)}


class QuestionnaireVersionQuerySet(models.QuerySet):
    def in_force(self, fund: Fund, on: date) -> "QuestionnaireVersion | None":
        """The version that a fund asks on a day; of two of one day the later one."""
        published = self.filter(fund=fund, valid_from__lte=on)
        return published.order_by("-valid_from", "-number").first()  # type: ignore[return-value]  # of this model


class QuestionnaireVersion(models.Model):
    """Vragenlijst: what a fund asks from a day on. Without that day it is a draft; with it, frozen by the database."""

    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"))
    number = models.SmallIntegerField(_("version"), editable=False)
    valid_from = models.DateField(_("asked from"), null=True, blank=True, editable=False)
    title_nl = models.CharField(_("title in Dutch"), max_length=120)
    title_fr = models.CharField(_("title in French"), max_length=120)
    title_de = models.CharField(_("title in German"), max_length=120)
    note = models.CharField(_("note for colleagues"), max_length=300, blank=True)

    objects = QuestionnaireVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the questionnaire")
        verbose_name_plural = _("versions of the questionnaire")
        constraints = [
            models.UniqueConstraint(fields=["fund", "number"], name="questionnaire_number_once_a_fund"),
            models.UniqueConstraint(fields=["fund", "id"], name="questionnaire_version_within_fund"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_language(self, "title")


class Question(models.Model):
    """One question of a version, in three languages. `weight` counts for a scale (at 10) and for yes."""

    version = models.ForeignKey(
        QuestionnaireVersion, models.CASCADE, related_name="questions", verbose_name=_("version")
    )
    position = models.SmallIntegerField(_("place"))
    code = models.CharField(_("code"), max_length=40, validators=[CODE])
    section = models.CharField(_("section"), max_length=12, choices=Section.choices)
    kind = models.CharField(_("kind of answer"), max_length=8, choices=Kind.choices)
    required = models.BooleanField(_("needed for a complete answer"), default=True)
    weight = models.SmallIntegerField(
        _("weight"),
        default=0,
        help_text=_("Counts for a scale at 10 and for yes; a list weighs by its options. 0: not counted."),
    )
    career = models.CharField(
        _("tells of the career"),
        max_length=8,
        choices=CareerKind.choices,
        blank=True,
        help_text=_(
            "What each line of the answer can be taken over as; for a question answered with a text."
        ),
    )
    text_nl = models.CharField(_("question in Dutch"), max_length=300)
    text_fr = models.CharField(_("question in French"), max_length=300)
    text_de = models.CharField(_("question in German"), max_length=300)
    help_nl = models.CharField(_("help in Dutch"), max_length=300, blank=True)
    help_fr = models.CharField(_("help in French"), max_length=300, blank=True)
    help_de = models.CharField(_("help in German"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="question_code_once_a_version"),
            models.CheckConstraint(
                condition=models.Q(career="") | models.Q(career__in=CareerKind.values, kind=Kind.TEXT),
                name="question_of_career_is_a_text",
                violation_error_message=_("Only a question answered with a text tells of the career."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.text}"

    @property
    def text(self) -> str:
        return in_language(self, "text")

    @property
    def help(self) -> str:
        return in_language(self, "help")

    @property
    def name(self) -> str:
        """What its field is called in a form."""
        return f"q_{self.code}"

    @property
    def choices(self) -> "list[QuestionOption]":
        """The options of a list."""
        return list(self.options.all()) if self.kind in OF_A_LIST else []


class QuestionOption(models.Model):
    """One of the answers to choose from, with what it weighs in the score."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="options", verbose_name=_("question"))
    position = models.SmallIntegerField(_("place"))
    code = models.CharField(_("code"), max_length=40, validators=[CODE])
    weight = models.SmallIntegerField(_("weight"), default=0)
    text_nl = models.CharField(_("answer in Dutch"), max_length=200)
    text_fr = models.CharField(_("answer in French"), max_length=200)
    text_de = models.CharField(_("answer in German"), max_length=200)

    class Meta:
        verbose_name = _("answer to choose")
        verbose_name_plural = _("answers to choose")
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["question", "code"], name="option_code_once_a_question")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return in_language(self, "text")


def in_language(row: "QuestionnaireVersion | Question | QuestionOption", name: str) -> str:
    """A text of reference data in the reader's language; whoever reads English reads the Dutch."""
    return getattr(row, f"{name}_{(get_language() or 'nl')[:2]}", None) or getattr(row, f"{name}_nl")
