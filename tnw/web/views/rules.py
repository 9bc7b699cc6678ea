"""The table of the law as it stood on a day, for a lawyer to read."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dossiers.explanations import rules_on
from tnw.core import clock
from tnw.web.fields import day
from tnw.web.views.page import ActingRequest, anybody, page


class DayForm(forms.Form):
    """The day on which the table is read."""

    on = day(_("As it stood on"), required=False)


@page(anybody)
@require_safe
def rules(request: ActingRequest) -> HttpResponse:
    on = clock.today()
    form = DayForm(request.GET) if "on" in request.GET else DayForm(initial={"on": on})
    if form.is_bound and form.is_valid():
        on = form.cleaned_data["on"] or on
    return render(request, "rules.html", {"form": form, "on": on, "rules": rules_on(on)})
