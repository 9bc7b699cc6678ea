"""What was promised with the last release, and whether the contract of today may follow it."""

import re
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from tnw.integration.rest.compare import Document, breaking, version_of
from tnw.integration.rest.contract import LOADER

RELEASED = Path(__file__).parent / "released.yaml"
CHANGES = Path(settings.BASE_DIR) / "docs" / "api-changes.md"


def released() -> dict[str, Any] | None:
    """The contract as of the last release; None before the first."""
    if not RELEASED.exists():
        return None
    return yaml.load(RELEASED.read_text(), Loader=LOADER)  # noqa: S506  # it is safe


def refusals(document: Document, before: Document | None, changes: str) -> list[str]:
    """Why a contract may not follow the one `before`: it breaks it, or does not say so in the list of `changes`."""
    version = document["info"]["version"]
    found = []
    if not re.search(rf"^## {re.escape(version)}\b.*\n+(?!#)\S", changes, re.MULTILINE):
        found.append(f"docs/api-changes.md says nothing of {version}")
    if before is None or document == before:
        return found
    was = before["info"]["version"]
    if version_of(document) <= version_of(before):
        found.append(
            f"this is not what was released as {was}: raise VERSION in tnw/integration/rest/contract.py"
        )
    if version_of(document)[0] == version_of(before)[0]:
        found += breaking(before, document)
    return found
