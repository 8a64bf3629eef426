"""Brings a place up to date: database, static files, and the demo in an empty database that is not a production's. Does nothing twice.

Usage: python scripts/prepare.py static | run
"""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

MANY = 20  # of more people, one of each duty is named


def main(action: str) -> int:
    """Do what was asked; say what stands in the way where a person can remove it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sixgate.settings")
    try:
        django.setup()
        {"static": collect_static, "run": prepare_run}[action]()
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
    except OperationalError as error:
        print(f"数据库不能用，请核对 DATABASE_URL：{error}\nThe database cannot be used: check DATABASE_URL.", file=sys.stderr)
    except OSError as error:
        if not error.filename:
            raise
        print(f"不能写 {error.filename}（{error.strerror}）。请核对 SIXGATE_VAR。Cannot write there: check SIXGATE_VAR.", file=sys.stderr)
    else:
        return 0
    return 1


def prepare_run() -> None:
    """Bring tables, static files and the demo up to date; say who may sign in to the demo."""
    from django.conf import settings
    from django.core.management import call_command

    Path(settings.VAR).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    collect_static()
    if not settings.PRODUCTION:
        load_demo()
        print_accounts()


def collect_static() -> None:
    """Collect, hash and compress the static files when any of them changed since the last time."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.VAR) / "static.stamp"
    wanted = static_digest()
    if stamp.is_file() and stamp.read_text() == wanted and (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)


def static_digest() -> str:
    """Return a digest over every static file there is, and over how they are stored."""
    from django.apps import apps
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(repr([settings.STORAGES["staticfiles"], settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS]).encode())
    ignored = apps.get_app_config("staticfiles").ignore_patterns
    for finder in get_finders():
        for name, storage in sorted(finder.list(ignored), key=lambda found: found[0]):
            digest.update(name.encode() + hashlib.sha256(Path(storage.path(name)).read_bytes()).digest())
    return digest.hexdigest()


def load_demo() -> None:
    """Load the demo of DEMO into an empty database; a filled one, the normal second start, is left as it is.

    A load that was cut off is begun anew: half a city would pass for a whole one.
    """
    from django.conf import settings

    from sixgate.records.queries.people import any_account

    unfinished = Path(settings.VAR) / "demo.unfinished"
    if unfinished.exists():
        _forget_half(unfinished)
    if settings.DEMO == "none" or any_account():
        return
    unfinished.write_text("", encoding="utf-8")
    found = LOADERS[settings.DEMO]()
    unfinished.unlink()
    print(f"示例已载入：{found['projects']} 个项目。The demo is loaded: {found['projects']} projects.")


def _load_city() -> dict[str, Any]:
    from sixgate.usecases.demo.city import load_city

    print(
        "正在布置一座示例城市：三级三十多个部门、一百二十多个项目、三个预算年度，约一分钟。Setting up a city of examples, about a minute.", flush=True
    )
    return load_city(journeys=True, tell=lambda on, acts: print(f"  {on:%Y-%m}  {acts} 件事已办 acts", flush=True))


def _load_small() -> dict[str, Any]:
    from sixgate.usecases.demo import load

    return load()


LOADERS: dict[str, Callable[[], dict[str, Any]]] = {"city": _load_city, "small": _load_small}


def _forget_half(unfinished: Path) -> None:
    """Take away the database a load was cut off in; only one of SQLite, which we made."""
    from django.core.management import call_command
    from django.db import connection, connections

    if connection.vendor != "sqlite":
        raise ImproperlyConfigured(
            "示例没有载入完就中断了。请清空这个库后再启动。The loading of the demo was cut off: empty this database, then start again."
        )
    connections.close_all()
    for end in ("", "-wal", "-shm"):
        Path(f"{connection.settings_dict['NAME']}{end}").unlink(missing_ok=True)
    unfinished.unlink()
    call_command("migrate", verbosity=0)


def print_accounts() -> None:
    """Print who may sign in to the demo, one of each duty where they are many: user name, name, duty and body, and the password where it is the public one."""
    from sixgate.records.queries.demo_people import demo_people
    from sixgate.usecases._frame import today
    from sixgate.usecases._offers import duty_titles
    from sixgate.usecases.demo import DEMO_PASSWORD, DEMO_PASSWORD_VARIABLE

    people = demo_people(today())
    if not people:
        return
    titles = duty_titles()
    own = os.environ.get(DEMO_PASSWORD_VARIABLE)
    print(f"示例账号 demo accounts · 密码 password: {f'${DEMO_PASSWORD_VARIABLE}' if own else DEMO_PASSWORD}")
    first = {person.duty: person for person in reversed(people)}
    for person in people if len(people) <= MANY else sorted(first.values(), key=people.index):
        print(f"  {person.username:<9} {person.name}  {titles.get(person.duty, person.duty)} · {person.body}")


if __name__ == "__main__":
    actions = ("static", "run")
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
