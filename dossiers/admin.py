"""The reminder steps of a fund, edited by its administrators."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.law.rules import RULES
from dossiers.models import ReminderStep
from dossiers.models.deadline import Counted
from dossiers.reminders.steps import VIEW
from tnw.accounts.admin import OfFund, site


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
