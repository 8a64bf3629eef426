"""Canonical bytes of an event: a subset of JCS (RFC 8785) with NFC strings, integers within 2**53-1 and ASCII keys; no floats.

Also the payload commitment HMAC-SM3(salt, payload), so that a payload may be erased while the header still verifies.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping

import rfc8785

MAX_INTEGER = 2**53 - 1


def canonical(value: object) -> bytes:
    """Return the canonical bytes; raise ValueError for floats, too large integers, non-NFC text or non-ASCII keys."""
    _check(value)
    return rfc8785.dumps(value)  # type: ignore[arg-type]


def sm3_hex(data: bytes) -> str:
    """Return the SM3 digest (GB/T 32905) in hex."""
    return hashlib.new("sm3", data).hexdigest()


def commitment(salt: bytes, payload: bytes) -> str:
    """Return HMAC-SM3(salt, payload) in hex."""
    return hmac.new(salt, payload, "sm3").hexdigest()


def _check(value: object) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise ValueError(f"integer {value} is beyond 2**53-1")
    elif isinstance(value, str):
        if not unicodedata.is_normalized("NFC", value):
            raise ValueError("text is not in NFC")
    elif isinstance(value, list | tuple):
        for item in value:  # pyright: ignore[reportUnknownVariableType]
            _check(item)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, Mapping):
        for key, item in value.items():  # pyright: ignore[reportUnknownVariableType]
            if not (isinstance(key, str) and key.isascii()):
                raise ValueError(f"key {key!r} is not ASCII text")
            _check(item)  # pyright: ignore[reportUnknownArgumentType]
    else:
        raise ValueError(f"canonical form has no place for {type(value).__name__}")
