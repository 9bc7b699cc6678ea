"""What the worklist remembers of a person: the filters and the number of rows that they chose last."""

from contextlib import suppress
from typing import NamedTuple

from django.http import QueryDict

from tnw.accounts.models import User
from tnw.accounts.services import remember
from tnw.core.errors import DomainError

NAME = "worklist"
ROWS = (30, 60, 100, 200)


class Choice(NamedTuple):
    """The filters as codes in an address, and how many rows a page has."""

    query: str = ""
    rows: int = ROWS[0]


def chosen_by(user: User) -> Choice:
    """What somebody chose last; what is not understood any more is left aside."""
    kept = user.choices.get(NAME)
    if not isinstance(kept, dict):
        return Choice()
    query = kept.get("query")
    return Choice(query if isinstance(query, str) else "", _rows(kept.get("rows")))


def asked(user: User, given: QueryDict) -> tuple[QueryDict, int, bool]:
    """The filters and rows that an address asks for, and whether it was a bare one, which asks for the last choice."""
    last = chosen_by(user)
    rows = _rows(given.get("rows"), last.rows)
    restored = not given and bool(last.query)
    return (QueryDict(last.query) if restored else given), rows, restored


def keep(user: User, choice: Choice) -> None:
    """From now on this; nothing where it is what everybody begins with."""
    if choice != chosen_by(user):
        with suppress(DomainError):  # no room: the list works without
            remember(user=user, name=NAME, value=None if choice == Choice() else choice._asdict())


def _rows(given: object, otherwise: int = ROWS[0]) -> int:
    return next((rows for rows in ROWS if str(rows) == str(given)), otherwise)
