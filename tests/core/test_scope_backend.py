"""The fund scope and what the database session holds of it: never more than the work at hand may see."""

import io
import threading
from collections.abc import Iterator
from contextlib import suppress

import psycopg2.extensions
import pytest
from django.db import DataError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ProgrammingError
from pytest_django import DjangoDbBlocker

from tnw.core import scope
from tnw.core.rls import IN_SCOPE


@pytest.fixture
def connection(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[BaseDatabaseWrapper]:
    """The application's connection, outside any transaction, to a table with a row for each of three funds."""
    owner, application = connections["owner"], connections["default"]
    with django_db_blocker.unblock():
        with owner.cursor() as cursor:
            cursor.execute(
                "drop table if exists scope_scratch; create table scope_scratch (fund_id int not null);"
                "insert into scope_scratch values (1), (2), (3);"
                "alter table scope_scratch enable row level security;"
                "alter table scope_scratch force row level security;"
                f"create policy fund on scope_scratch using ({IN_SCOPE}) with check ({IN_SCOPE});"
                f"grant select, insert on scope_scratch to {application.settings_dict['USER']}"
            )
        application.close()
        yield application
        application.close()
        with owner.cursor() as cursor:
            cursor.execute("drop table scope_scratch")
        owner.close()


def seen(connection: BaseDatabaseWrapper) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("select fund_id from scope_scratch order by 1")
        return [fund for (fund,) in cursor.fetchall()]


def backend(connection: BaseDatabaseWrapper) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return cursor.fetchone()[0]


def test_the_scope_is_what_the_innermost_block_says() -> None:
    assert scope.current() == ""
    with scope.funds(3, 1, 3):
        assert scope.current() == "1,3"
        with scope.funds(2):
            assert scope.current() == "2"
        with scope.funds():
            assert scope.current() == ""
        assert scope.current() == "1,3"
    assert scope.current() == ""


def test_a_new_thread_begins_with_nothing() -> None:
    found: list[str] = []
    with scope.funds(1):
        thread = threading.Thread(target=lambda: found.append(scope.current()))
        thread.start()
        thread.join()
    assert found == [""]


def test_nothing_is_seen_unless_said(connection: BaseDatabaseWrapper) -> None:
    assert seen(connection) == []


def test_the_funds_in_scope_are_seen_and_no_other(connection: BaseDatabaseWrapper) -> None:
    with scope.funds(1, 3):
        assert seen(connection) == [1, 3]
    with scope.funds(2):
        assert seen(connection) == [2]


def test_another_funds_row_is_not_written(connection: BaseDatabaseWrapper) -> None:
    with (
        scope.funds(1),
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="row-level security"),
    ):
        cursor.execute("insert into scope_scratch values (2)")


def test_no_scope_survives_on_a_reused_connection(connection: BaseDatabaseWrapper) -> None:
    with scope.funds(1):
        first = backend(connection)
        assert seen(connection) == [1]
    assert seen(connection) == []
    assert backend(connection) == first
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('tnw.funds', true)")
        assert cursor.fetchone() == ("",)


def test_a_new_connection_holds_nothing_of_the_last(connection: BaseDatabaseWrapper) -> None:
    with scope.funds(1):
        assert seen(connection) == [1]
        connection.close()
        assert seen(connection) == [1]
    connection.close()
    assert seen(connection) == []


def test_a_rollback_forgets(connection: BaseDatabaseWrapper) -> None:
    with scope.funds(1):
        assert seen(connection) == [1]
    with scope.funds(2):
        with transaction.atomic(using=connection.alias):
            assert seen(connection) == [2]
            transaction.set_rollback(True, using=connection.alias)
        assert seen(connection) == [2]


def test_a_rollback_to_a_savepoint_forgets(connection: BaseDatabaseWrapper) -> None:
    with transaction.atomic(using=connection.alias):
        with scope.funds(1):
            assert seen(connection) == [1]
        with scope.funds(2):
            with transaction.atomic(using=connection.alias):
                assert seen(connection) == [2]
                transaction.set_rollback(True, using=connection.alias)
            assert seen(connection) == [2]


def test_a_commit_that_the_server_turns_into_a_rollback_forgets(connection: BaseDatabaseWrapper) -> None:
    with scope.funds(1):
        assert seen(connection) == [1]
    with scope.funds(2):
        with transaction.atomic(using=connection.alias):
            assert seen(connection) == [2]
            with suppress(DataError), connection.cursor() as cursor:
                cursor.execute("select 1 / 0")
        assert seen(connection) == [2]


def test_a_cursor_that_outlives_its_scope_follows_the_next(connection: BaseDatabaseWrapper) -> None:
    with scope.funds(1):
        cursor = connection.cursor()
    with cursor:
        cursor.execute("select fund_id from scope_scratch")
        assert cursor.fetchall() == []
        with scope.funds(2):
            cursor.execute("select fund_id from scope_scratch")
            assert cursor.fetchall() == [(2,)]


def test_copy_is_in_scope(connection: BaseDatabaseWrapper) -> None:
    with scope.funds(1):
        seen(connection)
    out = io.StringIO()
    with scope.funds(2), connection.cursor() as cursor:
        cursor.copy_expert("copy (select fund_id from scope_scratch) to stdout", out)
    assert out.getvalue() == "2\n"


def test_the_scope_is_sent_only_when_it_changes(connection: BaseDatabaseWrapper) -> None:
    sent: list[tuple[str, ...]] = []

    class Listening(psycopg2.extensions.cursor):
        def execute(self, query: object, vars: tuple[str, ...] | None = None) -> None:
            if "set_config" in str(query):
                sent.append(vars or ())
            super().execute(query, vars)

    connection.ensure_connection()
    connection.connection.cursor_factory = Listening
    with scope.funds(1):
        seen(connection)
        seen(connection)
        with transaction.atomic(using=connection.alias):
            seen(connection)
    with scope.funds(1):
        seen(connection)
    with scope.funds(1, 2):
        seen(connection)
    seen(connection)
    seen(connection)
    assert sent == [("1",), ("1,2",), ("",)]


def test_a_lost_client_is_noticed_during_a_long_query(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("show client_connection_check_interval")
        assert cursor.fetchone() == ("500ms",)
