"""Search. What is looked for travels in the body only: no name and no SSIN in an address, a log or a history."""

from django import forms
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from dossiers import search as searching
from dossiers.identifiers import is_ssin
from dossiers.models import Incapacity
from tnw.accounts.policies import may_see_dossiers
from tnw.core import clock
from tnw.web.page import ActingRequest, page

SHOWN = 20


class SearchForm(forms.Form):
    """A name or a number, and where the page before it ended."""

    text = forms.CharField(
        label=_("Name, SSIN or dossier number"),
        max_length=120,
        help_text=_(
            "The beginning of the last name is enough, also with the first name; accents and capitals do not matter."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Give the beginning of a name, an SSIN, or the number of a dossier.")},
    )
    after_name = forms.CharField(required=False, max_length=searching.LONGEST, widget=forms.HiddenInput)
    after_id = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        ssin = searching.as_ssin(text)
        if ssin and not is_ssin(ssin):
            raise forms.ValidationError(_("This SSIN is wrong: its check digits do not fit."))
        if not ssin and not searching.normalize(text):
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text

    def after(self) -> searching.After | None:
        name, person_id = self.cleaned_data["after_name"], self.cleaned_data["after_id"]
        return searching.After(name, person_id) if name and person_id else None


@page(may_see_dossiers)
@require_http_methods(["GET", "POST"])
def search(request: ActingRequest) -> HttpResponse:
    form = SearchForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        incapacities = (
            Incapacity.objects.visible_to(request.actor).select_related("dossier").order_by("-start")
        )
        people = list(
            searching.persons(request.actor, form.cleaned_data["text"], form.after()).prefetch_related(
                Prefetch("incapacities", incapacities)
            )[: SHOWN + 1]
        )
        context |= {
            "searched": True,
            "today": clock.today(),
            "people": people[:SHOWN],
            "last": people[SHOWN - 1] if len(people) > SHOWN else None,
            "further": form.after() is not None,
        }
    return render(request, "search.html", context)
