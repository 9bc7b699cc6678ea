"""The style sheets: colours that can be read, classes that exist, nothing from elsewhere."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STYLES = Path(settings.BASE_DIR, "static/css")
TEMPLATES = Path(settings.BASE_DIR, "templates")
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", (STYLES / "tokens.css").read_text()))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
TONES = ("overdue", "soon", "open", "paused", "met", "fallen", "missed")
GROUNDS = ("sheet", "paper", "hover", "overdue-veil")
READ = [
    *((ink, ground) for ink in ("ink", "ink-soft", "petrol", "petrol-deep") for ground in GROUNDS),
    *((tone, ground) for tone in TONES for ground in (*GROUNDS, f"{tone}-wash")),
    *(("ink", f"{tone}-wash") for tone in TONES),
    *(("sheet", ground) for ground in ("petrol", "petrol-deep", "overdue")),
    *(
        (ink, ground)
        for ground in ("petrol-wash", "petrol-pale")
        for ink in ("petrol", "petrol-deep", "ink-soft")
    ),
    *((ink, "saffron") for ink in ("petrol-deep", "ink")),
]
SEEN = [(edge, ground) for edge in ("edge", "edge-quiet", "petrol") for ground in ("sheet", "paper")]
SEEN += [
    (mark, ground)
    for mark, ground in (("petrol-mist", "petrol"), ("saffron", "petrol"), ("saffron", "petrol-deep"))
]


def luminance(name: str) -> float:
    digits = TOKENS[name].removeprefix("#")
    full = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(full[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_what_is_read_can_be_read() -> None:
    """4.5 to 1 for text, 3 to 1 for the edges of what one presses (WCAG 1.4.3, 1.4.11)."""
    assert {pair: round(contrast(*pair), 2) for pair in READ if contrast(*pair) < 4.5} == {}
    assert {pair: round(contrast(*pair), 2) for pair in SEEN if contrast(*pair) < 3} == {}


@pytest.mark.parametrize("path", sorted(STYLES.glob("*.css")), ids=lambda path: path.stem)
def test_a_sheet_names_no_colour_of_its_own(path: Path) -> None:
    """Colours stand in the tokens, with a meaning; what is used there is there."""
    text = COMMENT.sub("", path.read_text())
    assert set(re.findall(r"var\(--([\w-]+)", text)) <= known(), path.name
    if path.stem == "tokens":
        return
    found = re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*[;}])|\b(?:rgb|hsl)a?\([^)]*\)", text)
    assert [colour for colour in found if colour not in ALLOWED] == [], path.name
    assert "http" not in text


def test_every_class_of_a_page_is_somewhere() -> None:
    """A class without a rule is a word mistyped, or one of a framework that is not here."""
    styles = "".join(COMMENT.sub("", path.read_text()) for path in STYLES.parent.glob("**/*.css"))
    rules = set(re.findall(r"\.([a-zA-Z][\w-]*)", styles))
    scripts = "".join(path.read_text() for path in STYLES.parent.glob("*.js"))
    lost: dict[str, set[str]] = {}
    for path in TEMPLATES.glob("**/*.html"):
        text = re.sub(r"{%.*?%}|{{.*?}}", "§", path.read_text(), flags=re.DOTALL)
        for name in " ".join(re.findall(r'class="([^"]*)"', text)).split():
            if "§" not in name and not name.endswith("-") and name not in rules and f".{name}" not in scripts:
                lost.setdefault(name, set()).add(str(path.relative_to(TEMPLATES)))
    assert {name: where for name, where in lost.items() if name not in HOOKS} == {}


# Names by which tests and scripts find a place.
HOOKS = {"changes-ahead", "files", "letters", "receipt", "shade", "wide-day"}

# White and black as they are; a shadow.
ALLOWED = ("#fff", "#000", "rgb(0 0 0 / 18%)", "rgb(0 0 0 / 40%)")


def known() -> set[str]:
    every = "".join(COMMENT.sub("", path.read_text()) for path in STYLES.glob("*.css"))
    return set(re.findall(r"--([\w-]+):", every))
