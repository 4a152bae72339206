"""Django's wiring. What an operator may set is read by `keystead.config`."""

from pathlib import Path

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF

from keystead import config

django_stubs_ext.monkeypatch()

PACKAGE = Path(__file__).resolve().parent
DATA = config.data_folder()
SECRET_KEY = config.secret_key()
DEBUG = False
ALLOWED_HOSTS = [
    host.strip()
    for host in (config.read("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]") or "").split(",")
]
BEHIND_TLS = config.truth("BEHIND_TLS", default=False)

DATABASES = {"default": config.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(DATA / "cache"),
    }
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "keystead.journal",
    "keystead.vault",
    "keystead.people",
    "keystead.places",
    "keystead.hardware",
    "keystead.keys",
    "keystead.custody",
    "keystead.notify",
    "keystead.exchange",
    "keystead.web",
]
MIDDLEWARE = [
    "keystead.web.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "keystead.web.middleware.Guard",
]
ROOT_URLCONF = "keystead.urls"
WSGI_APPLICATION = "keystead.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "keystead.web.context.frame",
            ]
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = None
STATICFILES_DIRS: list[Path] = []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["keystead.people.sign_in.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "keystead.people.sign_in.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None  # asked at the sign-in
ACCOUNT_RATE_LIMITS = False  # Keystead counts guesses itself, in the database
ACCOUNT_FORMS = {"login": "keystead.web.forms.sign_in.SignInForm"}
MFA_ADAPTER = "keystead.people.sign_in.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = False
MFA_RECOVERY_CODE_DIGITS = 10
MFA_FORMS = {
    "authenticate": "keystead.web.forms.sign_in.SecondFactorForm",
    "authenticate_webauthn": "keystead.web.forms.sign_in.PasskeyForm",
}
PASSWORD_RESET_TIMEOUT = 3600

# A cookie named __Host- is taken from this very host over HTTPS only, never from a neighbour.
SESSION_COOKIE_NAME = "__Host-session" if BEHIND_TLS else "keystead-session"
CSRF_COOKIE_NAME = "__Host-csrf" if BEHIND_TLS else "keystead-csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "keystead.people.sessions"
SESSION_IDLE, SESSION_LASTS = config.session_limits()
OWN_DEVICE_IDLE, OWN_DEVICE_LASTS = config.own_device_limits()
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # but on devices said to be one's own
SESSION_COOKIE_AGE = int(max(SESSION_LASTS, OWN_DEVICE_LASTS).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
# Not no-referrer: browsers would send the forms of our own pages with `Origin: null`.
SECURE_REFERRER_POLICY = "same-origin"
DEFAULT_EXCEPTION_REPORTER_FILTER = "keystead.web.reporting.HideValues"
CSRF_FAILURE_VIEW = "keystead.web.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = str(DATA / "uploads") if (DATA / "uploads").is_dir() else None
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

globals().update(config.email())
PUBLIC_URL = config.public_url()

for _reader in (
    config.checkpoint_folder,
    config.sends_checkpoints,
    config.checkpoint_every,
    config.checkpoint_entries,
):
    _reader()  # nonsense stops the start

# Whatever sends mail is asked for by name here, and asks first whether this copy is held back.
SENDING_BACKEND = globals().get("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_BACKEND = "keystead.journal.mail.Backend"

_ = config.backups()  # nonsense stops the start, not the worker a day later

LOG_LEVEL = config.choice("LOG_LEVEL", "info", ("debug", "info", "warning", "error")).upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "keystead.web.masking.OneLine",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "filters": {"links": {"()": "keystead.web.masking.HideLinks"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["links"]}
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.db.backends": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},
    },
}
