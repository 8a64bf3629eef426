"""Events to programs: CloudEvents 1.0 in structured JSON, signed by the scheme of Standard Webhooks (HMAC-SHA256 over id, timestamp and body)."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.conf import settings

from sixgate.interfaces.courier.line import post
from sixgate.interfaces.courier.outcome import Outcome
from sixgate.usecases.notices.outbox import Parcel

GONE: Final = 410


def send_event(parcel: Parcel, at: datetime) -> Outcome:
    """Send an event; any answer from 200 to 299 takes it, 410 refuses it for good, everything else is tried again."""
    stamp = int(at.timestamp())
    headers = {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "webhook-id": parcel.id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": signature(parcel.id, stamp, parcel.body, parcel.secrets),
    }
    reply = post(parcel.url, parcel.body, headers, hosts=settings.NOTICES_HOSTS)
    if 200 <= reply.status < 300:
        return Outcome("sent", status=reply.status)
    return Outcome("refused" if reply.status == GONE else "failed", f"HTTP {reply.status}", reply.status)


def signature(key: str, stamp: int, body: bytes, secrets: Sequence[str]) -> str:
    """Return one signature for each secret, separated by blanks: `v1,` and Base64."""
    signed = f"{key}.{stamp}.".encode() + body
    made = (hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest() for secret in secrets)
    return " ".join(f"v1,{base64.b64encode(item).decode()}" for item in made)
