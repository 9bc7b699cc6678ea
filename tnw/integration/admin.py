"""The API clients of a fund, kept by its administrators; a secret is shown once, on the page after it was made."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from tnw.accounts import actors
from tnw.accounts.admin import OfFund, RolesField, site
from tnw.accounts.models import Actor, User
from tnw.core.errors import DomainError
from tnw.integration import clients
from tnw.integration.access import PREFIX, SCOPES
from tnw.integration.models import Client
from tnw.integration.oauth import keys as public_keys


def _acting(request: HttpRequest) -> Actor:
    assert isinstance(request.user, User)  # the site lets nobody else in
    return actors.of_user(request.user)


class KeysField(forms.JSONField):
    """Keys as JSON; where there are none, nothing."""

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(value)


class ClientForm(forms.ModelForm):
    """A client with what it may; its secret is never among the fields."""

    scopes = RolesField(label=_("scopes"), choices=[(scope, scope.removeprefix(PREFIX)) for scope in SCOPES])
    keys = KeysField(
        label=_("public keys"),
        required=False,
        help_text=_("A JSON Web Key Set, for private_key_jwt. A new client with keys gets no secret."),
    )
    new_secret = forms.BooleanField(
        label=_("Make a new secret"),
        required=False,
        help_text=_("The former one is good for nothing from then on."),
    )
    no_secret = forms.BooleanField(
        label=_("Take the secret away"),
        required=False,
        help_text=_("From then on the client signs in with its keys alone."),
    )

    class Meta:
        model = Client
        fields: ClassVar[list[str]] = ["name", "scopes", "calls_a_minute", "keys", "is_active"]
        labels: ClassVar[dict[str, Any]] = {"name": _("name")}

    def clean_name(self) -> str:
        known = self.instance if self.instance.pk else None
        return str(_checked(clients.check_name, self.cleaned_data["name"], known))

    def clean_calls_a_minute(self) -> int:
        return int(_checked(clients.check_rate, self.cleaned_data["calls_a_minute"]))

    def clean_keys(self) -> Any:
        given = self.cleaned_data["keys"]
        return _checked(public_keys.check, given) if given else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("new_secret") and given.get("no_secret"):
            self.add_error("no_secret", _("Either a new secret, or none."))
        has_secret = given.get("new_secret") or not self.instance.pk or clients.has_secret(self.instance)
        if "keys" in given and not given["keys"] and (given.get("no_secret") or not has_secret):
            self.add_error("keys", _("Without a secret the client needs keys."))
        return given


def _checked(check: Any, *given: Any) -> Any:
    try:
        return check(*given)
    except DomainError as error:
        raise ValidationError(str(error), code=error.code) from None


@admin.register(Client, site=site)
class ClientAdmin(OfFund):
    fund_path = "actor__fund"
    form = ClientForm
    own = ("name", "scopes", "calls_a_minute", "keys", "is_active")
    readonly_fields = ("client_id", "signs_in_with")
    list_display = ("name", "client_id", "signs_in_with", "calls_a_minute", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("actor",)
    ordering = ("name",)
    search_fields = ("name", "client_id")
    view_on_site = False

    @admin.display(description=_("signs in with"))
    def signs_in_with(self, client: Client) -> Any:
        if not client.keys:
            return _("secret")
        return _("secret or keys") if clients.has_secret(client) else _("keys")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.own
        return ("client_id", "signs_in_with", *self.own, "new_secret", "no_secret")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever acted stays named; a client that leaves is made inactive."""
        return False

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:
        """By the services, which keep the trail; `obj` becomes what they saved."""
        actor, given = _acting(request), form.cleaned_data
        asked = {name: given[name] for name in ("name", "scopes", "calls_a_minute")}
        secret = ""
        if change:
            by = {"client_id": obj.client_id, "actor": actor}
            if given["new_secret"]:
                _client, secret = clients.rotate(**by)
            saved = clients.change(**by, **asked, keys=given["keys"] or {}, is_active=given["is_active"])
            if given["no_secret"]:
                saved = clients.forget_secret(**by)
        else:
            assert isinstance(request.user, User)
            saved, secret = clients.create(actor=actor, fund=request.user.fund, **asked, keys=given["keys"])
            if not given["is_active"]:
                saved = clients.stop(client_id=saved.client_id, actor=actor)
        obj.__dict__.update(saved.__dict__)
        request.made_secret = secret  # type: ignore[attr-defined]  # for the one page that shows it

    def response_add(
        self, request: HttpRequest, obj: Client, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._shown(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Client) -> HttpResponse:
        return self._shown(request, obj) or super().response_change(request, obj)

    def _shown(self, request: HttpRequest, client: Client) -> HttpResponse | None:
        """The page with a new secret: straight, for a message would wait for the next page in session or cookie."""
        secret = getattr(request, "made_secret", "")
        if not secret:
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": client.name,
            "client": client,
            "secret": secret,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/integration/client/secret.html", context)
