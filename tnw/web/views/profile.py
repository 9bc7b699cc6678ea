"""Somebody's own choices: language and daily mail."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tnw.accounts import tongue
from tnw.accounts.models import User
from tnw.web.context import OWN_LANGUAGE_NAMES
from tnw.web.page import ActingRequest, anybody, page


class ProfileForm(forms.ModelForm):
    """What everybody may change about themselves."""

    class Meta:
        model = User
        fields = ["language", "digest"]
        help_texts = {"digest": _("On working days, one message with all that is due for you.")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they come
        self.fields["language"].choices = OWN_LANGUAGE_NAMES  # type: ignore[attr-defined]  # a choice field


@page(anybody)
@require_http_methods(["GET", "POST"])
def profile(request: ActingRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        # These alone: what an administrator changed meanwhile stands.
        request.user.save(update_fields=form.Meta.fields)
        translation.activate(request.user.language)
        messages.success(request, _("Your choices are saved."))
        return redirect("profile")
    return render(request, "profile.html", {"form": form})


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the screens: kept with the user, or in a cookie before the sign-in."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = resolve_url("home")
    response = HttpResponseRedirect(target)
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        return response
    user = request.user
    if user.is_authenticated:
        user.language = code
        user.save(update_fields=["language"])
    tongue.remember(response, code)
    return response
