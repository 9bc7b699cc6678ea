"""The fields that all forms share."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


DAY = _("Day")


def day(label: "StrOrPromise" = DAY, *, required: bool = True) -> forms.DateField:
    """A day, as people here write it."""
    invalid = _("A date is expected, written as 31/01/2026.")
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"placeholder": "31/01/2026", "autocomplete": "off"}),
        error_messages={"invalid": invalid, "required": invalid},
    )
