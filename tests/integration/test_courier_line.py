"""The guarded line: which addresses may be called, what is never followed, what is cut; on real sockets of this machine. And what an event says."""

import contextlib
import ipaddress
import json
import socketserver
import threading
import time
from typing import Any

import pytest

from factories import cast
from journey import project_of
from receivers import receiver
from sixgate.interfaces.courier import line
from sixgate.interfaces.courier.line import Refused, looked_up, may_be_called, post
from sixgate.records.models import LedgerEvent
from sixgate.usecases.notices.outbox import cloud_event


@pytest.fixture
def this_machine(settings: Any) -> None:
    """Let this machine call itself."""
    settings.NOTICES_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False),
        ("::1", False), ("fe80::1", False), ("fd00::1", False), ("::ffff:10.0.0.1", False), ("224.0.0.1", False), ("198.18.0.1", False),
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("172.20.5.5", True), ("::ffff:172.20.5.5", True),
    ],
)  # fmt: skip
def test_private_addresses_are_refused_unless_their_network_is_listed(settings: Any, address: str, may: bool) -> None:
    settings.NOTICES_NETWORKS = [ipaddress.ip_network("172.20.0.0/16")]
    assert may_be_called(ipaddress.ip_address(address)) is may


def test_a_name_that_leads_to_a_private_address_is_refused(settings: Any) -> None:
    settings.NOTICES_NETWORKS = []
    with pytest.raises(Refused, match="private"):
        looked_up("localhost", 443)


def test_a_host_not_listed_and_plain_http_in_production_are_refused_without_a_call(this_machine: None, settings: Any) -> None:
    with receiver(lambda call, here: (200, b"")) as here:
        with pytest.raises(Refused, match="not listed"):
            post(here.url, b"", {}, hosts=["other"])
        settings.PRODUCTION = True
        with pytest.raises(Refused, match="not https"):
            post(here.url, b"", {}, hosts=["127.0.0.1"])
        assert here.calls == []


def test_a_long_answer_is_cut_and_a_redirect_is_not_followed(this_machine: None) -> None:
    with receiver(lambda call, here: (200, b"x" * 3_000_000)) as here:
        assert len(post(here.url, b"", {}, hosts=["127.0.0.1"]).body) == 1_000_000
    with receiver(lambda call, here: (307, b"")) as here:
        assert (post(here.url, b"", {}, hosts=["127.0.0.1"]).status, len(here.calls)) == (307, 1)


@pytest.mark.parametrize(
    "beginning", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"], ids=["nothing", "head", "body"]
)
def test_who_drips_is_cut_off_when_the_time_is_over_and_never_taken_for_a_yes(
    this_machine: None, monkeypatch: pytest.MonkeyPatch, beginning: bytes
) -> None:
    monkeypatch.setattr(line, "SECONDS", 0.5)
    over = threading.Event()

    class Drip(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(beginning)
            with contextlib.suppress(OSError):
                while not over.wait(0.05):
                    self.request.sendall(b"x")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Drip) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        start = time.monotonic()
        with pytest.raises(TimeoutError):
            post(f"http://127.0.0.1:{server.server_address[1]}", b"", {}, hosts=["127.0.0.1"])
        assert time.monotonic() - start < 2
        over.set()
        server.shutdown()


def test_an_event_tells_ids_and_nothing_anybody_wrote(rows: None, own_files: None) -> None:
    project = project_of(cast())
    event = LedgerEvent.objects.get(action="planning.register_project")
    told = json.loads(cloud_event(event))
    assert told == {
        "specversion": "1.0",
        "id": str(event.event_id),
        "source": "/sixgate/local",
        "type": "cn.sixgate.planning.register_project",
        "subject": f"project/{project}",
        "time": event.at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {"result": "ok", "project_id": str(project), "commitment": event.commitment},
    }
