"""Arguments that commands share: a day and a fund."""

from argparse import ArgumentTypeError
from datetime import date

from django.core.management.base import CommandError

from tnw.accounts.models import Fund


def day(text: str) -> date:
    """A date written as 2026-11-21."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date; write it as 2026-11-21") from None


def fund_by_number(number: str) -> Fund:
    """The fund of that number. Raises CommandError and names those there are."""
    fund = Fund.objects.filter(number=number).first()
    if fund is None:
        known = ", ".join(Fund.objects.order_by("number").values_list("number", flat=True)) or "none yet"
        raise CommandError(f"There is no fund {number} (known: {known}); see create_fund.", returncode=2)
    return fund
