"""People who work through the API and remember what they were promised.

Each leads projects of its own from registration through the first gate, with imports between. A step that got no answer is sent again, with the same
key and the same body, until it gets one.
"""

import http.client
import json
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, Final

SIGNERS: Final = ("fang", "xu", "ma")
SECONDS: Final = 20
BOUNDARY: Final = "sixgate-nemesis"
Answer = dict[str, Any]
Work = Generator["Step", Answer, None]


class Unheard(Exception):
    """No whole answer came: what was asked may have been done or not."""


@dataclass(frozen=True)
class Step:
    """One request as it is sent, again and again if need be; a file goes ahead of it."""

    who: str
    address: str
    body: Answer
    key: str
    file: tuple[str, bytes] | None = None
    many: bool = False


@dataclass
class Journal:
    """What was promised, by key; what was refused, which none of these steps should be; how often a step was sent again. Shared by all clients."""

    promised: dict[str, tuple[Step, Answer]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    unheard: int = 0


@dataclass(frozen=True)
class Caller:
    """Cookie and CSRF token of a signed-in person."""

    cookie: str
    token: str


@dataclass(frozen=True)
class World:
    """Where the door is, who may come in, whose projects they lead, and fields that fit each paper."""

    port: int
    callers: dict[str, Caller]
    owner: str
    papers: dict[str, Answer]


class Client:
    """One person's work over many rounds: `run` goes on where the last one was cut off."""

    def __init__(self, name: str, world: World, journal: Journal) -> None:
        self.name, self.world, self.journal = name, world, journal
        self.work = self._work()
        self.waiting = next(self.work)

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop or until nobody answers any more."""
        while not stop.is_set():
            try:
                answer = self._send(self.waiting)
            except Unheard:
                self.journal.unheard += 1
                stop.wait(0.05)
                continue
            except Exception as error:  # a thread that ends unheard would pass for one that kept silent
                self.journal.refused.append(f"client {self.name}: {error!r}")
                raise
            self.journal.promised[self.waiting.key] = (self.waiting, answer)
            self.waiting = self.work.send(answer)

    def _work(self) -> Work:
        number = 0
        while True:
            number += 1
            yield from self._lead(f"{self.name}-{number}")
            yield self._importing(f"{self.name}-{number}")

    def _lead(self, name: str) -> Work:
        axes = {"level": "city", "type": "upgrade", "network": "gov_extranet", "amount_fen": 128_000_000}
        answer = yield Step("chen", "planning/register_project", {"name": name, "owner_id": self.world.owner, "screening": "no", **axes}, f"{name}/r")
        project = answer["project"]
        money = {"project_id": project, "source": "ldb", "budget_year": 2026, "amount_fen": 1_000_000}
        yield Step("chen", "planning/add_funding", money, f"{name}/m")
        for kind, fields in self.world.papers.items():
            body = {"project_id": project, "kind": kind, "screening": "no", "fields": fields}
            paper = (f"{kind}.pdf", f"%PDF-1.7\n{name} {kind}".encode())
            handed = yield Step("chen", "lifecycle/initiation/submit_evidence", body, f"{name}/{kind}", paper, many=True)
            yield Step("lin", "lifecycle/initiation/check_evidence", {"version_id": handed["version"], "agrees": True}, f"{name}/{kind}/c")
        asked = yield Step("chen", "lifecycle/initiation/request_gate", {"project_id": project, "gate": "G01"}, f"{name}/g")
        for who in SIGNERS:
            yield Step(who, "lifecycle/initiation/sign_off", {"request_id": asked["request"], "agrees": True}, f"{name}/s/{who}")
        decision = {"request_id": asked["request"], "outcome": "passed", "reason": ""}
        yield Step("zhou", "lifecycle/initiation/decide_gate", decision, f"{name}/d")

    def _importing(self, name: str) -> Step:
        rows = "".join(f"{name} 导入 {row},市人社局,{row + 1}\n" for row in range(5))
        file = ("register.csv", f"项目名称,建设单位,金额（万元）\n{rows}".encode())
        return Step("zhou", "planning/import_register", {"owner_id": self.world.owner, "screening": "no"}, f"{name}/i", file)

    def _send(self, step: Step) -> Answer:
        body = dict(step.body)
        if step.file is not None:
            received = self._request(step.who, "files", _multipart(*step.file), f"multipart/form-data; boundary={BOUNDARY}", "")
            body |= {"files": [received]} if step.many else {"file": received}
        return self._request(step.who, step.address, json.dumps(body).encode(), "application/json", step.key)

    def _request(self, who: str, address: str, body: bytes, kind: str, key: str) -> Answer:
        caller = self.world.callers[who]
        head = {"Cookie": caller.cookie, "X-CSRFToken": caller.token, "Content-Type": kind}
        if key:
            head["Idempotency-Key"] = key
        connection = http.client.HTTPConnection("127.0.0.1", self.world.port, timeout=SECONDS)
        try:
            connection.request("POST", f"/api/v1/{address}", body, head)
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise Unheard from error
        finally:
            connection.close()
        if response.status >= 500:
            raise Unheard
        if response.status != 200:
            self.journal.refused.append(f"{address} {key}: {response.status} {text.decode()[:300]}")
            raise Unheard
        return dict(json.loads(text))


def _multipart(name: str, content: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
