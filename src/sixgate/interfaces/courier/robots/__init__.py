"""Robots in groups: one small interface for all vendors. A further one is a class with these three parts and a line in ROBOTS (docs/notices.md).

A robot's address and secret come from the environment; they are never stored, logged or shown.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from sixgate.interfaces.courier.line import post
from sixgate.interfaces.courier.outcome import Outcome
from sixgate.interfaces.courier.robots import dingtalk, feishu, wecom
from sixgate.usecases.notices.outbox import Parcel


class Robot(Protocol):
    """What a vendor's robot wants: where to post, what to post, and how its answer is read."""

    def address(self, url: str, secret: str, at: datetime) -> str:
        """Return the address to post to, signed where the vendor signs there."""
        ...

    def body(self, text: str, secret: str, at: datetime) -> Mapping[str, object]:
        """Return the JSON to post, signed where the vendor signs there."""
        ...

    def read(self, status: int, answer: Mapping[str, object]) -> Outcome:
        """Return what became of it: vendors say no inside an answer of 200."""
        ...


ROBOTS: Final[Mapping[str, Robot]] = {"dingtalk": dingtalk.DingTalk(), "wecom": wecom.WeCom(), "feishu": feishu.Feishu()}


def send_text(parcel: Parcel, at: datetime) -> Outcome:
    """Send a text to a group; raise what `line.post` raises."""
    url, secret = settings.NOTICES_ROBOTS.get(parcel.robot, ""), settings.NOTICES_ROBOT_SECRETS.get(parcel.robot, "")
    if not url:
        return Outcome("failed", "no address in NOTICES_ROBOTS")
    robot = ROBOTS[parcel.kind]
    body = json.dumps(robot.body(parcel.text, secret, at), ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    reply = post(robot.address(url, secret, at), body, headers, hosts=[(urlsplit(url).hostname or "").casefold()])
    try:
        answer = json.loads(reply.body)
    except ValueError:
        answer = None
    if not 200 <= reply.status < 300 or not isinstance(answer, dict):
        return Outcome("failed", f"HTTP {reply.status}" if not 200 <= reply.status < 300 else "answer is no JSON object", reply.status)
    return robot.read(reply.status, answer)
