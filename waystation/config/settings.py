"""All settings, read from top to bottom; every value that differs between sites comes from the environment.

`docs/operations.md` lists the variables. A missing or nonsensical value stops the start with a sentence.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

# "production" refuses weak settings; "development" is a checkout; "demonstration" also offers role switching.
MODE = env("WAYSTATION_MODE", default="development")
if MODE not in {"production", "development", "demonstration"}:
    raise ImproperlyConfigured(f"WAYSTATION_MODE is {MODE!r}; use production, development or demonstration.")
DEMONSTRATION = MODE == "demonstration"
DEBUG = env.bool("WAYSTATION_DEBUG", default=False)
VAR = Path(env("WAYSTATION_VAR", default=str(ROOT / "var")))
VAR.mkdir(parents=True, exist_ok=True)


def secret(name: str) -> str:
    """A secret from the environment; outside production one is made once and kept in VAR."""
    given = env(name, default="")
    if given:
        return given
    if MODE == "production":
        raise ImproperlyConfigured(f"{name} is not set. Production never starts without its own secrets.")
    kept = VAR / f"{name.lower()}.txt"
    if not kept.exists():
        import secrets  # noqa: PLC0415 - only a fresh checkout needs it

        kept.write_text(secrets.token_urlsafe(48))
        kept.chmod(0o400)
    return kept.read_text()


SECRET_KEY = secret("WAYSTATION_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("WAYSTATION_OLD_SECRET_KEYS", default=[])
ALLOWED_HOSTS = env.list("WAYSTATION_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("WAYSTATION_ORIGINS", default=[])
SITE_ADDRESS = env("WAYSTATION_ADDRESS", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    # Ours first: their templates and messages win over those of the libraries.
    "waystation.accounts",  # before allauth: its templates replace those of allauth
    "waystation.kernel",
    "waystation.organizations",
    "waystation.stations.sites",
    "waystation.stations.duty",
    "waystation.stations.funds",
    "waystation.stewardship.people",
    "waystation.stewardship.rosters",
    "waystation.stewardship.duties",
    "waystation.stewardship.contacts",
    "waystation.stewardship.grids",
    "waystation.stewardship.groups",
    "waystation.stewardship.formalities",
    "waystation.stewardship.dues",
    "waystation.stewardship.education",
    "waystation.stewardship.appraisals",
    "waystation.portal",
    "waystation.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "waystation.kernel.middleware.NoStoreMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "waystation.kernel.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "waystation.kernel.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "waystation.accounts.middleware.SessionLimitMiddleware",
    "waystation.accounts.middleware.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "waystation.config.urls"
WSGI_APPLICATION = "waystation.config.wsgi.application"
# The widgets of forms from the same templates, compiled: a tenth of the time of each.
FORM_RENDERER = "django.forms.renderers.Jinja2"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "waystation.web.context.frame",
            ],
            "builtins": ["waystation.kernel.templatetags.ui"],
        },
    }
]

# --- database -------------------------------------------------------------------------------------
DATABASE_URL = env("WAYSTATION_DATABASE_URL", default=f"sqlite:///{VAR / 'waystation.sqlite3'}")
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA cache_size=-65536;"
        ),
    }
else:
    # A page asks short questions: to compile one (jit) takes a quarter of a second, to start helpers for it longer than
    # the answer; and what lies on a solid-state disk or in memory is read in any order at nearly the same cost.
    DATABASES["default"]["OPTIONS"] = {
        "options": "-c lock_timeout=5s -c statement_timeout=60s -c jit=off -c max_parallel_workers_per_gather=0"
        " -c random_page_cost=1.1"
    }
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_IN_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": _IN_MEMORY},
    # What may be an hour old: parts of pages by all that they show, the shorter way to the rows of a reach.
    "hour": {"BACKEND": _IN_MEMORY, "LOCATION": "hour", "TIMEOUT": 3600, "OPTIONS": {"MAX_ENTRIES": 500}},
}

# --- jobs -----------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
# A worker silent for so long has lost its job to the next one.
JOB_LEASE_SECONDS = env.float("WAYSTATION_LEASE_SECONDS", default=30)

# --- matching -------------------------------------------------------------------------------------
MATCH_MEMORY = env("WAYSTATION_MATCH_MEMORY", default="2GB")  # what the matcher may use before it spills to disk

# --- people who sign in ---------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_POLICY = env("WAYSTATION_PASSWORD_POLICY", default="asvs")
# Names of the site's own county and towns, in characters and pinyin: no password is built on them.
PASSWORD_CONTEXT_WORDS = env.list("WAYSTATION_CONTEXT_WORDS", default=[])
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name"]},
    },
    {"NAME": "waystation.accounts.passwords.ContextWordValidator"},
]
if PASSWORD_POLICY == "mlps":
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "waystation.accounts.passwords.CompositionValidator"})
elif PASSWORD_POLICY != "asvs":
    raise ImproperlyConfigured("WAYSTATION_PASSWORD_POLICY is asvs or mlps.")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "waystation.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # the cookie goes when the browser closes; counters are shared
ACCOUNT_FORMS = {
    "login": "waystation.accounts.forms.LoginForm",
    "change_password": "waystation.accounts.forms.ChangePasswordForm",
    "reauthenticate": "waystation.accounts.forms.ReauthenticateForm",
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "waystation.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Waystation"
MFA_TOTP_TOLERANCE = 1  # one step early or late: phones drift, people type slowly
MFA_FORMS = {
    "authenticate": "waystation.accounts.forms.CodeForm",
    "reauthenticate": "waystation.accounts.forms.StepUpCodeForm",
    "activate_totp": "waystation.accounts.forms.EnrolForm",
}
# Officers must hold a second factor; the demonstration and a checkout let them in without one.
SECOND_FACTOR_REQUIRED = env.bool("WAYSTATION_SECOND_FACTOR", default=MODE == "production")
# Only what our own proxies say about the address of the browser is believed.
TRUSTED_PROXIES = env.list("WAYSTATION_PROXIES", default=["127.0.0.1", "::1"] if MODE == "production" else [])
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "waystation.accounts.lockout.locked_response"
AXES_USERNAME_CALLABLE = "waystation.accounts.lockout.username_of"
AXES_CLIENT_IP_CALLABLE = "waystation.kernel.middleware.client_ip"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "code", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True  # the audit trail has it
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
IDLE_LIMIT_SECONDS = env.int("WAYSTATION_IDLE_SECONDS", default=30 * 60)

# --- keys and files -------------------------------------------------------------------------------
# Field keys live in a file outside the database: JSON, mode 0400. See docs/operations.md.
KEY_FILE = Path(env("WAYSTATION_KEY_FILE", default=str(VAR / "keys.json")))
CIPHER = env("WAYSTATION_CIPHER", default="aes")  # aes: AES-256-GCM + HMAC-SHA256; sm: SM4-GCM + HMAC-SM3
FILES_ROOT = Path(env("WAYSTATION_FILES", default=str(VAR / "files")))

# --- security headers -----------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
HTTPS = env.bool("WAYSTATION_HTTPS", default=MODE == "production")
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "waystation.web.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

# --- language, time, static files -----------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # the server of static files warns where there is none
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if MODE != "development"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = MODE == "development"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "waystation.kernel.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("WAYSTATION_LOG_LEVEL", default="INFO")},
    # A line for every step of every paper would hide what happens.
    "loggers": {name: {"level": "WARNING"} for name in ("weasyprint.progress", "fontTools")},
}
