"""The words of figures in templates."""

from typing import Any

from django import template

from routing.figures.table import Figure
from tnw.web import words

register = template.Library()


@register.simple_tag
def part_name(figure: Figure, part: str) -> Any:
    """What a part of a figure is called."""
    return figure.parts[part].name if part in figure.parts else part


@register.simple_tag
def fact_word(kind: str) -> Any:
    """What was recorded, by the kind of its fact."""
    return words.kind(kind)
