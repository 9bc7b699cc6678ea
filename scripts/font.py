"""Cut the letter of the screens from Source Sans 3: `uvx --with brotli --from fonttools python scripts/font.py`.

A page needs a hundred and some letters of its 1,600, and the weights between 400 and 700: 24 kB instead of 170.
The licence keeps the name "Source" for the whole, so what is cut bears a name of our own.
"""

from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

STATIC = Path(__file__).resolve().parents[1] / "static" / "vendor"
WHOLE = STATIC / "source-sans" / "SourceSans3VF-Upright.ttf.woff2"
NAME = "TNW Sans"
# As in static/css/tokens.css: what our four languages write, and the rest of the Latin alphabet for names.
LETTERS = {
    "latin": [
        *range(0x20, 0x7F),
        *range(0xA0, 0x100),
        *(0x131, 0x152, 0x153, 0x160, 0x161, 0x178, 0x17D, 0x17E, 0x2C6, 0x2DC),
        *range(0x2010, 0x2016),
        *range(0x2018, 0x201F),
        *(0x2020, 0x2021, 0x2022, 0x2026, 0x202F, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044, 0x20AC),
        *(0x2122, *range(0x2190, 0x2194), 0x2212, 0x2260, 0x2264, 0x2265, 0x25CF, 0x2713),
    ],
    "latin-ext": [*range(0x100, 0x250), *range(0x300, 0x370), *range(0x1E00, 0x1F00)],
}


def cut(name: str, letters: list[int]) -> None:
    """Write the font with only these letters."""
    narrowed = BytesIO()
    font = instantiateVariableFont(TTFont(WHOLE), {"wght": (400, 400, 700)})
    font.flavor = None
    font.save(narrowed)
    font = TTFont(narrowed)
    options = Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "mark", "mkmk", "locl", "ccmp", "liga", "tnum", "calt"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16, 25):
            record.string = NAME.replace(" ", "") if record.nameID in (6, 25) else NAME
    font.flavor = "woff2"
    font.save(STATIC / "tnw-sans" / f"{name}.woff2")


if __name__ == "__main__":
    for name, letters in LETTERS.items():
        cut(name, letters)
