"""Every address × every role × own fund, other fund and nobody signed in: one table."""

from collections.abc import Callable, Iterable

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from tests.web.conftest import ROLES, Place
from tnw import api
from tnw.accounts.models import Role
from tnw.urls import urlpatterns

CASE = {Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD}
ALL = set(Role)
LEAD = {Role.TEAM_LEAD}
MEDICAL = {Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM}
WRITERS = {Role.COORDINATOR, Role.ADVISORY_DOCTOR}
ADMIN = {Role.ADMINISTRATOR}
PRIVACY = {Role.PRIVACY_OFFICER}

# name: method, who may; what the address names of a fund's is filled in below.
PAGES: dict[str, tuple[str, set[Role]]] = {
    "home": ("get", ALL),
    "worklist_export": ("get", CASE),
    "worklist_views": ("post", CASE),
    "agenda": ("get", CASE),
    "calendar_feed": ("get", CASE),
    "silent": ("get", CASE),
    "presumptions": ("get", CASE),
    "reassign": ("get", {Role.COORDINATOR, Role.TEAM_LEAD}),
    "team": ("get", LEAD),
    "deputies": ("get", CASE),
    "search": ("get", CASE),
    "dossier": ("get", CASE),
    "dossier_history": ("get", CASE),
    "dossier_step": ("get", CASE),
    "dossier_contacts": ("get", CASE),
    "dossier_traject": ("get", CASE),
    "dossier_plan": ("get", CASE),
    "dossier_plan_save": ("post", CASE),
    "dossier_plan_versions": ("get", CASE),
    "act": ("get", {Role.COORDINATOR}),
    "dossier_career": ("get", CASE),
    "dossier_career_add": ("get", {Role.COORDINATOR}),
    "dossier_career_item": ("get", {Role.COORDINATOR}),
    "dossier_health": ("get", CASE - LEAD),
    "dossier_health_add": ("get", MEDICAL),
    "dossier_health_note": ("get", MEDICAL),
    "dossier_consents": ("get", CASE),
    "dossier_scan": ("get", CASE),
    "dossier_ssin": ("post", CASE),
    "dossier_questionnaire": ("get", CASE),
    "dossier_questionnaire_answers": ("get", {Role.COORDINATOR, Role.MEDICAL_TEAM}),
    "dossier_questionnaire_save": ("post", {Role.COORDINATOR, Role.MEDICAL_TEAM}),
    "dossier_questionnaire_career": ("post", {Role.COORDINATOR, Role.MEDICAL_TEAM}),
    "dossier_letters": ("get", CASE),
    "dossier_letter": ("get", CASE),
    "dossier_letter_pdf": ("get", CASE),
    "dossier_letter_way": ("get", WRITERS),
    "letters": ("get", WRITERS),
    "letters_print": ("post", WRITERS),
    "letters_many": ("get", WRITERS),
    "batch": ("get", WRITERS),
    "letters_batch_pdf": ("get", WRITERS),
    "questionnaires_to_post": ("get", {Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM}),
    "questionnaires_print": ("post", {Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM}),
    "assessments": ("get", MEDICAL),
    "decisions": ("get", {Role.ADVISORY_DOCTOR, Role.TEAM_LEAD}),
    "signatures": ("get", {Role.COORDINATOR, Role.ADVISORY_DOCTOR}),
    "pending": ("get", MEDICAL),
    "assess": ("get", MEDICAL),
    "assess_ahead": ("get", MEDICAL),
    "assess_claim": ("post", MEDICAL),
    "assess_preview": ("post", MEDICAL),
    "unassigned": ("get", LEAD),
    "figures": ("get", CASE),
    "figure": ("get", CASE),
    "figure_list": ("get", CASE),
    "figure_file": ("get", CASE),
    "figures_funding": ("get", LEAD),
    "figures_funding_file": ("get", LEAD),
    "imports": ("get", ADMIN),
    "import_run": ("get", ADMIN),
    "import_report": ("get", ADMIN),
    "access_log": ("get", PRIVACY),
    "rules": ("get", ALL),
    "help": ("get", ALL),
    "help_words": ("get", ALL),
    "help_states": ("get", ALL),
    "help_roles": ("get", ALL),
    "help_keys": ("get", ALL),
    "first_day": ("post", ALL),
    "components": ("get", ALL),
    "profile": ("get", ALL),
    "account_change_password": ("get", ALL),
    "confirm": ("get", ALL),
    "mfa_index": ("get", ALL),
    "mfa_list_webauthn": ("get", ALL),
}
# Nothing was chosen there, or it only leads on.
LED_BACK = {"questionnaires_print", "dossier_step", "first_day"}
ADMINISTRATION = "/admin/"
PUBLIC = {
    "health": 200,
    "account_login": 200,
    "account_reset_password": 200,
    "account_reset_password_done": 200,
    "account_reset_password_from_key_done": 200,
    "account_inactive": 200,
    "verify": 200,
    "account_signup": 404,
}
# Public by their nature: a choice of language, an ending session, a link out of a mail.
ELSEWHERE = {
    "language",
    "account_logout",
    "account_reset_password_from_key",
    "account_set_password",
    "questionnaire_public",
    "document_public",
    "calendar_read",
    # The dossier decides whether there is something to write: tests/web/test_documents.py.
    "dossier_letter_write",
    # Of one declaration, and from the provider of signatures: tests/signatures.
    "dossier_declaration",
    "signing_back",
    "signing_callback",
    # Of a case that waits, and of a decision of one's own: tests/queues.
    "decide",
    "decide_ahead",
    "pending_back",
    "pending_drop",
    # They ask first who one is: tests/signatures/test_second_factor.py.
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_authenticate",
    # For API clients, which are no users: tests/api/access.
    "oauth_token",
    "oauth_revoke",
}


def address(name: str, place: Place) -> str:
    if name == "worklist_export":
        return reverse(name, args=["csv"])
    if name == "dossier_step":
        return reverse(name, args=[place.dossier.public_id, "T4"])
    if name in ("figure", "figure_list"):
        return reverse(name, args=["inflow"])
    if name in ("figure_file", "figures_funding_file"):
        return reverse(name, args=(["inflow"] if name == "figure_file" else []) + ["csv"])
    if name == "act":
        return reverse(name, args=[place.dossier.public_id, "consent"])
    if name == "dossier_career_item":
        return reverse(name, args=[place.dossier.public_id, place.career.public_id])
    if name == "dossier_health_note":
        return reverse(name, args=[place.dossier.public_id, place.note.public_id])
    if name == "dossier_scan":
        return reverse(name, args=[place.dossier.public_id, place.scan.public_id])
    if name in ("dossier_letter", "dossier_letter_pdf"):
        return reverse(name, args=[place.dossier.public_id, place.way.document.public_id])
    if name == "dossier_letter_way":
        return reverse(name, args=[place.dossier.public_id, place.way.public_id, "posted"])
    if name in ("batch", "letters_batch_pdf"):
        return reverse(name, args=[place.batch.public_id])
    if name.startswith(("dossier", "assess_")) or name == "assess":
        return reverse(name, args=[place.dossier.public_id])
    if name.startswith("import_"):
        return reverse(name, args=[place.run.public_id])
    return reverse(name)


def test_the_table_names_every_address() -> None:
    """Those of the API have a table of their own: tests/api/table.py."""
    pages = [pattern for pattern in urlpatterns if pattern not in api.urlpatterns]
    named = {pattern.name for pattern in pages if isinstance(pattern, URLPattern)}
    assert named == PAGES.keys() | PUBLIC.keys() | ELSEWHERE


def statuses(client: Client, place: Place, names: Iterable[str]) -> dict[str, int]:
    found = {}
    for name in names:
        given = {"letter": [str(place.way.public_id)]} if name == "letters_print" else None
        response = getattr(client, PAGES[name][0])(address(name, place), given)
        found[name] = response.status_code
        if response.streaming:
            response.getvalue()
    return found


@pytest.mark.parametrize("role", ROLES)
def test_each_role_in_its_own_fund_and_in_another(
    role: str, browse: Callable[[str], Client], own: Place, foreign: Place
) -> None:
    client = browse(role)
    allowed = {name: role in roles for name, (_method, roles) in PAGES.items()}
    expected = {name: 302 if name in LED_BACK else 200 for name in PAGES}
    found = statuses(client, own, PAGES)
    assert found == {name: expected[name] if may else 403 for name, may in allowed.items()}
    assert client.get(ADMINISTRATION).status_code == (200 if role in ADMIN else 302)
    of_a_fund = [
        name for name in PAGES if name.startswith(("dossier", "assess_", "import_", "batch", "letters_batch"))
    ]
    # A bulk step says what it is before it says who may see it: what is not there is nobody's.
    looked_for = {name: may or (name == "batch" and role in CASE) for name, may in allowed.items()}
    assert statuses(client, foreign, of_a_fund) == {
        name: 404 if looked_for[name] else 403 for name in of_a_fund
    }


def test_nobody_signed_in(client: Client, own: Place) -> None:
    for name, (method, _roles) in PAGES.items():
        response = getattr(client, method)(address(name, own))
        assert response.status_code == 302, name
        assert response["Location"].startswith(reverse("account_login")), name


@pytest.mark.parametrize("name", PUBLIC)
def test_public(name: str, client: Client, db: None) -> None:
    assert client.get(reverse(name)).status_code == PUBLIC[name]


@pytest.mark.parametrize(
    "path", ["account/email/", "account/confirm-email/", "account/reauthenticate/", "account/3rdparty/"]
)
def test_what_allauth_offers_more_is_not_there(path: str, client: Client, db: None) -> None:
    assert client.get(f"/{path}").status_code == 404


def test_what_is_private_travels_in_a_post_only(browse: Callable[[str], Client], own: Place) -> None:
    client = browse(Role.COORDINATOR)
    assert "Zoë" not in client.get(reverse("search"), {"text": "Van Hee"}).content.decode()
    assert client.get(address("dossier_ssin", own)).status_code == 405
    assert client.get(reverse("language")).status_code == 405
