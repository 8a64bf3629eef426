"""The synthetic city: bodies on three levels, projects of three budget years, planted problems beside it in a truth file. Everything says 示例.

The same seed, day and scale give the same city; identifiers and salts differ, as they must. Acts are real verbs on pinned days, so ledger, verdicts and
stale marks are true; the checks look once a month and on the last day. Above scale 1 copies are written in bulk, see `city_bulk`.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from sixgate.kernel.refusal import Conflict, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import LedgerEvent, Organisation, Project, Region, System, User
from sixgate.records.regions import load_regions
from sixgate.usecases._frame import SHANGHAI, now, pinned, today
from sixgate.usecases._project import unexamined
from sixgate.usecases.demo import city_planter_one, city_planter_two, finished, journey
from sixgate.usecases.demo.city_acts import Clock, Course
from sixgate.usecases.demo.city_bulk import copy_projects
from sixgate.usecases.demo.city_mess import authority_steps, untidy
from sixgate.usecases.demo.city_people import POSTED_BEFORE, post_outsiders, settle_city
from sixgate.usecases.demo.city_plan import ask_first_gates, sketch_city
from sixgate.usecases.demo.city_sketch import Planted, Sketch, Times
from sixgate.usecases.upkeep import scan_findings

PLANTERS: Final[Mapping[str, Callable[[Sequence[Sketch], Times, Random], list[Planted]]]] = {
    "one": city_planter_one.plant,
    "two": city_planter_two.plant,
    "none": lambda sketches, times, rng: [],
}
IN_USE_BEFORE: Final = timedelta(days=240)  # longer than the checks let a project lie idle, so that one can
LARGEST: Final = 1000


def load_city(
    *,
    day: date | None = None,
    seed: int = 1,
    scale: float = 1,
    planter: str = "one",
    truth: Path | None = None,
    journeys: bool = False,
    tell: Callable[[date, int], object] = lambda on, acts: None,
) -> dict[str, Any]:
    """Load the city into an empty database and write what was planted; raise Conflict in production or in a filled database.

    With `journeys` the projects of the small demo stand in it too. `tell` hears at the beginning of each month how many acts were carried out.
    """
    _check(scale, planter, day or today())
    times = Times(day or today(), (day or today()) - IN_USE_BEFORE)
    rng = Random(seed)
    sketches = sketch_city(times, rng, scale)
    ask_first_gates(sketches, times)
    planted = PLANTERS[planter](sketches, times, rng)
    messy = untidy(sketches, planted, times)
    with _hurried():
        courses, acts = _act(sketches, times, rng, tell)
        if journeys:
            finished.lead()
            journey.lead()
        copies = copy_projects([course.project for course in courses], times, scale)
        _scan(times)
    known = truth_of(planted, courses, times, seed, planter, messy)
    place = truth or settings.VAR / "city-truth.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")
    return _told(acts, copies, len(planted), place)


def truth_of(planted: Sequence[Planted], courses: Sequence[Course], times: Times, seed: int, planter: str, messy: Sequence[str]) -> dict[str, Any]:
    """Return the truth as it is written down: every planted problem with its project and the checks that should find it."""
    by_key = {course.sketch.key: course for course in courses}
    entries = [
        {**asdict(item), "project": str(by_key[item.key].project), "name": by_key[item.key].sketch.name, "systems": _texts(by_key[item.key].systems)}
        for item in planted
    ]
    projects = {key: str(course.project) for key, course in by_key.items()}
    return {"day": times.day.isoformat(), "seed": seed, "planter": planter, "planted": entries, "messy": list(messy), "projects": projects}


def _check(scale: float, planter: str, day: date) -> None:
    if settings.PRODUCTION:
        raise Conflict("demo_in_production", gettext_noop("生产环境不载入示例账号。"))
    if User.objects.exists():
        raise Conflict("database_filled", gettext_noop("库里已有账号，示例只载入空库。"))
    if not 0 < scale <= LARGEST:
        raise Refusal("scale_wrong", gettext_noop("规模须大于 0，不超过 1000。"), field="scale", remedy=gettext_noop("1 是一座 120 个项目的城市。"))
    if planter not in PLANTERS:
        raise Refusal("planter_unknown", gettext_noop("没有这个埋题人，可选 one、two、none。"), field="planter")
    if day > today():
        raise Refusal("day_ahead", gettext_noop("日期还没到，请到那天再办。"), field="day")


def _act(sketches: Sequence[Sketch], times: Times, rng: Random, tell: Callable[[date, int], object]) -> tuple[list[Course], int]:
    load_regions()
    clock = Clock(scan_findings, tell)
    with transaction.atomic():
        bodies = settle_city(times, rng)
    courses = [Course(sketch, clock, bodies, times) for sketch in sketches]
    with unexamined():
        clock.run([*(course.steps() for course in courses), authority_steps(clock, bodies, times)])
    _post_outsiders(courses, bodies, times)
    return courses, clock.acts


def _post_outsiders(courses: Sequence[Course], bodies: Mapping[str, Organisation], times: Times) -> None:
    built = next((course for course in courses if course.sketch.shape == "building"), courses[0])
    with transaction.atomic():
        post_outsiders(Project.objects.get(pk=built.project), bodies, times.go_live - POSTED_BEFORE)


def _scan(times: Times) -> None:
    """Look at every project as on the city's day, at the present hour when that is today."""
    moment = now()
    if times.day != today():
        moment = moment.astimezone(SHANGHAI).replace(year=times.day.year, month=times.day.month, day=times.day.day)
    with pinned(moment):
        scan_findings(moment)


@contextmanager
def _hurried() -> Iterator[None]:
    """Let SQLite not wait for the disk while examples are loaded; what a power cut would lose can be loaded again."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA synchronous").fetchone()[0]
        cursor.execute("PRAGMA synchronous=OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={int(before)}")


def _texts(ids: Sequence[UUID]) -> list[str]:
    return [str(key) for key in ids]


def _told(acts: int, copies: int, planted: int, truth: Path) -> dict[str, Any]:
    return {
        "organisations": Organisation.objects.count(),
        "accounts": User.objects.count(),
        "regions": Region.objects.count(),
        "projects": Project.objects.count(),
        "systems": System.objects.count(),
        "acts": acts,
        "events": LedgerEvent.objects.count(),
        "copies": copies,
        "planted": planted,
        "truth": str(truth),
    }
