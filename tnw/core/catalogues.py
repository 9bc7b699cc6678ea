"""The catalogues of translations, made with Babel alone: a bare machine has no gettext tools."""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGES = ("tnw", "dossiers", "trajects", "routing")
TEMPLATES = "templates"
LANGUAGES = ("nl", "fr", "de")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# A date that stands still: a new extraction changes what changed, and no header.
_MADE = datetime(2026, 1, 1, tzinfo=UTC)
# French sets a space that does not break before these marks and inside its quotes; not in a time, nor in an address.
_BARE = re.compile("(?<![\u00a0\u202f:;?!])(?:[:;?!](?!\\d|//)|»)|«(?![\u00a0\u202f])")
_PLACE = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{\w*\}")


def po_path(language: str) -> Path:
    """The catalogue of a language, as people edit it."""
    return Path(settings.BASE_DIR, "locale", language, "LC_MESSAGES", "django.po")


def mo_path(language: str) -> Path:
    """The same, compiled."""
    return po_path(language).with_suffix(".mo")


def extracted() -> Catalog:
    """Every string in code and templates that asks to be translated."""
    base = Path(settings.BASE_DIR)
    catalog = Catalog(project="TNW", creation_date=_MADE, charset="utf-8")
    for path in _sources(base):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Without indents: to the extractor a template is lines of Python.
            text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).split("\n"))
        found = extract("python", io.BytesIO(text.encode()), KEYWORDS)
        for _line, message, _comments, context in found:
            ids = message if isinstance(message, str) else tuple(message)
            if ids:
                catalog.add(ids, locations=[(path.relative_to(base).as_posix(), 0)], context=context)
    return catalog


def _sources(base: Path) -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted(path for path in (base / package).rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(path for path in (base / TEMPLATES).rglob("*") if path.suffix in (".html", ".txt"))


def read(language: str) -> Catalog:
    """The catalogue of a language; an empty one where it is not there yet."""
    path = po_path(language)
    if not path.exists():
        return Catalog(
            locale=language,
            project="TNW",
            header_comment="# The words of TNW. Extract and compile with: manage.py messages",
            last_translator="",
            language_team="",
            msgid_bugs_address="",
            creation_date=_MADE,
            revision_date=_MADE,
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def update(language: str, template: Catalog) -> None:
    """Bring a catalogue up to date with the sources and compile it; what is no longer used goes."""
    catalog = read(language)
    catalog.update(template, no_fuzzy_matching=True)
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False)
    mo_path(language).write_bytes(compiled(read(language)))


def compiled(catalog: Catalog) -> bytes:
    """The bytes that Django reads."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def faults(language: str, template: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue, one sentence each: missing, fuzzy, stale, badly set, uncompiled."""
    catalog = read(language)
    known = {(message.id, message.context): message for message in catalog if message.id}
    for wanted in template:
        if not wanted.id:
            continue
        message = known.pop((wanted.id, wanted.context), None)
        if message is None or not _complete(message):
            yield f"{language}: not translated: {_first(wanted)!r}"
        elif message.fuzzy:
            yield f"{language}: fuzzy: {_first(wanted)!r}"
        elif not _same_places(message):
            yield f"{language}: other placeholders: {_first(wanted)!r}"
        elif language == "fr" and any(_BARE.search(text) for text in _texts(message)):
            yield f"{language}: no space that does not break before : ; ? ! »: {_first(wanted)!r}"
    for message in known.values():
        yield f"{language}: no longer used: {_first(message)!r}"
    path = mo_path(language)
    if not path.exists() or path.read_bytes() != compiled(catalog):
        yield f"{language}: not compiled"


def _complete(message: Message) -> bool:
    return all(_texts(message))


def _texts(message: Message) -> Sequence[str]:
    return message.string if isinstance(message.string, tuple | list) else (message.string or "",)


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _same_places(message: Message) -> bool:
    if isinstance(message.id, str):
        return _places(message.id) == _places(str(message.string))
    singular, plural = message.id
    first, *others = list(message.string or [""])
    one = _places(first) in (_places(singular), _places(plural))
    return one and all(_places(text) == _places(plural) for text in others)


def _places(text: str) -> list[str]:
    return sorted(_PLACE.findall(text))
