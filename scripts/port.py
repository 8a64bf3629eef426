"""Whether the port is free to serve on, before anything slow begins. Needs nothing but Python itself.

Usage: python scripts/port.py   (HOST and PORT from the environment)
"""

import errno
import os
import socket
import sys

HOST = os.environ.get("HOST", "127.0.0.1")
PORT = os.environ.get("PORT", "8000")


def refusal() -> str:
    """Return why nothing can be served there, in Chinese and English, empty when all is well."""
    if not (PORT.isascii() and PORT.isdigit() and 1 <= int(PORT) <= 65535):
        return f"PORT：应为 1 到 65535 的整数，现在是 {PORT!r}。\nPORT must be a whole number from 1 to 65535, not {PORT!r}."
    try:
        with socket.create_server((HOST, int(PORT))):
            return ""
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            return f"不能在 {HOST} 的端口 {PORT} 上提供服务：{error.strerror}。\nCannot serve on port {PORT} of {HOST}: {error.strerror}."
        other = int(PORT) % 65535 + 1
        return (
            f"端口 {PORT} 已被占用。请先停掉占用它的程序，或换一个端口：make run PORT={other}\n"
            f"Port {PORT} is in use. Stop what uses it, or choose another: make run PORT={other}"
        )


def main() -> int:
    """Say why not, when not."""
    reason = refusal()
    if reason:
        print(reason, file=sys.stderr)
    return 1 if reason else 0


if __name__ == "__main__":
    sys.exit(main())
