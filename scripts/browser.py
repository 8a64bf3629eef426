"""Sees to it that the browser tests have a Chromium and a Chinese font: from Debian when we may install, otherwise by saying what to do."""

import os
import shutil
import subprocess
import sys

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
COMMAND = ("apt-get", "install", "--yes", "--no-install-recommends")
PACKAGES = {"browser": "chromium", "font": "fonts-noto-cjk"}


def main() -> int:
    """Install what is missing; return 1 when there is no browser in the end."""
    lacking = missing()
    if not lacking:
        return 0
    packages = [PACKAGES[name] for name in lacking]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install(packages)
        lacking = missing()
    if lacking:
        command = f"apt-get install {' '.join(PACKAGES[name] for name in lacking)}"
        print(
            f"浏览器测试需要 Chromium 和中文字体，这里还缺：{'、'.join(packages)}。请以 root 执行：{command}\n"
            f"The browser tests need Chromium and a Chinese font. Missing here: {', '.join(packages)}. Run as root: {command}",
            file=sys.stderr,
        )
    return 1 if "browser" in lacking else 0


def missing() -> list[str]:
    """Return which of browser and font are not on this machine."""
    found = {"browser": any(shutil.which(name) for name in BROWSERS), "font": has_chinese_font()}
    return [name for name, here in found.items() if not here]


def has_chinese_font() -> bool:
    """Tell whether fontconfig knows a font for Chinese."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def install(packages: list[str]) -> None:
    """Install Debian packages, reading the lists of packages anew first."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (("apt-get", "update", "--quiet=2"), (*COMMAND, "--quiet=2", *packages)):
        if subprocess.call(command, env=environment, stdout=sys.stderr):
            return


if __name__ == "__main__":
    sys.exit(main())
