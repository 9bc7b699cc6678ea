"""Mails that wait, handed over one after the other through one connection, as long as a mail server is there."""

from collections.abc import Callable, Iterable, Iterator
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import TypeVar

import structlog
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

log = structlog.get_logger(__name__)

GIVES_UP_AFTER = 5  # mails in a row that failed: each further try would wait for a mail server that is away
FOR_GOOD = 500  # from here on a mail server means it
# What a mail server that is away, or does not take something, is told by: trying again may help.
AWAY = (SMTPException, OSError)
# What a mail fails with; the last is an address or a header that is none.
FAILURES = (*AWAY, ValueError)
One = TypeVar("One")
Became = TypeVar("Became")


def in_turn(
    waits: Iterable[One], hand_over: Callable[[One, BaseEmailBackend | None], Became | None], *, fund: str
) -> Iterator[Became]:
    """Hand over each of these; gives what became of it, False where it failed. None is passed over: nothing was to be done.

    The connection is open, or None: opened while nothing is locked yet, for a server that is away makes its caller wait.
    """
    connection, in_a_row = get_connection(), 0
    try:
        for one in waits:
            became = hand_over(one, _opened(connection))
            if became is None:
                continue
            if became is False:
                in_a_row += 1
                _close(connection)  # what went wrong may have broken it
            else:
                in_a_row = 0
            yield became
            if in_a_row == GIVES_UP_AFTER:
                log.warning("mailing_given_up", fund=fund)
                return
    finally:
        _close(connection)


def for_good(error: Exception) -> bool:
    """Whether the server takes mail for none of these addresses: trying again would change nothing."""
    return isinstance(error, SMTPRecipientsRefused) and all(
        code >= FOR_GOOD for code, _said in error.recipients.values()
    )


def _opened(connection: BaseEmailBackend) -> BaseEmailBackend | None:
    try:
        connection.open()
    except AWAY as error:
        log.warning("mail_server_away", error=type(error).__name__)
        return None
    return connection


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except AWAY:
        log.warning("mail_connection_not_closed")
