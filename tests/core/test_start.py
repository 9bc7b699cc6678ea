"""With what a server is started."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LONGEST = "8190"


@pytest.mark.parametrize("file", ["Dockerfile", "docs/operations.md", "tnw/web/demo/processes.py"])
def test_an_address_may_be_as_long_as_the_filters_of_the_api_make_it(file: str) -> None:
    """Fifty values of two filters are more than the 4094 bytes that gunicorn takes when nothing is said."""
    text = (PROJECT / file).read_text()
    assert "gunicorn" in text
    assert re.search(rf"--limit-request-line[\s\",=]+{LONGEST}\b", text)
