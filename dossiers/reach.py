"""How somebody can be reached, in the one form that the world outside expects: what the feed brings is text for people."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
# Within Belgium: 0 and eight digits, or nine of a mobile number.
_BELGIAN = re.compile(r"0(4\d{8}|[1-9]\d{7})", re.ASCII)


def e164(text: str) -> str:
    """A phone number as E.164 has it, a Belgian one where no country is said; empty where it is none."""
    number = re.sub(r"[\s./()-]", "", text.replace("(0)", ""))
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if number.startswith("+320"):  # the 0 is for callers within the country
        number = f"+32{number[4:]}"
    if _BELGIAN.fullmatch(number):
        number = f"+32{number[1:]}"
    return number if _E164.fullmatch(number) else ""


def email(text: str) -> str:
    """An e-mail address; empty where it is none."""
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text
