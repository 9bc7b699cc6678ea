"""What the pages say of the presumption of incapacity: until when, why, and that its end is near."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from dossiers.law.row import Row
from dossiers.models import Dossier
from trajects.presumption import TRAINING, Band, bands, presumed


def of_dossier(dossier: Dossier, rows: Iterable[Row], today: date) -> Band | None:
    """The presumption that holds today, where one does; reads the dossier's trainings, which are loaded."""
    return presumed(bands(rows, dossier.trainings.all(), dossier.incapacity), today)


def told(band: Band) -> str:
    """In a sentence, for above the dossier."""
    day = formats.date_format(band.until, "d/m/Y")
    if band.cause == TRAINING:
        return _(
            "Presumed incapable for work up to and including %(day)s, because a training was approved."
        ) % {"day": day}
    return _(
        "Presumed incapable for work up to and including %(day)s, because the engagement declaration was signed by "
        "all three."
    ) % {"day": day}


def between(band: Band) -> str:
    """Its first and its last day."""
    days = {
        "first": formats.date_format(band.since, "d/m/Y"),
        "last": formats.date_format(band.until, "d/m/Y"),
    }
    return _("%(first)s up to and including %(last)s") % days


def warned(band: Band, today: date) -> str:
    """That its end is near; empty where it is not."""
    if not band.ends_soon(today):
        return ""
    day = formats.date_format(band.until, "d/m/Y")
    return _("The presumption of incapacity ends on %(day)s: see what comes after it.") % {"day": day}


def missing(dossier: Dossier, rows: Iterable[Row], today: date) -> Iterator[str]:
    """For what now, a month before the end."""
    band = of_dossier(dossier, rows, today)
    if band and (sentence := warned(band, today)):
        yield sentence
