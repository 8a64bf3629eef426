"""What holds for every test: the network is closed, and where data must be there no test that needs it is passed over.

Real data is named by SIXGATE_DATA. Away from CI a test without it is skipped with its reason; in CI, or with SIXGATE_REQUIRE_DATA=1, it fails.
The network is closed to this process: Unix sockets and this machine stay open. Servers and browsers a test starts are processes of their own.
"""

import ipaddress
import os
import socket
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest

DATA = "SIXGATE_DATA"
NETWORKS = (socket.AF_INET, socket.AF_INET6)


class NetworkClosed(RuntimeError):
    """Somebody called a stranger in a test; no OSError, so that nobody takes it for a bad line and tries again."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a test that needs data into a failure where data must be there."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and data_must_be_there():
        reason = str(report.longrepr)
        if item.get_closest_marker("data") is not None or DATA in reason:
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was skipped, but {DATA} must be there: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn the skip of a whole module for want of data into a failure where data must be there."""
    report = yield
    if report.outcome == "skipped" and DATA in str(report.longrepr) and data_must_be_there():
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped, but {DATA} must be there: {report.longrepr}"
    return report


def data_must_be_there() -> bool:
    """Tell whether a run without real data is no run."""
    return bool(os.environ.get("CI")) or os.environ.get("SIXGATE_REQUIRE_DATA") == "1"


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine until the last test is done."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield


@pytest.fixture(scope="session", autouse=True)
def plain_terminal() -> Iterator[None]:
    """Give every process a test starts a terminal that asks for no language, whatever this one asks for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", "C.UTF-8")
        yield


def guarded(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return a socket's method that refuses strangers; the address comes last."""

    def only_this_machine(line: socket.socket, *arguments: Any) -> Any:
        if line.family in NETWORKS and not is_here(str(arguments[-1][0])):
            raise NetworkClosed(f"the network is closed in tests: {arguments[-1]}")
        return call(line, *arguments)

    return only_this_machine


def is_here(host: str) -> bool:
    """Tell whether a host is this machine; a name is not looked up."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"
