"""The career tab: jobs, trainings, languages and aims, each changed on a page of its own."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from dossiers import career
from dossiers.models import CareerItem
from dossiers.models.career import CareerKind
from dossiers.policies import may_read_career, may_write_career
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.web.fields import day
from tnw.web.page import ActingRequest, number, page
from tnw.web.views import case

TITLES = {
    CareerKind.JOB: _("Function"),
    CareerKind.TRAINING: _("Training"),
    CareerKind.LANGUAGE: _("Language"),
    CareerKind.AIM: _("Aim"),
}
ORGANIZATIONS = {CareerKind.JOB: _("Employer"), CareerKind.TRAINING: _("School or organization")}
HEADINGS = {
    CareerKind.JOB: (_("Jobs"), _("Add a job")),
    CareerKind.TRAINING: (_("Trainings"), _("Add a training")),
    CareerKind.LANGUAGE: (_("Languages"), _("Add a language")),
    CareerKind.AIM: (_("Aims"), _("Add an aim")),
}
LONGEST_NOTE = 2000


class CareerForm(forms.Form):
    """The fields that fit one kind of item."""

    title = forms.CharField(max_length=200)
    organization = forms.CharField(required=False, max_length=200)
    enterprise_number = forms.CharField(
        label=_("Enterprise number"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"placeholder": "0123.456.789", "inputmode": "numeric"}),
    )
    physician_name = forms.CharField(label=_("Occupational physician"), required=False, max_length=120)
    physician_contact = forms.CharField(
        label=_("Contact of the occupational physician"),
        help_text=_("Service, telephone number or e-mail address."),
        required=False,
        max_length=200,
    )
    level = forms.CharField(label=_("Level"), required=False, max_length=80)
    first_day = day(_("First day"), required=False, far_back=True)
    last_day = day(_("Last day"), required=False, far_back=True)
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Nothing about health: for that there are the health notes."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name not in career.FIELDS[kind]:
                del self.fields[name]
        self.fields["title"].label = TITLES[CareerKind(kind)]
        if "organization" in self.fields:
            self.fields["organization"].label = ORGANIZATIONS[CareerKind(kind)]

    def details(self) -> career.Details:
        return career.Details(**self.cleaned_data)


@page(may_read_career)
@require_safe
@transaction.atomic
def show(request: ActingRequest, public_id: UUID) -> HttpResponse:
    dossier = case.opened(request, public_id, through="page")
    items = list(
        CareerItem.objects.visible_to(request.actor)
        .filter(dossier=dossier)
        .select_related("changed_by")
        .order_by(F("first_day").desc(nulls_last=True), "pk")
    )
    groups = [
        (kind, *HEADINGS[kind], [one for one in items if one.kind == kind and not one.removed_at])
        for kind in CareerKind
    ]
    context = {
        "groups": groups,
        "removed": [one for one in items if one.removed_at],
        "may_write": may_write_career(request.actor),
    }
    return case.show(request, dossier, "dossier/career.html", "dossier_career", context)


@page(may_write_career)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def add(request: ActingRequest, public_id: UUID) -> HttpResponse:
    kind = request.GET.get("kind", CareerKind.JOB)
    if kind not in CareerKind.values:
        raise Http404
    dossier = case.opened(request, public_id, through="page")
    form = CareerForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            career.add(
                dossier_id=public_id, kind=kind, details=form.details(), actor=request.actor, on=clock.today()
            )
        except DomainError as error:
            form.add_error(_field(form, error), str(error))
        else:
            messages.success(request, _("The career is kept."))
            return redirect("dossier_career", public_id)
    context = {"form": form, "heading": HEADINGS[CareerKind(kind)][1]}
    return case.show(request, dossier, "dossier/career_item.html", "dossier_career", context)


@page(may_write_career)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def item(request: ActingRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    """Change or remove; who was overtaken sees both versions and may save again."""
    dossier = case.opened(request, public_id, through="page")
    kept = _kept(request, dossier.pk, item_id)
    version = number(request.POST, "version")
    form = CareerForm(request.POST or None, kind=kept.kind, initial=_said(kept))
    theirs = None
    if request.method == "POST" and (form.is_valid() or "remove" in request.POST):
        try:
            _keep(request, public_id, kept, version, form)
        except DomainError as error:
            if "remove" in request.POST:
                # The fields' own faults are no matter then: only why it cannot be removed.
                form = CareerForm(_said(kept), kind=kept.kind)
                form.full_clean()
            form.add_error(_field(form, error), str(error))
            if error.code == career.OUTDATED:
                theirs = kept = _kept(request, dossier.pk, item_id)
        else:
            messages.success(request, _("The career is kept."))
            return redirect("dossier_career", public_id)
    context = {
        "form": form,
        "heading": kept.title,
        "item": kept,
        "theirs": theirs,
        "their_fields": [(form.fields[name].label, value) for name, value in _said(kept).items() if value],
        # Saving again after having seen the other version is knowing of it; other faults leave what was seen.
        "version": kept.version if theirs or request.method != "POST" else version,
    }
    status = 409 if theirs else 200
    return case.show(request, dossier, "dossier/career_item.html", "dossier_career", context, status=status)


def _keep(request: ActingRequest, public_id: UUID, kept: CareerItem, version: int, form: CareerForm) -> None:
    on, actor = clock.today(), request.actor
    if "remove" in request.POST:
        career.remove(dossier_id=public_id, item_id=kept.public_id, version=version, actor=actor, on=on)
    else:
        career.change(
            dossier_id=public_id,
            item_id=kept.public_id,
            details=form.details(),
            version=version,
            actor=actor,
            on=on,
        )


def _kept(request: ActingRequest, dossier_pk: int, item_id: UUID) -> CareerItem:
    found = (
        CareerItem.objects.visible_to(request.actor)
        .filter(dossier_id=dossier_pk, public_id=item_id, removed_at=None)
        .select_related("changed_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _said(item: CareerItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in career.FIELDS[item.kind]}


def _field(form: forms.Form, error: DomainError) -> str | None:
    return error.field if error.field in form.fields else None
