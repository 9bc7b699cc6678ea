"""The queue of decisions: permissions, advice and adapted work one after the other; other pages have what remains."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dossiers.acts import Outdated, head_of
from dossiers.models import Dossier
from dossiers.reading import entries_of
from routing import claims, pending
from routing.assessments import claims_of
from routing.models import Claim, RouteB
from tnw.accounts import access
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.web import dossier as page_of
from tnw.web.acts import occasions, refusals
from tnw.web.acts.act import Data, Occasion
from tnw.web.acts.fields import ActForm
from tnw.web.acts.meanwhile import since
from tnw.web.acts.trying import tried
from tnw.web.assessing import background
from tnw.web.decisions import COUNTED, EVERYONE, QUEUED, Decisions, Line, Urgency, grouped, may_decide
from tnw.web.drafts import last_of_others
from tnw.web.page import ActingRequest, number, page
from tnw.web.queues.judgements import JUDGEMENTS, Judgement, form_of, may_judge
from tnw.web.queues.keeping import decide as keep
from tnw.web.queues.keeping import settling, typed
from tnw.web.queues.stepping import AHEAD, elsewhere, mark_of, nothing_ready, onward, ready, to, way_of
from tnw.web.queues.strip import strip

THROUGH = "decision"
# So many lines stand beside a case.
BESIDE = 12


@page(may_decide)
@require_http_methods(["GET", "HEAD", "POST"])
@settling
@transaction.atomic
def show(request: ActingRequest) -> HttpResponse:
    """Who waits for what, the most urgent first; a POST opens the first that can be decided in the queue."""
    if request.method == "POST":
        return _next(request, way_of(request, Urgency.read))
    everyone = way_of(request, Urgency.read)["all"] == EVERYONE
    decisions = Decisions(request.actor, clock.today(), everyone=everyone)
    number = decisions.number()
    lines = decisions.lines(request.get_full_path())
    context = {
        "number": min(number, COUNTED),
        "more": number > COUNTED,
        "left": number - len(lines),
        "lines": lines,
        "queued": any(line.act in QUEUED for line in lines)
        or (number > len(lines) and any(decisions.ahead(None))),
        "groups": list(grouped(lines)),
        "requests": decisions.requests(),
        "everyone": everyone,
        "all": EVERYONE,
        "strip": strip(request.actor),
        "at": request.get_full_path(),
    }
    return render(request, "decisions.html", context)


@page(may_judge)
@require_http_methods(["GET", "HEAD", "POST"])
@settling
@transaction.atomic
def decide(request: ActingRequest, public_id: UUID, act: str) -> HttpResponse:
    """One case of the queue: what waits beside it, what is known of it, and the decision."""
    judgement, occasion = _case(request, public_id, act, request.GET.get("subject", ""))
    if request.method == "POST":
        return _act(request, judgement, occasion)
    return _screen(request, judgement, occasion)


@page(may_judge)
@require_safe
@transaction.atomic
def ahead(request: ActingRequest, public_id: UUID, act: str) -> HttpResponse:
    """The case after this one, for a page that holds it ready: neither claimed nor shown yet, and logged as that."""
    _judgement, now = _case(request, public_id, act, request.GET.get("subject", ""))
    way = way_of(request, Urgency.read)
    for line in _ready(request, way):
        if (line.dossier.pk, line.act, line.subject) != (now.dossier.pk, act, now.subject):
            judgement, occasion = _case(request, line.dossier.public_id, line.act, line.subject)
            mark = mark_of(request.actor, occasion.dossier)
            answer = _screen(request, judgement, occasion, through=AHEAD)
            return ready(answer, _address(line, way), mark)
    return nothing_ready()


def _case(request: ActingRequest, public_id: UUID, act: str, subject: str) -> tuple[Judgement, Occasion]:
    found = get_object_or_404(Dossier.objects.visible_to(request.actor).for_acts(), public_id=public_id)
    if (judgement := JUDGEMENTS.get(act)) is None:
        raise Http404
    occasion = occasions.find(judgement.act, found, request.actor, clock.today(), subject)
    if occasion is None:
        raise Http404
    return judgement, occasion


def _decisions(request: ActingRequest, way: dict[str, str]) -> Decisions:
    return Decisions(request.actor, clock.today(), everyone=bool(way["all"]))


def _ready(request: ActingRequest, way: dict[str, str]) -> Iterator[Line]:
    """What can be decided one after the other, from a place on, and that nobody else is at."""
    own = request.actor.user_id
    for lines in _decisions(request, way).ahead(Urgency.read(way["after"])):
        claimed = claims_of(request.actor, [one.dossier.pk for one in lines])
        for one in lines:
            if one.dossier.pk not in claimed or claimed[one.dossier.pk].user_id == own:
                yield one


def _screen(
    request: ActingRequest,
    judgement: Judgement,
    occasion: Occasion,
    form: ActForm | None = None,
    *,
    overtaken: int | None = None,
    held: Claim | None = None,
    through: str = THROUGH,
    way: dict[str, str] | None = None,
) -> HttpResponse:
    """The whole screen, with its line in the access log; `overtaken` is the entry after which others recorded."""
    dossier, actor, today = occasion.dossier, occasion.actor, occasion.today
    access.log(actor=actor, fund_id=dossier.fund_id, dossier_id=dossier.pk, through=through)
    act, way, fresh = judgement.act, way or way_of(request, Urgency.read), form is None
    may = act.allowed(occasion) and pending.may_decide_now(dossier)
    if may and held is None and through != AHEAD:
        held = claims.take(dossier=dossier, actor=actor)
    above = strip(actor)
    own = above.of(dossier, act.slug, occasion.subject) if fresh else None
    ledger = entries_of(actor, dossier)
    lines = _decisions(request, way).lines(to(reverse("decisions"), all=way["all"]))
    context = {
        "today": today,
        "dossier": dossier,
        "person": dossier.incapacity.person,
        "standing": page_of.standing(dossier.incapacity, today),
        "title": act.title(occasion),
        "act": act,
        "chosen": judgement.chosen,
        "then": "|".join(judgement.then),
        "subject": occasion.subject,
        "beside": occasions.beside(act, occasion),
        "background": background.read(actor, dossier, ledger, but=_told_already(judgement)),
        "lines": lines[:BESIDE],
        "left": max(0, len(lines) - BESIDE),
        "form": form or form_of(judgement, occasion, typed=own.values if own else None),
        "fresh": fresh and own is None,
        "own": own,
        "strip": above,
        "at": to(_url(occasion, act.slug), subject=occasion.subject, **way),
        "head": head_of(dossier),
        "theirs": last_of_others(actor, dossier),
        "may": may,
        "held": held,
        "meanwhile": since(dossier, actor, overtaken) if overtaken is not None else None,
        "next": reverse("dossier", args=[dossier.public_id]),
        "here": to(_url(occasion, act.slug), subject=occasion.subject),
        "ahead": to(_url(occasion, act.slug, "decide_ahead"), subject=occasion.subject, **way),
        **way,
    }
    status = 409 if overtaken is not None else 200
    return render(request, "queue/judgement.html", context, status=status)


def _told_already(judgement: Judgement) -> tuple[str, ...]:
    """The first contact of a request stands on its card already."""
    return ("first_contact_held",) if RouteB.NAME in judgement.act.beside else ()


def _url(occasion: Occasion, slug: str, name: str = "decide") -> str:
    return reverse(name, args=[occasion.dossier.public_id, slug])


def _act(request: ActingRequest, judgement: Judgement, occasion: Occasion) -> HttpResponse:
    dossier, actor, asked = occasion.dossier, occasion.actor, request.POST.get("act", "decide")
    way, form = way_of(request, Urgency.read), form_of(judgement, occasion, request.POST)
    # The last entry that was on the screen; none of them, where the form does not say.
    seen = number(request.POST, "seen")

    def do(told: Data) -> object:
        return judgement.do(occasion, told, seen)

    if "preview" in request.POST:
        access.log(actor=actor, fund_id=dossier.fund_id, dossier_id=dossier.pk, through="preview")
        return render(request, "parts/preview.html", tried(do, occasion, form))
    if asked in ("skip", "leave"):
        claims.release(dossier=dossier, actor=actor)
        if asked == "leave":
            return elsewhere(request, to(reverse("decisions"), all=way["all"]))
        return _next(request, way, passed_over=occasion, slug=judgement.act.slug)
    kept = form_of(judgement, occasion, typed=request.POST)
    if asked == "over":
        claims.take(dossier=dossier, actor=actor, over=True)
        return _screen(request, judgement, occasion, kept)
    if held := claims.held_by_another(dossier, actor):
        return _screen(request, judgement, occasion, kept, held=held)
    if seen < head_of(dossier):
        return _screen(request, judgement, occasion, form, overtaken=seen)
    if not judgement.act.allowed(occasion) or not form.is_valid():
        return _screen(request, judgement, occasion, form)
    values = typed(request.POST, form.fields, way)
    about: dict[str, Any] = {"dossier": dossier, "actor": actor, "act": judgement.act.slug}
    try:
        with transaction.atomic():
            keep(
                **about,
                subject=occasion.subject,
                values=values,
                seen=seen,
                do=lambda: do(form.cleaned_data),
            )
    except Outdated as error:  # by somebody who was quicker by less than this request took
        return _screen(request, judgement, occasion, form, overtaken=error.seen)
    except DomainError as error:
        refusals.tell(form, occasion, error)
        return _screen(request, judgement, occasion, form)
    claims.release(dossier=dossier, actor=actor)
    return _next(request, way)


def _next(
    request: ActingRequest, way: dict[str, str], *, passed_over: Occasion | None = None, slug: str = ""
) -> HttpResponse:
    """Open the next case that is ready, beyond the one that was passed over; back to the list where it ends."""
    if passed_over:
        place = _decisions(request, way).place_of(passed_over.dossier, slug, passed_over.subject)
        if place:
            way = way | {"after": str(max(place, Urgency.read(way["after"]) or place))}
    for line in _ready(request, way):
        if claims.take(dossier=line.dossier, actor=request.actor) is None:
            judgement, occasion = _case(request, line.dossier.public_id, line.act, line.subject)

            def show(judgement: Judgement = judgement, occasion: Occasion = occasion) -> HttpResponse:
                return _screen(request, judgement, occasion, way=way)

            return onward(request, occasion.dossier, _address(line, way), THROUGH, show)
    if way["after"]:
        messages.info(request, _("The end of the queue: what you passed over still stands in it."))
    elif _decisions(request, way).number():  # of an empty list its page says so itself
        messages.info(request, _("Nothing in the queue is ready to be decided by you."))
    return elsewhere(request, to(reverse("decisions"), all=way["all"]))


def _address(line: Line, way: dict[str, str]) -> str:
    return to(reverse("decide", args=[line.dossier.public_id, line.act]), subject=line.subject, **way)
