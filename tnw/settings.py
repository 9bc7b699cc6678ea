"""All settings, read from the environment.

Where `DATABASE_URL` is not set the embedded servers are used and development values fill in; with it, every
secret has to be named or the start stops.
"""

import contextlib
import os
import secrets
from datetime import timedelta
from pathlib import Path

import environ
import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from tnw.core import embedded
from tnw.core.logs import without_query, without_rows, without_tokens

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

EMBEDDED = not env.str("DATABASE_URL", "")
# Said by the demo itself to its web server.
DEMO = EMBEDDED and env.bool("TNW_DEMO", False)


def _own_secret_key() -> str:
    """The embedded mode's key, made once in its data folder."""
    path = embedded.data_dir() / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        temporary = path.with_name(f"secret_key.{os.getpid()}")
        temporary.touch(mode=0o600)
        temporary.write_text(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)  # atomic: of two first starts at once, one wins
        temporary.unlink()
    return path.read_text()


DEBUG = env.bool("DJANGO_DEBUG", False)
SECRET_KEY = _own_secret_key() if EMBEDDED else env.str("DJANGO_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("DJANGO_SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("DJANGO_CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "tnw.core",
    "tnw.accounts",
    "dossiers",
    "trajects",
    "routing",
    "tnw.integration",
    "tnw.web",
    "auditlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_structlog",
    "rest_framework",
    "oauth2_provider",
    "drf_spectacular",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tnw.web.compress.CompressMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tnw.accounts.middleware.PersonsSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "tnw.accounts.middleware.ActingMiddleware",
    "tnw.web.addresses.LegibleMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "tnw.urls"
WSGI_APPLICATION = "tnw.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tnw.web.context.navigation",
                *(["tnw.web.demo.notice.replaying"] if DEMO else []),
            ],
        },
    }
]

# --- Database: `default` is the application, which owns nothing; `owner` migrates


def _database(url: str, **test: object) -> dict[str, object]:
    parsed = env.db_url_config(url)
    return {
        **parsed,
        "ENGINE": "tnw.core.db",
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**parsed.get("OPTIONS", {}), "options": "-c client_connection_check_interval=500ms"},
        "TEST": test,
    }


if EMBEDDED:
    _urls = embedded.urls()
    _app_url, _owner_url = _urls.app, _urls.owner
    REDIS_URL, CELERY_BROKER_URL = _urls.redis, _urls.broker
else:
    _app_url, _owner_url = env.str("DATABASE_URL"), env.str("DATABASE_OWNER_URL", env.str("DATABASE_URL"))
    REDIS_URL = env.str("REDIS_URL")
    CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", REDIS_URL)

DATABASES = {
    "default": _database(_app_url, MIRROR="owner"),
    "owner": _database(_owner_url),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}

# --- Background work: a dead or silent broker costs a log line, never the request or the row ---------------------

CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 1.5,
    "max_retries": 0,
    "retry_on_timeout": False,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/Brussels"

# --- People and sign-in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["tnw.accounts.adapter.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in [
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    ]
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "tnw.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
# Behind that many proxies of ours the caller is who the outermost one names; otherwise all would share one limit.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TNW_PROXIES", 0 if EMBEDDED else 1)
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "verify": "20/m/ip",
    "letter": "20/m/ip",
    "confirm": "10/m/user",
}
# Who signs says within that time who that is; so does who changes a second factor.
CONFIRMED_FOR = timedelta(minutes=5)
ACCOUNT_REAUTHENTICATION_TIMEOUT = CONFIRMED_FOR.total_seconds()
MFA_ADAPTER = "tnw.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "TNW"
SESSION_COOKIE_AGE = 60 * env.int("SESSION_MINUTES", 60)
SESSION_SAVE_EVERY_REQUEST = True  # the hour counts from the last page that a person asked for
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

AUDITLOG_LOGENTRY_MODEL = "accounts.AuditEntry"
MIGRATION_MODULES = {"auditlog": None}  # they would make its own table too, unwalled, beside ours
AUDITLOG_MASK_CALLABLE = "tnw.accounts.audit.mask_whole"
AUDITLOG_DISABLE_ON_RAW_SAVE = True

# --- Languages

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("fr", _("French")), ("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Brussels"
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["tnw.formats"]

# --- Files, mail, security

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = EMBEDDED  # no collectstatic there
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
UPLOADS = Path(env.str("TNW_UPLOADS", "") or embedded.data_dir() / "uploads")
LEDGER_ROOTS = Path(env.str("TNW_LEDGER_ROOTS", "") or embedded.data_dir() / "roots")
# Certificates and keys with which funds seal; the embedded mode makes its own. The authority for time stamps is optional.
OWN_SEALS = EMBEDDED and not env.str("TNW_SEALS", "")
SEALS = Path(env.str("TNW_SEALS", "") or embedded.data_dir() / "seals")
SEAL_PASSPHRASE = env.str("TNW_SEAL_PASSPHRASE", "")
TIMESTAMP_URL = env.str("TNW_TIMESTAMP_URL", "")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A file that a client sends is written away as it comes, up to this size: some 500,000 incapacities.
FEED_MOST_BYTES = env.int("TNW_FEED_MOST_BYTES", 128 * 1024 * 1024)

EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    "django.core.mail.backends.filebased.EmailBackend"
    if EMBEDDED
    else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_FILE_PATH = embedded.data_dir() / "mail"
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "tnw@example.org")
BASE_URL = env.str("TNW_BASE_URL", "http://localhost:8000" if EMBEDDED else "https://localhost")

# Where the insured can sign outside: a provider that speaks what `trajects/signing/http.py` says.
SIGNING_URL = env.str("TNW_SIGNING_URL", "")
SIGNING_KEY = env.str("TNW_SIGNING_KEY", "")

# --- The REST API, and who calls it

OAUTH2_PROVIDER_APPLICATION_MODEL = "integration.Client"
# Networks and names that webhooks may go to though they are not public; there http and any port will do.
WEBHOOK_ALLOW = env.list("TNW_WEBHOOK_ALLOW", default=["127.0.0.0/8", "::1/128"] if EMBEDDED else [])
# Client credentials and nothing else; whatever RFC 9700 advises is on, also for what is nowhere to be reached.
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "OAUTH2_VALIDATOR_CLASS": "tnw.integration.oauth.validator.Validator",
    "SCOPES_BACKEND_CLASS": "tnw.integration.oauth.validator.ClientScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 60 * env.int("TNW_TOKEN_MINUTES", 10),
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    **{
        f"COMPLIANT_BCP_RFC9700_{advice}": True
        for advice in (
            "IMPLICIT_GRANT", "PASSWORD_GRANT", "PKCE_METHOD", "ACCESS_TOKEN_TRANSPORT", "AUTHZ_RESPONSE_ISS",
            "TOKEN_STORAGE", "REFRESH_TOKEN", "REDIRECT_URI_SCHEME", "REDIRECT_URI_MATCHING", "PKCE_REQUIRED",
        )
    },
}  # fmt: skip
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "tnw.integration.rest.schema.Schema",
    "EXCEPTION_HANDLER": "tnw.integration.rest.problem.handle",
    "UNAUTHENTICATED_USER": None,
    "UNICODE_JSON": True,
    "STRICT_JSON": True,
}

# Codes stand where they are used: a name that is made for a list of them changes with the next list that is like it.
SPECTACULAR_SETTINGS = {"POSTPROCESSING_HOOKS": [], "ENUM_GENERATE_CHOICE_DESCRIPTION": False}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if not EMBEDDED:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^health$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = False  # htmx reads it from the page, not from the cookie; the form token stays in use

# --- Logs: one JSON line each, no local variables (they hold personal data)

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        without_query,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                without_tokens,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso"),
            ],
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                without_rows,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
DJANGO_STRUCTLOG_CELERY_ENABLED = True
