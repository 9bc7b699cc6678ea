"""The keys of each page, read from the very template that names them there."""

import re
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# A line of such a list: what to press, and the text that says what it does.
_LINE = re.compile(r"<dt>((?:(?!</dt>).)*<kbd>.*?)</dt>\s*<dd>\s*\{% translate \"(.*?)\" %\}", re.DOTALL)
_KEY = re.compile(r"<kbd>(.*?)</kbd>")


class Key(NamedTuple):
    """What to press, as on the keyboard, and what it does; `to` where the keys are the ends of a row of them."""

    press: tuple[str, ...]
    to: bool
    does: str


# By page, the template that shows its keys.
PAGES: tuple[tuple[str | Promise, str], ...] = (
    (_("The worklist"), "worklist/keys.html"),
    (_("Assessing"), "assessment/keys.html"),
    (_("Decisions"), "queue/keys.html"),
    (_("Agenda"), "agenda/below.html"),
)


def keys(source: str) -> list[Key]:
    """The keys that a template names, in the reader's language."""
    return [Key(press, to, gettext(does)) for press, to, does in _named(source)]


@cache
def _named(source: str) -> tuple[tuple[tuple[str, ...], bool, str], ...]:
    text = (settings.BASE_DIR / "templates" / source).read_text(encoding="utf-8")
    return tuple((tuple(_KEY.findall(press)), "–" in press, does) for press, does in _LINE.findall(text))
