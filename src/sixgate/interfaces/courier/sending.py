"""Sends what waits and writes down each attempt. A place that fails is left until its time comes; the others go on."""

import logging
import time
from datetime import datetime
from typing import Final

from sixgate.interfaces.courier.line import Refused
from sixgate.interfaces.courier.mail import send_mails
from sixgate.interfaces.courier.outcome import Outcome
from sixgate.interfaces.courier.robots import send_text
from sixgate.interfaces.courier.webhook import send_event
from sixgate.usecases.notices.outbox import Parcel, mails_waiting, next_for, places_waiting, record

MAILS_AT_ONCE: Final = 100
SECONDS_EACH: Final = 15.0  # a slow place holds up the others, and the clock, no longer
logger = logging.getLogger("sixgate.courier")


def send_due(at: datetime) -> int:
    """Send everything whose time has come, in bounded batches; return how many arrived."""
    arrived = sum(_told(parcel, at, outcome) for parcel, outcome in send_mails(mails_waiting(at, MAILS_AT_ONCE)))
    for place in places_waiting(at):
        ends = time.monotonic() + SECONDS_EACH
        while time.monotonic() < ends:
            parcel = next_for(place, at)
            if parcel is None or not _told(parcel, at, attempt(parcel, at)):
                break
            arrived += 1
    return arrived


def attempt(parcel: Parcel, at: datetime) -> Outcome:
    """Send one message to a place and return what became of it; a place that may not be called counts as failed, for its setting may be put right."""
    try:
        return send_event(parcel, at) if parcel.kind == "webhook" else send_text(parcel, at)
    except Refused as refusal:
        return Outcome("failed", str(refusal))
    except OSError as error:
        return Outcome("failed", type(error).__name__)


def _told(parcel: Parcel, at: datetime, outcome: Outcome) -> bool:
    state = record(parcel, at, outcome.word, outcome.reason, outcome.status)
    if outcome.word != "sent":
        logger.warning("a %s message did not arrive (%s); it is now %s", parcel.kind, outcome.reason, state)
    return outcome.word == "sent"
