"""The language of the screens, kept in the browser for the pages before the sign-in."""

from django.conf import settings
from django.http import HttpResponseBase

A_YEAR = 365 * 24 * 3600


def remember(response: HttpResponseBase, language: str) -> None:
    """Where the session ends, the page that says so is in the language of whoever was signed in."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
