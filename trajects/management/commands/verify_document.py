"""`manage.py verify_document FILE`: is this PDF what was sealed, by whom, and who signed when?"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext, override

from dossiers.documents.checking import State
from trajects import verification

# What the shell is told where it cannot be relied on; 2 is for what could not be verified at all, as in other commands.
EXITS = {
    State.CHANGED: 1,
    State.RESEALED: 1,
    State.SEALED: 3,
    State.UNSEALED: 3,
    State.UNKNOWN: 4,
    State.NO_PDF: 4,
}


class Command(BaseCommand):
    help = (
        "Tells whether a PDF is unchanged, who sealed it and which roles signed it when. Exits 0 where it is sealed, "
        "unchanged and counts, 1 where it was changed or sealed by somebody else, 3 where it carries no seal or does not "
        "count any more, 4 where it is not ours, 2 where it could not be verified."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default=settings.LANGUAGE_CODE
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}", returncode=2) from None
        try:
            found = self._told(content, options["language"])
        except Exception as error:  # 1 says that the file was changed: no mishap of ours says so
            raise CommandError(f"not verified: {type(error).__name__}", returncode=2) from error
        if not found.holds:
            sys.exit(EXITS[found.state])

    def _told(self, content: bytes, language: str) -> verification.Finding:
        with override(language):
            found = verification.verify(content)
            self.stdout.write(found.title)
            for line in found.lines:
                self.stdout.write(f"    {line}")
            for one in found.signers:
                self.stdout.write(
                    "    " + gettext("Signed by %(role)s on %(on)s, %(method)s.") % one._asdict()
                )
        return found
