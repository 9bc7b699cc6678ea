"""What templates show of the help: the first day, and where a rule is explained."""

from typing import Any

from django import template
from django.template import Context

from dossiers.law.row import Row
from tnw.web.help import first_day, rules

register = template.Library()


@register.inclusion_tag("help/first_day.html", takes_context=True, name="first_day")
def show_first_day(context: Context) -> dict[str, Any]:
    """The panel on the home page, for whoever has not hidden it; slim on a phone where work waits below it.

    Asks nothing of the database.
    """
    request = context["request"]
    shown = not first_day.hidden(request.user)
    return {
        "days": first_day.days(request.user.roles) if shown else [],
        "slim": bool(context.get("scope")),
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def explained_at(row: Row) -> str:
    """The address at which the rule of a deadline is explained in plain words."""
    return rules.address(row)
