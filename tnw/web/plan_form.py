"""The plan as a form of rows: what is typed stays as it was typed, and is read as far as it can be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tnw.web.fields import day, hour
from tnw.web.words import labelled
from trajects.models.appointment import Form
from trajects.plans import ROWS, SHORT, TEXT, Action, Contents, Interview, Objective

Raw = dict[str, str]


def _area(label: Any, rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": TEXT})
    return forms.CharField(label=label, required=False, max_length=TEXT, widget=widget)


class ObjectiveForm(forms.Form):
    """An intermediate result, and by when."""

    text = _area(_("Objective"))
    target = day(_("Aimed for by"), required=False)


class ActionForm(forms.Form):
    """What, who, by when, and whether it is done."""

    id = forms.CharField(required=False, max_length=SHORT, widget=forms.HiddenInput)
    text = _area(pgettext_lazy("plan", "Action"))
    who = forms.CharField(
        label=_("Who does it"),
        required=False,
        max_length=SHORT,
        widget=forms.TextInput(attrs={"list": "people"}),
    )
    due = day(_("By when"), required=False)
    done = forms.BooleanField(label=_("done"), required=False)


class ResultForm(forms.Form):
    """What it is all for."""

    result = _area(_("End result aimed for"))


class InterviewForm(forms.Form):
    """When, how and where it is looked at next."""

    on = day(required=False)
    at = hour()
    how = forms.ChoiceField(
        label=_("Form"),
        required=False,
        choices=[("", pgettext_lazy("interview", "choose one")), *Form.choices],
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=SHORT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].required = False


OBJECTIVE, ACTION = "objective", "action"
FORMS: Mapping[str, type[forms.Form]] = {OBJECTIVE: ObjectiveForm, ACTION: ActionForm}


@dataclass
class Typed:
    """What stands in the form, as it was typed: rows of texts, by the names of their fields."""

    rows: dict[str, list[Raw]] = field(default_factory=lambda: {OBJECTIVE: [], ACTION: []})
    result: str = ""
    following: Raw = field(default_factory=dict)
    # Which row was added last, to go on typing there.
    newest: tuple[str, int] | None = None

    @classmethod
    def of(cls, contents: Contents) -> Self:
        """A plan as it would be typed; where there is no row yet, one to begin with."""
        objectives = [{"text": one.text, "target": _day(one.target)} for one in contents.objectives]
        actions = [
            {
                "id": one.id,
                "text": one.text,
                "who": one.who,
                "due": _day(one.due),
                "done": "on" if one.done else "",
            }
            for one in contents.actions
        ]
        following = contents.next
        at = following.at.strftime("%H:%M") if following.at else ""
        return cls(
            {OBJECTIVE: objectives or [{}], ACTION: actions or [{}]},
            contents.result,
            {"on": _day(following.on), "at": at, "how": following.form, "place": following.place},
        )

    @classmethod
    def from_post(cls, posted: QueryDict) -> Self:
        """What came with a request."""
        rows: dict[str, list[Raw]] = {}
        for name, form in FORMS.items():
            names = list(form.base_fields)
            count = min(_number(posted.get(f"{name}s", "")), ROWS)
            rows[name] = [{key: posted.get(f"{name}-{n}-{key}", "") for key in names} for n in range(count)]
        following = {key: posted.get(f"next-{key}", "") for key in InterviewForm.base_fields}
        return cls(rows, posted.get("result", ""), following)

    def change(self, wanted: str) -> None:
        """Add a row, or take one away: `add-action`, `remove-objective-2`."""
        verb, _dash, rest = wanted.partition("-")
        name, _dash, place = rest.partition("-")
        rows = self.rows.get(name)
        if rows is None:
            return
        if verb == "add" and len(rows) < ROWS:
            rows.append({})
            self.newest = (name, len(rows) - 1)
        elif verb == "remove" and place and _number(place) < len(rows):
            del rows[_number(place)]
            rows.extend([] if rows else [{}])

    @property
    def forms(self) -> "PlanForms":
        """The same as forms that say what is wrong with each field."""
        data = {
            f"{name}-{n}-{key}": text
            for name, rows in self.rows.items()
            for n, row in enumerate(rows)
            for key, text in row.items()
        }
        data |= {f"next-{key}": text for key, text in self.following.items()}
        return PlanForms(
            [ObjectiveForm(data, prefix=f"{OBJECTIVE}-{n}") for n in range(len(self.rows[OBJECTIVE]))],
            [ActionForm(data, prefix=f"{ACTION}-{n}") for n in range(len(self.rows[ACTION]))],
            ResultForm({"result": self.result}),
            InterviewForm(data, prefix="next"),
            self.newest,
        )


@dataclass(frozen=True)
class PlanForms:
    """The forms of one plan, and what they say together."""

    objectives: Sequence[ObjectiveForm]
    actions: Sequence[ActionForm]
    result: ResultForm
    following: InterviewForm
    newest: tuple[str, int] | None = None

    def __post_init__(self) -> None:
        for form in self._all:
            form.is_valid()
        if self.newest:
            name, place = self.newest
            rows: Sequence[forms.Form] = self.objectives if name == OBJECTIVE else self.actions
            rows[place].fields["text"].widget.attrs["autofocus"] = True

    @property
    def _all(self) -> list[forms.Form]:
        return [*self.objectives, *self.actions, self.result, self.following]

    @property
    def faults(self) -> list[tuple[str, str]]:
        """What cannot be read, with the field to go to."""
        return [
            (form[name].id_for_label, labelled(form[name].label, str(sentence)))
            for form in self._all
            for name, sentences in form.errors.items()
            for sentence in sentences
        ]

    @property
    def contents(self) -> Contents:
        """As far as it can be read; rows in which nothing stands are left out."""
        said = [form.cleaned_data for form in self.objectives]
        objectives = [Objective(one.get("text", ""), one.get("target")) for one in said]
        actions = [
            Action(
                one.get("id", ""),
                one.get("text", ""),
                one.get("who", ""),
                one.get("due"),
                one.get("done") is True,
            )
            for one in (form.cleaned_data for form in self.actions)
        ]
        told = self.following.cleaned_data
        return Contents(
            tuple(one for one in objectives if not one.empty),
            self.result.cleaned_data.get("result", ""),
            tuple(one for one in actions if not one.empty),
            Interview(told.get("on"), told.get("at"), told.get("how", ""), told.get("place", "")),
        )


def _day(value: date | None) -> str:
    return formats.date_format(value, "d/m/Y") if value else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
