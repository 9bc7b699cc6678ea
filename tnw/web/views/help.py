"""Help: where each question is answered, and the first day of each role."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tnw.accounts.models import Role
from tnw.accounts.services import remember
from tnw.web import words
from tnw.web.help import first_day, keys, roles, states
from tnw.web.help import words as glossary
from tnw.web.page import ActingRequest, anybody, page


@page(anybody)
@require_safe
def overview(request: ActingRequest) -> HttpResponse:
    context = {"days": first_day.days(request.user.roles), "hidden": first_day.hidden(request.user)}
    return render(request, "help/overview.html", context)


@page(anybody)
@require_safe
def of_words(request: ActingRequest) -> HttpResponse:
    return render(request, "help/words.html", {"entries": glossary.entries()})


@page(anybody)
@require_safe
def of_states(request: ActingRequest) -> HttpResponse:
    context = {
        "deadlines": states.DEADLINES.items(),
        "buckets": words.BUCKETS,
        "dates": states.DATES,
        "dossiers": states.DOSSIERS,
        "phases": states.PHASES,
    }
    return render(request, "help/states.html", context)


@page(anybody)
@require_safe
def of_roles(request: ActingRequest) -> HttpResponse:
    columns = [(Role(role).label, role in request.user.roles) for role in roles.ROLES]
    rights = [
        (right.what, [(*column, may) for column, may in zip(columns, right.may, strict=True)])
        for right in roles.RIGHTS
    ]
    return render(request, "help/roles.html", {"roles": columns, "rights": rights})


@page(anybody)
@require_safe
def of_keys(request: ActingRequest) -> HttpResponse:
    return render(
        request, "help/keys.html", {"pages": [(name, keys.keys(source)) for name, source in keys.PAGES]}
    )


@page(anybody)
@require_POST
def of_first_day(request: ActingRequest) -> HttpResponse:
    """Hide the first day on the home page, or show it again."""
    again = "again" in request.POST
    remember(user=request.user, name=first_day.CHOICE, value=None if again else first_day.HIDDEN)
    if not again:
        messages.success(request, _("Hidden. You find it again under Help."))
    return redirect("home")
