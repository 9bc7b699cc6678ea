"""What is kept of a drawing is written anew: a picture that can be set in the sealed document, whatever came in."""

import base64
import io
import struct
import zlib

import pytest
from PIL import Image, ImageDraw

from dossiers.scans import Upload
from tnw.web.signature_forms import PREFIX, DrawnForm


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _png(mode: str, background: int | tuple[int, ...], ink: int | tuple[int, ...]) -> bytes:
    image, out = Image.new(mode, (300, 100), background), io.BytesIO()
    ImageDraw.Draw(image).line((10, 80, 150, 20, 290, 70), fill=ink, width=5)
    image.save(out, "PNG")
    return out.getvalue()


def _kept(content: bytes) -> Image.Image | None:
    """What the form keeps; nothing where it refuses it."""
    drawn = PREFIX + base64.b64encode(content).decode()
    form = DrawnForm({"evidence": drawn, "statement": "Identity card seen."})
    if not form.is_valid():
        return None
    upload = form.cleaned_data["evidence"]
    assert isinstance(upload, Upload)
    assert upload.content != content
    return Image.open(io.BytesIO(upload.content), formats=["PNG"])


PLAIN = _png("RGB", (255, 255, 255), (11, 37, 48))
ODD = {
    "grey of sixteen bits": _png("I;16", 65535, 0),
    "on nothing": _png("RGBA", (0, 0, 0, 0), (11, 37, 48, 255)),
    "with a broken colour profile": PLAIN[:33] + _chunk(b"iCCP", b"x\0\0no profile") + PLAIN[33:],
    "with something behind it": PLAIN + b"<script>",
}


@pytest.mark.parametrize("odd", ODD)
def test_a_drawing_is_kept_plain(odd: str) -> None:
    kept = _kept(ODD[odd])
    assert kept is not None
    assert (kept.mode, kept.size, kept.info) == ("RGB", (300, 100), {})
    assert kept.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("nothing", [_png("RGBA", (0, 0, 0, 0), (0, 0, 0, 0)), PLAIN[:100], b""])
def test_nothing_drawn_is_no_signature(nothing: bytes) -> None:
    assert _kept(nothing) is None
