"""What every page needs: the places this user may go, and the languages to read them in."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers.documents.policies import may_send
from routing.policies.figures import may_read_figures
from routing.policies.route_a import may_open_assessments
from routing.questionnaires.policies import may_post
from tnw.accounts import policies
from tnw.accounts.models import Role
from tnw.core.policies import YES
from tnw.web.decisions import may_decide
from trajects.policies.signing import may_sign_any

# Each language is named in itself, whatever the language of the page.
OWN_LANGUAGE_NAMES = [("nl", "Nederlands"), ("fr", "Français"), ("de", "Deutsch"), ("en", "English")]


# Whoever has dossiers to look after, whatever is due in them.
WATCH = (Role.COORDINATOR, Role.TEAM_LEAD)


class Place(NamedTuple):
    """A page in the navigation."""

    name: str | Promise
    url: str
    current: bool


PLACES = [
    ("home", _("Home"), lambda actor: YES),
    ("agenda", _("Agenda"), policies.may_see_dossiers),
    ("assessments", _("Assessments"), may_open_assessments),
    ("decisions", _("Decisions"), may_decide),
    ("signatures", _("Signatures"), may_sign_any),
    ("silent", _("Silent dossiers"), lambda actor: policies.in_role(actor, *WATCH)),
    ("presumptions", _("Presumptions that end"), lambda actor: policies.in_role(actor, *WATCH)),
    ("search", _("Search"), policies.may_see_dossiers),
    ("team", _("Team"), policies.may_assign),
    ("figures", _("Figures"), may_read_figures),
    ("questionnaires_to_post", _("Questionnaires to post"), may_post),
    ("letters", _("Letters to post"), may_send),
    ("unassigned", _("Unassigned dossiers"), policies.may_assign),
    ("imports", _("Imports"), policies.may_import),
    ("admin:index", _("Users and reference data"), policies.may_import),
    ("components", _("Components"), policies.may_import),
    ("access_log", _("Access log"), policies.may_read_access_log),
    ("rules", _("Deadlines by law"), lambda actor: YES),
    ("help", _("Help"), lambda actor: YES),
]


# Where each role goes every day, in the order of the day. On a phone the first three stand under the thumb.
DAILY = {
    Role.COORDINATOR: ("home", "agenda", "signatures", "letters"),
    Role.ADVISORY_DOCTOR: ("home", "assessments", "decisions", "signatures"),
    Role.MEDICAL_TEAM: ("home", "assessments", "questionnaires_to_post"),
    Role.TEAM_LEAD: ("home", "team", "unassigned", "decisions", "figures"),
    Role.ADMINISTRATOR: ("home", "imports", "admin:index"),
    Role.PRIVACY_OFFICER: ("home", "access_log"),
}
MOST_DAILY = 6

# What is not for every day stands under "More"; a place that is not named here under the last heading.
GROUPS = [
    (_("Dossiers"), ("search", "agenda", "silent", "presumptions", "unassigned", "team")),
    (_("To judge and to sign"), ("assessments", "decisions", "signatures")),
    (_("Post"), ("questionnaires_to_post", "letters")),
    (_("Management"), ("imports", "admin:index", "access_log", "components")),
    (_("To look up"), ()),
]


class Group(NamedTuple):
    """Places under one heading of "More"."""

    name: str | Promise
    places: list[Place]


def _daily(roles: Iterable[str], allowed: Mapping[str, Place]) -> list[str]:
    wanted = [route for role in DAILY if role in roles for route in DAILY[role]]
    return [route for route in dict.fromkeys(wanted) if route in allowed][:MOST_DAILY]


def _groups(routes: Iterable[str], allowed: Mapping[str, Place]) -> list[Group]:
    named = {route: name for name, members in GROUPS for route in members}
    last = GROUPS[-1][0]
    groups = [
        Group(name, [allowed[route] for route in routes if named.get(route, last) is name])
        for name, _members in GROUPS
    ]
    return [group for group in groups if group.places]


def navigation(request: HttpRequest) -> dict[str, object]:
    """The places of this user's roles; nothing for who did not sign in."""
    context: dict[str, object] = {"own_language_names": OWN_LANGUAGE_NAMES}
    actor = getattr(request, "actor", None)
    if actor is None:
        return context
    allowed = {
        route: Place(
            name, url := reverse(route), request.path == url or (url != "/" and request.path.startswith(url))
        )
        for route, name, policy in PLACES
        if policy(actor)
    }
    daily = _daily(actor.user.roles, allowed)
    more = _groups([route for route in allowed if route not in daily], allowed)
    return {
        **context,
        "places": [allowed[route] for route in daily],
        "more_places": more,
        "elsewhere": any(place.current for group in more for place in group.places),
        "may_search": bool(policies.may_see_dossiers(actor)),
        "user_roles": [Role(role).label for role in actor.user.roles],
    }
