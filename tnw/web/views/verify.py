"""The public page where anybody verifies a PDF: it says what the file is, and keeps nothing of it."""

# The public one does not count who only reads, and a reference can be guessed by reading.
from allauth.core.internal import ratelimit
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from dossiers.scans import LARGEST
from trajects import verification

# Beside the file a request holds little: one that is larger is not even read.
LARGEST_REQUEST = LARGEST + 64 * 1024
TOO_LARGE = _("This file is larger than 10 MB.")


class VerifyForm(forms.Form):
    """The file to look at."""

    file = forms.FileField(
        label=_("PDF file"),
        help_text=_("At most 10 MB. It is looked at once and not kept."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
        error_messages={
            "required": _("Choose the PDF that is to be verified."),
            "empty": _("This file is empty."),
        },
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(TOO_LARGE)
        return file


# It changes nothing and asks for no session, so that there is nothing to forge; and a file too large is refused unread.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The form, what is known of the reference of the code on a page, and what the file is."""
    reference = request.GET.get("document", "")[:20]
    looks = bool(reference) or request.method == "POST"
    if looks and not ratelimit.consume(request, app="allauth.account", action="verify", limit_get=True):
        return ratelimit.respond_429(request)
    context: dict[str, object] = {"reference": reference}
    if request.method != "POST":
        context["form"] = VerifyForm()
        context["fund"] = verification.fund_of(reference) if reference else None
        return _page(request, context)
    form = context["form"] = _form(request)
    if form.is_valid():
        context["found"] = verification.verify(form.cleaned_data["file"].read())
        context["name"] = form.cleaned_data["file"].name
    return _page(request, context)


def _form(request: HttpRequest) -> VerifyForm:
    length = request.META.get("CONTENT_LENGTH", "")
    if not length.isdecimal() or int(length) > LARGEST_REQUEST:
        form = VerifyForm({})
        form.errors["file"] = form.error_class([str(TOO_LARGE)])
        return form
    return VerifyForm(request.POST, request.FILES)


def _page(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    response = render(request, "verify.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
