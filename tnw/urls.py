"""All pages."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, path, re_path, register_converter
from django.urls.converters import StringConverter

from tnw import api
from tnw.accounts.admin import site
from tnw.accounts.views import nothing_here
from tnw.integration.oauth import views as oauth
from tnw.web.views import (
    access_log,
    act,
    agenda,
    assessments,
    assignment,
    batches,
    calendar_feed,
    career,
    components,
    confirm,
    consents,
    contacts,
    decisions,
    documents,
    dossier,
    errors,
    figures,
    health,
    health_notes,
    help,
    home,
    imports,
    letters,
    mailed,
    mfa,
    next_step,
    pending,
    plan,
    presumptions,
    profile,
    questionnaire,
    questionnaires,
    rules,
    scans,
    search,
    signatures,
    team,
    traject,
    verify,
)


class Subject(StringConverter):
    """The subject of facts, as whoever recorded them wrote it; history may have none."""

    regex = ".*"


register_converter(Subject, "subject")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.show, name="home"),
    path("worklist.<str:kind>", home.export, name="worklist_export"),
    path("worklist/views", home.keep, name="worklist_views"),
    path("agenda", agenda.show, name="agenda"),
    path("agenda/feed", calendar_feed.settings, name="calendar_feed"),
    path("calendar/<str:token>.ics", calendar_feed.read, name="calendar_read"),
    path("search", search.search, name="search"),
    path("dossiers/<uuid:public_id>", dossier.show, name="dossier"),
    path("dossiers/<uuid:public_id>/contacts", contacts.show, name="dossier_contacts"),
    path("dossiers/<uuid:public_id>/traject", traject.show, name="dossier_traject"),
    path(
        "dossiers/<uuid:public_id>/declaration/<subject:subject>",
        signatures.declaration,
        name="dossier_declaration",
    ),
    path("dossiers/<uuid:public_id>/plan", plan.edit, name="dossier_plan"),
    path("dossiers/<uuid:public_id>/plan/save", plan.save, name="dossier_plan_save"),
    path("dossiers/<uuid:public_id>/plan/versions", plan.versions, name="dossier_plan_versions"),
    path("dossiers/<uuid:public_id>/do/<slug:act>", act.do, name="act"),
    path("dossiers/<uuid:public_id>/next/<slug:rule>", next_step.go, name="dossier_step"),
    path("dossiers/<uuid:public_id>/history", dossier.history, name="dossier_history"),
    path("dossiers/<uuid:public_id>/scans/<uuid:scan_id>", scans.download, name="dossier_scan"),
    path("dossiers/<uuid:public_id>/ssin", dossier.ssin, name="dossier_ssin"),
    path("dossiers/<uuid:public_id>/career", career.show, name="dossier_career"),
    path("dossiers/<uuid:public_id>/career/add", career.add, name="dossier_career_add"),
    path("dossiers/<uuid:public_id>/career/<uuid:item_id>", career.item, name="dossier_career_item"),
    path("dossiers/<uuid:public_id>/health", health_notes.show, name="dossier_health"),
    path("dossiers/<uuid:public_id>/health/add", health_notes.add, name="dossier_health_add"),
    path("dossiers/<uuid:public_id>/health/<uuid:note_id>", health_notes.note, name="dossier_health_note"),
    path("dossiers/<uuid:public_id>/consents", consents.show, name="dossier_consents"),
    path("dossiers/<uuid:public_id>/letters", documents.overview, name="dossier_letters"),
    path("dossiers/<uuid:public_id>/letters/write/<slug:kind>", documents.write, name="dossier_letter_write"),
    path("dossiers/<uuid:public_id>/letters/<uuid:document_id>", documents.show, name="dossier_letter"),
    path(
        "dossiers/<uuid:public_id>/letters/<uuid:document_id>.pdf", documents.pdf, name="dossier_letter_pdf"
    ),
    path(
        "dossiers/<uuid:public_id>/letters/sent/<uuid:way_id>/<slug:step>",
        documents.way,
        name="dossier_letter_way",
    ),
    path("letters", letters.to_post, name="letters"),
    path("letters/print", letters.printing, name="letters_print"),
    path("letters/many", batches.choose, name="letters_many"),
    path("bulk/<uuid:public_id>", batches.show, name="batch"),
    path("letters/many/<uuid:public_id>.pdf", batches.merged, name="letters_batch_pdf"),
    path("letter/<str:number>/<str:token>", mailed.show, name="document_public"),
    path("assessments", assessments.pool, name="assessments"),
    path("decisions", decisions.show, name="decisions"),
    path("decisions/<uuid:public_id>/<slug:act>", decisions.decide, name="decide"),
    path("decisions/<uuid:public_id>/<slug:act>/ahead", decisions.ahead, name="decide_ahead"),
    path("decisions/pending", pending.show, name="pending"),
    path("decisions/pending/<uuid:public_id>/back", pending.take_back, name="pending_back"),
    path("decisions/pending/<uuid:public_id>/drop", pending.drop, name="pending_drop"),
    path("signatures", signatures.overview, name="signatures"),
    path("signatures/<uuid:signing_id>/back", signatures.come_back, name="signing_back"),
    path("signatures/<str:number>/<uuid:signing_id>", signatures.called_back, name="signing_callback"),
    path("dossiers/<uuid:public_id>/assess", assessments.assess, name="assess"),
    path("dossiers/<uuid:public_id>/assess/ahead", assessments.ahead, name="assess_ahead"),
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
    path("questionnaires", questionnaires.to_post, name="questionnaires_to_post"),
    path("questionnaires/letters", questionnaires.letters, name="questionnaires_print"),
    path("questionnaire/<str:number>/<str:token>", questionnaires.public, name="questionnaire_public"),
    path("verify", verify.show, name="verify"),
    path("unassigned", assignment.unassigned, name="unassigned"),
    path("reassign", assignment.reassign, name="reassign"),
    path("team", team.show, name="team"),
    path("silent", team.silences, name="silent"),
    path("presumptions", presumptions.show, name="presumptions"),
    path("deputies", team.deputies, name="deputies"),
    path("figures", figures.overview, name="figures"),
    path("figures/funding", figures.funding, name="figures_funding"),
    path("figures/funding.<str:kind>", figures.funding_file, name="figures_funding_file"),
    path("figures/<slug:code>", figures.one, name="figure"),
    path("figures/<slug:code>/list", figures.behind, name="figure_list"),
    path("figures/<slug:code>.<str:kind>", figures.download, name="figure_file"),
    path("imports", imports.overview, name="imports"),
    path("imports/<uuid:public_id>", imports.run, name="import_run"),
    path("imports/<uuid:public_id>/report.json", imports.report, name="import_report"),
    path("access-log", access_log.log, name="access_log"),
    path("rules", rules.rules, name="rules"),
    path("help", help.overview, name="help"),
    path("help/words", help.of_words, name="help_words"),
    path("help/states", help.of_states, name="help_states"),
    path("help/roles", help.of_roles, name="help_roles"),
    path("help/keys", help.of_keys, name="help_keys"),
    path("help/first-day", help.of_first_day, name="first_day"),
    path("components", components.components, name="components"),
    path("profile", profile.profile, name="profile"),
    path("language", profile.language, name="language"),
    path("admin/", site.urls),
    path("health", health.health, name="health"),
    path("oauth2/token", oauth.token, name="oauth_token"),
    path("oauth2/revoke", oauth.revoke, name="oauth_revoke"),
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
    path("account/confirm/", confirm.show, name="confirm"),
    path("account/second-step/", mfa.authenticate, name="mfa_authenticate"),
    path("account/second-factor/", mfa.overview, name="mfa_index"),
    path("account/second-factor/app/", mfa.add_app, name="mfa_activate_totp"),
    path("account/second-factor/app/remove/", mfa.remove_app, name="mfa_deactivate_totp"),
    path("account/second-factor/passkeys/", mfa.overview, name="mfa_list_webauthn"),
    path("account/second-factor/passkeys/add/", mfa.add_passkey, name="mfa_add_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/", mfa.remove_passkey, name="mfa_remove_webauthn"),
    path("account/second-factor/codes/", mfa.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-factor/codes/new/", mfa.new_recovery_codes, name="mfa_generate_recovery_codes"),
    # allauth names these two in its own messages and redirects, so they have to be somewhere.
    path("account/signup/", nothing_here, name="account_signup"),
    path("account/password/set/", nothing_here, name="account_set_password"),
]

urlpatterns += api.urlpatterns

handler400 = errors.bad_request
handler403 = errors.no_access
handler404 = errors.not_found
handler500 = errors.failed
