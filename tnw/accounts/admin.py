"""Django's admin for administrators: users, teams and reference data of their own fund, and nothing else.

A site of its own: on Django's default one every installed app registers what it likes, for all funds.
"""

from itertools import pairwise
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from tnw.accounts import actors
from tnw.accounts.models import LANGUAGES, Role, Team, TeamArea, User


class FundSite(admin.AdminSite):
    """The administrator's pages; signing in is the same as everywhere."""

    site_header = site_title = _("TNW, administration")
    index_title = _("Users and reference data of your fund")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_authenticated and user.is_active and user.is_staff)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated and not self.has_permission(request):
            return redirect("home")
        asked = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
        return redirect(f"{reverse('account_login')}?{asked}")


site = FundSite(name="admin")


class OfFund(admin.ModelAdmin):
    """Rows of the administrator's own fund; a new one is of that fund, and points to no other."""

    fund_path: ClassVar[str] = "fund"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(**{self.fund_path: _fund(request)})

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if issubclass(db_field.remote_field.model, User | Team):
            kwargs["queryset"] = db_field.remote_field.model._default_manager.filter(fund=_fund(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form's row knows its fund before it is checked, so that what is unique in a fund is checked too."""
        form = super().get_form(request, obj, change=change, **kwargs)
        fund = _fund(request)

        class InFund(form):  # type: ignore[misc, valid-type]  # made per request, as Django's admin makes its own
            def __init__(self, *args: Any, **given: Any) -> None:
                super().__init__(*args, **given)
                if self.instance.pk is None and hasattr(self.instance, "fund_id"):
                    self.instance.fund_id = fund

            def _get_validation_exclusions(self) -> set[str]:
                return super()._get_validation_exclusions() - {"fund"}

        return InFund


def _fund(request: HttpRequest) -> int:
    assert isinstance(request.user, User)  # the site lets nobody else in
    return request.user.fund_id


class RolesField(forms.TypedMultipleChoiceField):
    """Some of a list, as check boxes."""

    widget = forms.CheckboxSelectMultiple


class OneAddress(forms.ModelForm):
    """An address is taken whatever its capitals."""

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class NewUserForm(OneAddress, AdminUserCreationForm):
    """A user with a first password, which is checked as everywhere."""

    class Meta:
        model = User
        fields = ("email",)
        field_classes: ClassVar[dict[str, Any]] = {}


class AreaFormSet(forms.BaseInlineFormSet):
    """A postal code belongs to one team of a fund: otherwise nobody could say to which a dossier goes."""

    def clean(self) -> None:
        super().clean()
        kept = [
            form.cleaned_data for form in self.forms if form.is_valid() and form.cleaned_data.get("first")
        ]
        areas = sorted((area["first"], area["last"]) for area in kept if not area.get("DELETE"))
        others = TeamArea.objects.filter(team__fund=self.instance.fund_id).exclude(team=self.instance.pk)
        overlapping = [second for first, second in pairwise(areas) if second[0] <= first[1]] + [
            area for area in areas if others.filter(first__lte=area[1], last__gte=area[0]).exists()
        ]
        if overlapping:
            raise ValidationError(
                _("The postal codes %(first)s to %(last)s belong to a team already."),
                params=dict(zip(("first", "last"), overlapping[0], strict=True)),
            )


class AreaInline(admin.TabularInline):
    model = TeamArea
    formset = AreaFormSet
    extra = 1


class UserForm(OneAddress, UserChangeForm):
    """A user as it stands; the password is a page of its own."""


@admin.register(Team, site=site)
class TeamAdmin(OfFund):
    fields = ("name", "lead", "languages", "place")
    list_display = ("name", "lead")
    inlines = (AreaInline,)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "languages":
            return RolesField(choices=LANGUAGES, label=_("languages"))
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User, site=site)
class UserAdmin(OfFund, DjangoUserAdmin):
    add_form = NewUserForm
    form = UserForm
    ordering = ("name",)
    list_display = ("name", "email", "team", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "email")
    filter_horizontal = ()
    readonly_fields = ("last_login",)
    own = ("name", "phone", "roles", "team", "languages", "language", "digest")
    fieldsets = ((None, {"fields": ("email", "password", *own, "is_active", "last_login")}),)
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2", *own)}),)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "roles":
            return RolesField(choices=Role.choices, label=_("roles"))
        if db_field.name == "languages":
            return RolesField(choices=LANGUAGES, label=_("languages of work"), required=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        actor = actors.of_user(obj)
        actor.name = obj.name  # the timeline and the logs show people under the name they bear today
        actor.save()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever acted stays named; a user who leaves is made inactive."""
        return False
