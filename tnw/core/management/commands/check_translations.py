"""The gate before an untranslated screen."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from tnw.core import catalogues


class Command(BaseCommand):
    help = "Exits 1 where a string is missing, fuzzy, stale or uncompiled, or its placeholders differ."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        template = catalogues.extracted()
        found = [
            fault for language in catalogues.LANGUAGES for fault in catalogues.faults(language, template)
        ]
        for fault in found:
            self.stderr.write(fault)
        if found:
            self.stderr.write("Translate in locale/, then run: manage.py messages")
            sys.exit(1)
        self.stdout.write(f"{len(template)} strings, complete in {', '.join(catalogues.LANGUAGES)}")
