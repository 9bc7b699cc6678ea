"""Primary incapacity, invalidity, and what lies between: an anniversary that RIZIV has not recognized yet (P4)."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.law.calendar import add_months
from dossiers.models import Incapacity


class Phase(models.TextChoices):
    PRIMARY = "primary", _("Primary incapacity")
    AWAITING = "awaiting_recognition", _("Recognition of the invalidity awaited")
    INVALIDITY = "invalidity", _("Invalidity")


def anniversary(incapacity: Incapacity) -> date:
    """The first day on which it can be an invalidity."""
    return add_months(incapacity.start, 12)


def phase_on(incapacity: Incapacity, on: date) -> Phase:
    """What a recognized incapacity is on a day; RIZIV's recognition counts from the day that the feed says."""
    if on < anniversary(incapacity):
        return Phase.PRIMARY
    recognized = incapacity.invalidity_from is not None and incapacity.invalidity_from <= on
    return Phase.INVALIDITY if recognized else Phase.AWAITING
