"""The names of the Belgian legal holidays; which days they are, the law's own calendar knows."""

from datetime import date
from functools import cache

from django.utils.translation import get_language
from holidays import country_holidays

from dossiers.law.calendar import legal_holidays

LANGUAGES = {"nl": "nl", "fr": "fr", "de": "de"}


def holiday(day: date) -> str:
    """The name of the legal holiday that a day is, in the language of the reader; empty for any other day."""
    if day not in legal_holidays(day.year):
        return ""
    return _names(day.year, LANGUAGES.get((get_language() or "nl")[:2], "en_US")).get(day, "")


@cache
def _names(year: int, language: str) -> dict[date, str]:
    return dict(country_holidays("BE", years=year, language=language))
