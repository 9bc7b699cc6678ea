"""The table of the law as it stood on a day: each rule in plain words, and as a lawyer reads it."""

from collections import Counter

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dossiers.explanations import rules_on
from dossiers.law.rules import in_force
from tnw.core import clock
from tnw.web.fields import day
from tnw.web.help import rules as plain
from tnw.web.page import ActingRequest, anybody, page


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
    law = list(zip(in_force(on), rules_on(on), strict=True))
    titles = Counter(told.title for _rule, told in law)
    rows = [(told, plain.place(rule), plain.text(rule), titles[told.title] > 1) for rule, told in law]
    return render(request, "rules.html", {"form": form, "on": on, "rules": rows})
