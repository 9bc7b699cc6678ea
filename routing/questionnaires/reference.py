"""The questions as reference data: which are asked on a day, and how a fund comes to others (drafts, published once)."""

from datetime import date

from django.db import transaction
from django.db.models import Max, Prefetch
from django.utils.translation import gettext_lazy as _

from routing.models import Question, QuestionnaireVersion, QuestionOption
from routing.models.question import OF_A_LIST, SECTIONS
from tnw.accounts.models import Actor, Fund
from tnw.accounts.policies import may_import
from tnw.core.errors import DomainError
from tnw.core.policies import require

COPIED_TEXTS = ("text_nl", "text_fr", "text_de")
COPIED_HELP = ("help_nl", "help_fr", "help_de")


def in_force(fund: Fund, on: date) -> QuestionnaireVersion:
    """The version that is asked on a day. Raises DomainError where the fund has published none by then."""
    version = QuestionnaireVersion.objects.in_force(fund, on)
    if version is None:
        raise DomainError(_("No questionnaire is published for this day."), code="no_questionnaire")
    return version


def questions_of(version: QuestionnaireVersion) -> list[Question]:
    """The questions with their options, section by section, in their order."""
    options = Prefetch("options", QuestionOption.objects.order_by("position", "pk"))
    found = Question.objects.filter(version=version).prefetch_related(options).order_by("position", "pk")
    return sorted(found, key=lambda question: SECTIONS[question.section])


@transaction.atomic
def copy(*, version: QuestionnaireVersion, actor: Actor) -> QuestionnaireVersion:
    """A draft that begins as this version is. Raises NotAllowed."""
    require(may_import(actor))
    Fund.objects.select_for_update().get(pk=version.fund_id)  # of two copies at once, each gets a number
    others = QuestionnaireVersion.objects.filter(fund=version.fund_id)
    draft = QuestionnaireVersion.objects.create(
        fund_id=version.fund_id,
        number=(others.aggregate(last=Max("number"))["last"] or 0) + 1,
        title_nl=version.title_nl,
        title_fr=version.title_fr,
        title_de=version.title_de,
    )
    texts = (*COPIED_TEXTS, *COPIED_HELP)
    for question in questions_of(version):
        own = Question.objects.create(
            version=draft,
            position=question.position,
            code=question.code,
            section=question.section,
            kind=question.kind,
            required=question.required,
            weight=question.weight,
            career=question.career,
            **{name: getattr(question, name) for name in texts},
        )
        for option in question.options.all():
            QuestionOption.objects.create(
                question=own,
                position=option.position,
                code=option.code,
                weight=option.weight,
                **{name: getattr(option, name) for name in COPIED_TEXTS},
            )
    return draft


@transaction.atomic
def publish(*, version: QuestionnaireVersion, valid_from: date, actor: Actor, today: date) -> None:
    """Ask this version from a day on, and never change it again. Raises NotAllowed, DomainError."""
    require(may_import(actor))
    draft = QuestionnaireVersion.objects.select_for_update().get(pk=version.pk)
    check_publishable(draft, valid_from, today)
    draft.valid_from = valid_from
    draft.save(update_fields=["valid_from"])


def check_publishable(draft: QuestionnaireVersion, valid_from: date, today: date) -> None:
    """Raises DomainError where a draft cannot be asked from that day on."""
    if draft.valid_from is not None:
        raise DomainError(_("This version is published already."), code="published")
    if valid_from < today:
        raise DomainError(
            _("What was asked on a day that is past stays as it was."), code="past", field="valid_from"
        )
    questions = questions_of(draft)
    if not questions:
        raise DomainError(_("A questionnaire without a question cannot be published."), code="empty")
    for question in questions:
        if question.kind in OF_A_LIST and len(question.choices) < 2:
            raise DomainError(
                _("Question %(place)s has a list, and needs at least two answers to choose from."),
                code="no_options",
                place=question.position,
            )
