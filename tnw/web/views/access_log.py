"""Who opened which dossier, when and through what: for the privacy officer, who sees references and no names."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dossiers.references import dossier_with, references
from tnw.accounts.models import AccessLog, User
from tnw.accounts.policies import may_read_access_log
from tnw.core import clock
from tnw.integration.models import Client
from tnw.web.fields import day
from tnw.web.page import ActingRequest, page

SHOWN = 50


class Filter(forms.Form):
    """By person, by API client, by dossier, by period."""

    user = forms.ModelChoiceField(
        User.objects.none(),
        label=_("User"),
        required=False,
        empty_label=_("Everybody"),
        to_field_name="public_id",
    )
    client = forms.ModelChoiceField(
        Client.objects.none(),
        label=_("API client"),
        required=False,
        empty_label=_("All API clients"),
        to_field_name="client_id",
    )
    reference = forms.CharField(label=_("Reference of the dossier"), required=False, max_length=64)
    since = day(_("From"), required=False)
    until = day(_("Up to and including"), required=False)

    def __init__(self, *args: object, fund_id: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they come
        users = User.objects.filter(fund_id=fund_id).order_by("name")
        clients = Client.objects.filter(Q(actor__fund_id=fund_id) | Q(funds=fund_id)).distinct()
        self.fields["user"].queryset = users  # type: ignore[attr-defined]  # a model choice field
        self.fields["client"].queryset = clients.order_by("name")  # type: ignore[attr-defined]  # likewise

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The end lies before the start."))


class Line(NamedTuple):
    """A line of the log with the reference of its dossier."""

    entry: AccessLog
    reference: str


@page(may_read_access_log)
@require_safe
def log(request: ActingRequest) -> HttpResponse:
    fund_id = request.user.fund_id
    form = Filter(request.GET or None, fund_id=fund_id)
    entries = AccessLog.objects.filter(fund_id=fund_id)
    if form.is_bound:
        entries = entries.filter(_chosen(form, fund_id)) if form.is_valid() else entries.none()
    entries = _after(entries, request.GET.get("after", ""))
    shown = list(entries.select_related("actor").order_by("-at", "-pk")[: SHOWN + 1])
    named = references(fund_id, {entry.dossier_id for entry in shown})
    more = request.GET.copy()
    if len(shown) > SHOWN:
        last = shown[SHOWN - 1]
        more["after"] = f"{last.at.isoformat()}_{last.pk}"
    context = {
        "form": form,
        "lines": [Line(entry, named.get(entry.dossier_id, "")) for entry in shown[:SHOWN]],
        "more": more.urlencode() if len(shown) > SHOWN else "",
    }
    return render(request, "access_log.html", context)


def _chosen(form: Filter, fund_id: int) -> Q:
    given = form.cleaned_data
    chosen = Q()
    if given["user"]:
        chosen &= Q(actor__user=given["user"])
    if given["client"]:
        chosen &= Q(actor=given["client"].actor_id)
    if given["reference"]:
        chosen &= Q(dossier_id=dossier_with(fund_id, given["reference"].strip()) or 0)
    if given["since"]:
        chosen &= Q(at__gte=clock.midnight(given["since"]))
    if given["until"]:
        chosen &= Q(at__lt=clock.midnight(given["until"] + timedelta(days=1)))
    return chosen


def _after(entries: QuerySet[AccessLog], mark: str) -> QuerySet[AccessLog]:
    moment, _sep, key = mark.rpartition("_")
    try:
        at, pk = datetime.fromisoformat(moment), int(key)
    except ValueError:
        return entries
    return entries.filter(at__lte=at).filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
