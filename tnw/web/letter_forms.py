"""What the pages of letters ask: what a letter says and how it goes, and what became of it. They check shape only."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dossiers.batches import NOT_FOR_MANY
from dossiers.documents.kinds import About, Kind
from dossiers.law.facts import TEXT_LIMIT
from dossiers.models import Channel, Dispatch
from tnw.accounts.models import LANGUAGES
from tnw.web.acts.absence import ScanField, scan_field
from tnw.web.acts.fields import ChoiceField, Word, choice, text
from tnw.web.fields import day

SAID = "said_"
LONG = frozenset({"text"})
LATER = "later"


def channel(kind: Kind, shut: Mapping[str, Word]) -> ChoiceField:
    """How it goes; what leads nowhere says why. eBox is named, so that nobody looks for it."""
    known = [one for one in Channel if one in kind.channels or one == Channel.EBOX]
    field = choice(_("How it goes"), [(one.value, one.label) for one in known])
    field.close(shut)
    open_ones = [one.value for one in known if not shut.get(one.value)]
    if len(open_ones) == 1:
        field.initial = open_ones[0]
    return field


class WriteForm(forms.Form):
    """A letter: what it is about, to whom where that is not the insured, what its writer adds, and how it goes."""

    def __init__(
        self, data: Any = None, *, kind: Kind, about: Sequence[About], shut: Mapping[str, Word], **more: Any
    ) -> None:
        super().__init__(data, **more)
        self.kind = kind
        self.only = about[0].subject if len(about) == 1 else None
        self.about = about[0].label if len(about) == 1 else ""
        if self.only is None:
            self.fields["subject"] = choice(_("About"), [(one.subject, one.label) for one in about])
        if kind.party:
            self.fields["address"] = forms.CharField(
                label=_("Address to which it goes"),
                help_text=_("Name, street and place, each on a line of its own."),
                max_length=400,
                widget=forms.Textarea(attrs={"rows": 4, "maxlength": 400}),
                error_messages={"required": _("Fill in the address to which it goes.")},
            )
            choices = [("", _("As usual for whom it goes to")), *LANGUAGES]
            self.fields["language"] = forms.ChoiceField(
                label=_("Language of the letter"), choices=choices, required=False
            )
        for name, label in kind.asks.items():
            self.fields[SAID + name] = text(label, rows=5 if name in LONG else 2)  # type: ignore[arg-type]  # a word
        self.fields["channel"] = channel(kind, shut)

    @property
    def without_channel(self) -> bool:
        """Whether all that the preview needs is there: how it goes changes no word of it but its mark."""
        return not set(self.errors) - {"channel"}

    @property
    def subject(self) -> str:
        return self.only if self.only is not None else self.cleaned_data["subject"]

    @property
    def said(self) -> dict[str, str]:
        """What was typed, under the names that the letter knows."""
        told = {name: self.cleaned_data.get(SAID + name, "") for name in self.kind.asks}
        if self.kind.party:
            told["address"] = self.cleaned_data["address"]
            told["language"] = self.cleaned_data["language"]
        return told


class SendForm(forms.Form):
    """How a document that is there goes."""

    def __init__(self, data: Any = None, *, kind: Kind, shut: Mapping[str, Word]) -> None:
        super().__init__(data)
        self.fields["channel"] = channel(kind, shut)


class WayForm(forms.Form):
    """What became of a letter on its way; `fits` leaves away what this one has not."""

    def __init__(self, data: Any = None, files: Any = None, *, way: Dispatch, **more: Any) -> None:
        super().__init__(data, files, **more)
        if way.channel != Channel.REGISTERED:
            for name in ("number", "scan"):
                self.fields.pop(name, None)


class PostedForm(WayForm):
    """On which day it went to the post, and what proves it."""

    on = day(_("Posted on"))
    number = forms.CharField(
        label=_("Number of the registered letter"),
        max_length=TEXT_LIMIT,
        required=False,
        help_text=_("The number on the proof of posting."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scan: ScanField = scan_field()


class ReturnedForm(WayForm):
    """On which day it came back, and what the post wrote on it."""

    on = day(_("Came back on"))
    why = forms.CharField(
        label=_("What the post wrote on it"),
        max_length=200,
        required=False,
        help_text=_("For example: unknown at this address."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class WithdrawForm(WayForm):
    """Nothing is asked: it is confirmed."""


class AllPostedForm(forms.Form):
    """On which day the chosen ones went to the post."""

    on = day(_("Posted on"))


class ManyForm(forms.Form):
    """Which letter for many, and how they go."""

    def __init__(self, data: Any = None, *, kinds: Sequence[Kind]) -> None:
        super().__init__(data)
        self.fields["kind"] = choice(_("Letter"), [(one.slug, one.name) for one in kinds])
        ways = {way for one in kinds for way in one.channels}
        choices = [(one.value, one.label) for one in Channel if one in ways and one not in NOT_FOR_MANY]
        later = (LATER, _("Only write them; I send each myself"))
        self.fields["channel"] = choice(_("How they go"), [*choices, later])

    def clean_channel(self) -> str:
        """None, where they are only written."""
        chosen = self.cleaned_data["channel"]
        return "" if chosen == LATER else chosen
