"""A number for every request: in the answer's head, in every log line, in the ledger event it leads to. Counts and times what was asked.

A number given by the caller is kept where it has the form of one, so that a proxy's log and ours name the same request.
"""

import logging
import re
import time
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from uuid6 import uuid7

from sixgate.interfaces.watch import logs, metrics

HEADER: Final = "X-Request-ID"
GIVEN: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
MET: Final = "SIXGATE_REQUEST_ID"
QUIET: Final = frozenset({"healthz", "readyz", "metrics"})
logger = logging.getLogger("sixgate.requests")
Answering = Callable[[HttpRequest], HttpResponseBase]


def numbered(answer: Answering) -> Answering:
    """Return the middleware; it stands first, so that what any other answers has a number too."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        number = given if GIVEN.fullmatch(given) else str(uuid7())
        request.META[MET] = number
        release = logs.bound(request=number)
        began = time.perf_counter()
        try:
            response = answer(request)
            _record(request, response.status_code, time.perf_counter() - began)
        finally:
            release()
        response.headers[HEADER] = number
        return response

    return respond


def number_of(request: HttpRequest) -> str:
    """Return the number of a request."""
    return str(request.META.get(MET, ""))


def _record(request: HttpRequest, status: int, seconds: float) -> None:
    route, method = _route(request), request.method or ""
    metrics.requests.labels(method if method in metrics.METHODS else "other", route, str(status)).inc()
    metrics.request_seconds.labels(route).observe(seconds)
    level = logging.DEBUG if route in QUIET else logging.INFO
    logger.log(level, "answered", extra={"method": method, "route": route, "status": status, "ms": round(seconds * 1000)})


def _route(request: HttpRequest) -> str:
    """Return the pattern an address matched, never the address: it may name a person or a project."""
    match = request.resolver_match
    return match.route or "home" if match is not None else "none"
