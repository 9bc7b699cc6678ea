"""Imports, for the administrator: a file in, and line by line what was refused and why. Never whom."""

import json
from io import TextIOWrapper
from tempfile import TemporaryFile
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from dossiers.feed import messages as feed_messages
from dossiers.models import ImportRejection, ImportRun
from dossiers.models.imports import UNFINISHED, ImportKind, ImportState
from routing.intake import imports as intake
from routing.tasks import take_waiting_imports
from tnw.accounts.policies import may_import
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.web.page import ActingRequest, number, page

RUNS = 20
REJECTIONS = 200


class UploadForm(forms.Form):
    """A file and what stands in it."""

    kind = forms.ChoiceField(label=_("What stands in the file"), choices=ImportKind.choices)
    upload = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8, with a header line and semicolons, as the fund's system exports it."),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


def with_refused(runs: QuerySet[ImportRun]) -> QuerySet[ImportRun]:
    """The runs, each with the number of its `refused` lines."""
    return runs.annotate(refused=Count("rejections"))


@page(may_import)
@require_http_methods(["GET", "POST"])
def overview(request: ActingRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["upload"]
        try:
            run = intake.submit(
                fund=request.user.fund,
                actor=request.actor,
                upload=upload.file,
                file_name=upload.name,
                kind=form.cleaned_data["kind"],
                today=clock.today(),
            )
        except DomainError as error:
            form.add_error("upload", str(error))
        else:
            take_waiting_imports.delay_on_commit(run.fund_id)
            messages.success(
                request, _("The file is received. It is taken in, also when you close this page.")
            )
            return redirect("import_run", run.public_id)
    runs = with_refused(ImportRun.objects.filter(fund_id=request.user.fund_id)).order_by("-started_at")
    return render(request, "imports.html", {"form": form, "runs": runs[:RUNS]})


@page(may_import)
@require_safe
def run(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """One import. Asked for by htmx while it runs, it answers with the part that changes."""
    found = _run(request, public_id)
    after = number(request.GET, "after")
    rejections = ImportRejection.objects.filter(run=found, line__gt=after).order_by("line")
    shown = list(rejections[: REJECTIONS + 1])
    context = {
        "run": found,
        "at_work": found.state in UNFINISHED,
        "refusal": _refusal(found),
        "rejections": [(refused, feed_messages.sentence(refused.code)) for refused in shown[:REJECTIONS]],
        "last": shown[REJECTIONS - 1] if len(shown) > REJECTIONS else None,
        "refused": ImportRejection.objects.filter(run=found).count(),
    }
    template = "parts/import_run.html" if request.headers.get("HX-Request") else "import_run.html"
    response = render(request, template, context)
    if request.headers.get("HX-Request") and found.state not in UNFINISHED:
        response["HX-Refresh"] = "true"  # it ended: title and messages of the page tell of it too
    return response


@page(may_import)
@require_safe
def report(request: ActingRequest, public_id: UUID) -> FileResponse:
    """The report as the command line writes it, to keep; by way of a file, however many lines it has."""
    found = _run(request, public_id)
    kept = TemporaryFile()  # noqa: SIM115  # the answer closes it
    out = TextIOWrapper(kept, encoding="utf-8")
    intake.write_report(found, out)
    out.detach()
    kept.seek(0)
    return FileResponse(
        kept,
        as_attachment=True,
        filename=f"import-{found.public_id}.json",
        content_type="application/json",
    )


def _run(request: ActingRequest, public_id: UUID) -> ImportRun:
    return get_object_or_404(
        ImportRun.objects.select_related("actor"), fund_id=request.user.fund_id, public_id=public_id
    )


def _refusal(run: ImportRun) -> str:
    if run.state != ImportState.REFUSED:
        return ""
    try:
        values = json.loads(run.refusal_detail or "{}")
        return str(feed_messages.FILE[run.refusal]) % values
    except (KeyError, ValueError, TypeError):
        return run.refusal
