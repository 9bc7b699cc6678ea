"""Which browser is driven, and how it is started."""

import os
import re
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
# The first page, whatever the server: "**/" would be any address that ends so, such as that of the sign-in.
HOME = re.compile(r"^https?://[^/]+/$")
BASE = Path(__file__).resolve().parents[2]


def executable() -> str:
    """The browser that TNW_CHROMIUM names, or that the machine has."""
    if named := os.environ.get("TNW_CHROMIUM"):
        return named
    found = subprocess.run([BASE / "scripts/chromium.sh"], capture_output=True, text=True, check=True)
    return found.stdout.strip()
