"""History that a fund brings in: a file of facts, each checked at the law's own door."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from dossiers.feed.details import parse_details
from dossiers.feed.faults import Rejection
from dossiers.feed.reader import BinarySource, read
from dossiers.feed.recognitions import REFERENCE_LENGTH
from dossiers.feed.values import LAST_DAY, Fault, parse_date, parse_key
from dossiers.law.facts import TEXT_LIMIT, Fact, FactRefused
from dossiers.law.facts import check as check_fact
from dossiers.law.kinds import KINDS, MAY_LIE_AHEAD

COLUMNS = ("reference", "id", "kind", "on", "subject", "details")
"""In the order in which faults count: the first one found is the line's."""


class FactLine(NamedTuple):
    """A fact that the law knows, for the incapacity of that reference; whether both fit is judged elsewhere."""

    line: int
    reference: str
    fact: Fact


def read_facts(source: str | Path | BinarySource, today: date) -> Iterator[FactLine | Rejection]:
    """Every line of a file of facts, in its order, checked; raises `FileRefused` where it is no such CSV."""
    for line, fields in read(source, COLUMNS):
        yield fields if isinstance(fields, Rejection) else check(line, fields, today)


def check(line: int, fields: Sequence[str], today: date) -> FactLine | Rejection:
    """The fact of a line, or its first fault in the order of `COLUMNS`.

    A fault in one of the details names it (`details.category`), one that its kind does not know stands under
    `details`: its name is the file's, and may be anything. Codes: those of the feed, `invalid_json`, and the
    law's `unknown_value`, `wrong_type`, `nothing_to_change`.
    """
    try:
        return _checked(line, fields, today)
    except Fault as fault:
        return Rejection(line, fault.column, fault.code)
    except FactRefused as refused:
        # A value may be called `kind`: of the fact itself, kind, day and subject were judged before.
        column = "details" if refused.code == "unknown_value" else f"details.{refused.field}"
        return Rejection(line, column, refused.code)


def _checked(line: int, fields: Sequence[str], today: date) -> FactLine:
    reference, identity, kind, on, subject, details = fields
    reference = parse_key("reference", reference, REFERENCE_LENGTH)
    identity = parse_key("id", identity, TEXT_LIMIT)
    if kind not in KINDS:
        raise Fault("kind", "unknown_code" if kind else "required")
    if not on:
        raise Fault("on", "required")
    day = parse_date("on", on)
    if day > today and kind not in MAY_LIE_AHEAD:
        raise Fault("on", "in_future")
    if day > LAST_DAY:
        raise Fault("on", "invalid_date")
    subject = parse_key("subject", subject, TEXT_LIMIT, required=KINDS[kind].subject)
    values = parse_details("details", details)
    return FactLine(
        line, reference, check_fact(kind, on=day, id=identity, subject=subject, values=values, today=today)
    )
