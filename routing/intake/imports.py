"""One file's way in, from its upload to its report: read whole, judged, taken in by chunks that can be resumed."""

import contextlib
import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, TextIO
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from dossiers.feed.facts import read_facts
from dossiers.feed.faults import FileRefused, Rejection
from dossiers.feed.recognitions import read_recognitions
from dossiers.models import ImportRejection, ImportRun, Incapacity
from dossiers.models.imports import UNFINISHED, ImportKind, ImportState
from routing.intake import judging, staged
from routing.intake.history import UNKNOWN_REFERENCE, History
from routing.intake.recognitions import Intake
from tnw.accounts.models import Actor, Fund
from tnw.accounts.policies import may_feed, may_import
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import require

CHUNK = 5_000
STATISTICS_AFTER = {1, 4, 16, 64, 256}  # chunks: an import that multiplies the rows has to know them
LOCK = 311_509  # the class of advisory locks by which a fund's imports wait for each other
TAKING_IN = 311_510  # that of whoever changes what the feed brings: an import, or one incapacity by itself

REJECTIONS = """
insert into dossiers_importrejection (fund_id, run_id, line, "column", code)
select %(fund)s, %(run)s, line, fault_column, fault_code from {table} where fault_code <> ''
"""
REFUSED_BEFORE = """
update {table} f set fault_column = r."column", fault_code = r.code from dossiers_importrejection r
where r.run_id = %(run)s and r.line = f.line
"""


class Busy(DomainError):
    """Another import of this fund is at work."""

    code = "import_busy"


def submit(
    *, fund: Fund, actor: Actor, upload: BinaryIO, file_name: str, kind: str, today: date
) -> ImportRun:
    """Keep an uploaded file and put its import in the queue. Raises NotAllowed."""
    require(may_feed(actor) if kind == ImportKind.RECOGNITIONS else may_import(actor))
    settings.UPLOADS.mkdir(mode=0o700, parents=True, exist_ok=True)
    run = ImportRun(fund=fund, actor=actor, kind=kind, file_name=Path(file_name).name[:255], today=today)
    run.started_at = clock.now()
    path = upload_path(run)
    digest = hashlib.sha256()
    try:
        with path.open("wb") as kept:
            path.chmod(0o600)
            while block := upload.read(1 << 20):
                digest.update(block)
                kept.write(block)
        run.sha256 = digest.hexdigest()
        run.save()
    except BaseException:
        path.unlink(missing_ok=True)  # personal data that no run would ever take away
        raise
    return run


def upload_path(run: ImportRun) -> Path:
    """Where the uploaded file waits until it is taken in."""
    return settings.UPLOADS / f"{run.public_id}.csv"


def uploads() -> dict[UUID, Path]:
    """The uploaded files that are there still, by the public id of their import; what else lies there is passed over."""
    found = {}
    for path in settings.UPLOADS.glob("*.csv"):
        with contextlib.suppress(ValueError):
            found[UUID(path.stem)] = path
    return found


def import_file(
    path: Path, *, fund: Fund, actor: Actor, kind: str, today: date, dry_run: bool = False
) -> ImportRun:
    """Take a file in, or go on with it where it was left. With `dry_run` all is done and undone.

    The run's state says how it ended; a file that is refused whole is `refused` and has changed nothing.
    """
    with _one_at_a_time(fund, wait=True):
        digest = _sha256(path)
        run = ImportRun.objects.filter(
            fund=fund,
            kind=kind,
            sha256=digest,
            today=today,
            state__in=[ImportState.READING, ImportState.APPLYING],
        ).first() or ImportRun(fund=fund, kind=kind, sha256=digest, today=today, file_name=path.name[:255])
        run.actor = actor
        run.started_at = run.started_at or clock.now()
        if not dry_run:
            return _go(run, path)
        with transaction.atomic():
            _go(run, path)
            run.report = report(run)  # type: ignore[attr-defined]  # read before it is undone
            transaction.set_rollback(True)
        return run


def resume(run: ImportRun) -> ImportRun:
    """Go on with an uploaded file. Raises Busy while another import of the fund is at work."""
    with _one_at_a_time(run.fund, wait=False):
        run = ImportRun.objects.get(pk=run.pk)
        if run.state in UNFINISHED:
            _go(run, upload_path(run))
        upload_path(run).unlink(missing_ok=True)
        return run


def _go(run: ImportRun, path: Path) -> ImportRun:
    _leave_off_others(run)
    table = staged.RECOGNITION_TABLE if run.kind == ImportKind.RECOGNITIONS else staged.FACT_TABLE
    if run.state == ImportState.WAITING:
        run.state = ImportState.READING
        run.save()
    try:
        _read(run, path, table)
        _apply(run, table)
    except FileRefused as refusal:
        run.state = ImportState.REFUSED
        run.refusal = refusal.code
        run.refusal_detail = json.dumps(refusal.values)[:200]
        run.finished_at = clock.now()
        run.save()
        return run
    finally:
        staged.drop()
    _finish(run)
    return run


def _leave_off_others(run: ImportRun) -> None:
    """While this one holds the lock no other is at work: what a killed command began and nobody took up is over."""
    begun = ImportRun.objects.filter(fund=run.fund, state__in=[ImportState.READING, ImportState.APPLYING])
    for other in begun.exclude(pk=run.pk):
        if not upload_path(other).exists():
            other.state = ImportState.LEFT
            other.finished_at = clock.now()
            other.save()


@transaction.atomic
def _read(run: ImportRun, path: Path, table: staged.Table) -> None:
    """Stage the whole file, and judge it unless a former start of this run did."""
    lines = staged.fill(table, _staged_lines(run, path))
    parameters = {"fund": run.fund_id, "run": run.pk}
    if run.state == ImportState.APPLYING:
        staged.run(REFUSED_BEFORE.format(table=table.name), parameters)
        return
    if run.kind == ImportKind.RECOGNITIONS:
        judging.judge(run.fund)
    else:
        staged.run(UNKNOWN_REFERENCE, parameters)
    staged.run(REJECTIONS.format(table=table.name), parameters)
    run.lines = lines
    run.state = ImportState.APPLYING
    run.save()


def _staged_lines(run: ImportRun, path: Path) -> Iterator[str]:
    if run.kind == ImportKind.RECOGNITIONS:
        return map(staged.of_recognition, read_recognitions(path, run.fund.number, run.today))
    return map(staged.of_fact, read_facts(path, run.today))


def _apply(run: ImportRun, table: staged.Table) -> None:
    position = "line" if table is staged.RECOGNITION_TABLE else "position"
    intake: Intake | History = (
        Intake(run.fund, run.actor, run.today, run.pk)
        if table is staged.RECOGNITION_TABLE
        else History(run.fund, run.actor, run.today, run.pk)
    )
    chunks = 0
    while True:
        with transaction.atomic():
            [(through,)] = staged.rows(
                f"select max({position}) from (select {position} from {table.name} where {position} > %s "  # noqa: S608
                f"and fault_code = '' order by {position} limit {CHUNK}) chunk",
                [run.applied_through],
            )
            if through is None:
                break
            accepted, unchanged = intake.take(run.applied_through, through)
            run.applied_through = through
            run.accepted += accepted
            run.unchanged += unchanged
            run.save()
        chunks += 1
        if accepted and chunks in STATISTICS_AFTER:
            staged.rows("select refresh_statistics()")
    if run.accepted >= CHUNK:
        staged.rows("select refresh_statistics()")


def _finish(run: ImportRun) -> None:
    incapacities = Incapacity.objects.filter(fund=run.fund)
    run.excluded = incapacities.exclude(excluded="").count()
    run.ended = incapacities.filter(end__isnull=False).count()
    run.state = ImportState.DONE
    run.finished_at = clock.now()
    run.save()


def report(run: ImportRun) -> dict[str, Any]:
    """What the import made of the file: counts, and every refused line by line, column and code."""
    return {
        "lines": run.lines,
        "accepted": run.accepted,
        "unchanged": run.unchanged,
        "rejected": [rejected.as_report() for rejected in rejections(run)],
        "excluded": run.excluded,
        "ended": run.ended,
    }


def rejections(run: ImportRun) -> Iterator[Rejection]:
    """The refused lines in their order."""
    found = ImportRejection.objects.filter(run=run).order_by("line").values_list("line", "column", "code")
    return (Rejection(*row) for row in found.iterator(chunk_size=5_000))


def write_report(run: ImportRun, out: TextIO) -> None:
    """The report as JSON, without ever holding all of its lines."""
    head = {"lines": run.lines, "accepted": run.accepted, "unchanged": run.unchanged}
    tail = {"excluded": run.excluded, "ended": run.ended}
    out.write(json.dumps(head, indent=1)[:-2] + ',\n "rejected": [')
    for number, rejected in enumerate(rejections(run)):
        out.write((",\n  " if number else "\n  ") + json.dumps(rejected.as_report()))
    out.write("\n ],\n" + json.dumps(tail, indent=1)[2:] + "\n")


@contextlib.contextmanager
def _one_at_a_time(fund: Fund, *, wait: bool) -> Iterator[None]:
    """The fund's imports one after the other; the lock goes with the connection, however it ends."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("select pg_advisory_lock(%s, %s)", [LOCK, fund.pk])
        else:
            cursor.execute("select pg_try_advisory_lock(%s, %s)", [LOCK, fund.pk])
            if not cursor.fetchone()[0]:
                raise Busy(_("Another import of this fund is running; this one follows it."))
        cursor.execute("select pg_advisory_lock(%s, %s)", [TAKING_IN, fund.pk])  # held for moments only
    try:
        yield
    finally:
        with contextlib.suppress(Exception), connection.cursor() as cursor:  # a lost connection has let go
            for held in (TAKING_IN, LOCK):
                cursor.execute("select pg_advisory_unlock(%s, %s)", [held, fund.pk])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
