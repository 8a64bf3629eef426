"""Supervises web and worker; prints the address and the demo accounts; stops both together."""

import os
import signal
import subprocess
import sys
import time

PORT = os.environ.get("PORT", "8000")
ADDRESS = f"http://127.0.0.1:{PORT}/"


def main() -> int:
    """Run until one of the two ends or a signal comes."""
    web = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", PORT, "--workers", "1", "sixgate.interfaces.wsgi:application"]
    worker = ["-m", "django", "db_worker"]
    children = [subprocess.Popen([sys.executable, *command]) for command in (web, worker)]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"\n六关 Sixgate  {ADDRESS}\n示例账号 demo accounts: chen lin wu zhou qian huang xu … · 密码 password: sixgate-demo-2026\n", flush=True)
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(20)


if __name__ == "__main__":
    sys.exit(main())
