"""Extract and compile the translations."""

from typing import Any

from django.core.management.base import BaseCommand

from tnw.core import catalogues


class Command(BaseCommand):
    help = "Brings the catalogues of translations up to date with code and templates, and compiles them."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        template = catalogues.extracted()
        for language in catalogues.LANGUAGES:
            catalogues.update(language, template)
            missing = sum("not translated" in fault for fault in catalogues.faults(language, template))
            self.stdout.write(f"{language}: {len(template)} strings, {missing} not translated")
