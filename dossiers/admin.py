"""What administrators edit of their fund: its reminder steps, and what stands on its letters."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.documents import letterhead
from dossiers.law.rules import RULES
from dossiers.models import ReminderStep
from dossiers.models.deadline import Counted
from dossiers.reminders.steps import VIEW
from tnw.accounts.admin import OfFund, site
from tnw.accounts.models import Fund
from tnw.core.errors import DomainError


def _rules() -> list[tuple[str, str]]:
    """Each rule once, in words."""
    titles = {rule.id: rule.title for rule in RULES}
    return [(rule, gettext(title)) for rule, title in titles.items()]


class StepForm(forms.ModelForm):
    """A step that can come to pass: only what has a day of coming into view is counted from it."""

    rule = forms.ChoiceField(label=_("Deadline"), choices=_rules)

    class Meta:
        model = ReminderStep
        fields: ClassVar[list[str]] = ["rule", "counted_from", "days", "audience"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("counted_from") == Counted.SURFACES and given.get("rule") not in VIEW:
            self.add_error("counted_from", _("This deadline is in view from the day it opens."))
        return given


@admin.register(ReminderStep, site=site)
class ReminderStepAdmin(OfFund):
    form = StepForm
    list_display = ("deadline", "counted_from", "days", "audience")
    list_filter = ("rule", "audience")
    ordering = ("rule", "days")

    @admin.display(description=_("Deadline"), ordering="rule")
    def deadline(self, step: ReminderStep) -> str:
        return dict(_rules()).get(step.rule, step.rule)


class LetterheadForm(forms.ModelForm):
    """Name, address and logo; a new logo is tried on a letter first."""

    new_logo = forms.FileField(
        label=_("New logo"),
        required=False,
        help_text=_("PNG or SVG, 200 kB at most. It stands above every letter."),
        widget=forms.FileInput(attrs={"accept": ".png,.svg,image/png,image/svg+xml"}),
    )
    no_logo = forms.BooleanField(label=_("Take the logo away"), required=False)

    class Meta:
        model = Fund
        fields: ClassVar[list[str]] = [
            "name_nl", "name_fr", "name_de", "street", "postal_code", "city", "street_fr", "city_fr", "street_de",
            "city_de", "phone", "email", "website", "second_factor",
        ]  # fmt: skip

    def clean_new_logo(self) -> bytes | None:
        given = self.cleaned_data["new_logo"]
        if not isinstance(given, UploadedFile):
            return None
        try:
            # One byte more than may be kept is enough to refuse it.
            return letterhead.check(given.read(letterhead.LARGEST + 1))
        except DomainError as error:
            raise forms.ValidationError(str(error), code=error.code) from None

    def save(self, commit: bool = True) -> Any:
        if logo := self.cleaned_data.get("new_logo"):
            self.instance.logo = logo
        elif self.cleaned_data.get("no_logo"):
            self.instance.logo = None
        return super().save(commit)


@admin.register(Fund, site=site)
class LetterheadAdmin(OfFund):
    """The administrator's own fund, and no other: neither made nor removed here."""

    fund_path = "pk"
    form = LetterheadForm
    fields = (
        "name_nl", "name_fr", "name_de", "street", "postal_code", "city", "street_fr", "city_fr", "street_de",
        "city_de", "phone", "email", "website", "has_logo", "new_logo", "no_logo", "second_factor",
    )  # fmt: skip
    readonly_fields = ("has_logo",)
    list_display = ("number", "name", "street", "postal_code", "city", "has_logo")

    @admin.display(description=_("logo"), boolean=True)
    def has_logo(self, fund: Fund) -> bool:
        return bool(fund.logo)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
