"""What the states mean: of a deadline, of a dossier, of the incapacity."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Word = str | Promise


class Meaning(NamedTuple):
    """A word of the screens, and what it says."""

    word: Word
    means: Word


# By the codes of `tnw.web.words.STATES`.
DEADLINES: dict[str, Word] = {
    "not_open": _("Its period has not begun yet; nothing has to be done."),
    "open": _("Something has to be done by this date."),
    "overdue": _("The legal date is past and nothing has met it yet. It stays here until that is done."),
    "paused": _("The reintegration traject is suspended. Once it goes on, the date moves by as many days."),
    "met": _("Done on its date or before it."),
    "met_late": _("Done after its date. That it was late stays readable."),
    "fallen_away": _("Closed on its date or before it: it does not have to be done any more."),
    "missed": _("Closed after its date without having been done."),
}

DATES: tuple[Meaning, ...] = (
    Meaning(
        _("Legal date"),
        _(
            "The date as the law or the fund sets it, even on a Sunday. The day after it, the deadline is overdue."
        ),
    ),
    Meaning(
        _("Act by"),
        _(
            "The last working day on or before the legal date: Monday to Friday, without the ten legal holidays. "
            "Lists are sorted by it."
        ),
    ),
)

DOSSIERS: tuple[Meaning, ...] = (
    Meaning(
        _("Silent"),
        _(
            "A route or a traject is under way, yet nothing is due in it and no contact is planned. Plan a contact, or "
            "end what is over."
        ),
    ),
    Meaning(
        _("Unassigned"),
        _("No team serves the postal code, or nobody there works in the language. The team lead assigns it."),
    ),
    Meaning(
        _("Out of order"),
        _(
            "What is recorded contradicts itself, after a correction or an import. Further steps wait for a correction."
        ),
    ),
    Meaning(
        _("Excluded"),
        _(
            "Victim of a work accident or an occupational disease, or statutory civil servant: no route, no deadline."
        ),
    ),
    Meaning(
        _("Ended"),
        _("The incapacity is over. What was still open has fallen away; everything stays readable."),
    ),
)

PHASES: tuple[Meaning, ...] = (
    Meaning(_("Primary incapacity"), _("The first year of the incapacity.")),
    Meaning(
        _("Recognition of the invalidity awaited"),
        _("A year has passed, and RIZIV has not recognized the invalidity yet."),
    ),
    Meaning(
        _("Invalidity"), _("From a year on, once RIZIV has recognized it. Only then is route C possible.")
    ),
)
