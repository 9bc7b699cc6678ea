"""What every page needs: the places this user may go, and the languages to read them in."""

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from routing.policies import may_open_assessments
from routing.questionnaires.policies import may_post
from tnw.accounts import policies
from tnw.accounts.models import Role
from tnw.core.policies import YES

# Each language is named in itself, whatever the language of the page.
OWN_LANGUAGE_NAMES = [("nl", "Nederlands"), ("fr", "Français"), ("de", "Deutsch"), ("en", "English")]


class Place(NamedTuple):
    """A page in the navigation."""

    name: str | Promise
    url: str
    current: bool


PLACES = [
    ("home", _("Home"), lambda actor: YES),
    ("assessments", _("Assessments"), may_open_assessments),
    ("search", _("Search"), policies.may_see_dossiers),
    ("team", _("Team"), policies.may_assign),
    ("questionnaires_to_post", _("Questionnaires to post"), may_post),
    ("unassigned", _("Unassigned dossiers"), policies.may_assign),
    ("imports", _("Imports"), policies.may_import),
    ("admin:index", _("Users and reference data"), policies.may_import),
    ("access_log", _("Access log"), policies.may_read_access_log),
    ("rules", _("Deadlines by law"), lambda actor: YES),
]


def navigation(request: HttpRequest) -> dict[str, object]:
    """The places of this user's roles; nothing for who did not sign in."""
    context: dict[str, object] = {"own_language_names": OWN_LANGUAGE_NAMES}
    actor = getattr(request, "actor", None)
    if actor is None:
        return context
    places = [
        Place(
            name, url := reverse(route), request.path == url or (url != "/" and request.path.startswith(url))
        )
        for route, name, policy in PLACES
        if policy(actor)
    ]
    return {
        **context,
        "places": places,
        "may_search": bool(policies.may_see_dossiers(actor)),
        "user_roles": [Role(role).label for role in actor.user.roles],
    }
