"""Real servers on this machine that messages are sent to: a mail server, and the robots of three vendors by their published contracts."""

import base64
import hashlib
import hmac
import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class MailBox:
    """A mail server that refuses some recipients."""

    port: int
    refuse: dict[str, str] = field(default_factory=dict)
    came: list[tuple[str, Message]] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[MailBox]:
    """Run a mail server that speaks enough of RFC 5321 to take or refuse mail."""

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            to = ""
            while line := self.rfile.readline().decode().strip():
                word = line.partition(" ")[0].upper()
                if word == "RCPT":
                    to = line.partition("<")[2].partition(">")[0]
                    self.say(box.refuse.get(to, "250 ok"))
                elif word == "DATA":
                    self.say("354 go on")
                    lines = []
                    while (text := self.rfile.readline()) != b".\r\n":
                        lines.append(text[1:] if text.startswith(b"..") else text)
                    box.came.append((to, message_from_bytes(b"".join(lines))))
                    self.say("250 taken")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        box = MailBox(server.server_address[1])
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield box
        server.shutdown()


@dataclass
class Call:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body read as JSON."""
        return json.loads(self.body)


Answer = tuple[int, bytes]


@dataclass
class Receiver:
    """A web server that answers as it is told."""

    port: int
    calls: list[Call] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def receiver(answer: Callable[[Call, Receiver], Answer]) -> Iterator[Receiver]:
    """Run a web server whose answers a function makes."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            call = Call(self.path, {k.lower(): v for k, v in self.headers.items()}, self.rfile.read(int(self.headers["Content-Length"])))
            here.calls.append(call)
            status, body = answer(call, here)
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", f"{here.url}/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Keep the terminal clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        here = Receiver(server.server_address[1])
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield here
        server.shutdown()


def said(value: object, status: int = 200) -> Answer:
    """Return a JSON answer."""
    return status, json.dumps(value).encode()


def dingtalk(secret: str) -> Callable[[Call, Receiver], Answer]:
    """Return 钉钉's answers: 310000 for a wrong signature, 410100 beyond twenty."""

    def answer(call: Call, here: Receiver) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(call.path).query).items()}
        right = base64.b64encode(hmac.new(secret.encode(), f"{asked.get('timestamp')}\n{secret}".encode(), hashlib.sha256).digest()).decode()
        if asked.get("sign") != right or len(asked["timestamp"]) != 13:
            return said({"errcode": 310000, "errmsg": "sign not match"})
        if call.json["msgtype"] != "text" or set(call.json) != {"msgtype", "text"}:
            return said({"errcode": 40035, "errmsg": "bad parameter"})
        return said({"errcode": 410100, "errmsg": "send too fast"} if len(here.calls) > 20 else {"errcode": 0, "errmsg": "ok"})

    return answer


def wecom(key: str) -> Callable[[Call, Receiver], Answer]:
    """Return 企业微信's answers: 93000 for a wrong key, 45009 beyond twenty."""

    def answer(call: Call, here: Receiver) -> Answer:
        if parse_qs(urlsplit(call.path).query).get("key") != [key]:
            return said({"errcode": 93000, "errmsg": "invalid webhook url"})
        return said({"errcode": 45009, "errmsg": "api freq out of limit"} if len(here.calls) > 20 else {"errcode": 0, "errmsg": "ok"})

    return answer


def feishu(secret: str) -> Callable[[Call, Receiver], Answer]:
    """Return 飞书's answers: 19021 for a wrong signature."""

    def answer(call: Call, here: Receiver) -> Answer:
        told = call.json
        key = f"{told.get('timestamp')}\n{secret}".encode()
        right = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
        if told.get("sign") != right or len(str(told.get("timestamp"))) != 10 or told["msg_type"] != "text":
            return said({"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"})
        return said({"code": 0, "msg": "success", "data": {}})

    return answer


def signed_rightly(call: Call, secret: str) -> bool:
    """Check a webhook as docs/notices.md tells a receiver to."""
    signed = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
    right = base64.b64encode(hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(item, f"v1,{right}") for item in call.headers["webhook-signature"].split())
