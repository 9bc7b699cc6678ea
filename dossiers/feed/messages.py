"""What a refused file or line is told, by code, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FILE: dict[str, str | Promise] = {
    "empty": _("The file is empty; a header line with the names of the columns is expected."),
    "not_text": _("This is not a CSV file but a ZIP, a PDF or other binary data (seen at line %(line)s)."),
    "not_utf8": _("The file is not in UTF-8 (seen at line %(line)s); please export it as CSV in UTF-8."),
    "missing_column": _("The header line lacks these columns: %(columns)s."),
    "duplicate_column": _("The header line names these columns more than once: %(columns)s."),
    "unknown_column": _("The header line names columns that are not expected here: %(columns)s."),
    "unclosed_quote": _("A quotation mark that opens in the record at line %(line)s is never closed."),
    "line_too_long": _("Line %(line)s is longer than %(limit)s bytes; this is no such CSV file."),
}

LINE: dict[str, str | Promise] = {
    "column_count": _("The line does not have as many fields as the header has columns."),
    "required": _("A value is expected here."),
    "invalid_check_digits": _("The number is wrong: its digits or check digits do not fit."),
    "invalid_date": _("A date is expected, written as 2026-11-21."),
    "invalid_number": _("A whole number of 0 or more is expected."),
    "invalid_json": _("A JSON object with plain values is expected."),
    "unknown_value": _("A fact of this kind has no value of that name."),
    "wrong_type": _("The value is of another type than this kind of fact has there."),
    "nothing_to_change": _("A correction has to change something."),
    "unknown_code": _("The value is not one of those that this column can hold, or is too long for it."),
    "other_fund": _("The line belongs to another fund than the one imported."),
    "in_future": _("The date lies in the future."),
    "end_before_start": _("The end lies before the start."),
    "unknown_reference": _(
        "There is no incapacity with this reference in the fund; the feed brings it first."
    ),
    "reserved_id": _("Ids that begin like this are kept for the facts of the feed; choose another."),
    "duplicate_id": _("Another fact of this dossier has this id."),
    "unknown_fact": _("There is no such fact in this dossier to correct."),
    "recognized_already": _("This incapacity is recognized already."),
    "recognition_stays": _("A recognition cannot be withdrawn: end the incapacity, or exclude it."),
    "start_in_future": _("The incapacity would begin in the future."),
    "out_of_range": _("The value is smaller or larger than can be."),
    "overlap": _("The period overlaps with another incapacity of the same person."),
    "duplicate_reference_person": _(
        "The reference is known for another person, and no replaced SSIN is given."
    ),
}


def sentence(code: str) -> str | Promise:
    """What the code of a refused line means, for a screen or a report."""
    return LINE.get(code, code)
