"""飞书 custom robot: `timestamp` in seconds and `sign` in the body; `timestamp\\nsecret` is the key and what is signed is empty. Code in `code`."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from sixgate.interfaces.courier.outcome import Outcome
from sixgate.interfaces.courier.robots._answer import by_code


class Feishu:
    """The robot of 飞书."""

    def address(self, url: str, secret: str, at: datetime) -> str:
        """Return the address as it is: the signature stands in the body."""
        return url

    def body(self, text: str, secret: str, at: datetime) -> Mapping[str, object]:
        """Return a text message, signed where a secret is set."""
        message = {"msg_type": "text", "content": {"text": text}}
        if not secret:
            return message
        stamp = int(at.timestamp())
        sign = base64.b64encode(hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()
        return {"timestamp": str(stamp), "sign": sign, **message}

    def read(self, status: int, answer: Mapping[str, object]) -> Outcome:
        """Return what `code` says."""
        return by_code(answer, "code")
