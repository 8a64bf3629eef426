"""One settings file; every difference between places comes from the environment.

A production start (`SIXGATE_ENV=production`) refuses default secrets, DEBUG and default accounts; see `interfaces/web/checks.py`.
"""

import os
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

DEVELOPMENT_SECRET = "development-only-secret-never-in-production"

PRODUCTION = os.environ.get("SIXGATE_ENV", "development") == "production"
DEBUG = os.environ.get("DEBUG", "0") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY", DEVELOPMENT_SECRET)
VAR = Path(os.environ.get("SIXGATE_VAR", "var")).resolve()
DEPLOYMENT = os.environ.get("SIXGATE_DEPLOYMENT", "local")
HOME_JURISDICTION = os.environ.get("SIXGATE_JURISDICTION", "440100")
PACK_FOLDERS = [Path(folder) for folder in os.environ.get("SIXGATE_PACKS", "").split(os.pathsep) if folder]  # a place's own packs
GO_LIVE_DATE = os.environ.get("SIXGATE_GO_LIVE_DATE", "2026-01-01")
PORT = int(os.environ.get("PORT", "8000"))

if PRODUCTION and (SECRET_KEY == DEVELOPMENT_SECRET or len(SECRET_KEY) < 40):
    raise ImproperlyConfigured("SECRET_KEY: 生产环境须设置不少于 40 个字符的独立密钥。A production start needs a secret of its own.")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG: 生产环境不得打开调试。A production start refuses DEBUG.")


def database_of(url: str) -> dict[str, object]:
    """Read `sqlite:///path` or `postgresql://user:password@host:port/name?host=/socket/dir` into Django's form."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")) or ":memory:",
            "TEST": {"NAME": str(Path(tempfile.gettempdir()) / f"sixgate-test-{os.getpid()}.sqlite3")},  # a file, as in use: memory knows no WAL
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme in ("postgres", "postgresql"):
        query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(query.get("host", parts.hostname or "")),
            "PORT": str(parts.port or ""),
            "OPTIONS": {"pool": {"min_size": 2, "max_size": 20, "timeout": 60}},
        }
    raise ImproperlyConfigured(f"DATABASE_URL: 不认识的数据库类型 {parts.scheme!r}，请用 sqlite:/// 或 postgresql://。")


DATABASES = {"default": database_of(os.environ.get("DATABASE_URL", f"sqlite:///{VAR / 'sixgate.sqlite3'}"))}
ATOMIC_REQUESTS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "sixgate.records",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "interfaces/web/templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "sixgate.interfaces.web.context.frame",
            ],
            "libraries": {"wording": "sixgate.interfaces.web.wording"},
        },
    }
]

ROOT_URLCONF = "sixgate.interfaces.urls"
WSGI_APPLICATION = "sixgate.interfaces.wsgi.application"
AUTH_USER_MODEL = "records.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
]
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "sixgate.interfaces.web.sign_in.locked_out"
AXES_CLIENT_IP_CALLABLE = "sixgate.interfaces.web.sign_in.source_of"
PASSWORD_RESET_TIMEOUT = 24 * 3600
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "interfaces/web/locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [Path(__file__).parent / "interfaces/web/assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not PRODUCTION
FILES_ROOT = VAR / "files"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver").split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SESSION_COOKIE_AGE = 8 * 3600
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
SILENCED_SYSTEM_CHECKS: list[str] = []
