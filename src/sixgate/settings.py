"""One settings file; every difference between places comes from the environment, and a value nobody can mean is refused by name.

A production start (`SIXGATE_ENV=production`) refuses default secrets, DEBUG and open host names here, and the demo's accounts in `interfaces/checks.py`.
"""

import os
import re
import tempfile
from collections.abc import Collection
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

DEVELOPMENT_SECRET = "development-only-secret-never-in-production"
SHORTEST_SECRET = 50


def one_of(name: str, default: str, allowed: Collection[str]) -> str:
    """Return the value of a variable that has few values; raise ImproperlyConfigured for any other, so that a slip of the pen does not pass for a no."""
    value = os.environ.get(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}: 只能是 {' 或 '.join(allowed)}，现在是 {value!r}。It must be one of: {', '.join(allowed)}.")
    return value


def port_of(text: str, name: str = "PORT") -> int:
    """Return a port number; raise ImproperlyConfigured for anything that is none."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ImproperlyConfigured(f"{name}: 应为 1 到 65535 的整数，现在是 {text!r}。It must be a whole number from 1 to 65535.")
    return int(text)


def day_of(name: str, default: str) -> str:
    """Return a day written 2026-01-01; raise ImproperlyConfigured for anything else."""
    text = os.environ.get(name, default)
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ImproperlyConfigured(f"{name}: 应写成 2026-01-01 的样子，现在是 {text!r}。It must be a day like 2026-01-01.") from None


def pack_folders(text: str) -> list[Path]:
    """Return the folders of a place's own packs; raise ImproperlyConfigured for one that holds no pack."""
    folders = [Path(folder) for folder in text.split(os.pathsep) if folder]
    for folder in folders:
        if not (folder / "pack.toml").is_file():
            raise ImproperlyConfigured(f"SIXGATE_PACKS: {str(folder)!r} 里没有 pack.toml。There is no pack.toml in it.")
    return folders


def listed(name: str, default: str = "") -> list[str]:
    """Return the comma-separated values of a variable."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def named(name: str, values: Collection[str]) -> dict[str, str]:
    """Return the comma-separated `name=value` pairs of a variable; raise ImproperlyConfigured for a part that is none, without repeating it."""
    pairs = [item.partition("=") for item in values]
    if any(not key.strip() or not value.strip() for key, _equals, value in pairs):
        raise ImproperlyConfigured(f"{name}: 应写成 名称=值，用逗号分开。It must be name=value, separated by commas.")
    return {key.strip(): value.strip() for key, _equals, value in pairs}


def networks_of(name: str, values: Collection[str]) -> list[IPv4Network | IPv6Network]:
    """Return the networks of a variable; raise ImproperlyConfigured for one that is none."""
    try:
        return [ip_network(item) for item in values]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: 应为 10.0.0.0/8 样子的网段：{error}。It must list networks like 10.0.0.0/8.") from None


PRODUCTION = one_of("SIXGATE_ENV", "development", ("development", "production")) == "production"
DEBUG = one_of("DEBUG", "0", ("0", "1")) == "1"
SECRET_KEY = os.environ.get("SECRET_KEY", DEVELOPMENT_SECRET)
VAR = Path(os.environ.get("SIXGATE_VAR", "var")).resolve()
DEMO = one_of("DEMO", "city", ("city", "small", "none"))
DEPLOYMENT = os.environ.get("SIXGATE_DEPLOYMENT", "local")
HOME_JURISDICTION = os.environ.get("SIXGATE_JURISDICTION", "440100")
PACK_FOLDERS = pack_folders(os.environ.get("SIXGATE_PACKS", ""))
GO_LIVE_DATE = day_of("SIXGATE_GO_LIVE_DATE", "2026-01-01")
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = port_of(os.environ.get("PORT", "8000"))
ALLOWED_HOSTS = listed("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,testserver")
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = listed("TRUSTED_PROXIES")  # addresses whose X-Forwarded-For and -Proto are believed; nobody else's are

if not re.fullmatch(r"[0-9]{6}", HOME_JURISDICTION):
    raise ImproperlyConfigured(f"SIXGATE_JURISDICTION: 应为六位行政区划代码，现在是 {HOME_JURISDICTION!r}。It must be a division code of six digits.")
if PRODUCTION and (SECRET_KEY == DEVELOPMENT_SECRET or len(SECRET_KEY) < SHORTEST_SECRET):
    raise ImproperlyConfigured(
        f"SECRET_KEY: 生产环境须设置不少于 {SHORTEST_SECRET} 个字符的独立密钥。"
        f"A production start needs a secret of its own of at least {SHORTEST_SECRET} characters."
    )
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG: 生产环境不得打开调试。A production start refuses DEBUG.")
if "*" in TRUSTED_PROXIES:
    raise ImproperlyConfigured("TRUSTED_PROXIES: 请写出代理的地址，不能用 *。Name the addresses of the proxies; * is refused.")
if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS: 生产环境须写明对外的主机名，不能为空或用 *。A production start needs the host names it answers to.")


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
    "sixgate.interfaces.apps.AssetsConfig",
    "django_htmx",
    "ninja",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "sixgate.records",
    "sixgate.interfaces.apps.DoorsConfig",
]

MIDDLEWARE = [
    "sixgate.interfaces.watch.requests.numbered",
    "sixgate.interfaces.api.problem.problems_only",
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
        "APP_DIRS": True,  # the API's Swagger page comes from ninja
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "sixgate.interfaces.web.context.frame",
                "sixgate.interfaces.web.context.notices",
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
    {"NAME": "sixgate.interfaces.checks.NotTheDemoPassword"},
]
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # the ledger has every sign-in; a second list would grow without end
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
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "jpg", "gif", "woff", "woff2", "gz", "br"]
FILES_ROOT = VAR / "files"

EMAIL_HOST = os.environ.get("EMAIL_HOST", "")  # without it no mail is written; notices stay in the product
EMAIL_PORT = port_of(os.environ.get("EMAIL_PORT", "25"), "EMAIL_PORT")
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = one_of("EMAIL_USE_TLS", "0", ("0", "1")) == "1"
EMAIL_USE_SSL = one_of("EMAIL_USE_SSL", "0", ("0", "1")) == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "sixgate@localhost")
SITE_URL = os.environ.get("SITE_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION else f"http://{HOST}:{PORT}").rstrip("/")
NOTICES_FILE = os.environ.get("NOTICES_FILE", "")
NOTICES_INSIDE_MAIL = [domain.casefold() for domain in listed("NOTICES_INSIDE_MAIL")]  # mail domains of the intranet; all others are outside
NOTICES_HOSTS = [host.casefold() for host in listed("NOTICES_HOSTS")]  # the only hosts a webhook may be sent to
NOTICES_NETWORKS = networks_of(
    "NOTICES_NETWORKS", listed("NOTICES_NETWORKS")
)  # private networks messages may reach; all other private addresses are refused
NOTICES_ROBOTS = named("NOTICES_ROBOTS", listed("NOTICES_ROBOTS"))
NOTICES_ROBOT_SECRETS = named("NOTICES_ROBOT_SECRETS", listed("NOTICES_ROBOT_SECRETS"))
NOTICES_CALENDAR_NAMES = one_of("NOTICES_CALENDAR_NAMES", "0", ("0", "1")) == "1"  # whether calendars name projects

METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")  # without it, figures are told to this machine alone
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "sixgate.interfaces.watch.logs.formatter",
            "style": one_of("SIXGATE_LOG", "json" if PRODUCTION else "line", ("json", "line")),
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django": {"level": "WARNING"}, "django.request": {"level": "ERROR"}, "sixgate": {"level": "INFO"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SESSION_COOKIE_AGE = 8 * 3600
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
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
