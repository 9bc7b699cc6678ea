"""The questionnaire of a dossier: how it stands, and its answers from paper or phone, saved while somebody types."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers.models import Dossier
from routing.models import AnswerSheet, Question, QuestionnaireVersion
from routing.questionnaires import answers as said
from routing.questionnaires import career, entry, policies, reading
from routing.questionnaires.reference import questions_of
from routing.questionnaires.scoring import score
from tnw.accounts import access
from tnw.accounts.models import new_uuid
from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.web import words
from tnw.web.fields import day
from tnw.web.page import ActingRequest, number, page
from tnw.web.views import case
from trajects.fact_words import CODES

TAB = "dossier_questionnaire"
CAME_BY = ("post", "phone", "in_person", "email", "portal", "other")


class ReceiptForm(forms.Form):
    """When and how the answers came in."""

    received_on = day(_("Received on"))
    channel = forms.ChoiceField(label=_("How"), choices=[(code, CODES["channel"][code]) for code in CAME_BY])


@dataclass(frozen=True, slots=True)
class Field:
    """A question in the form, with what stands in it; `missing` says that it needs an answer to be complete."""

    question: Question
    value: Any
    missing: bool

    @property
    def chosen(self) -> list[str]:
        """The codes that are ticked."""
        return self.value if isinstance(self.value, list) else [str(self.value)]

    @property
    def yes_no(self) -> str:
        return {True: "yes", False: "no"}.get(self.value, "") if isinstance(self.value, bool) else ""

    @property
    def scale(self) -> list[tuple[int, bool]]:
        return [(n, self.value == n and not isinstance(self.value, bool)) for n in range(said.HIGHEST + 1)]


@page(may_see_dossiers)
@require_safe
@transaction.atomic
def show(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """How it stands for everybody in the case; the answers for those who may read them."""
    return _tab(request, case.opened(request, public_id, through="questionnaire"))


@page(career.may_take_over)
@require_POST
@transaction.atomic
def take_over(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Lines of the answers into the career, where the dates can be added."""
    dossier = case.opened(request, public_id, through="questionnaire")
    keys = request.POST.getlist("line")
    try:
        taken = career.take_over(
            dossier_id=public_id,
            sheet_id=_sheet_id(request),
            keys=keys,
            actor=request.actor,
            on=clock.today(),
        )
    except DomainError as error:
        return _tab(request, dossier, {"refused": str(error), "ticked": keys})
    if taken:
        said_so = ngettext(
            "%(n)s item was taken over into the career. Add its dates where you know them.",
            "%(n)s items were taken over into the career. Add their dates where you know them.",
            len(taken),
        )
        messages.success(request, said_so % {"n": len(taken)})
    else:
        messages.info(request, _("All of this was in the career already."))
    return redirect("dossier_career", public_id)


def _tab(request: ActingRequest, dossier: Dossier, more: Mapping[str, Any] | None = None) -> HttpResponse:
    actor = request.actor
    standing = reading.standing(actor, dossier)
    shown = _chosen(request, standing) or standing.counts
    questions = questions_of(shown.version) if shown else []
    today = clock.today()
    context: dict[str, Any] = {
        "how_it_stands": standing,
        "lines": [
            (one, words.kind(one.fact.kind), list(words.values(one.fact.values.plain())))
            for one in standing.happened
        ],
        "answers": shown,
        "told": said.told(questions, shown.answers) if shown else [],
        "may_read": policies.may_read_answers(actor),
        "may_enter": policies.may_receive(actor, dossier, today),
        "may_help": policies.may_offer_support(actor, dossier, today),
        "may_send": policies.may_send(actor, dossier, today),
        "may_waive": policies.may_waive(actor, dossier, today),
    }
    if shown and policies.may_see_score(actor):
        context["score"] = score(questions, shown.answers)
        context["may_score"] = True
    if shown and career.may_take_over(actor):
        context["for_career"] = career.proposals(actor, dossier, questions, shown)
    return case.show(request, dossier, "dossier/questionnaire.html", TAB, {**context, **(more or {})})


def _sheet_id(request: ActingRequest) -> UUID | None:
    """The answers that the form was made of."""
    try:
        return UUID(request.POST.get("answers", ""))
    except ValueError:
        return None


def _chosen(request: ActingRequest, standing: reading.Standing) -> AnswerSheet | None:
    """The answers that the address names, where they were not voided."""
    wanted = request.POST.get("answers") or request.GET.get("answers", "")
    sheets = (one.sheet for one in standing.happened if one.sheet and not one.voided)
    return next((sheet for sheet in sheets if str(sheet.public_id) == wanted), None)


@page(policies.may_enter)
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def answers(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The form; posted it saves, and with `complete` or `incomplete` records that the answers came in."""
    dossier = case.opened(request, public_id, through="questionnaire")
    if request.method == "POST":
        return _posted(request, dossier)
    sheet = entry.draft_of(request.actor, dossier)
    try:
        sheet = sheet or entry.beginning(request.actor, dossier, clock.today())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(TAB, public_id)
    verdict = policies.may_receive(request.actor, dossier, clock.today())
    return _form(request, dossier, sheet, sheet.answers, {"shut": "" if verdict else verdict.reason})


@page(policies.may_enter)
@require_POST
@transaction.atomic
def save(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """What is saved while somebody types; it tells no more than that, and what somebody else saved meanwhile."""
    dossier = Dossier.objects.visible_to(request.actor).filter(public_id=public_id).first()
    if dossier is None:
        raise Http404
    context: dict[str, Any] = {"address": public_id}
    try:
        version, given = _given(request)
        sheet = entry.save(
            dossier_id=public_id,
            actor=request.actor,
            on=clock.today(),
            version=version,
            answers=given,
            revision=number(request.POST, "revision"),
            form=_opened(request),
            turn=number(request.POST, "turn"),
        )
        context |= {"sheet": sheet, "revision": sheet.revision}
    except entry.TypedMeanwhile as error:
        # What somebody else typed is shown.
        its = {"fund_id": dossier.fund_id, "dossier_id": dossier.pk}
        access.log(actor=request.actor, **its, through="questionnaire")
        context |= {"conflict": _conflict(error, given), "revision": number(request.POST, "revision")}
    except DomainError as error:
        context |= {"refused": str(error), "revision": number(request.POST, "revision")}
    return render(request, "questionnaire/saved.html", context)


def _posted(request: ActingRequest, dossier: Dossier) -> HttpResponse:
    actor, today, wanted = request.actor, clock.today(), request.POST.get("do", "save")
    receipt = ReceiptForm(request.POST)
    about: dict[str, Any] = {"dossier_id": dossier.public_id, "actor": actor}
    more: dict[str, Any] = {"receipt": receipt if wanted in ("complete", "incomplete") else None}
    revision = number(request.POST, "overwrite") or number(request.POST, "revision")
    version: QuestionnaireVersion | None = None
    given: dict[str, Any] = {}
    try:
        version, given = _given(request)
        if wanted == "discard":
            with transaction.atomic():
                entry.discard(**about, revision=revision)
            messages.success(request, _("The answers that were begun are thrown away."))
            return redirect(TAB, dossier.public_id)
        with transaction.atomic():
            sheet = entry.save(
                **about,
                on=today,
                version=version,
                answers=given,
                revision=revision,
                form=_opened(request),
                turn=number(request.POST, "turn"),
            )
        revision = sheet.revision
        if wanted not in ("complete", "incomplete"):
            messages.success(request, _("The answers are saved. They are not recorded as received yet."))
            return redirect("dossier_questionnaire_answers", dossier.public_id)
        if receipt.is_valid():
            with transaction.atomic():
                entry.receive(
                    **about,
                    on=receipt.cleaned_data["received_on"],
                    channel=receipt.cleaned_data["channel"],
                    complete=wanted == "complete",
                    revision=revision,
                )
            messages.success(request, _("The answers are recorded as received."))
            return redirect(TAB, dossier.public_id)
    except entry.TypedMeanwhile as error:
        more["conflict"] = _conflict(error, given)
    except entry.Incomplete as error:
        more["missing"] = error.missing
        more["refused"] = str(error)
    except DomainError as error:
        if error.field == "on" and receipt.is_bound and wanted in ("complete", "incomplete"):
            receipt.add_error("received_on", str(error))
        else:
            more["refused"] = str(error)
    sheet = entry.draft_of(actor, dossier) or entry.beginning(actor, dossier, today)
    if version is None or version.pk != sheet.version_id:
        return _form(request, dossier, sheet, sheet.answers, more)
    return _form(request, dossier, sheet, given, more | {"revision": revision})


def _form(
    request: ActingRequest,
    dossier: Dossier,
    sheet: AnswerSheet,
    given: Mapping[str, Any],
    more: Mapping[str, Any],
) -> HttpResponse:
    missing = {question.pk for question in more.get("missing", ())}
    fields = [
        Field(question, given.get(question.code), question.pk in missing)
        for question in questions_of(sheet.version)
    ]
    receipt = more.get("receipt") or ReceiptForm(initial={"received_on": clock.today(), "channel": "post"})
    opened = _opened(request) or str(new_uuid())
    context = {
        "address": dossier.public_id,
        "sheet": sheet,
        "fields": fields,
        "revision": sheet.revision,
        "opened": opened,
        "turn": _next_turn(request, sheet, opened),
        **more,
        "receipt": receipt,
    }
    return case.show(request, dossier, "questionnaire/entry.html", TAB, context)


def _given(request: ActingRequest) -> tuple[QuestionnaireVersion, dict[str, Any]]:
    """The version that the form was made of, and what was typed in it. Raises DomainError."""
    wanted = number(request.POST, "version")
    version = QuestionnaireVersion.objects.filter(fund=request.user.fund_id, number=wanted).first()
    if version is None or version.valid_from is None:
        raise DomainError(_("This page is not complete: open it anew."), code="no_version")
    return version, said.typed(questions_of(version), request.POST)


def _opened(request: ActingRequest) -> str:
    """Which opened form this comes from."""
    given = str(request.POST.get("opened", ""))
    return given if len(given) <= 36 and given.isprintable() else ""


def _next_turn(request: ActingRequest, sheet: AnswerSheet, opened: str) -> int:
    """The page that is shown comes after whatever the same form sent before it."""
    return max(number(request.POST, "turn"), sheet.turn if sheet.form == opened else 0) + 1


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that two people answered differently."""

    question: Question
    theirs: str
    own: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody else saved meanwhile, beside what was typed here."""

    by: str
    at: Any
    revision: int
    differences: list[Difference]


def _conflict(error: entry.TypedMeanwhile, given: Mapping[str, Any]) -> Conflict:
    saved = error.saved
    differences = [
        Difference(
            question, *(said.in_words(question, one.get(question.code)) for one in (saved.answers, given))
        )
        for question in questions_of(saved.version)
        if saved.answers.get(question.code) != given.get(question.code)
    ]
    return Conflict(saved.actor.label, saved.saved_at, saved.revision, differences)
