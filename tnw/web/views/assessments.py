"""The assessment queue, and the screen on which one dossier is assessed: a minute each, without a mouse."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers.acts import Outdated
from dossiers.keyset import Place
from dossiers.models import Dossier
from routing import claims, pending
from routing.assessments import COUNTED, Queue, asks_referral, waiting_of
from routing.models import Claim
from routing.policies import route_a as policies
from tnw.accounts import access
from tnw.accounts.models import Actor, Role
from tnw.accounts.policies import in_role
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.web.acts.meanwhile import since
from tnw.web.acts.preview import preview as previewed
from tnw.web.assessing import doing, screen
from tnw.web.assessing.forms import CONTACT, DECIDE, NEEDS, REFER, AssessmentForm
from tnw.web.decisions import EVERYONE
from tnw.web.drafts import last_of_others
from tnw.web.page import ActingRequest, number, page
from tnw.web.queues.keeping import decide, settling, typed
from tnw.web.queues.kinds import ASSESS
from tnw.web.queues.stepping import (
    AHEAD,
    elsewhere,
    in_place,
    mark_of,
    nothing_ready,
    onward,
    ready,
    to,
    way_of,
)
from tnw.web.queues.strip import strip
from tnw.web.worklist.reading import bucket_of

THROUGH = "assessment"
# The field of the screen at which an error of a service belongs.
ELSEWHERE = {"at": "day", "form": "contact"}


@page(policies.may_open_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
@settling
@transaction.atomic
def pool(request: ActingRequest) -> HttpResponse:
    """Who waits; a POST claims the first that is ready and opens it."""
    if request.method == "POST":
        return _next(request, None)
    today = clock.today()
    everyone = request.GET.get("all") == EVERYONE
    queue = Queue(request.actor, today, everyone=everyone)
    number = queue.number()
    after = Place.read(request.GET.get("after", ""))
    lines, last = queue.stretch(after)
    return render(
        request,
        "assessment/pool.html",
        {
            "number": min(number, COUNTED),
            "more": number > COUNTED,
            "lines": [(line, bucket_of(line.first, today)) for line in lines],
            "last": last,
            "begun": after is not None,
            "everyone": everyone,
            "all": EVERYONE,
            "today": today,
            "strip": strip(request.actor),
            "at": request.get_full_path(),
        },
    )


@page(policies.may_open_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
@settling
@transaction.atomic
def assess(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """One dossier; opening it claims it."""
    dossier = _dossier(request, public_id)
    if request.method == "POST":
        act = request.POST.get("act", DECIDE)
        if act not in (*NEEDS, "skip", "leave", "over"):
            raise Http404
        return _act(request, dossier, act)
    return _screen(request, dossier)


@page(policies.may_open_assessments)
@require_safe
@transaction.atomic
def ahead(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The screen after this one, for a page that holds it ready: neither claimed nor shown yet, and logged as that."""
    dossier, way = _dossier(request, public_id), way_of(request, Place.read)
    queue = Queue(request.actor, clock.today(), everyone=bool(way["all"]))
    for line in queue.ahead(Place.read(way["after"])):
        if line.dossier.pk != dossier.pk and line.ready(request.actor, queue.today):
            found = _dossier(request, line.dossier.public_id)
            mark = mark_of(request.actor, found)
            return ready(_screen(request, found, through=AHEAD), _address(found, way), mark)
    return nothing_ready()


@page(policies.may_open_assessments)
@require_POST
@transaction.atomic
def renew(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The page is still open: hold on to the claim, or tell who has it now."""
    dossier = _dossier(request, public_id)
    held = claims.take(dossier=dossier, actor=request.actor)
    return render(request, "assessment/claim.html", {"dossier": dossier, "held": held})


@page(policies.may_open_assessments)
@require_POST
@transaction.atomic
def preview(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The dates that would follow, for whoever has opened the dossier: nothing of it is kept."""
    dossier = _dossier(request, public_id)
    context: dict[str, Any] = {"tried": False}
    act = request.POST.get("act", DECIDE)
    if act == REFER and request.POST.get("category"):  # who chooses a category is about to assess anew
        act = DECIDE
    if act not in NEEDS:
        raise Http404
    form = AssessmentForm(request.POST, dossier=dossier, today=clock.today(), act=act)
    form.full_clean()
    if claims.holds(dossier, request.actor) and (form.cleaned_data.get("category") or act == REFER):
        told = {**form.cleaned_data, "reason": form.cleaned_data.get("reason") or "-"}
        run = partial(doing.do, dossier, request.actor, act, told, None)
        try:
            context["preview"] = previewed(dossier, request.actor, clock.today(), run)
        except DomainError as error:
            context |= {"tried": True, "faults": [str(error)]}
    return render(request, "parts/preview.html", context)


def _dossier(request: ActingRequest, public_id: UUID) -> Dossier:
    return get_object_or_404(Dossier.objects.visible_to(request.actor).for_acts(), public_id=public_id)


def _screen(
    request: ActingRequest,
    dossier: Dossier,
    form: AssessmentForm | None = None,
    *,
    overtaken: int | None = None,
    held: Claim | None = None,
    through: str = THROUGH,
    way: dict[str, str] | None = None,
) -> HttpResponse:
    """The whole screen, with its line in the access log; `overtaken` is the entry after which others recorded."""
    actor, today = request.actor, clock.today()
    access.log(actor=actor, fund_id=dossier.fund_id, dossier_id=dossier.pk, through=through)
    may = policies.may_assess(actor, dossier, today) and pending.may_decide_now(dossier)
    if may and held is None and through != AHEAD:
        held = claims.take(dossier=dossier, actor=actor)
    seen = screen.read(actor, dossier, today)
    may_refer = policies.may_refer(actor, dossier, today)
    fresh, way = form is None, way or way_of(request, Place.read)
    above = strip(actor)
    own = above.of(dossier, ASSESS) if fresh else None
    context = {
        "today": today,
        "dossier": dossier,
        "person": dossier.incapacity.person,
        "title": _("Assess"),
        "screen": seen,
        "form": form or _filled(dossier, own.values if own else {}),
        "fresh": fresh and own is None,
        "own": own,
        "strip": above,
        "at": _address(dossier, way),
        "head": seen.head,
        "theirs": last_of_others(actor, dossier),
        "may": may,
        "held": held,
        "may_refer_at_all": in_role(actor, Role.ADVISORY_DOCTOR),
        "may_refer": may_refer,
        "refers_first": bool(may_refer) and seen.to_refer,
        "meanwhile": since(dossier, actor, overtaken) if overtaken is not None else None,
        "next": reverse("dossier", args=[dossier.public_id]),
        "ahead": to(reverse("assess_ahead", args=[dossier.public_id]), **way),
        **way,
    }
    status = 409 if overtaken is not None else 200
    return render(request, "assessment/screen.html", context, status=status)


def _refers_first(actor: Actor, dossier: Dossier, today: date) -> bool:
    """Whether nothing but the referral is waited for, and this person can make it."""
    waiting = waiting_of(actor, [dossier.pk], today).get(dossier.pk, ())
    return bool(policies.may_refer(actor, dossier, today)) and asks_referral(waiting)


def _filled(dossier: Dossier, values: Any) -> AssessmentForm:
    """The form with what was typed before in it, and nothing said of it."""
    form = AssessmentForm(dossier=dossier, today=clock.today())
    form.initial = {name: values.get(name, "") for name in form.fields}
    form.initial["refer"] = "refer" in values
    return form


def _act(request: ActingRequest, dossier: Dossier, act: str) -> HttpResponse:
    actor, today = request.actor, clock.today()
    if act in ("skip", "leave"):
        claims.release(dossier=dossier, actor=actor)
        return elsewhere(request, reverse("assessments")) if act == "leave" else _next(request, dossier)
    form = AssessmentForm(request.POST, dossier=dossier, today=today, act=act)
    if act == "over":
        claims.take(dossier=dossier, actor=actor, over=True)
        return _screen(request, dossier, _filled(dossier, request.POST))
    if held := claims.held_by_another(dossier, actor):
        return _screen(request, dossier, _filled(dossier, request.POST), held=held)
    if not form.is_valid():
        return _screen(request, dossier, form)
    if act == DECIDE and form.says_nothing_new and _refers_first(actor, dossier, today):
        form.add_error(
            "category", _("Assessed in category 4 already: r refers. To assess again, give a reason.")
        )
        return _screen(request, dossier, form)
    # The last entry that was on the screen; none of them, where the form does not say.
    seen = number(request.POST, "seen")
    run = partial(doing.do, dossier, actor, act, form.cleaned_data, seen)
    try:
        with transaction.atomic():
            if act == CONTACT:
                run()
            else:
                values = typed(request.POST, form.fields, way_of(request, Place.read), act=act)
                decide(dossier=dossier, actor=actor, act=ASSESS, values=values, seen=seen, do=run)
    except Outdated as error:
        return _screen(request, dossier, _filled(dossier, request.POST), overtaken=error.seen)
    except DomainError as error:
        field = ELSEWHERE.get(error.field or "", error.field)
        form.add_error(field if field in form.fields else None, str(error))
        return _screen(request, dossier, form)
    if act == CONTACT:
        messages.success(request, _("The medical contact is recorded."))
        return elsewhere(request, _address(dossier, way_of(request, Place.read)))
    claims.release(dossier=dossier, actor=actor)
    return _next(request, None)


def _next(request: ActingRequest, passed_over: Dossier | None) -> HttpResponse:
    """Open the next dossier that is ready, beyond the one that was passed over; back to the queue where it ends."""
    way = way_of(request, Place.read)
    queue = Queue(request.actor, clock.today(), everyone=bool(way["all"]))
    if passed_over and (place := queue.place_of(passed_over)):
        way["after"] = str(max(place, Place.read(way["after"]) or place))
    found = claims.take_next(queue=queue, actor=request.actor, after=Place.read(way["after"]))
    if found is None:
        if strip(request.actor).to_come and not queue.number():
            messages.success(request, _("The pile is done: what you decided last is being recorded."))
        elif way["after"]:
            messages.info(request, _("The end of the queue: what you passed over still stands in it."))
        else:
            messages.info(request, _("Nothing in the queue is ready to be assessed by you."))
        return elsewhere(request, to(reverse("assessments"), all=way["all"]))
    dossier = _dossier(request, found.public_id) if in_place(request) else found
    show = partial(_screen, request, dossier, way=way)
    return onward(request, dossier, _address(found, way), THROUGH, show)


def _address(dossier: Dossier, way: dict[str, str]) -> str:
    return to(reverse("assess", args=[dossier.public_id]), **way)
