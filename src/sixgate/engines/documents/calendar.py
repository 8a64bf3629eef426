"""Writes an iCalendar (RFC 5545) of whole days: lines folded at 75 octets, texts escaped, no alarms. Knows nothing of what the days are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

FOLD = 75


@dataclass(frozen=True, slots=True)
class Day:
    """One whole day. `uid` stays the same while the day moves, so that a calendar moves it too."""

    uid: str
    title: str
    day: date
    url: str = ""
    tentative: bool = False


def calendar_bytes(name: str, days: Iterable[Day], at: datetime) -> bytes:
    """Return a calendar as it goes over the wire."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sixgate//Statutory dates//ZH", "CALSCALE:GREGORIAN", f"X-WR-CALNAME:{_text(name)}"]
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for item in days:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(item.uid)}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{item.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{item.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(item.title)}",
            *([f"URL:{item.url}"] if item.url else []),
            f"STATUS:{'TENTATIVE' if item.tentative else 'CONFIRMED'}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return b"".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _text(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "")


def _folded(line: str) -> bytes:
    """Return a line in pieces of at most 75 octets, no character cut."""
    pieces: list[bytes] = [b""]
    for character in line:
        mark = character.encode()
        if len(pieces[-1]) + len(mark) > FOLD - (1 if len(pieces) > 1 else 0):
            pieces.append(b"")
        pieces[-1] += mark
    return b"\r\n ".join(pieces) + b"\r\n"
