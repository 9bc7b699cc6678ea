"""The declaration: to be signed, and signed by all three, the insured on the screen."""

import struct
import zlib

from dossiers.scans import Upload
from tests.letters.scenes.signing import drawn_up
from tests.letters.stage import Play, Scene, Stage
from tests.reintegration.stage import DAY, MARCH
from tests.route_a.stage import COORDINATOR, DOCTOR
from trajects.services import signing


def drawing(width: int = 120, height: int = 40) -> bytes:
    """A stroke from corner to corner, black on nothing, as the screen gives it (PNG)."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (
        b"\0" + b"".join(b"\0\0\0" + (b"\xff" if abs(x - 3 * y) < 4 else b"\0") for x in range(width))
        for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"".join(rows))), chunk(b"IEND", b"")]
    )


DRAWN = Upload("drawn.png", drawing())


def to_sign(stage: Stage) -> Scene:
    return Scene(drawn_up(stage))


def signed(stage: Stage) -> Scene:
    subject = drawn_up(stage)
    stage.sign(subject, DOCTOR)
    stage.on(MARCH + DAY)
    on_screen = stage.on_paper(subject, method="on_screen", evidence=DRAWN)
    stage.act(signing.record_signature, COORDINATOR, **on_screen)
    stage.sign(subject, COORDINATOR)
    return Scene(subject)


SCENES: dict[str, Play] = {"declaration": to_sign, "declaration_signed": signed}
