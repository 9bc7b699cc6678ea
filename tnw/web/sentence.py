"""What now in one sentence: what has to be done, and how much time there is left for it."""

from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tnw.web.dossier import Line


def urgency(line: Line, today: date) -> str:
    """A deadline that waits: by when, in how many days, or since how many it is late."""
    left, late = (line.act_by - today).days, (today - line.falls_on).days
    told = {
        "what": line.words.title,
        "day": _written(line.act_by),
        "legal": _written(line.falls_on),
        "n": late if late > 0 else left,
    }
    if line.state == "paused":
        return _("%(what)s: it stands still during the suspension.") % told
    if late > 0:
        return (
            ngettext(
                "%(what)s: one day late, the legal date was %(legal)s.",
                "%(what)s: %(n)s days late, the legal date was %(legal)s.",
                late,
            )
            % told
        )
    if left < 0:
        return _("%(what)s: the last working day is past, the legal date is %(legal)s.") % told
    if left == 0:
        return _("%(what)s: today is the last working day.") % told
    if line.act_by == line.falls_on:
        return (
            ngettext("%(what)s: by tomorrow, %(day)s.", "%(what)s: by %(day)s, in %(n)s days.", left) % told
        )
    return (
        ngettext(
            "%(what)s: by tomorrow, %(day)s (legal date %(legal)s).",
            "%(what)s: by %(day)s, in %(n)s days (legal date %(legal)s).",
            left,
        )
        % told
    )


def _written(day: date) -> str:
    return formats.date_format(day, "d/m/Y")
