"""钉钉 custom robot: `timestamp` in milliseconds and `sign` in the address; the secret is the key, `timestamp\\nsecret` what is signed. Code in `errcode`."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote_plus

from sixgate.interfaces.courier.outcome import Outcome
from sixgate.interfaces.courier.robots._answer import by_code


class DingTalk:
    """The robot of 钉钉."""

    def address(self, url: str, secret: str, at: datetime) -> str:
        """Return the address with timestamp and signature; as it is where no secret is set."""
        if not secret:
            return url
        stamp = int(at.timestamp() * 1000)
        signed = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
        return f"{url}{'&' if '?' in url else '?'}timestamp={stamp}&sign={quote_plus(base64.b64encode(signed))}"

    def body(self, text: str, secret: str, at: datetime) -> Mapping[str, object]:
        """Return a text message."""
        return {"msgtype": "text", "text": {"content": text}}

    def read(self, status: int, answer: Mapping[str, object]) -> Outcome:
        """Return what `errcode` says."""
        return by_code(answer, "errcode")
