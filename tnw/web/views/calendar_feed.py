"""The private calendar feed: made and shut by who it is of, and read by a calendar that knows no more than its address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tnw.accounts import actors, audit
from tnw.accounts.models import User
from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.web.agenda.whose import own
from tnw.web.page import ActingRequest, page
from trajects.calendar import feed
from trajects.models import Appointment, CalendarFeed
from trajects.models.appointment import AppointmentState

MINUTE, MOST = 60, 20  # a calendar asks once an hour
SHOWN_ONCE = "calendar_address"
KEPT = (AppointmentState.PLANNED, AppointmentState.HELD)


@page(may_see_dossiers)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: ActingRequest) -> HttpResponse:
    """Make an address, which is shown once, or shut the one there is."""
    if request.method == "POST":
        if "shut" in request.POST:
            if feed.revoke(request.user):
                messages.success(
                    request, _("The address is shut: no calendar reads your appointments any more.")
                )
            return redirect("calendar_feed")
        token = feed.make(request.user)
        # Loaded once more, the page that shows it makes no other; it takes it out of the session again.
        request.session[SHOWN_ONCE] = request.build_absolute_uri(reverse("calendar_read", args=[token]))
        return redirect("calendar_feed")
    address = request.session.pop(SHOWN_ONCE, "") if request.method == "GET" else ""
    there = CalendarFeed.objects.filter(user=request.user).first()
    context = {"feed": there, "address": address, "has_diary": own(request.actor, clock.today()) is not None}
    return render(request, "agenda/feed.html", context)


@login_not_required
@require_safe
def read(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar itself; an address that was shut is one that never was."""
    user = feed.owner(token)
    if user is None:
        raise Http404
    if _too_often(user):
        return HttpResponse(status=429, headers={"Retry-After": str(MINUTE)})
    today = clock.today()
    actor = actors.of_user(user)
    with audit.acting_as(actor, user.fund):
        diary = own(actor, today)
        if diary is None:
            raise Http404
        within = {"at__gte": clock.midnight(today - feed.BACK), "at__lt": clock.midnight(today + feed.AHEAD)}
        mine = Appointment.objects.visible_to(actor).filter(diary.contacts, state__in=KEPT, **within)
        found = list(mine.select_related("dossier").order_by("-at", "pk")[: feed.MOST])[::-1]
    tag = feed.etag(user, found)
    if tag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(feed.build(user, found), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="tnw.ics"'
    response["ETag"] = tag
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    add_never_cache_headers(response)
    return response


def _too_often(user: User) -> bool:
    """Whether this feed was read more than so often in a minute, by whoever has its address."""
    # The minute is in the key: counting on keeps a key longer.
    key = f"calendar-{user.pk}-{int(clock.now().timestamp()) // MINUTE}"
    cache.add(key, 0, 2 * MINUTE)
    try:
        return cache.incr(key) > MOST
    except ValueError:  # it was thrown out between the two
        return False
