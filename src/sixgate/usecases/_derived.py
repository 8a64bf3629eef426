"""Secrets that lie nowhere: derived from the deployment's key, what they are for, whose they are and a version. A new version makes the old one void.

Whoever changes SECRET_KEY changes them all; the manual says so.
"""

import base64
import hashlib
import hmac
from typing import Final
from uuid import UUID

from django.conf import settings

WEBHOOK: Final = "webhook"
CALENDAR: Final = "calendar"
TOKEN_BYTES: Final = 20


def derived(purpose: str, owner: UUID, version: int) -> bytes:
    """Return 32 secret bytes: HMAC-SHA256 under the deployment's key."""
    return hmac.new(settings.SECRET_KEY.encode(), f"sixgate/{purpose}/{owner}/{version}".encode(), hashlib.sha256).digest()


def webhook_secret(endpoint: UUID, version: int) -> str:
    """Return the secret a webhook's signatures are made with, as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(derived(WEBHOOK, endpoint, version)).decode()


def calendar_token(person: UUID, version: int) -> str:
    """Return the token of a person's calendar: who it is, and the proof."""
    proof = base64.b32encode(derived(CALENDAR, person, version)[:TOKEN_BYTES]).decode().lower()
    return f"{person.hex}{proof}"


def person_of_token(token: str) -> UUID | None:
    """Return whose calendar a token names, None when it is no token; the proof is not looked at."""
    try:
        return UUID(hex=token[:32]) if len(token) == 64 and token.isascii() else None
    except ValueError:
        return None


def same(one: str, other: str) -> bool:
    """Tell whether two secrets are the same, in a time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
