"""What both import commands share: arguments, report and exit code."""

import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from dossiers.feed.faults import FileRefused
from dossiers.models import ImportRun
from dossiers.models.imports import ImportState
from routing.intake import imports
from tnw.accounts import actors, audit
from tnw.accounts.arguments import day, fund_by_number
from tnw.core import clock


class ImportCommand(BaseCommand):
    """Takes one file in and says what became of it."""

    kind: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--fund", required=True, help="number of the fund")
        parser.add_argument("--today", type=day, help="the day of the import, as 2026-11-21 (default: today)")
        parser.add_argument("--dry-run", action="store_true", help="do all of it, report, and undo it")
        parser.add_argument("--report", type=Path, help="write the report to this file as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file() or not os.access(path, os.R_OK):
            raise CommandError(f"{path}: there is no such file, or it may not be read.", returncode=2)
        report: Path | None = options["report"]
        if report and (report.is_dir() or not os.access(report.parent, os.W_OK)):
            raise CommandError(f"{report}: the report cannot be written there.", returncode=2)
        try:
            self._take_in(path, **options)
        except (OperationalError, InterfaceError):
            raise CommandError(
                f"{path.name}: the connection to the database was lost before the file was taken in to its end. "
                "Start the same command again: it goes on where it was.",
                returncode=3,
            ) from None

    def _take_in(self, path: Path, **options: Any) -> None:
        fund = fund_by_number(options["fund"])
        actor = actors.system(actors.FEED)
        with audit.acting_as(actor, fund):
            run = imports.import_file(
                path,
                fund=fund,
                actor=actor,
                kind=self.kind,
                today=options["today"] or clock.today(),
                dry_run=options["dry_run"],
            )
            if run.state == ImportState.REFUSED:
                raise CommandError(f"{path.name}: {refusal(run)}", returncode=2)
            report = self._report(run, options["report"])
        self.stdout.write(
            f"{path.name}: {run.lines} lines, {run.accepted} taken in, {run.unchanged} unchanged, {report} refused; "
            f"the fund now has {run.excluded} excluded and {run.ended} ended incapacities"
            + (" (dry run: all undone)" if options["dry_run"] else "")
        )
        if report:
            sys.exit(1)

    def _report(self, run: ImportRun, path: Path | None) -> int:
        """Write the report where asked; gives the number of refused lines."""
        undone: dict[str, Any] | None = getattr(run, "report", None)
        if path and undone is not None:
            path.write_text(json.dumps(undone, indent=1) + "\n")
        elif path:
            with path.open("w") as out:
                imports.write_report(run, out)
        return len(undone["rejected"]) if undone is not None else run.rejections.count()


def refusal(run: ImportRun) -> str:
    """Why a file was refused whole, in one sentence."""
    return str(FileRefused(run.refusal, **json.loads(run.refusal_detail)))
