"""The command line speaks the terminal's language: English where it asks for it, else Chinese."""

import pytest

from sixgate.interfaces import cli


@pytest.mark.parametrize(
    ("terminal", "language"),
    [
        ({}, "zh-hans"),
        ({"LANG": "C.UTF-8"}, "zh-hans"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": ""}, "en"),
    ],
)
def test_the_terminal_chooses_the_language(monkeypatch: pytest.MonkeyPatch, terminal: dict[str, str], language: str) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in terminal.items():
        monkeypatch.setenv(name, value)
    assert cli._language() == language


def test_a_refusal_names_reason_and_remedy_without_marks_of_formatting(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["planning.save_mapping", "--as", "nobody", "--name", "x", "--mapping", "{no"]
    assert cli.main(line) == 1
    assert capsys.readouterr().err == '“{no”不是 JSON。\n请按 JSON 书写，如 {"a": 1}。\n'
