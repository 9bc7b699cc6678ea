"""The fields that the forms of acts share. They check shape; what may be done is the service's to say."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from tnw.core import clock
from tnw.web.fields import day
from trajects.models.appointment import Form

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from tnw.web.acts.act import Occasion

Word = str | Promise
NOTE_LIMIT = 4000


class Choices(forms.RadioSelect):
    """Radio buttons of which the impossible ones say why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shut: Mapping[str, Word] = {}

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if reason := self.shut.get(str(value)):
            label = format_html('{} <span class="soft">({})</span>', label, reason)
        option = super().create_option(name, value, label, *args, **kwargs)
        if reason:
            option["attrs"]["disabled"] = True
        return option


class ChoiceField(forms.ChoiceField):
    """One of a few; `shut` are those that are not possible here, each with its reason."""

    widget = Choices

    def close(self, shut: Mapping[str, Word]) -> None:
        self.shut = {value: reason for value, reason in shut.items() if reason}
        assert isinstance(self.widget, Choices)
        self.widget.shut = self.shut

    shut: Mapping[str, Word] = {}

    def validate(self, value: Any) -> None:
        super().validate(value)
        if reason := self.shut.get(str(value)):
            raise ValidationError(str(reason), code="shut")


def choice(label: "StrOrPromise", choices: Any, **more: Any) -> ChoiceField:
    """Radio buttons for one of these; nothing is chosen beforehand."""
    return ChoiceField(
        label=label,
        choices=choices,
        **{"error_messages": {"required": _("Choose one."), "invalid_choice": _("Choose one.")}, **more},
    )


def hour() -> forms.TimeField:
    """A time of day."""
    invalid = _("A time is expected, written as 14:30.")
    return forms.TimeField(
        label=_("Time"),
        input_formats=["%H:%M", "%H.%M", "%Hu%M", "%Hh%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"placeholder": "14:30", "autocomplete": "off"}),
        error_messages={"invalid": invalid, "required": invalid},
    )


def form_of_contact() -> ChoiceField:
    """In person, by phone and so on. Never call the field `form`: in a page that hides the form of its elements."""
    return choice(_("Form"), Form.choices)


def text(
    label: "StrOrPromise", *, required: bool = False, hint: "StrOrPromise" = "", rows: int = 4
) -> forms.CharField:
    """Free text, kept beside the fact and erasable."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": rows, "maxlength": NOTE_LIMIT}),
    )


class ActForm(forms.Form):
    """What an act asks. `elsewhere` says at which field of the page an error of the service belongs."""

    elsewhere: Mapping[str, str] = {}

    def __init__(self, data: Any = None, *, occasion: "Occasion") -> None:
        super().__init__(data, initial=self.beforehand(occasion), auto_id="id_%s")
        self.occasion = occasion
        self.fit(occasion)

    def beforehand(self, occasion: "Occasion") -> dict[str, Any]:
        """What stands in the form before anybody types."""
        return {"on": occasion.on}

    def fit(self, occasion: "Occasion") -> None:
        """Close the choices that are not possible in this dossier."""


class OnForm(ActForm):
    """The day, and nothing else."""

    on = day()


class MomentForm(ActForm):
    """A day and a time, together one moment in Belgium."""

    elsewhere = {"at": "day"}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("day") and told.get("time"):
            told["at"] = datetime.combine(told["day"], told["time"], clock.BRUSSELS)
        return told
