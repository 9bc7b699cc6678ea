import difflib
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tnw.integration.rest import contract
from tnw.integration.rest.release import CHANGES, RELEASED, refusals, released


class Command(BaseCommand):
    help = (
        "Write the OpenAPI document from the code; --check fails where the committed one differs, or breaks what was "
        "released; --release makes it the promise that later ones are held against"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--check", action="store_true")
        either.add_argument("--release", action="store_true")

    def handle(self, *args: Any, check: bool, release: bool, **options: Any) -> None:
        document = contract.build()
        made = contract.text(document)
        if check:
            _same(contract.FILE.read_text() if contract.FILE.exists() else "", made)
            _may_follow(document)
        elif release:
            _may_follow(document)
            contract.FILE.write_text(made)
            RELEASED.write_text(made)
        else:
            contract.FILE.write_text(made)


def _same(there: str, made: str) -> None:
    if made != there:
        differs = difflib.unified_diff(
            there.splitlines(), made.splitlines(), "committed", "code", lineterm="", n=1
        )
        raise CommandError("\n".join(["`make openapi` brings the contract up to date:", *list(differs)[:60]]))


def _may_follow(document: dict[str, Any]) -> None:
    refused = refusals(document, released(), CHANGES.read_text())
    if refused:
        raise CommandError("\n".join(["The contract may not change in this way:", *refused]))
