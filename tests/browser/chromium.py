"""Which browser is driven, and how it is started."""

import os
import subprocess
from pathlib import Path

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
]
BASE = Path(__file__).resolve().parents[2]


def executable() -> str:
    """The browser that TNW_CHROMIUM names, or that the machine has."""
    if named := os.environ.get("TNW_CHROMIUM"):
        return named
    found = subprocess.run([BASE / "scripts/chromium.sh"], capture_output=True, text=True, check=True)
    return found.stdout.strip()
