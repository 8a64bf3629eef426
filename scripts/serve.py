"""Serves: starts the web server, says where to look, starts the clock, and stops both together.

Whatever ends first ends the other; a signal ends both and is no failure. On Linux nothing outlives this process, however it ends.
"""

import contextlib
import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Mapping

import port

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
GRACE_SECONDS = 20
WEB = ("granian", "--interface", "wsgi", "--workers", "1", "--workers-kill-timeout", "10", "sixgate.interfaces.wsgi:application")
CLOCK = ("sixgate.interfaces.clock",)
DEFAULTS = {
    "DJANGO_SETTINGS_MODULE": "sixgate.settings",
    "GRANIAN_BLOCKING_THREADS": "16",  # each may hold a database connection; the pool has twenty
    "GRANIAN_LOG_LEVEL": "error",
}
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1
Child = subprocess.Popen[bytes]


class Stopped(Exception):
    """A signal asked for the end."""


def main() -> int:
    """Run until one of the two ends (1) or a signal comes (0)."""
    reason = port.refusal()
    if reason:
        print(reason, file=sys.stderr)
        return 1
    for number in SIGNALS:
        signal.signal(number, _stop)
    children: dict[str, Child] = {}
    try:
        children["网页服务 web"] = _started(WEB)
        _greet(children)
        children["定时任务 clock"] = _started(CLOCK)
        _report_end(children)
        return 1
    except Stopped:
        return 0
    finally:
        _end(children.values())


def _stop(*_given: object) -> None:
    raise Stopped


def _started(command: tuple[str, ...]) -> Child:
    """Start one of ours as the head of a group of its own: a key pressed in the terminal then reaches this process alone."""
    environment = {**DEFAULTS, **os.environ, "GRANIAN_HOST": port.HOST, "GRANIAN_PORT": port.PORT}
    return subprocess.Popen([sys.executable, "-m", *command], env=environment, start_new_session=True, preexec_fn=_end_with_parent)


def _end_with_parent() -> None:
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _greet(children: Mapping[str, Child]) -> None:
    """Say where the pages are, once the first can be had."""
    while not _answers():
        if _ended(children):
            return
        time.sleep(0.1)
    scheme = "https" if os.environ.get("GRANIAN_SSL_CERTIFICATE") else "http"
    print(f"\n六关 Sixgate  {scheme}://{port.HOST}:{port.PORT}/   （停止 stop: Ctrl+C）\n", flush=True)


def _answers() -> bool:
    """Tell whether something serves: any answer counts, and so does a server that wants TLS and hangs up."""
    host = "127.0.0.1" if port.HOST == "0.0.0.0" else port.HOST
    connection = http.client.HTTPConnection(host, int(port.PORT), timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status > 0
    except (ConnectionResetError, http.client.HTTPException):
        return True
    except OSError:
        return False
    finally:
        connection.close()


def _ended(children: Mapping[str, Child]) -> list[str]:
    return [name for name, child in children.items() if child.poll() is not None]


def _report_end(children: Mapping[str, Child]) -> None:
    """Wait for the first end and say which it was."""
    while not (ended := _ended(children)):
        time.sleep(0.3)
    code = children[ended[0]].returncode
    print(f"{ended[0]} 意外停止（{code}），整个服务随之停止。It ended unexpectedly ({code}): everything stops.", file=sys.stderr)


def _end(children: Collection[Child]) -> None:
    """End all children and whatever they started: kindly, then by force."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        child.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


if __name__ == "__main__":
    sys.exit(main())
