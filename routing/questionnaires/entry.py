"""Taking answers in, from paper or phone: a draft that is saved while somebody types, and its receipt (T2)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.models import Dossier
from routing.models import AnswerSheet, Question, Questionnaire, QuestionnaireVersion
from routing.models.questionnaire import Sending
from routing.questionnaires import policies
from routing.questionnaires.answers import missing
from routing.questionnaires.reference import in_force, questions_of
from routing.questionnaires.sending import latest_fact
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import require


class TypedMeanwhile(DomainError):
    """Somebody else saved other answers since these were read: `saved` is what stands."""

    code = "typed_meanwhile"

    def __init__(self, saved: AnswerSheet) -> None:
        super().__init__(
            _("Meanwhile %(name)s saved other answers. Nothing of yours is lost: choose which to keep."),
            name=saved.actor.label,
        )
        self.saved = saved


class Incomplete(DomainError):
    """Not complete: `missing` are the questions that have no answer, or a wrong one."""

    code = "incomplete"

    def __init__(self, questions: list[Question]) -> None:
        super().__init__(_("This is not complete: some questions have no answer yet."))
        self.missing = questions


class NotYetTyped(DomainError):
    """There is no draft of these answers: they were received meanwhile, or never begun."""

    code = "no_draft"


def draft_of(actor: Actor, dossier: Dossier) -> AnswerSheet | None:
    """The answers that are being typed, for whoever may read them."""
    drafts = AnswerSheet.objects.visible_to(actor).filter(dossier=dossier, received_fact="")
    return drafts.select_related("actor", "version").first()


def _begun(dossier: Dossier) -> AnswerSheet | None:
    """The same for the acts themselves, of a dossier that is locked: who may write need not have eyes for it."""
    drafts = AnswerSheet.objects.filter(fund=dossier.fund_id, dossier=dossier, received_fact="")
    return drafts.select_related("actor", "version").first()


def beginning(actor: Actor, dossier: Dossier, on: date) -> AnswerSheet:
    """What a new draft begins with, not saved yet: the questions as they were sent, and what came back not complete."""
    sendings = Questionnaire.objects.visible_to(actor).filter(dossier=dossier, state=Sending.SENT)
    sent = sendings.select_related("version").order_by("-pk").first()
    version = sent.version if sent else in_force(dossier.fund, on)
    last = AnswerSheet.objects.visible_to(actor).filter(dossier=dossier).order_by("-pk").first()
    goes_on = last is not None and not last.complete and last.version_id == version.pk
    answers = dict(last.answers) if last and goes_on else {}
    return AnswerSheet(fund_id=dossier.fund_id, dossier=dossier, version=version, answers=answers, revision=0)


@transaction.atomic
def save(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    version: QuestionnaireVersion,
    answers: Mapping[str, Any],
    revision: int,
    form: str = "",
    turn: int = 0,
) -> AnswerSheet:
    """Save what was typed upon `revision` of the draft (0: there was none). Raises NotAllowed, TypedMeanwhile, DomainError.

    Saving what stands there already changes nothing. What `form`, the opened page, saved itself is not in its own way, as
    long as `turn`, which rises with what is typed in it, does not go back; and once received, it begins nothing anew.
    """
    dossier = acts.begin(dossier_id, actor)
    require(policies.may_receive(actor, dossier, on))
    if version.fund_id != dossier.fund_id:
        raise DomainError(_("This dossier does not exist."), code="dossier_unknown")
    sheet = _begun(dossier)
    if sheet is None:
        if revision or (form and _received(dossier, form)):
            raise NotYetTyped(_("These answers were received already."))
        sheet = AnswerSheet(fund_id=dossier.fund_id, dossier=dossier, version=version, revision=0)
    elif sheet.answers == answers and sheet.version_id == version.pk:
        if form and sheet.form == form and sheet.turn < turn:
            sheet.turn = turn
            sheet.save(update_fields=["turn"])
        return sheet
    elif sheet.version_id != version.pk or not _goes_on(sheet, revision, form, turn):
        raise TypedMeanwhile(sheet)
    sheet.answers = dict(answers)
    sheet.revision += 1
    sheet.form, sheet.turn = form[:36], turn
    sheet.actor, sheet.saved_at = actor, clock.now()
    sheet.save()
    return sheet


def _goes_on(sheet: AnswerSheet, revision: int, form: str, turn: int) -> bool:
    """Whether what was typed comes after what stands: of the same form by its turn, of another by the revision it read."""
    if form and sheet.form == form:
        return turn >= sheet.turn
    return sheet.revision == revision


def _received(dossier: Dossier, form: str) -> bool:
    """Whether these very answers came in already, and this is an echo of them."""
    there = AnswerSheet.objects.filter(fund=dossier.fund_id, dossier=dossier, form=form)
    return there.exclude(received_fact="").exists()


@transaction.atomic
def receive(
    *, dossier_id: UUID, actor: Actor, on: date, channel: str, complete: bool, revision: int
) -> AnswerSheet:
    """The draft is what came in on a day; from now on it stays as it is.

    Raises NotAllowed, Incomplete where it is to be complete and is not, TypedMeanwhile, DomainError.
    """
    dossier = acts.begin(dossier_id, actor)
    require(policies.may_receive(actor, dossier, on))
    sheet = _begun(dossier)
    if sheet is None:
        raise NotYetTyped(_("These answers were received already."))
    if sheet.revision != revision:
        raise TypedMeanwhile(sheet)
    if complete and (lacking := missing(questions_of(sheet.version), sheet.answers)):
        raise Incomplete(lacking)
    values = {"complete": complete, "channel": channel}
    acts.record(dossier, actor, Done("questionnaire_received", on, values))
    sheet.received_on, sheet.channel, sheet.complete = on, channel, complete
    sheet.received_fact = latest_fact(dossier, "questionnaire_received")
    sheet.actor, sheet.saved_at = actor, clock.now()
    sheet.save()
    return sheet


@transaction.atomic
def hand_in(
    *, questionnaire_id: UUID, actor: Actor, on: date, answers: Mapping[str, Any], complete: bool
) -> AnswerSheet:
    """What the insured fills in himself, in a portal, of what he was sent: a draft that goes on until it is complete.

    `answers` are all of them, each one to its question (`answers.taken`). Raises NotAllowed, Incomplete,
    TypedMeanwhile where somebody types answers in for him, DomainError.
    """
    mine = Questionnaire.objects.visible_to(actor).filter(public_id=questionnaire_id)
    found = mine.values_list("dossier__public_id", flat=True).first()
    if found is None:
        raise DomainError(_("This questionnaire does not exist."), code="questionnaire_unknown")
    dossier = acts.begin(found, actor)
    one = mine.select_related("version").get()
    require(policies.may_answer(actor, dossier, one, on))
    form = str(one.public_id)
    about: dict[str, Any] = {"dossier_id": found, "actor": actor, "on": on}
    draft = _begun(dossier)
    if draft and draft.form != form:
        raise TypedMeanwhile(draft)
    sheet = save(**about, version=one.version, answers=answers, revision=0, form=form)
    if not complete:
        return sheet
    return receive(**about, channel="portal", complete=True, revision=sheet.revision)


@transaction.atomic
def discard(*, dossier_id: UUID, actor: Actor, revision: int) -> None:
    """Throw a draft away that was begun by mistake. Raises NotAllowed, TypedMeanwhile, DomainError."""
    require(policies.may_enter(actor))
    dossier = acts.begin(dossier_id, actor)
    sheet = _begun(dossier)
    if sheet is None:
        raise NotYetTyped(_("There are no answers to throw away."))
    if sheet.revision != revision:
        raise TypedMeanwhile(sheet)
    sheet.delete()
