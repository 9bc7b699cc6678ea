"""The page of all components: made of the parts of the other pages, so that it cannot grow old."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tnw.web.page import ActingRequest, anybody, page
from tnw.web.specimens import samples


@page(anybody)
@require_safe
def components(request: ActingRequest) -> HttpResponse:
    return render(request, "components/page.html", samples())
