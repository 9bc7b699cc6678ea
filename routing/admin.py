"""Reference data of a fund, edited by its administrators: the questions of its questionnaire, a draft until it is
published with a date, and the windows in which a regional service can register somebody (C2)."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from routing.models import Question, QuestionnaireVersion, QuestionOption, RegistrationWindow
from routing.questionnaires import reference
from routing.windows import overlapping
from tnw.accounts import actors
from tnw.accounts.admin import OfFund, site
from tnw.accounts.models import Actor, User
from tnw.core import clock
from tnw.core.errors import DomainError


def _acting(request: HttpRequest) -> Actor:
    assert isinstance(request.user, User)  # the site lets nobody else in
    return actors.of_user(request.user)


def _is_frozen(row: Any) -> bool:
    version = row.version if isinstance(row, Question) else row
    return isinstance(version, QuestionnaireVersion) and version.valid_from is not None


class WhileDraft:
    """Read by all administrators of the fund; changed only until it is published."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_frozen(obj)  # type: ignore[misc]  # of the admin class beside it

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_frozen(obj)  # type: ignore[misc]  # the same


class VersionForm(forms.ModelForm):
    """Titles and note of a draft, and the day from which it is asked."""

    publish_from = forms.DateField(
        label=_("Publish: ask it from"),
        required=False,
        widget=forms.DateInput(attrs={"placeholder": _("dd/mm/yyyy")}),
        help_text=_(
            "From then on this version cannot be changed any more. Leave it empty to go on with the draft."
        ),
    )

    class Meta:
        model = QuestionnaireVersion
        fields: ClassVar[list[str]] = ["title_nl", "title_fr", "title_de", "note"]

    def clean_publish_from(self) -> Any:
        day = self.cleaned_data.get("publish_from")
        if day:
            try:
                reference.check_publishable(self.instance, day, clock.today())
            except DomainError as error:
                raise ValidationError(str(error)) from None
        return day


class QuestionsOfVersion(WhileDraft, admin.TabularInline):
    model = Question
    fields = ("position", "code", "section", "kind", "career", "required", "weight")
    show_change_link = True
    extra = 0
    max_num = 0


@admin.register(QuestionnaireVersion, site=site)
class QuestionnaireVersionAdmin(WhileDraft, OfFund):
    form = VersionForm
    list_display = ("title_nl", "number", "asked_from", "note")
    ordering = ("-number",)
    inlines = (QuestionsOfVersion,)
    actions = ("copy_to_draft",)

    @admin.display(description=_("asked from"), ordering="valid_from")
    def asked_from(self, version: QuestionnaireVersion) -> Any:
        return version.valid_from or _("draft")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = ["number", "asked_from", "title_nl", "title_fr", "title_de", "note"]
        return fields if _is_frozen(obj) else [*fields, "publish_from"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("number", "asked_from")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A version begins as a copy of another."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Published last: the questions that came with it are frozen then."""
        super().save_related(request, form, formsets, change)
        if day := form.cleaned_data.get("publish_from"):
            try:
                reference.publish(
                    version=form.instance, valid_from=day, actor=_acting(request), today=clock.today()
                )
            except DomainError as error:
                messages.error(request, str(error))

    @admin.action(description=_("Copy to a new draft"))
    def copy_to_draft(self, request: HttpRequest, chosen: QuerySet[QuestionnaireVersion]) -> None:
        if len(versions := list(chosen)) != 1:
            messages.error(request, str(_("Choose one version to copy.")))
            return
        draft = reference.copy(version=versions[0], actor=_acting(request))
        messages.success(
            request,
            str(_("Version %(number)s is a draft now: edit it, then publish it.")) % {"number": draft.number},
        )

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[QuestionnaireVersion]) -> None:
        super().delete_queryset(request, queryset.filter(valid_from=None))


class OptionInline(WhileDraft, admin.TabularInline):
    model = QuestionOption
    fields = ("position", "code", "weight", "text_nl", "text_fr", "text_de")
    extra = 2


@admin.register(Question, site=site)
class QuestionAdmin(WhileDraft, OfFund):
    fund_path = "version__fund"
    list_display = ("text_nl", "position", "section", "kind", "version")
    list_filter = (("version", admin.RelatedOnlyFieldListFilter), "section")
    list_select_related = ("version",)
    ordering = ("-version__number", "position")
    inlines = (OptionInline,)

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "version":
            assert isinstance(request.user, User)
            drafts = QuestionnaireVersion.objects.filter(valid_from=None, fund=request.user.fund_id)
            kwargs["queryset"] = drafts.order_by("-number")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        super().delete_queryset(request, queryset.filter(version__valid_from=None))


class WindowForm(forms.ModelForm):
    """Two windows of one service share no day: otherwise nobody could say which of the two holds."""

    class Meta:
        model = RegistrationWindow
        fields: ClassVar[list[str]] = ["service", "opens_on", "closes_on", "note"]
        help_texts: ClassVar[dict[str, Any]] = {
            "closes_on": _("A registration on this day still counts. Leave it empty where no end is known.")
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        service, first, last = (given.get(name) for name in ("service", "opens_on", "closes_on"))
        if first and last and last < first:
            self.add_error("closes_on", _("The last day lies before the first one."))
        elif service and first:
            wanted = RegistrationWindow(
                pk=self.instance.pk,
                fund_id=self.instance.fund_id,
                service=service,
                opens_on=first,
                closes_on=last,
            )
            if other := overlapping(wanted):
                self.add_error("opens_on", _shared(other))
        return given


def _shared(other: RegistrationWindow) -> str:
    told = {"service": other.get_service_display(), "first": f"{other.opens_on:%d/%m/%Y}"}
    if other.closes_on is None:
        return (
            gettext("%(service)s has a window already that has been open since %(first)s: two share no day.")
            % told
        )
    told["last"] = f"{other.closes_on:%d/%m/%Y}"
    return gettext("%(service)s has a window already from %(first)s to %(last)s: two share no day.") % told


@admin.register(RegistrationWindow, site=site)
class RegistrationWindowAdmin(OfFund):
    form = WindowForm
    list_display = ("service", "opens_on", "closes_on", "note")
    list_filter = ("service",)
    ordering = ("service", "opens_on")
