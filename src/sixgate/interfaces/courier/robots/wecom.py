"""企业微信 group robot: the key is part of the address, nothing is signed. Code in `errcode` (45009: too many)."""

from collections.abc import Mapping
from datetime import datetime

from sixgate.interfaces.courier.outcome import Outcome
from sixgate.interfaces.courier.robots._answer import by_code


class WeCom:
    """The robot of 企业微信."""

    def address(self, url: str, secret: str, at: datetime) -> str:
        """Return the address as it is: it holds the key."""
        return url

    def body(self, text: str, secret: str, at: datetime) -> Mapping[str, object]:
        """Return a text message."""
        return {"msgtype": "text", "text": {"content": text}}

    def read(self, status: int, answer: Mapping[str, object]) -> Outcome:
        """Return what `errcode` says."""
        return by_code(answer, "errcode")
