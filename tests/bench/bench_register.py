"""The register list: queries over 10,000 projects (goal: at most 12) and growth of indexed pages to 100,000 (goal: at most 1.5 ×); search apart."""

import statistics
import time
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.portfolio import fill
from factories import person
from sixgate.records.models import Organisation, Project, User
from sixgate.records.statistics import refresh_statistics

SMALL, LARGE, ROUNDS = 10_000, 100_000, 15
PAGES = {"by name": "?sort=name", "by amount": "?sort=amount&down=1", "by owner": "?sort=owner", "one stage": "?stage=initiation&sort=name"}
SEARCH = {"search of two characters": "?q=医保", "search of two words": "?q=交通 第0001"}


def run() -> dict[str, Any]:
    """Return milliseconds of each page at both sizes, ratios, and the number of queries."""
    have = Project.objects.count()
    if have < SMALL:
        fill(SMALL - have, facts=False)
    reader = User.objects.filter(username="bench-reader").first() or person("bench-reader", Organisation.objects.order_by("name").first(), "PMO")
    browser = Client()
    browser.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get("/projects/").status_code == 200
    asked = len(queries.captured_queries)
    small = {name: _milliseconds(browser, query) for name, query in {**PAGES, **SEARCH}.items()}
    _grow()
    refresh_statistics()  # as the clock does every hour
    large = {name: _milliseconds(browser, query) for name, query in {**PAGES, **SEARCH}.items()}
    growth = {name: round(large[name] / small[name], 2) for name in PAGES}
    return {
        "goal": "queries <= 12, growth of indexed pages <= 1.5",
        "queries": asked,
        "small_ms": small,
        "large_ms": large,
        "growth": growth,
        "worst_growth": max(growth.values()),
        "search_growth": {name: round(large[name] / small[name], 2) for name in SEARCH},
    }


def _grow() -> None:
    from bench import portfolio

    count = Project.objects.count()
    owners = portfolio.bodies()
    for start in range(count, LARGE, portfolio.BATCH):
        projects = [portfolio._project(number, owners[number % len(owners)]) for number in range(start, min(start + portfolio.BATCH, LARGE))]
        Project.objects.bulk_create(projects, batch_size=500)
        portfolio.ProjectState.objects.bulk_create([portfolio.ProjectState(project=item, next_gate="G01") for item in projects], batch_size=500)


def _milliseconds(browser: Client, query: str) -> float:
    times: list[float] = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        answer = browser.get(f"/projects/{query}")
        times.append(time.perf_counter() - start)
        assert answer.status_code == 200
    return round(statistics.median(times) * 1000, 1)
