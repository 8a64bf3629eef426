"""Home pages over 1,200 and 12,000 projects: queries (goal: at most 15) and growth of the time to answer (goal: at most 1.5 ×), by the hat one wears."""

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
from sixgate.usecases._registry import actor_of
from sixgate.usecases.work import desk

SMALL, LARGE, ROUNDS = 1_200, 12_000, 9
DUTIES = ("PMO", "LDR", "OWN", "CAC", "OPS", "AUDITOR", "FIN")


def run() -> dict[str, Any]:
    """Return milliseconds and queries of each home page at both sizes, and the ratios."""
    fill(SMALL - Project.objects.count(), facts=True)
    body = Organisation.objects.order_by("name").first()
    readers = {duty: User.objects.filter(username=f"desk-{duty}").first() or person(f"desk-{duty}", body, duty) for duty in DUTIES}
    refresh_statistics()
    small = {duty: _measured(reader) for duty, reader in readers.items()}
    fill(LARGE - SMALL, facts=True)
    refresh_statistics()
    large = {duty: _measured(reader) for duty, reader in readers.items()}
    growth = {duty: round(large[duty][1] / small[duty][1], 2) for duty in DUTIES}
    return {
        "goal": "queries <= 15, growth <= 1.5",
        "queries": {duty: queries for duty, (queries, _ms) in large.items()},
        "small_ms": {duty: ms for duty, (_queries, ms) in small.items()},
        "large_ms": {duty: ms for duty, (_queries, ms) in large.items()},
        "growth": growth,
        "worst_growth": max(growth.values()),
        "most_queries": max(queries for queries, _ms in large.values()),
    }


def _measured(reader: User) -> tuple[int, float]:
    browser = Client()
    browser.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get("/").status_code == 200
    with CaptureQueriesContext(connection) as asked:
        desk(actor_of(reader.pk, reader.name, "web"))
    times: list[float] = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        browser.get("/")
        times.append(time.perf_counter() - start)
    return len(asked), round(statistics.median(times) * 1000, 1)
