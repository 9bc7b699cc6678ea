"""The files that were uploaded and wait to be taken in."""

import time
from datetime import timedelta
from typing import NamedTuple

import structlog

from dossiers.models import ImportRun
from routing.intake.imports import Busy, resume, uploads
from tnw.accounts import audit
from tnw.accounts.models import Fund
from tnw.core import scope

log = structlog.get_logger(__name__)

STRAY = timedelta(days=1)  # a younger file may be of an upload that is still on its way in


class Imported(NamedTuple):
    """What became of the files that waited."""

    files: int = 0
    busy: int = 0
    failed: int = 0


def take_waiting(fund: Fund) -> Imported:
    """Take in the uploaded files of a fund that are there still, each as the one who uploaded it."""
    files = busy = failed = 0
    with scope.funds(fund.pk):
        runs = ImportRun.objects.select_related("actor__user").filter(fund=fund, public_id__in=uploads())
        waiting = list(runs.order_by("pk"))
    for run in waiting:
        try:
            with audit.acting_as(run.actor, fund):
                resume(run)
            files += 1
        except Busy:
            busy += 1
        except Exception as error:
            # One file must not stand in the way of the others; it stays in the queue.
            log.exception("import_failed", run=str(run.public_id), error=type(error).__name__)
            failed += 1
    return Imported(files, busy, failed)


def forget_strays() -> int:
    """Delete the old files that no import of any fund names: what they came with was undone. Gives how many."""
    old = {}
    for public_id, path in uploads().items():
        try:
            age = time.time() - path.stat().st_mtime
        except FileNotFoundError:
            continue  # taken in meanwhile
        if age > STRAY.total_seconds():
            old[public_id] = path
    if not old:
        return 0
    with scope.funds(*Fund.objects.values_list("pk", flat=True)):
        named = set(ImportRun.objects.filter(public_id__in=old).values_list("public_id", flat=True))
    strays = old.keys() - named
    for public_id in strays:
        old[public_id].unlink(missing_ok=True)
    if strays:
        log.warning("uploads_forgotten", files=len(strays))
    return len(strays)
