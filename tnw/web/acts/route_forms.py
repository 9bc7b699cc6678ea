"""What the forms of the three routes share: the first contact, the decision on consent, and closing for a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tnw.web.acts.act import Occasion, Word
from tnw.web.acts.contacts import held_beforehand
from tnw.web.acts.fields import CASE_READS, ChoiceField, OnForm, choice, form_of_contact, text
from trajects.fact_words import CODES
from trajects.models.traject import FirstStep

# Why a person closes a route; being superseded, an exclusion and an end close it by themselves.
CLOSINGS = ("declined", "no_need", "health", "no_consent", "other")
CONSENT: list[tuple[str, Word]] = [
    ("given", _("Given: the traject starts")),
    ("refused", _("Refused: the route closes")),
]
LATER: tuple[str, Word] = ("later", _("Not decided yet: asked again later"))


def reasons(*codes: str) -> ChoiceField:
    """Why, of these; what *other* is called beside what was taken back is not meant."""
    other = CODES["purpose"]["other"]
    return choice(
        _("Reason"), [(code, other if code == "other" else CODES["reason"][code]) for code in codes]
    )


def step_asked(hint: Word) -> ChoiceField:
    """The first step of the traject, where the rest of the form does not say it."""
    return choice(_("First step"), FirstStep.choices, required=False, help_text=hint)


class HeldForm(OnForm):
    """What every first contact has to settle (A6, B3)."""

    how = form_of_contact()
    report = text(_("Report"), required=True, hint=CASE_READS)
    role_explained = forms.BooleanField(
        label=_("I explained my role, and that the traject is voluntary"),
        error_messages={
            "required": _("At the first contact the coordinator explains his role: do so, and confirm it.")
        },
    )

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        return held_beforehand(occasion)


class CloseForm(OnForm):
    """Why."""

    reason = reasons(*CLOSINGS)
    note = text(
        _("Note"),
        rows=3,
        hint=_(
            "Read by the coordinator, the doctor, the medical team and the team lead; where health is the reason, "
            "by the advisory doctors and the medical team only."
        ),
    )
