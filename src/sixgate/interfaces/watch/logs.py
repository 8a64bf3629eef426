"""Logs: one JSON object a line with the number of the request, and nothing that tells of a person.

What a message or a traceback quotes is masked by form (identity numbers, mobile numbers, e-mail addresses); bodies and query strings are never logged.
"""

import re
from collections.abc import Callable, MutableMapping
from typing import Any, Final

import structlog

Event = MutableMapping[str, Any]
# Digits on either side would make it another number; an underscore or letter beside a mobile number does not make it none.
PERSONAL: Final = (
    (re.compile(r"(?<!\d)(\d{4})\d{10}(\d{3}[\dXx])(?!\d)"), r"\1**********\2"),
    (re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)"), r"\1****\2"),
    (re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)"), r"***@\1"),
)


def formatter(style: str = "json") -> structlog.stdlib.ProcessorFormatter:
    """Return the formatter of every log line: `json` for machines, `line` for a person at a terminal."""
    last = structlog.processors.JSONRenderer(ensure_ascii=False) if style == "json" else _line
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ExtraAdder(allow={"route", "method", "status", "ms", "job", "count"}),
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            without_persons,
            last,
        ],
    )


def without_persons(_logger: object, _name: str, event: Event) -> Event:
    """Mask in every text of an event what has the form of a person's number or address."""
    return {key: masked(value) if isinstance(value, str) else value for key, value in event.items()}


def masked(text: str) -> str:
    """Return a text with identity numbers, mobile numbers and e-mail addresses masked."""
    for pattern, shown in PERSONAL:
        text = pattern.sub(shown, text)
    return text


def bound(**known: str) -> Callable[[], None]:
    """Let every line from here on bear what is known; return what takes it away again."""
    tokens = structlog.contextvars.bind_contextvars(**known)
    return lambda: structlog.contextvars.reset_contextvars(**tokens)


def _line(_logger: object, _name: str, event: Event) -> str:
    known = {key: value for key, value in event.items() if key not in ("at", "level", "logger", "event", "exception")}
    more = "".join(f" {key}={value}" for key, value in known.items())
    trace = f"\n{event['exception']}" if "exception" in event else ""
    return f"{event['at']} {event['level'].upper()} {event['logger']}: {event['event']}{more}{trace}"
