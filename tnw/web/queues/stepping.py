"""From one case of a queue to the next: within one answer where the page asks for that, by a redirect otherwise.

A page with script holds the next case ready: it asked for it while its reader was at the one before (`ahead`, with a line
of its own in the access log). Is that still what comes next, it is shown as it is, and logged as shown; otherwise the
answer to the decision is the next screen itself. What it shows is told by a mark: the last entry of the ledger, and the last
text of a health note, which no entry tells of.
"""

from collections.abc import Callable

from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from dossiers.acts import head_of
from dossiers.models import Dossier, HealthNoteText
from tnw.accounts import access
from tnw.accounts.models import Actor
from tnw.web.decisions import EVERYONE
from tnw.web.page import ActingRequest
from tnw.web.queues.strip import strip

AHEAD = "ahead"


def in_place(request: ActingRequest) -> bool:
    """Whether the page puts the answer in its own place, and shows its address."""
    return request.headers.get("X-Queue") == "next"


def way_of(request: ActingRequest, read: Callable[[str], object | None]) -> dict[str, str]:
    """Where in the queue this person is, carried from page to page; `read` gives the place that a mark names."""
    asked = request.POST if request.method == "POST" else request.GET
    after = read(asked.get("after", ""))
    return {"after": str(after or ""), "all": EVERYONE if asked.get("all") == EVERYONE else ""}


def to(url: str, **query: str) -> str:
    """An address with what of this is not empty."""
    given = urlencode({name: value for name, value in query.items() if value})
    return f"{url}?{given}" if given else url


def elsewhere(request: ActingRequest, url: str) -> HttpResponse:
    """Out of the queue: to its list, or to a page of its own."""
    return HttpResponse(headers={"X-Queue-Go": url}) if in_place(request) else redirect(url)


def onward(
    request: ActingRequest, dossier: Dossier, url: str, through: str, show: Callable[[], HttpResponse]
) -> HttpResponse:
    """The next case, at `url`: the one that the page holds ready, or what `show` makes of it."""
    if not in_place(request):
        return redirect(url)
    if request.POST.get("ahead") == url and request.POST.get("ahead_head") == mark_of(request.actor, dossier):
        access.log(actor=request.actor, fund_id=dossier.fund_id, dossier_id=dossier.pk, through=through)
        answer = render(request, "queue/strip.html", {"strip": strip(request.actor), "at": url})
        answer["X-Queue-Ready"] = "1"
    else:
        answer = show()
    answer["X-Queue-Url"] = url
    return answer


def ready(answer: HttpResponse, url: str, mark: str) -> HttpResponse:
    """The answer to a page that asks for the next case beforehand."""
    answer["X-Queue-Url"], answer["X-Queue-Head"] = url, mark
    return answer


def mark_of(actor: Actor, dossier: Dossier) -> str:
    """Up to where its screen shows a dossier, for whoever reads it; asked for before the screen is made."""
    texts = HealthNoteText.objects.visible_to(actor).filter(health_note__dossier=dossier)
    note = texts.aggregate(last=Max("pk"))["last"]
    return f"{head_of(dossier)}_{note or 0}"


def nothing_ready() -> HttpResponse:
    """Nothing comes after this."""
    return HttpResponse()
