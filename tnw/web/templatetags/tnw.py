"""What the templates say again and again: an icon, a state, a masked number."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dossiers.documents import policies
from dossiers.identifiers import dotted_ssin, mask_ssin
from dossiers.models import (
    Channel,
    Deadline,
    Dispatch,
    DispatchState,
    Document,
    Dossier,
    ImportRun,
    Incapacity,
)
from dossiers.models.imports import ImportState
from tnw.core import clock
from tnw.web import letters, words

register = template.Library()

# Drawn on 16 × 16, in the colour of the text around them.
ICONS = {
    "overdue": '<path fill-rule="evenodd" d="M8 1l7.5 14H.5zM7.1 5.8v5h1.8v-5zm0 6.2v1.8h1.8v-1.8z"/>',
    "today": '<g fill="none" stroke="currentColor" stroke-width="1.8"><circle cx="8" cy="8" r="6.6"/>'
    '<path d="M8 4v4.3l3 1.8"/></g>',
    "week": '<path d="M1.5 3h13v11.5h-13z" fill="none" stroke="currentColor" stroke-width="1.6"/>'
    '<path d="M1.5 6.5h13M5 1v3M11 1v3" stroke="currentColor" stroke-width="1.6"/>',
    "open": '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/>',
    "not_open": '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-dasharray="2.5 2.2"/>',
    "paused": '<path d="M3.5 2h3v12h-3zM9.5 2h3v12h-3z"/>',
    "met": '<path d="m2 8.5 4 4 8-9" fill="none" stroke="currentColor" stroke-width="2.4"/>',
    "met_late": '<path d="m1 9.5 3 3 5-6" fill="none" stroke="currentColor" stroke-width="2.2"/>'
    '<path d="M12.5 3v5M12.5 9.8v2" stroke="currentColor" stroke-width="2.2"/>',
    "fallen_away": '<path d="M2 8h12" stroke="currentColor" stroke-width="2.4"/>',
    "missed": '<path d="m3 3 10 10M13 3 3 13" stroke="currentColor" stroke-width="2.4"/>',
    "search": '<circle cx="6.5" cy="6.5" r="4.5" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="m10 10 4.5 4.5" stroke="currentColor" stroke-width="2"/>',
}
ICONS |= {"soon": ICONS["today"], "later": ICONS["open"]}


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon that says nothing of its own: the word stands beside it."""
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(ICONS[name]),  # noqa: S308  # the drawings above
    )


@register.simple_tag
def state(code: str) -> SafeString:
    """The state of a deadline: colour, shape and word."""
    return format_html(
        '<span class="state is-{}">{}<span>{}</span></span>', code, icon(code), words.STATES[code]
    )


@register.simple_tag
def state_word(code: str) -> Any:
    """The state in a word."""
    return words.STATES[code]


@register.simple_tag
def bucket_means(code: str) -> Any:
    """What is counted under one of the four numbers."""
    return words.BUCKETS[code]


@register.filter
def asks(deadline: Deadline) -> str:
    """What a deadline asks to be done."""
    return words.rule_title(deadline.rule, deadline.occurrence)


@register.simple_tag
def day(value: date | None) -> SafeString | str:
    """A date as people write it, and as machines read it."""
    if value is None:
        return ""
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), formats.date_format(value, "d/m/Y")
    )


@register.filter
def near(value: datetime) -> str:
    """A moment on a list, where most are of these weeks: with its year where that is another."""
    local = timezone.localtime(value, clock.BRUSSELS)
    return formats.date_format(local, "d/m H:i" if local.year == clock.today().year else "d/m/Y H:i")


@register.filter
def masked(ssin: str) -> str:
    """The SSIN as screens show it until somebody asks."""
    return mask_ssin(ssin)


@register.filter
def dotted(ssin: str) -> str:
    """The whole SSIN, with the points and dashes of the identity card."""
    return dotted_ssin(ssin)


@register.filter
def through(code: str) -> Any:
    """Through what a dossier was opened."""
    return words.THROUGH.get(code, code)


@register.simple_tag
def incapacity_state(incapacity: Incapacity, today: date) -> SafeString:
    """Running, ended or excluded, in a word with a shape."""
    code = "excluded" if incapacity.excluded else "ended" if incapacity.ended(today) else "running"
    tone, text = words.INCAPACITY[code]
    return format_html('<span class="state is-{}">{}<span>{}</span></span>', tone, icon(tone), text)


@register.simple_tag
def import_state(run: ImportRun) -> SafeString:
    """How far an import is."""
    tone = {ImportState.DONE: "met", ImportState.REFUSED: "missed"}.get(ImportState(run.state), "open")
    return format_html(
        '<span class="state is-{}">{}<span>{}</span></span>', tone, icon(tone), ImportState(run.state).label
    )


WAYS = {
    DispatchState.WAITING: "open",
    DispatchState.SENT: "met",
    DispatchState.RETURNED: "missed",
    DispatchState.WITHDRAWN: "fallen_away",
    DispatchState.REFUSED: "missed",
}


@register.simple_tag
def way_state(way: Dispatch) -> SafeString:
    """How a letter on its way stands: waiting, sent, come back."""
    tone = WAYS[DispatchState(way.state)]
    return format_html(
        '<span class="state is-{}">{}<span>{}</span></span>', tone, icon(tone), way.get_state_display()
    )


@register.filter
def letter_kind(slug: str) -> Any:
    """A kind of letter as people call it."""
    return letters.kind_name(slug)


@register.simple_tag
def counts(dossier: Dossier, document: Document) -> SafeString:
    """Whether a document that can lose its force still has it; nothing for other letters."""
    verdict = policies.counts(dossier, document)
    if verdict is None:
        return SafeString("")
    tone, word = ("met", _("Counts")) if verdict else ("fallen_away", _("Does not count any more"))
    return format_html('<span class="state is-{}">{}<span>{}</span></span>', tone, icon(tone), word)


@register.filter
def channel_name(code: str) -> Any:
    """How a letter goes."""
    return Channel(code).label


@register.filter
def party(code: str) -> Any:
    """To whom something goes, as people call it."""
    return letters.party_name(code)
