"""Figures in the Prometheus text form: what this process was asked, and what the database and the clock tell when the figures are fetched."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from sixgate.usecases import doctor
from sixgate.usecases._frame import now

METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
STATES: Final = ("ok", "attention", "not_run", "broken")
registry = CollectorRegistry()
requests = Counter("sixgate_requests", "Requests answered", ("method", "route", "status"), registry=registry)
request_seconds = Histogram("sixgate_request_seconds", "Time to answer", ("route",), registry=registry, buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10))


class Signs(Collector):
    """The doctor's signs and the clock's jobs as gauges; what was not looked at is its own state, never a zero."""

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges as things are now."""
        signs = GaugeMetricFamily("sixgate_sign", "1 for the state a thing is in", labels=("name", "state"))
        for sign in doctor.examine(now()):
            for state in STATES:
                signs.add_metric((sign.name, state), float(sign.state == state))
        yield signs
        yield from self._clock()

    def _clock(self) -> Iterator[Metric]:
        note = doctor.last_beat()
        if note is None:
            return
        beat = GaugeMetricFamily("sixgate_clock_beat_seconds", "When the clock last ran, seconds since 1970")
        beat.add_metric((), datetime.fromisoformat(note["at"]).timestamp())
        jobs = GaugeMetricFamily("sixgate_job_ran_seconds", "When a job last succeeded, seconds since 1970", labels=("job",))
        for name, job in sorted(note["jobs"].items()):
            jobs.add_metric((name,), datetime.fromisoformat(job["at"]).timestamp())
        yield beat
        yield jobs


registry.register(Signs())


def text() -> bytes:
    """Return all figures."""
    return generate_latest(registry)
