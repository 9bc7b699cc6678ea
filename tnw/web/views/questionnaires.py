"""Questionnaires on paper: what waits for the post, the letters to print, and the blank one behind a link in a mail."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers.documents.printing import merged
from routing.models import Questionnaire
from routing.questionnaires import paper, policies, reading, sending
from routing.questionnaires.reference import questions_of
from tnw.accounts import access
from tnw.accounts.models import Fund
from tnw.core import clock, scope
from tnw.core.errors import DomainError
from tnw.web.fields import day
from tnw.web.page import ActingRequest, ids, page

SHOWN = 100
EVERYBODY = "all"


class PostedForm(forms.Form):
    """On which day they went to the post."""

    on = day(_("Posted on"))


class Result(NamedTuple):
    """What became of one that was chosen."""

    questionnaire: Questionnaire | None
    refused: str


@page(policies.may_post)
@require_http_methods(["GET", "HEAD", "POST"])
def to_post(request: ActingRequest) -> HttpResponse:
    """What waits for the post; posted, it confirms that what was chosen went, or takes it out."""
    form = PostedForm(request.POST if "on" in request.POST else None, initial={"on": clock.today()})
    chosen = ids(request.POST.getlist("questionnaire")[:SHOWN])
    results: list[Result] = []
    if request.method == "POST":
        if not chosen:
            messages.error(request, _("Choose at least one questionnaire."))
        elif request.POST.get("do") == "withdraw":
            results = _withdraw(request, chosen)
        elif form.is_valid():
            results = _confirm(request, chosen, form)
        if results and not any(one.refused for one in results):
            return redirect(request.get_full_path())
    team = request.user.team
    everybody = team is None or request.GET.get("team") == EVERYBODY
    waiting = reading.to_post(request.actor, SHOWN + 1, None if everybody or team is None else team.pk)
    context = {
        "form": form,
        "today": clock.today(),
        "team": team,
        "everybody": everybody,
        "waiting": waiting[:SHOWN],
        "more": len(waiting) > SHOWN,
        "number": min(len(waiting), SHOWN),
        "not_mailed": reading.not_mailed(request.actor, SHOWN),
        "chosen": [str(one) for one in chosen],
        "refused": [one for one in results if one.refused],
    }
    return render(request, "questionnaire/to_post.html", context)


def _confirm(request: ActingRequest, chosen: Sequence[UUID], form: PostedForm) -> list[Result]:
    known = _known(request, chosen)
    done = sending.posted(questionnaire_ids=chosen, actor=request.actor, on=form.cleaned_data["on"])
    if number := sum(not one.refused for one in done):
        told = ngettext(
            "%(n)d questionnaire is recorded as posted.",
            "%(n)d questionnaires are recorded as posted.",
            number,
        )
        messages.success(request, told % {"n": number})
    return [Result(known.get(one.questionnaire_id), str(one.refused)) for one in done]


def _withdraw(request: ActingRequest, chosen: Sequence[UUID]) -> list[Result]:
    known, results = _known(request, chosen), []
    for one in chosen:
        try:
            sending.withdraw(questionnaire_id=one, actor=request.actor)
        except DomainError as error:
            results.append(Result(known.get(one), str(error)))
        else:
            results.append(Result(known.get(one), ""))
    if number := sum(not one.refused for one in results):
        told = ngettext(
            "%(n)d questionnaire is not sent after all.",
            "%(n)d questionnaires are not sent after all.",
            number,
        )
        messages.success(request, told % {"n": number})
    return results


def _known(request: ActingRequest, chosen: Sequence[UUID]) -> dict[UUID, Questionnaire]:
    found = Questionnaire.objects.visible_to(request.actor).filter(public_id__in=chosen)
    return {one.public_id: one for one in found.select_related("dossier__incapacity__person")}


@page(policies.may_post)
@require_POST
@transaction.atomic
def letters(request: ActingRequest) -> HttpResponse:
    """The chosen ones as one PDF in the order of the post, each kept as it is printed; who saw whom is in the access log."""
    known = _known(request, ids(request.POST.getlist("questionnaire")[:SHOWN]))
    # As they are locked everywhere, one after the other.
    chosen = sorted(known.values(), key=lambda one: one.dossier_id)
    access.log_many(
        actor=request.actor,
        fund_id=request.user.fund_id,
        dossier_ids={one.dossier_id for one in chosen},
        through="questionnaire",
    )
    results = paper.for_printer(
        questionnaire_ids=[one.public_id for one in chosen], actor=request.actor, on=clock.today()
    )
    for one in results:
        if one.refused:
            person = known[one.questionnaire_id].dossier.incapacity.person
            told = _("%(name)s was not printed. %(why)s")
            messages.error(request, told % {"name": person, "why": one.refused})
    if not (documents := [one.document for one in results if one.document]):
        if not results:
            messages.error(request, _("Choose at least one questionnaire."))
        return redirect("questionnaires_to_post")
    response = HttpResponse(merged(documents), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="questionnaires.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_not_required
@never_cache
@require_safe
def public(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """The blank questionnaire behind the link in a mail: nobody's name, and nothing but the fund and the questions."""
    fund = Fund.objects.filter(number=number).first()
    if fund is None:
        raise Http404
    with scope.funds(fund.pk):
        found = reading.blank(fund, token, clock.today())
    if found is None:
        raise Http404
    version, language, reference = found
    questions = questions_of(version)
    with translation.override(language):
        context = {
            "fund": fund,
            "title": version.title,
            "reference": reference,
            "questions": questions,
            "language": language,
        }
        response = render(request, "questionnaire/public.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
