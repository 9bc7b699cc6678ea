"""The nightly feed of recognized incapacities: its columns, and what one line of it may hold."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from dossiers.feed.faults import Rejection
from dossiers.feed.reader import BinarySource, read
from dossiers.feed.values import LAST_DAY, Fault, line_of_text, parse_date, parse_reference
from dossiers.identifiers import is_enterprise_number, is_ssin
from dossiers.law.kinds import CAUSES, END_REASONS, LANGUAGES, REGIMES

COLUMNS = (
    "reference",
    "version",
    "fund",
    "ssin",
    "replaced_ssin",
    "last_name",
    "first_name",
    "birth_date",
    "language",
    "street",
    "postal_code",
    "city",
    "email",
    "phone",
    "regime",
    "cause",
    "statutory_civil_servant",
    "employer_number",
    "employment_contract",
    "start",
    "end",
    "end_reason",
    "invalidity_from",
)
"""In the order in which faults count: the first one found is the line's."""

EXCLUDING_CAUSES = frozenset({"work_accident", "occupational_disease"})
STATUTORY_CIVIL_SERVANT = "statutory_civil_servant"

REFERENCE_LENGTH = 64
NAME_LENGTH = 120
STREET_LENGTH = 200
POSTAL_CODE_LENGTH = 12
CITY_LENGTH = 120
EMAIL_LENGTH = 254
PHONE_LENGTH = 40
MAX_VERSION = 2_147_483_647

_BOOLEANS = {"true": True, "false": False}


class Recognition(NamedTuple):
    """A line found right by itself; whether it fits what is known already is judged where the data are."""

    line: int
    reference: str
    version: int
    ssin: str
    replaced_ssin: str
    last_name: str
    first_name: str
    birth_date: date | None
    language: str
    street: str
    postal_code: str
    city: str
    email: str
    phone: str
    regime: str
    cause: str
    statutory_civil_servant: bool
    employer_number: str
    employment_contract: bool
    start: date
    end: date | None
    end_reason: str
    invalidity_from: date | None
    excluded: str


def read_recognitions(
    source: str | Path | BinarySource, fund_number: str, today: date
) -> Iterator[Recognition | Rejection]:
    """Every line of a feed, in its order, checked; raises `FileRefused` where the file is no such CSV."""
    for line, fields in read(source, COLUMNS):
        yield fields if isinstance(fields, Rejection) else check(line, fields, fund_number, today)


def check(line: int, fields: Sequence[str], fund_number: str, today: date) -> Recognition | Rejection:
    """The line's values in their types, or its first fault in the order of `COLUMNS` (the fields' own order).

    Where the description of the feed is silent: a day of birth cannot lie in the future, `invalidity_from`
    can (RIZIV recognizes it beforehand); days before 1900 and after 2199 are no dates; with a contract
    the employer's number is required, without one it is checked and left out; an end asks for its reason, a
    reason for its end. A value too long for its column, or a reference that cannot stand in an
    address, is `unknown_code`. Foreign postal codes pass. A `replaced_ssin` that is the SSIN itself replaces nothing.
    """
    try:
        return _checked(line, fields, fund_number, today)
    except Fault as fault:
        return Rejection(line, fault.column, fault.code)


def _checked(line: int, fields: Sequence[str], fund_number: str, today: date) -> Recognition:
    (
        reference,
        version,
        fund,
        ssin,
        replaced_ssin,
        last_name,
        first_name,
        birth_date,
        language,
        street,
        postal_code,
        city,
        email,
        phone,
        regime,
        cause,
        statutory,
        employer_number,
        contract,
        start,
        end,
        end_reason,
        invalidity_from,
    ) = fields
    reference = parse_reference("reference", reference)
    number = _version(version)
    if fund != fund_number:
        raise Fault("fund", "other_fund" if fund else "required")
    if not is_ssin(ssin, today):
        raise Fault("ssin", "invalid_check_digits" if ssin else "required")
    if replaced_ssin and not is_ssin(replaced_ssin, today):
        raise Fault("replaced_ssin", "invalid_check_digits")
    last_name = line_of_text("last_name", last_name, NAME_LENGTH)
    first_name = line_of_text("first_name", first_name, NAME_LENGTH)
    born = parse_date("birth_date", birth_date) if birth_date else None
    if born and born > today:
        raise Fault("birth_date", "in_future")
    _one_of("language", language, LANGUAGES)
    street = line_of_text("street", street, STREET_LENGTH)
    postal_code = line_of_text("postal_code", postal_code, POSTAL_CODE_LENGTH)
    city = line_of_text("city", city, CITY_LENGTH)
    email = line_of_text("email", email, EMAIL_LENGTH, required=False)
    phone = line_of_text("phone", phone, PHONE_LENGTH, required=False)
    _one_of("regime", regime, REGIMES)
    _one_of("cause", cause, CAUSES)
    is_statutory = _boolean("statutory_civil_servant", statutory)
    if employer_number:
        if not is_enterprise_number(employer_number):
            raise Fault("employer_number", "invalid_check_digits")
    elif contract == "true":
        raise Fault("employer_number", "required")
    has_contract = _boolean("employment_contract", contract)
    started, ended, end_reason, invalid_from = _period(start, end, end_reason, invalidity_from, today)
    return Recognition(
        line,
        reference,
        number,
        ssin,
        replaced_ssin if replaced_ssin != ssin else "",
        last_name,
        first_name,
        born,
        language,
        street,
        postal_code,
        city,
        email,
        phone,
        regime,
        cause,
        is_statutory,
        employer_number if has_contract else "",
        has_contract,
        started,
        ended,
        end_reason,
        invalid_from,
        _excluded(cause, is_statutory),
    )


def _period(
    start: str, end: str, end_reason: str, invalidity_from: str, today: date
) -> tuple[date, date | None, str, date | None]:
    if not start:
        raise Fault("start", "required")
    started = parse_date("start", start)
    if started > today:
        raise Fault("start", "in_future")
    ended = parse_date("end", end) if end else None
    if ended is None:
        if end_reason:
            raise Fault("end", "required")
    elif ended > LAST_DAY:
        # The day after the last recognized day is a fact's date, and has to exist.
        raise Fault("end", "invalid_date")
    elif ended < started:
        raise Fault("end", "end_before_start")
    else:
        _one_of("end_reason", end_reason, END_REASONS)
    invalid_from = parse_date("invalidity_from", invalidity_from) if invalidity_from else None
    if invalid_from and invalid_from > LAST_DAY:
        raise Fault("invalidity_from", "invalid_date")
    return started, ended, end_reason, invalid_from


def _excluded(cause: str, statutory: bool) -> str:
    """Why the law leaves this incapacity out (P2), or nothing."""
    if cause in EXCLUDING_CAUSES:
        return cause
    return STATUTORY_CIVIL_SERVANT if statutory else ""


def _version(version: str) -> int:
    if version.isascii() and version.isdigit() and len(version) <= 10 and int(version) <= MAX_VERSION:
        return int(version)
    raise Fault("version", "invalid_number" if version else "required")


def _one_of(column: str, value: str, codes: Collection[str]) -> None:
    if value not in codes:
        raise Fault(column, "unknown_code" if value else "required")


def _boolean(column: str, value: str) -> bool:
    try:
        return _BOOLEANS[value]
    except KeyError:
        raise Fault(column, "unknown_code" if value else "required") from None
