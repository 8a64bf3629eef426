"""One guarded request: the host is looked up once, and that very address is called; private addresses only where the environment lists their network.

No redirects, no proxies, five seconds in all, at most a megabyte of answer. Raises Refused for what may never be called, OSError for what failed.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

SECONDS: Final = 5.0
MOST_BYTES: Final = 1_000_000
PIECE: Final = 65_536
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(Exception):
    """A place that may not be called; the text says why."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    body: bytes


class _Pinned(http.client.HTTPConnection):
    """A connection to an address already looked up, whatever the name says by now."""

    def __init__(self, host: str, port: int, address: str, seconds: float, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=seconds)
        self._address, self._context = address, context

    def connect(self) -> None:
        """Connect to the address, not to the name; the certificate must still be the name's."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._context is not None:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)


def post(url: str, body: bytes, headers: Mapping[str, str], *, hosts: Iterable[str], context: ssl.SSLContext | None = None) -> Reply:
    """Send a body and return the reply; raise Refused when the place may not be called, OSError when it cannot be reached in time."""
    ends = time.monotonic() + SECONDS
    parts = urlsplit(url)
    host = (parts.hostname or "").casefold()
    if host not in hosts:
        raise Refused("host is not listed")
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = looked_up(host, port)
    if not secure and not (parts.scheme == "http" and ipaddress.ip_address(address).is_loopback and not settings.PRODUCTION):
        raise Refused("not https")
    line = _Pinned(host, port, address, SECONDS, (context or ssl.create_default_context()) if secure else None)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    with _cut_after(line, ends - time.monotonic()) as late:
        try:
            line.request("POST", path, body, {"User-Agent": "sixgate", "Connection": "close", **headers})
            answer = line.getresponse()
            reply = Reply(answer.status, _read(answer))
        except (http.client.HTTPException, OSError) as error:
            if late.is_set():
                raise TimeoutError("answer took too long") from None
            if isinstance(error, OSError):
                raise
            raise OSError(f"no proper answer: {type(error).__name__}") from None
    if late.is_set():
        raise TimeoutError("answer took too long")
    return reply


@contextmanager
def _cut_after(line: _Pinned, seconds: float) -> Iterator[threading.Event]:
    """Cut a connection when its time is over, however slowly the other side drips; the event tells whether that happened."""
    late = threading.Event()

    def cut() -> None:
        late.set()
        if line.sock is not None:
            with suppress(OSError):
                line.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, seconds), cut)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
        line.close()


def looked_up(host: str, port: int) -> str:
    """Return the address of a host, looked up once; raise Refused when any of its addresses may not be called."""
    found = [str(item[4][0]) for item in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for text in found:
        if not may_be_called(ipaddress.ip_address(text.partition("%")[0])):
            raise Refused("address is private and its network is not listed")
    return found[0]


def may_be_called(address: Address) -> bool:
    """Tell whether an address is public, or in a network the environment lists. An IPv4 address in IPv6 clothes counts as what it is."""
    plain = getattr(address, "ipv4_mapped", None) or address
    if any(plain.version == network.version and plain in network for network in settings.NOTICES_NETWORKS):
        return True
    return bool(plain.is_global) and not plain.is_multicast


def _read(answer: http.client.HTTPResponse) -> bytes:
    """Return the answer's beginning."""
    found = b""
    while len(found) < MOST_BYTES:
        piece = answer.read1(min(PIECE, MOST_BYTES - len(found)))
        if not piece:
            break
        found += piece
    return found
