"""The floors of one run: the same finished rows by plain COPY and insert, in a database of their own beside it."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import floor
from tnw.accounts.models import Fund
from tnw.core import embedded

ROOT = Path(__file__).resolve().parents[1]


class Floors:
    """The floors of one run, in seconds: see `benchmarks.floor`."""

    def __init__(self, fund: Fund, folder: Path) -> None:
        self._folder = folder
        host = embedded.run_dir()
        self._scope = str(fund.pk)
        self._source = f"host={host} dbname=tnw user=tnw_app"
        self._target = f"host={host} dbname=tnw_floor user=tnw_app"
        with floor.connected(f"host={host} dbname=tnw user=tnw_owner") as owner:
            owner.autocommit = True
            with owner.cursor() as cursor:
                cursor.execute("drop database if exists tnw_floor")
                cursor.execute("create database tnw_floor")
        url = f"postgresql://{{}}@/tnw_floor?host={host}"
        environment = {
            **os.environ,
            "DATABASE_URL": url.format("tnw_app"),
            "DATABASE_OWNER_URL": url.format("tnw_owner"),
            "REDIS_URL": embedded.urls().redis,
            "DJANGO_SECRET_KEY": "measuring",
        }
        subprocess.run([sys.executable, ROOT / "manage.py", "migrate", "-v0"], env=environment, check=True)
        with self._both() as (finished, empty, folder):
            for table in floor.REFERENCE:
                floor.copy(finished, empty, table, folder)
            tables = {table: floor.copy(finished, empty, table, folder) for table in floor.IMPORTED}
            self.imported = sum(tables.values())
            self.deadlines = tables["dossiers_deadline"]
            self.staged = self._staged(finished, folder)
            self.hashed = self._hashed(finished)
            with finished.cursor() as cursor:
                cursor.execute("select max(id) from accounts_actor")
                self.last_actor = cursor.fetchone()[0]

    @contextlib.contextmanager
    def _both(self) -> Iterator[tuple[floor.Connection, floor.Connection, Path]]:
        with (
            tempfile.TemporaryDirectory(dir=self._folder) as folder,
            floor.connected(self._source, self._scope) as finished,
            floor.connected(self._target, self._scope) as empty,
        ):
            yield finished, empty, Path(folder)

    @contextlib.contextmanager
    def of(self, fund: Fund) -> Iterator[tuple[floor.Connection, floor.Connection]]:
        """Both databases, inside the wall of another fund."""
        with (
            floor.connected(self._source, str(fund.pk)) as finished,
            floor.connected(self._target, str(fund.pk)) as empty,
        ):
            yield finished, empty

    def day(self, day: str, reminders_before: int) -> None:
        """What a day left: its questionnaires made ready and sent, with their facts and dates, and its reminders."""
        sent = f"kind = 'questionnaire_sent' and \"on\" = '{day}'"
        entries = f"select dossier_id, seq, fact_id from dossiers_ledgerentry where {sent}"
        of_the_day = f"(dossier_id, opened_by) in (select dossier_id, fact_id from ({entries}) e)"
        of_nights_before = f"rule in ('T2', 'T3') and not {of_the_day}"
        first = f"(select id from dossiers_reminder order by id offset {reminders_before} limit 1)"
        with self._both() as (finished, empty, folder):

            def cost(table: str, rows: str) -> float:
                return floor.copy(finished, empty, table, folder, rows)

            cost("accounts_actor", f"id > {self.last_actor}")
            cost("routing_questionnaireversion", f"fund_id = {self._scope}")
            cost("dossiers_deadline", of_nights_before)
            cost("dossiers_reminder", f"id < {first}")
            self.made_ready = cost("routing_questionnaire", f"prepared_on = '{day}'")
            self.mailed = (
                cost("dossiers_ledgerentry", sent)
                + cost("dossiers_outbox", f"(dossier_id, seq) in (select dossier_id, seq from ({entries}) e)")
                + cost("dossiers_deadline", of_the_day)
            )
            self.reminders = cost("dossiers_reminder", f"id >= {first}")

    def _staged(self, finished: floor.Connection, folder: Path) -> float:
        """The lines by COPY into a bare table, and their versions held against what is known."""
        path = folder / "feed.copy"
        with path.open("w", encoding="utf-8") as out, finished.cursor() as cursor:
            cursor.copy_expert(
                "copy (select i.reference, i.version, i.start, i.regime, i.cause, p.ssin, p.last_name, p.first_name, "
                "p.street, p.city, p.postal_code, p.language, p.email from dossiers_incapacity i "
                "join dossiers_insuredperson p on p.id = i.person_id) to stdout",
                out,
            )
        started = time.perf_counter()
        with finished.cursor() as cursor, path.open(encoding="utf-8") as rows:
            cursor.execute(
                "create temporary table lines (reference text, version int, start date, regime text, cause text, "
                "ssin text, last_name text, first_name text, street text, city text, postal_code text, language text, "
                "email text) on commit drop"
            )
            cursor.copy_expert("copy lines from stdin", rows)
            cursor.execute(
                "select count(*) from lines l join dossiers_incapacity i on i.reference = l.reference "
                "where l.version > i.version"
            )
        finished.commit()
        return time.perf_counter() - started

    def _hashed(self, finished: floor.Connection) -> float:
        """One SHA-256 over the text of every entry, in the order of the table."""
        started = time.perf_counter()
        with finished.cursor() as cursor:
            cursor.execute(
                "select count(sha256(ledger_text(dossier_id, seq, fund_id, at, actor_id, trace_id, fact_id, kind, "
                '"on", subject, payload_digest, "values"))) from dossiers_ledgerentry'
            )
        finished.commit()
        return time.perf_counter() - started
