"""The numbers by which Belgium knows people, enterprises and doctors (domain, section 11).

python-stdnum judges them; added here is what it lets pass: separators within a stored number, impossible days of
birth, serial 000, and people who are not born yet.
"""

import re
from datetime import date

from stdnum.be import nn, ssn, vat

_MASK_ALL = "**.**.**-***.**"
# By itself, or with what people write between: 90.01.01-262.07, 900101-262.07. Not a part of a longer number.
_WRITTEN = re.compile(r"(?<!\d)(?=(\d\d([._~-]?)\d\d\2\d\d[._~-]?\d{3}[._~-]?\d\d)(?!\d))", re.ASCII)


def is_ssin(ssin: str, today: date | None = None) -> bool:
    """Whether these are the 11 digits of an SSIN (INSZ, NISS), bis numbers and unknown birth dates included.

    With `today`, a number of somebody who is not born yet is refused too.
    """
    if (
        len(ssin) != 11
        or not _digits(ssin)
        or ssin[6:9] == "000"
        or int(ssin[4:6]) > 31
        or not ssn.is_valid(ssin)
    ):
        return False
    year, month, day = nn.get_birth_year(ssin), nn.get_birth_month(ssin), int(ssin[4:6])
    if month and day:
        born = nn.get_birth_date(ssin)
        return born is not None and (today is None or born <= today)
    return today is None or year is None or year <= today.year


def holds_ssin(text: str) -> bool:
    """Whether an SSIN stands somewhere in a text, however it is written."""
    return any(is_ssin(re.sub(r"\D", "", found[1])) for found in _WRITTEN.finditer(text))


def birth_date(ssin: str) -> date | None:
    """The day of birth that a valid SSIN tells, or None where the register did not know it."""
    return nn.get_birth_date(ssin) if is_ssin(ssin) else None


def age_on(born: date, day: date) -> int:
    """Full years lived on a day; 29 February has its birthday on 1 March in a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def mask_ssin(ssin: str) -> str:
    """The SSIN as screens show it: the date part readable, the serial and check digits hidden."""
    if len(ssin) != 11 or not _digits(ssin):
        return _MASK_ALL
    return f"{ssin[:2]}.{ssin[2:4]}.{ssin[4:6]}-***.**"


def dotted_ssin(ssin: str) -> str:
    """The whole SSIN, with the points and dashes of the identity card."""
    return f"{ssin[:2]}.{ssin[2:4]}.{ssin[4:6]}-{ssin[6:9]}.{ssin[9:]}"


def dotted_enterprise_number(number: str) -> str:
    """The enterprise number as the crossroads bank writes it."""
    return f"{number[:4]}.{number[4:7]}.{number[7:]}" if number else ""


def is_enterprise_number(number: str) -> bool:
    """Whether these are the 10 digits of an enterprise number: 0 or 1 in front, mod 97, nothing between."""
    return len(number) == 10 and _digits(number) and int(number[:8]) > 0 and vat.is_valid(number)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
