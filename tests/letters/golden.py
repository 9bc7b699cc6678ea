"""What each letter says, as text: `python -m tests.letters.golden` writes it anew, then look at what changed.

With TNW_LETTERS=FOLDER the PDFs of all letters are left there as well, to be looked at.
"""

import os
import re
import sys
from pathlib import Path

import pypdfium2

FOLDER = Path(__file__).parent / "golden"
REWRITE = "TNW_GOLDEN"
# What differs each time: references of other documents, hashes.
CHANCE = (
    (re.compile(r"\b(?!0A1B2-C3D4E)[0-9A-F]{5}-[0-9A-F]{5}\b"), "REFERENCE"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "SHA-256"),
)


def text_of(content: bytes) -> str:
    """What a PDF says, page by page."""
    document = pypdfium2.PdfDocument(content)
    try:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    texts = ("\n".join(line.rstrip() for line in page.splitlines()) for page in pages)
    return "\n\f\n".join(texts) + "\n"


def plain(content: bytes) -> str:
    """The same, without what is another each time."""
    text = text_of(content)
    for pattern, word in CHANCE:
        text = pattern.sub(word, text)
    return text


def compare(slug: str, language: str, content: bytes) -> None:
    """Whether a letter says what it said before; where they are written anew, that it says this from now on."""
    path = FOLDER / f"{slug}.{language}.txt"
    said = plain(content)
    if kept := os.environ.get("TNW_LETTERS"):
        Path(kept).mkdir(parents=True, exist_ok=True)
        Path(kept, f"{slug}.{language}.pdf").write_bytes(content)
    if os.environ.get(REWRITE):
        path.write_text(said, encoding="utf-8")
    assert path.exists(), f"{path.name} is not there: python -m tests.letters.golden"
    assert said == path.read_text(encoding="utf-8")


if __name__ == "__main__":
    import pytest

    os.environ[REWRITE] = "1"
    chosen = ["-k", sys.argv[1]] if len(sys.argv) > 1 else []
    sys.exit(pytest.main(["-q", "-p", "no:randomly", "tests/letters/test_kinds.py", *chosen]))
