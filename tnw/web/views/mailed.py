"""The letter behind the link of a mail: it says nobody's name before the date of birth is right, and no cache keeps it."""

from allauth.core import ratelimit
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dossiers.documents import links
from dossiers.documents.links import Refused
from tnw.accounts.models import Fund
from tnw.core import clock, scope
from tnw.web.fields import day


class BirthForm(forms.Form):
    """What only the insured person, and those close, know."""

    born = day(gettext_lazy("Your date of birth"), far_back=True)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """The question for the date of birth; with the right one, the letter."""
    fund = Fund.objects.filter(number=number).first()
    if fund is None:
        raise Http404
    with scope.funds(fund.pk):
        response = _answer(request, fund, token)
    response["X-Robots-Tag"] = "noindex"
    return response


def _answer(request: HttpRequest, fund: Fund, token: str) -> HttpResponse:
    today = clock.today()
    found = links.look(fund, token, today)
    if found is Refused.UNKNOWN:
        raise Http404
    if found is Refused.SHUT:
        return _page(request, fund, shut=True, status=410)
    assert not isinstance(found, Refused)
    with translation.override(found.document.language):
        form = BirthForm(request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return _page(request, fund, form=form)
        if not ratelimit.consume(request, action="letter"):
            return ratelimit.respond_429(request)
        document = links.unlock(fund, token, form.cleaned_data["born"], today)
        if document is Refused.WRONG:
            form.add_error("born", _("This is not the date of birth that we know."))
            return _page(request, fund, form=form)
        if isinstance(document, Refused):
            return _page(request, fund, shut=True, status=410)
    response = HttpResponse(bytes(document.content), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{document.reference}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _page(request: HttpRequest, fund: Fund, *, status: int = 200, **context: object) -> HttpResponse:
    return render(
        request, "documents/public.html", {"fund": fund, "days": links.DAYS, **context}, status=status
    )
