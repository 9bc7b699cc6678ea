"""What is asked where the insured signs: the scan of the paper, or what was drawn, and how it is known who that was."""

import base64
import binascii
import io
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from dossiers.scans import Upload
from tnw.web.acts.absence import ScanField
from tnw.web.acts.fields import text
from tnw.web.fields import day

PREFIX = "data:image/png;base64,"
LARGEST = 400_000  # characters; a drawing has some ten thousand
WIDEST = 2000
INK = 128  # darker than this somebody drew


def statement() -> forms.CharField:
    return text(
        _("How was the identity checked?"),
        required=True,
        rows=2,
        hint=_("For example: identity card seen, signed in my presence."),
    )


class PaperForm(forms.Form):
    """Signed on paper: when, the scan, and how it is known who signed."""

    on = day(_("Signed on"))
    evidence = ScanField(
        label=_("Scan of what was signed"),
        help_text=_("PDF, PNG or JPEG, 10 MB at most. Scan all pages."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={"required": _("Add the scan of what was signed.")},
    )
    statement = statement()


class DrawnForm(forms.Form):
    """Drawn on the screen with mouse or finger."""

    evidence = forms.CharField(
        label=_("Signature"),
        widget=forms.HiddenInput,
        max_length=LARGEST,
        error_messages={"required": _("There is no signature yet.")},
    )
    statement = statement()

    def clean_evidence(self) -> Upload:
        drawn: Any = self.cleaned_data["evidence"]
        try:
            if not drawn.startswith(PREFIX):
                raise ValueError
            content = base64.b64decode(drawn[len(PREFIX) :], validate=True)
            image = Image.open(io.BytesIO(content), formats=["PNG"])
            if max(image.size) > WIDEST:
                raise ValueError
            flat = _flat(image)
            darkest = flat.convert("L").getextrema()[0]
        except (ValueError, binascii.Error, UnidentifiedImageError, OSError, SyntaxError):
            raise ValidationError(_("What was drawn did not arrive whole: sign once more.")) from None
        if not isinstance(darkest, (int, float)) or darkest >= INK:
            raise ValidationError(_("There is no signature yet."))
        # Written anew: what comes into a sealed document is plain enough to be set in it.
        out = io.BytesIO()
        flat.save(out, "PNG")
        return Upload("signature.png", out.getvalue())


def _flat(image: Image.Image) -> Image.Image:
    """What was drawn, in plain colours on white."""
    drawn = image.convert("RGBA")
    flat = Image.new("RGB", image.size, "white")
    flat.paste(drawn, mask=drawn.getchannel("A"))
    return flat
