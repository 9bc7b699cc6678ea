"""Confirming again who one is: password and, where one is set up, a second factor. Asked for before something is signed."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password, resume_request
from allauth.core import ratelimit
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as passkeys
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tnw.web.confirmed import PASSKEY, RECOVERY, TOTP, factors_of
from tnw.web.page import ActingRequest, anybody, page


class ConfirmForm(forms.Form):
    """Password first; a code is only tried, and spent, where that is right."""

    second: forms.Form | None = None

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "data-focus": True}),
    )
    code = forms.CharField(
        label=_("Code of your authenticator app"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    credential = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, request: ActingRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user = request.user
        self.factors = factors_of(self.user)
        if TOTP not in self.factors:
            self.fields["code"].label = _("Recovery code, without your passkey")
        if PASSKEY not in self.factors:
            del self.fields["credential"]
        if not self.factors:
            del self.fields["code"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        adapter = get_adapter()
        found = adapter.authenticate(self.request, email=self.user.email, password=password)
        if found != self.user:
            raise adapter.validation_error("incorrect_password")
        if found.password != self.user.password:  # hashed anew, in a newer way: the session stays
            update_session_auth_hash(self.request, found)
        return password

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if self.errors or not self.factors:
            return told
        if told.get("credential"):
            self._try("credential", ReauthenticateWebAuthnForm(self.request.POST, user=self.user))
        elif told.get("code"):
            self._try("code", ReauthenticateForm(self.request.POST, user=self.user))
        else:
            raise ValidationError(_("Confirm with your second factor as well."))
        return told

    def _try(self, name: str, form: forms.Form) -> None:
        """The second factor, as allauth judges it."""
        try:
            fits = form.is_valid()
        except (ValueError, KeyError, TypeError):  # what came is no answer of a passkey at all
            fits = False
        if not fits:
            wrong = form.errors.get(name) or [_("This is not right. Try once more.")]
            self.add_error(name if name == "code" else None, list(wrong))
        self.second = form

    def save(self) -> None:
        if self.second is not None:
            self.second.save()  # type: ignore[attr-defined]  # both forms have it
        reauthenticate_by_password(self.request)

    def by_recovery(self) -> bool:
        """With a code for when the second factor is lost: it opens the way to another one, and signs nothing."""
        return getattr(getattr(self.second, "authenticator", None), "type", "") == RECOVERY


@sensitive_post_parameters("password", "code", "credential")
@page(anybody)
@require_http_methods(["GET", "POST"])
def show(request: ActingRequest) -> HttpResponse:
    """Say again who you are, then go on where you came from."""
    if request.method == "POST" and (
        limited := ratelimit.consume_or_429(request, action="confirm", user=request.user)
    ):
        return limited
    form = ConfirmForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        form.save()
        if form.by_recovery():
            messages.warning(
                request,
                _("With a recovery code you can set up a second factor anew. To sign, you need that one."),
            )
            return redirect("mfa_index")
        return resume_request(request) or redirect("profile")
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    if PASSKEY in form.factors:
        context["options"] = passkeys.begin_authentication(request.user)
    return render(request, "account/confirm.html", context)
