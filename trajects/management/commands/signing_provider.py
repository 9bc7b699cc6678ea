"""A provider of signatures on this machine, to try with: `manage.py signing_provider`."""

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from trajects.signing.local import LocalProvider, server


class Command(BaseCommand):
    help = "Run a provider of signatures to try with. It asks nobody for a proof of identity."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=urlsplit(settings.SIGNING_URL).port or 8010)

    def handle(self, *, port: int, **_options: Any) -> None:
        if not settings.SIGNING_KEY:
            raise CommandError("Name its key in TNW_SIGNING_KEY.")
        with server(LocalProvider(settings.SIGNING_KEY), "127.0.0.1", port) as serves:
            self.stdout.write(f"A provider of signatures to try with: http://127.0.0.1:{serves.server_port}")
            try:
                serves.serve_forever()
            except KeyboardInterrupt:
                return
