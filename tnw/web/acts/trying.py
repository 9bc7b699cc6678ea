"""What is shown of an act before it is done: its changes, or what keeps it from being done."""

from collections.abc import Callable, Iterator
from typing import Any

from django import forms

from dossiers.acts import Outdated
from tnw.core.errors import DomainError
from tnw.web.acts import refusals
from tnw.web.acts.act import Data, Occasion
from tnw.web.acts.fields import ActForm
from tnw.web.acts.preview import preview


def _confirmed(form: ActForm) -> Iterator[str]:
    """What is ticked."""
    for field in form:
        if isinstance(field.field, forms.BooleanField) and form.cleaned_data.get(field.name):
            yield str(field.label)


def tried(do: Callable[[Data], object], occasion: Occasion, form: ActForm) -> dict[str, Any]:
    """For `parts/preview.html`: the changes, or why there are none to show."""
    if form.is_valid():
        data = form.cleaned_data
        try:
            told = preview(occasion.dossier, occasion.actor, occasion.today, lambda: do(data))
        except Outdated as error:
            return {"faults": [str(error)], "tried": True}
        except DomainError as error:
            refusals.tell(form, occasion, error)
            faults = [each for sentences in form.errors.values() for each in sentences]
            return {"faults": faults, "tried": True}
        return {"preview": told, "tried": True, "confirmed": list(_confirmed(form))}
    # In a list a question loses its mark.
    lacking = [
        str(form[name].label).rstrip("?\u00a0 ")
        for name in form.errors
        if name in form.fields and not form[name].data
    ]
    faults = [
        str(sentence)
        for name, sentences in form.errors.items()
        for sentence in sentences
        if name not in form.fields or form[name].data
    ]
    return {"lacking": lacking, "faults": faults, "tried": True}
