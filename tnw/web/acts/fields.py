"""The fields that the forms of acts share. They check shape; what may be done is the service's to say."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dossiers.ledger import SENTENCES
from tnw.core import clock
from tnw.core.policies import Verdict
from tnw.web.fields import day
from trajects.models.appointment import Form

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from tnw.web.acts.act import Occasion

Word = str | Promise
NOTE_LIMIT = 4000
# Who reads a text, as `dossiers.policies` has it by the kind of its fact.
CASE_READS = _("Read by the coordinator, the doctor, the medical team and the team lead.")
NOT_MEDICAL = _(
    "Read by the coordinator, the doctor, the medical team and the team lead. No medical details."
)
MEDICAL_READS = _("Read by the advisory doctors and the medical team only.")
FOR_THE_DOCTOR = _("No medical details: those are for the advisory doctor.")


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

    def __init__(self, data: Any = None, files: Any = None, *, occasion: "Occasion") -> None:
        super().__init__(data, files, initial=self.beforehand(occasion), auto_id="id_%s")
        self.occasion = occasion
        self.fit(occasion)

    def beforehand(self, occasion: "Occasion") -> dict[str, Any]:
        """What stands in the form before anybody types."""
        return {"on": occasion.on}

    def fit(self, occasion: "Occasion") -> None:
        """Close the choices that are not possible in this dossier."""

    def offer(self, name: str, choices: Iterable[tuple[str, Word]]) -> None:
        """What there is to choose from in this dossier."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def close(self, name: str, verdicts: Mapping[str, Verdict]) -> None:
        """The choices that are not possible here, each with its reason."""
        field = self.fields[name]
        assert isinstance(field, ChoiceField)
        field.close({value: may.reason for value, may in verdicts.items() if not may})

    def ask(self, told: Mapping[str, Any], sentences: Mapping[str, Word]) -> None:
        """What what was chosen cannot do without: all that lacks at once, each in its own sentence."""
        for name, sentence in sentences.items():
            if not told.get(name) and name not in self.errors:
                self.add_error(name, str(sentence))

    @property
    def without_files(self) -> str:
        """What the preview is asked with, in the words of htmx: it does without the files."""
        files = [name for name, field in self.fields.items() if isinstance(field, forms.FileField)]
        return f"not {','.join(files)}"


class OnForm(ActForm):
    """The day, and nothing else."""

    on = day()

    def clean_on(self) -> date | None:
        """What the ledger would refuse is said together with whatever else is lacking."""
        on: date | None = self.cleaned_data["on"]
        if on and on > self.occasion.today:
            raise ValidationError(str(SENTENCES["in_future"]), code="in_future")
        return on


class NoteForm(OnForm):
    """The day, and what is to be remembered of it."""

    note = text(_("Note"), rows=3, hint=NOT_MEDICAL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Below whatever else a form asks.
        self.order_fields([name for name in self.fields if name != "note"])


class MomentForm(ActForm):
    """A day and a time, together one moment in Belgium."""

    elsewhere = {"at": "day"}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("day") and told.get("time"):
            told["at"] = datetime.combine(told["day"], told["time"], clock.BRUSSELS)
        return told
