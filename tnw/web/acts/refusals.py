"""Where a refusal of a service belongs on the page, and what more can be said of it."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.translation import gettext as _

from dossiers.law.facts import corrected, in_order
from dossiers.machines import fold
from dossiers.models import Dossier
from dossiers.reading import entries_of, facts_of
from routing.models import RouteA, RouteAState
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.core.errors import DomainError, NotAllowed
from tnw.web.acts.act import Occasion
from tnw.web.acts.fields import ActForm
from trajects.reading import planned


def tell(form: ActForm, occasion: Occasion, error: DomainError) -> None:
    """Put the sentence of a refusal at its field; the act is allowed today, so that a refusal is about its day."""
    field = form.elsewhere.get(error.field or "", error.field)
    if field is None and isinstance(error, NotAllowed):
        field = "on"
    sentence = str(error)
    if error.code == "out_of_order" and (on := form.cleaned_data.get("on")):
        sentence = f"{sentence} {stood(occasion.dossier, occasion.actor, on)}".strip()
    if error.code == "planned_already" and (there := _planned(occasion, form)):
        field, sentence = (
            None,
            format_html('{} <a href="{}">{}</a>', sentence, there, _("Move that appointment")),
        )
    form.add_error(field if field in form.fields else None, sentence)


def _planned(occasion: Occasion, form: ActForm) -> str:
    """Where the appointment is moved that is planned already."""
    ahead = [
        one for one in planned(occasion.dossier, form.cleaned_data.get("purpose", "")) if one.at > clock.now()
    ]
    url = reverse("act", args=[occasion.dossier.public_id, "move"])
    return f"{url}?{urlencode({'subject': ahead[0].subject})}" if ahead else ""


def stood(dossier: Dossier, actor: Actor, on: date) -> str:
    """At which step the route stood at the end of a day, in a sentence."""
    facts = in_order(corrected(facts_of(entries_of(actor, dossier))))
    made = fold(RouteA, [fact for fact in facts if fact.on <= on]).made
    if not made or not isinstance(route := made[0], RouteA):
        return ""
    day, state = formats.date_format(on, "d/m/Y"), RouteAState(route.state).label
    return _("On %(day)s the route stood at: %(state)s.") % {"day": day, "state": state}
