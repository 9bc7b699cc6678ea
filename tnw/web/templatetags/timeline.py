"""What the picture of a timeline draws: the shape of a flag or mark, and the icon of a state inside it."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tnw.web.templatetags.tnw import ICONS
from tnw.web.timeline.drawing import Drawing, Sign
from tnw.web.timeline.items import PLANNED

register = template.Library()


@register.simple_tag
def symbols(drawing: Drawing) -> SafeString:
    """The icons of the states in it, each once, also of those that share a flag here and not in a part of it."""
    flags = (sign for sign in drawing.signs if sign.shape == "flag")
    tones = sorted({item.tone for sign in flags for item in sign.items})
    return format_html_join(
        "",
        '<symbol id="is-{}" viewBox="0 0 16 16" fill="currentColor">{}</symbol>',
        ((tone, mark_safe(ICONS[tone])) for tone in tones),  # noqa: S308  # drawings of our own
    )


@register.simple_tag
def shape(sign: Sign) -> SafeString:
    """A flag of the law is straight, one of the fund's own has a notch; a milestone is a diamond, a fact a disc."""
    x, y, wide, high = sign.x, sign.y, sign.wide, sign.high
    if sign.shape == "band":
        return format_html('<rect x="{}" y="{}" width="{}" height="{}" rx="2"/>', x, y, wide, high)
    if sign.shape == "flag":
        notch = f"l-5 {high // 2} 5 {high // 2}" if not sign.by_law else f"v{high}"
        return format_html('<path d="M{} {}h{}{}h-{}z"/>', x, y, wide, notch, wide)
    middle, height = x + wide // 2, y + high // 2
    if sign.several:
        return format_html('<rect x="{}" y="{}" width="{}" height="{}" rx="10"/>', x, y + 2, wide, high - 4)
    if sign.tone == "milestone":
        return format_html('<path d="M{} {}l8 8-8 8-8-8z"/>', middle, height - 8)
    return format_html('<circle cx="{}" cy="{}" r="6"/>', middle, height)


@register.filter
def named(sign: Sign) -> str:
    """How many of what are in one mark, and which."""
    if sign.shape == "flag":
        told = ngettext("%(n)s deadline", "%(n)s deadlines", sign.several)
    elif sign.items[0].sort == PLANNED:
        told = ngettext("%(n)s appointment", "%(n)s appointments", sign.several)
    else:
        told = ngettext("%(n)s fact", "%(n)s facts", sign.several)
    told %= {"n": sign.several}
    return told + _(":") + " " + ", ".join(item.title for item in sign.items)


@register.filter
def keys(sign: Sign) -> str:
    """By which the list knows what a mark stands for."""
    return " ".join(item.key for item in sign.items)


@register.filter
def tones(drawing: Drawing) -> list[str]:
    """The states that the legend explains."""
    found = {item.tone for sign in drawing.signs if sign.shape == "flag" for item in sign.items}
    return [tone for tone in ICONS if tone in found]


@register.filter
def mark_tones(drawing: Drawing) -> set[str]:
    """The kinds of marks that the legend explains."""
    return {item.tone for sign in drawing.signs if sign.shape == "mark" for item in sign.items}
