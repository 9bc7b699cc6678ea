"""Starts the embedded server on the first connection and carries the fund scope to the database session.

Row-level security reads the session's setting `tnw.funds`. It is sent only when the wanted scope differs from
what the session holds, and what it holds is forgotten wherever the server may have undone it.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from tnw.core import embedded, scope


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL through psycopg2."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._session_scope: str | None = None  # None: not known
        # Before each statement too, not only for each cursor: one may outlive the scope it was opened in.
        self.execute_wrappers.append(self._execute_in_scope)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; where the embedded server was killed meanwhile, start it again and try once more."""
        self._session_scope = None
        if conn_params.get("host") != str(embedded.run_dir()):
            return super().get_new_connection(conn_params)
        embedded.ensure()
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            embedded.ensure(recheck=True)
            return super().get_new_connection(conn_params)

    def _cursor(self, name: str | None = None) -> Any:
        cursor = super()._cursor(name)  # type: ignore[misc]  # not in the stubs
        self._send_scope()  # COPY goes past the execute wrappers
        return cursor

    def _execute_in_scope(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        self._send_scope()
        return execute(sql, params, many, context)

    def _send_scope(self) -> None:
        wanted = scope.current()
        if wanted == self._session_scope or self.connection is None or self._failed():
            return
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute("select set_config('tnw.funds', %s, false)", (wanted,))
        self._session_scope = wanted

    def _failed(self) -> bool:
        """Whether the server refuses everything until a rollback."""
        return (
            self.connection is not None
            and self.connection.info.transaction_status == TRANSACTION_STATUS_INERROR
        )

    def _commit(self) -> None:
        # Where an error was swallowed, the server answers a commit with a rollback, and nobody is told.
        if (
            self.connection is not None
            and self.connection.info.transaction_status == TRANSACTION_STATUS_INERROR
        ):
            self._session_scope = None
        try:
            super()._commit()  # type: ignore[misc]  # not in the stubs
        except BaseException:
            self._session_scope = None
            raise

    def _rollback(self) -> None:
        self._session_scope = None
        super()._rollback()  # type: ignore[misc]  # not in the stubs

    def _savepoint_rollback(self, sid: str) -> None:
        self._session_scope = None
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # not in the stubs
