"""How wide a text is in the type of the screens, so that the server can lay out a drawing.

Advance widths of Source Sans 3 in hundredths of the size, as Chromium measured them; no kerning.
"""

REGULAR, BOLD = 400, 600
SIZE = 13
# What is not in the table is taken as wide.
WIDE = 95
# Where the font is not loaded another stands in for it, and a drawing is scaled.
MARGIN = 1.04

_GROUPS: dict[int, dict[int, str]] = {
    REGULAR: {
        20: " \xa0", 25: "|',.:;ijlíîï’‘·", 28: "IÎ!f", 31: "()[]{}-", 34: "°t/\\r", 42: "*?sz",
        44: "“”«»", 46: "xcç", 48: "vyÿJY–", 50: "FLk0123456789#$+<=>^_aeg~àâäáãèéêë€", 53: "VXESÉÈÊ",
        55: "ATZ`houóôöòùûüúÀÂÄbdnpqñ", 59: "CPRÇKßB", 62: "&DG→←", 66: "UÜHNOQÔÖ", 73: "wM", 79: "æW—",
        84: "%mœ@",
    },
    BOLD: {
        20: " \xa0", 28: "|ijíîï',.:;l’‘·IÎ", 32: "!()-[]f{}", 36: "/\\°tr", 44: "s*?z«»", 48: "cçx“”–Jvy",
        52: "LYÿ_0123456789#$+<=>F^e~èéêë€agkàâäáã", 56: "ESVXZÉÈÊT`oóôöòAbdhnpquñùûüúÀÂÄ",
        60: "CPÇRBKß", 66: "D→←G&UÜHN", 67: "OQÔÖ", 75: "Mw", 80: "æW—", 87: "œ%m@", 96: "…",
    },
}  # fmt: skip
_WIDTHS = {
    weight: {char: width for width, chars in groups.items() for char in chars}
    for weight, groups in _GROUPS.items()
}


def width(text: str, weight: int = REGULAR, size: int = SIZE) -> float:
    """At most so wide is a text, in the units of the drawing."""
    of = _WIDTHS[weight]
    return sum(of.get(char, WIDE) for char in text) * size / 100 * MARGIN


def shortened(text: str, room: float, weight: int = REGULAR, size: int = SIZE) -> str:
    """The text, or as much of its beginning as fits with an ellipsis; empty where next to nothing does."""
    if width(text, weight, size) <= room:
        return text
    room -= width("…", weight, size)
    of, taken, used = _WIDTHS[weight], 0, 0.0
    for char in text:
        used += of.get(char, WIDE) * size / 100 * MARGIN
        if used > room:
            break
        taken += 1
    return text[:taken].rstrip(" ,:;") + "…" if taken >= FEWEST else ""


# A text of fewer letters than this and an ellipsis says nothing.
FEWEST = 12
