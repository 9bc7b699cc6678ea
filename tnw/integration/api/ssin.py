"""People by their SSIN: it comes in bodies alone, and is repeated nowhere."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from dossiers.feed.messages import LINE
from dossiers.identifiers import is_ssin
from dossiers.models import InsuredPerson
from tnw.core import clock
from tnw.integration.rest import Call, invalid

REPLACED = "urn:problem-type:cbss:input-validation:replacedSsin"


class Ssin(serializers.CharField):
    """Eleven digits, checked."""

    def __init__(self, **more: Any) -> None:
        super().__init__(min_length=11, max_length=11, trim_whitespace=False, **more)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """One fault is enough to say what is wrong with a number."""
        if isinstance(data, str) and not is_ssin(data, clock.today()):
            raise serializers.ValidationError(str(LINE["invalid_check_digits"]), code="check_digits")
        return super().run_validation(data)


def person_of(call: Call, ssin: str, name: str = "ssin") -> InsuredPerson | None:
    """The client's insured person with this SSIN. Raises Problem where it is one that another has replaced."""
    people = InsuredPerson.objects.visible_to(call.actor)
    if (found := people.filter(ssin=ssin).first()) is not None:
        return found
    # The first filter repeats the condition of the index.
    if people.exclude(former_ssins=[]).filter(former_ssins__contains=[ssin]).exists():
        raise invalid(
            name,
            _("This SSIN was replaced by another one: ask the register for the new one."),
            type=REPLACED,
        )
    return None
