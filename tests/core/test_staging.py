"""Rows on their way into protected tables."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection

from tnw.core.staging import stage


@pytest.mark.django_db(transaction=True)
def test_a_connection_lost_in_a_copy_is_raised_and_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    other = connection.copy()
    connection.ensure_connection()
    mine = connection.connection.info.backend_pid

    def lines() -> Iterator[str]:
        with other.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(%s)", [mine])
        yield from ("x" * 1000 for _ in range(10_000))

    try:
        with pytest.raises(OperationalError):
            stage("lost", "word text", lines())
    finally:
        other.close()
        connection.close()
    assert capfd.readouterr().err == ""
