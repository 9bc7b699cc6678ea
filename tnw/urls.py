"""All pages."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, path, re_path

from tnw.accounts.admin import site
from tnw.accounts.views import nothing_here
from tnw.web.views import (
    access_log,
    act,
    assessments,
    assignment,
    career,
    consents,
    contacts,
    dossier,
    errors,
    health,
    health_notes,
    home,
    imports,
    letters,
    profile,
    questionnaire,
    rules,
    search,
    team,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.show, name="home"),
    path("worklist.<str:kind>", home.export, name="worklist_export"),
    path("worklist/views", home.keep, name="worklist_views"),
    path("search", search.search, name="search"),
    path("dossiers/<uuid:public_id>", dossier.show, name="dossier"),
    path("dossiers/<uuid:public_id>/contacts", contacts.show, name="dossier_contacts"),
    path("dossiers/<uuid:public_id>/do/<slug:act>", act.do, name="act"),
    path("dossiers/<uuid:public_id>/history", dossier.history, name="dossier_history"),
    path("dossiers/<uuid:public_id>/ssin", dossier.ssin, name="dossier_ssin"),
    path("dossiers/<uuid:public_id>/career", career.show, name="dossier_career"),
    path("dossiers/<uuid:public_id>/career/add", career.add, name="dossier_career_add"),
    path("dossiers/<uuid:public_id>/career/<uuid:item_id>", career.item, name="dossier_career_item"),
    path("dossiers/<uuid:public_id>/health", health_notes.show, name="dossier_health"),
    path("dossiers/<uuid:public_id>/health/add", health_notes.add, name="dossier_health_add"),
    path("dossiers/<uuid:public_id>/health/<uuid:note_id>", health_notes.note, name="dossier_health_note"),
    path("dossiers/<uuid:public_id>/consents", consents.show, name="dossier_consents"),
    path("assessments", assessments.pool, name="assessments"),
    path("dossiers/<uuid:public_id>/assess", assessments.assess, name="assess"),
    path("dossiers/<uuid:public_id>/assess/claim", assessments.renew, name="assess_claim"),
    path("dossiers/<uuid:public_id>/assess/preview", assessments.preview, name="assess_preview"),
    path("dossiers/<uuid:public_id>/questionnaire", questionnaire.show, name="dossier_questionnaire"),
    path(
        "dossiers/<uuid:public_id>/questionnaire/answers",
        questionnaire.answers,
        name="dossier_questionnaire_answers",
    ),
    path(
        "dossiers/<uuid:public_id>/questionnaire/answers/save",
        questionnaire.save,
        name="dossier_questionnaire_save",
    ),
    path(
        "dossiers/<uuid:public_id>/questionnaire/career",
        questionnaire.take_over,
        name="dossier_questionnaire_career",
    ),
    path("questionnaires", letters.to_post, name="questionnaires_to_post"),
    path("questionnaires/letters", letters.letters, name="questionnaires_print"),
    path("questionnaire/<str:number>/<str:token>", letters.public, name="questionnaire_public"),
    path("unassigned", assignment.unassigned, name="unassigned"),
    path("reassign", assignment.reassign, name="reassign"),
    path("team", team.show, name="team"),
    path("silent", team.silences, name="silent"),
    path("deputies", team.deputies, name="deputies"),
    path("imports", imports.overview, name="imports"),
    path("imports/<uuid:public_id>", imports.run, name="import_run"),
    path("imports/<uuid:public_id>/report.json", imports.report, name="import_report"),
    path("access-log", access_log.log, name="access_log"),
    path("rules", rules.rules, name="rules"),
    path("profile", profile.profile, name="profile"),
    path("language", profile.language, name="language"),
    path("admin/", site.urls),
    path("health", health.health, name="health"),
    # Of allauth only what we use: accounts are made by an administrator, with one address and one password.
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/password/change/", account.password_change, name="account_change_password"),
    path("account/password/reset/", account.password_reset, name="account_reset_password"),
    path("account/password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # allauth names these two in its own messages and redirects, so they have to be somewhere.
    path("account/signup/", nothing_here, name="account_signup"),
    path("account/password/set/", nothing_here, name="account_set_password"),
]

handler400 = errors.bad_request
handler403 = errors.no_access
handler404 = errors.not_found
handler500 = errors.failed
