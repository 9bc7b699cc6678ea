"""The health tab: notes for the coordinator's eyes too, or for the medical side's alone; its reading is logged as such."""

from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from dossiers import health
from dossiers.models import Dossier, HealthNote, HealthNoteText
from dossiers.models.health import Sight
from dossiers.policies import may_read_health, may_write_health
from tnw.core.errors import DomainError
from tnw.web.page import ActingRequest, number, page
from tnw.web.views import case

THROUGH = "health"
LONGEST = 10_000


class TextForm(forms.Form):
    """A note's next text."""

    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
        error_messages={"required": _("Write something.")},
    )


class NoteForm(TextForm):
    """A new note: whom it is for has to be said, nobody falls into it."""

    sight = forms.ChoiceField(
        label=_("Who may read this"),
        help_text=_("This does not change afterwards: another audience is another note."),
        choices=[
            ("", _("Choose who may read it")),
            *((one.value, one.label) for one in (Sight.SHARED, Sight.MEDICAL)),
        ],
        error_messages={"required": _("Say who may read this note.")},
    )
    field_order = ("sight", "text")


class Shown(NamedTuple):
    """A note with the text that holds and those before it, the latest first."""

    note: HealthNote
    now: HealthNoteText
    before: list[HealthNoteText]


@page(may_read_health)
@require_safe
@transaction.atomic
def show(request: ActingRequest, public_id: UUID) -> HttpResponse:
    dossier = case.opened(request, public_id, through=THROUGH)
    context = {"notes": _notes(request, dossier), "may_write": may_write_health(request.actor)}
    return case.show(request, dossier, "dossier/health.html", "dossier_health", context)


@page(may_write_health)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def add(request: ActingRequest, public_id: UUID) -> HttpResponse:
    dossier = case.opened(request, public_id, through=THROUGH)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            health.write(dossier_id=public_id, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("The note is kept."))
            return redirect("dossier_health", public_id)
    context = {"form": form, "heading": _("Write a health note")}
    return case.show(request, dossier, "dossier/health_note.html", "dossier_health", context)


@page(may_write_health)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def note(request: ActingRequest, public_id: UUID, note_id: UUID) -> HttpResponse:
    """Change; who was overtaken sees both texts and may save again."""
    dossier = case.opened(request, public_id, through=THROUGH)
    kept = _one(request, dossier, note_id)
    version = number(request.POST, "version")
    form = TextForm(request.POST or None, initial={"text": kept.now.text})
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            health.rewrite(
                dossier_id=public_id,
                note_id=note_id,
                text=form.cleaned_data["text"],
                version=version,
                actor=request.actor,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            if error.code == health.OUTDATED:
                kept = _one(request, dossier, note_id)
                theirs = kept.now
        else:
            messages.success(request, _("The note is kept."))
            return redirect("dossier_health", public_id)
    context: dict[str, Any] = {
        "form": form,
        "heading": _("Change a health note"),
        "kept": kept,
        "theirs": theirs,
        # Saving again after having seen the other text is knowing of it; other faults leave what was seen.
        "version": kept.note.version if theirs or request.method != "POST" else version,
    }
    status = 409 if theirs else 200
    return case.show(request, dossier, "dossier/health_note.html", "dossier_health", context, status=status)


def _notes(request: ActingRequest, dossier: Dossier) -> list[Shown]:
    texts = HealthNoteText.objects.visible_to(request.actor).select_related("author").order_by("-version")
    notes = (
        HealthNote.objects.visible_to(request.actor)
        .filter(dossier=dossier)
        .prefetch_related(Prefetch("texts", texts))
        .order_by("-pk")
    )
    return [Shown(one, (read := list(one.texts.all()))[0], read[1:]) for one in notes]


def _one(request: ActingRequest, dossier: Dossier, note_id: UUID) -> Shown:
    for shown in _notes(request, dossier):
        if shown.note.public_id == note_id:
            return shown
    raise Http404
