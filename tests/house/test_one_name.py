"""One name for each act: the registry is the one source, and nothing has a name it does not know.

An address has a duty that grants it, an operation, a command, a test that runs it and a place on a page; none of these exists without a verb.
"""

import argparse
import ast
import functools
import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest

from house.names import ACT_PAGE, ADDRESS, ON_ACT_PAGE, ROOMS, covers, last, offered, run_by_tests, written
from house.source import PACKAGE, calls, dotted, modules, place, syntax
from sixgate.domain.authority import matches
from sixgate.engines.rules.schema import STAGES
from sixgate.interfaces import cli
from sixgate.interfaces.api import api
from sixgate.interfaces.web import act
from sixgate.usecases import _law
from sixgate.usecases._frame import Label, today
from sixgate.usecases._input import label_of
from sixgate.usecases._registry import verbs
from sixgate.usecases.authority.sign_in import TITLES
from sixgate.usecases.ledger import READ_ALL

# Commands that are no verbs: what each is, and whether it touches the database.
TOOLS = {
    "rules": ("checks, lists and explains packs", False),
    "judge": ("judges a gate on a file of facts", False),
    "demo": ("fills an empty database with examples", True),
    "xray": ("counts what the checks find in all projects, writes nothing", True),
    "clock": ("runs the jobs of upkeep once, now", True),
    "backup": ("writes all rows and files of one moment into a folder", True),
    "restore": ("brings a backup into an empty database", True),
    "doctor": ("looks at what the service stands on, writes nothing", True),
    "found-office": ("gives an empty database its first body and three administrators", True),
    "import-register": ("alias of planning.import_register that takes names for ids", True),
}
# Operations that are no verbs but are sent by POST: a file is handed over ahead of the verb that takes it.
HAND_OVER = {"receive_file"}
# Rights a duty grants that are no verbs: reading changes nothing and enters nothing.
READING_RIGHTS = {READ_ALL}


def own_account() -> set[str]:
    """Return the verbs on one's own account: those that ask for no duty but for the account itself."""
    return {address for address, verb in verbs().items() if "act.permit_self()" in inspect.getsource(inspect.unwrap(verb.run))}


def grants() -> dict[str, set[str]]:
    """Return the duties by each grant they hold."""
    held: dict[str, set[str]] = {}
    for duty in _law.duties(today()).values():
        for grant in duty.grants:
            held.setdefault(grant, set()).add(duty.id)
    return held


@functools.cache
def commands() -> dict[str, argparse.ArgumentParser]:
    """Return every command of the command line by name."""
    parser = cli._parser()
    (action,) = [item for item in parser._actions if isinstance(item, argparse._SubParsersAction)]
    return cast("dict[str, argparse.ArgumentParser]", dict(action.choices))


@functools.cache
def operations(method: str) -> set[str]:
    """Return the operation ids of the OpenAPI document sent by a method."""
    paths = cast("dict[str, Any]", api.get_openapi_schema(path_prefix="/api/v1/"))["paths"]
    return {way[method]["operationId"] for way in paths.values() if method in way}


def test_an_address_is_room_then_stage_in_the_lifecycle_then_verb_and_noun() -> None:
    shape = re.compile(rf"(?:lifecycle\.(?:{'|'.join(STAGES)})|{'|'.join(set(ROOMS) - {'lifecycle'})})\.[a-z]+(?:_[a-z]+)+")
    assert [address for address in verbs() if not shape.fullmatch(address)] == []


def test_a_verb_bears_the_name_of_its_function_and_lives_in_its_room() -> None:
    wrong = [
        address
        for address, verb in verbs().items()
        if last(address) != verb.run.__name__ or verb.run.__module__.split(".")[:3] != ["sixgate", "usecases", verb.room]
    ]
    assert wrong == []


def test_a_verb_of_one_stage_is_the_same_verb_in_all_six() -> None:
    staged = {last(address) for address in verbs() if address.startswith("lifecycle.")}
    missing = [f"lifecycle.{stage}.{name}" for name in staged for stage in STAGES if f"lifecycle.{stage}.{name}" not in verbs()]
    different = [name for name in staged if len({inspect.unwrap(verbs()[f"lifecycle.{stage}.{name}"].run) for stage in STAGES}) != 1]
    assert (missing, different) == ([], [])


def test_every_parameter_of_a_verb_has_a_label_a_person_can_read() -> None:
    mute = [
        f"{address} {name}"
        for address, verb in verbs().items()
        for name, parameter in verb.parameters.items()
        if not any(isinstance(mark, Label) for mark in getattr(parameter.annotation, "__metadata__", ())) or not label_of(parameter).text
    ]
    assert mute == []


def test_every_verb_is_granted_by_a_duty_or_is_an_act_on_ones_own_account() -> None:
    granted = {address for address in verbs() if any(matches(grant, address) for grant in grants())}
    assert (granted | own_account(), granted & own_account()) == (set(verbs()), set())


def test_every_grant_names_a_verb_or_a_reading_right() -> None:
    known = {*verbs(), *READING_RIGHTS}
    assert {grant: duties for grant, duties in grants().items() if not any(matches(grant, address) for address in known)} == {}


def test_every_reading_right_is_held_by_a_duty_and_asked_for() -> None:
    asked = {text for path in modules("usecases") for _line, text in written(syntax(path))}
    held = {right for right in READING_RIGHTS if any(matches(grant, right) for grant in grants())}
    assert (held, READING_RIGHTS - asked, READING_RIGHTS & set(verbs())) == (READING_RIGHTS, set(), set())


def test_every_verb_has_its_operation_and_no_other_operation_changes_anything() -> None:
    assert operations("post") - HAND_OVER == set(verbs())
    assert [method for method in ("put", "patch", "delete") if operations(method)] == []


def test_every_verb_has_its_command_and_no_other_command_stands_outside_the_table() -> None:
    assert set(commands()) == set(verbs()) | set(TOOLS)


def test_every_command_answers_in_json_and_a_verb_names_who_acts() -> None:
    flags = {name: set(command._option_string_actions) for name, command in commands().items()}
    assert [name for name, has in flags.items() if "--json" not in has] == []
    assert [name for name in verbs() if not {"--as", "--idempotency-key"} <= flags[name]] == []


def test_a_command_takes_every_parameter_of_its_verb_and_nothing_else() -> None:
    given = {name: {action.dest for action in commands()[name]._actions} - {"help", "username", "idempotency_key", "json"} for name in verbs()}
    taken = {name: {argument.removeprefix("arg_") for argument in arguments} for name, arguments in given.items()}
    assert taken == {address: set(verb.parameters) for address, verb in verbs().items()}


@pytest.mark.parametrize("tool", [name for name, (_what, database) in TOOLS.items() if not database])
def test_a_tool_without_database_runs_where_there_is_none(tool: str, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text("{}", encoding="utf-8")
    line = {"rules": ["rules", "list"], "judge": ["judge", str(facts), "--gate", "G02"]}[tool]
    nowhere = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/no/such/folder/db.sqlite3"}
    said = subprocess.run([sys.executable, "-m", "sixgate.interfaces.cli", *line, "--json"], env=nowhere, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr, bool(json.loads(said.stdout))) == (0, "", True)


def test_every_verb_is_run_by_a_test() -> None:
    assert sorted(set(verbs()) - run_by_tests()) == []


def test_every_verb_has_a_form_or_is_offered_on_a_page() -> None:
    assert sorted(set(verbs()) - offered()) == []


def test_the_page_of_acts_takes_the_verbs_these_tests_believe_it_takes() -> None:
    assert {"project_id", *act.GIVEN[:4]} == ON_ACT_PAGE
    assert Path(inspect.getfile(act)) == ACT_PAGE


def test_no_code_or_template_names_an_address_the_registry_does_not_know() -> None:
    known = {*verbs(), *READING_RIGHTS, *TITLES}
    strange: list[str] = []
    for path in modules():
        found = ((line, name) for line, text in written(syntax(path)) for name in ADDRESS.findall(text) if not text.startswith("sixgate."))
        strange += [f"{place(path, line)} {name}" for line, name in found if not _known(name, known)]
    for path in (PACKAGE / "interfaces/web/templates").rglob("*.html"):
        strange += [f"{place(path, 1)} {name}" for name in ADDRESS.findall(path.read_text(encoding="utf-8")) if not _known(name, known)]
    assert strange == []


def _known(name: str, known: set[str]) -> bool:
    return name.endswith((".html", ".toml")) or any(covers(name, address) or address.startswith(f"{name}.") for address in known)


def test_the_ledger_calls_an_act_by_its_address() -> None:
    wrapped = {address: inspect.getclosurevars(verb.run).nonlocals["address"] for address, verb in verbs().items()}
    assert wrapped == {address: address for address in verbs()}
    writers = [(path, call) for path in modules() for call in calls(syntax(path)) if dotted(call.func) == "LedgerEvent.objects.create"]
    assert [path.relative_to(PACKAGE).as_posix() for path, _call in writers] == ["usecases/_frame.py"]
    assert [dotted(word.value) for word in writers[0][1].keywords if word.arg == "action"] == ["act.address"]
    made = [call for call in calls(syntax(writers[0][0])) if dotted(call.func) == "Act"]
    assert [dotted(call.args[1]) for call in made] == ["address", "action"]


def test_only_signing_in_and_out_a_restore_and_the_copies_of_a_load_test_are_noted_without_a_verb() -> None:
    noting = {path.relative_to(PACKAGE).as_posix() for path in modules() if any(dotted(call.func) == "note" for call in calls(syntax(path)))}
    named = {text for _line, text in written(syntax(PACKAGE / "usecases/authority/sign_in.py")) if ADDRESS.fullmatch(text)}
    assert (noting, named & set(verbs()), named) == (
        {"usecases/authority/sign_in.py", "usecases/backup.py", "usecases/demo/city_bulk.py"},
        set(),
        set(TITLES),
    )


def test_the_search_for_tests_sees_a_call_a_path_and_a_table_and_nothing_in_a_comment() -> None:
    from house.names import _called, _tabled

    called = ast.parse("from sixgate.usecases.lifecycle.decision import decide_gate as decide\ndecide['design'](a)\n")
    mentioned = ast.parse("from sixgate.usecases.lifecycle.decision import decide_gate\nx = decide_gate\n")
    tabled = ast.parse("t = {'end_post': {}}\nverbs()[address].run(actor, **t[name])\n")
    idle = ast.parse("t = {'end_post': {}}\n")
    assert (_called(called), _called(mentioned)) == ({"lifecycle.*.decide_gate"}, set())
    assert (_tabled(tabled), _tabled(idle)) == ({"authority.end_post"}, set())


def test_the_search_for_offers_passes_over_a_name_that_is_only_asked_after() -> None:
    from house.names import put_forward, put_forward_by_template

    asked = "x == 'a'\ny.endswith('.b')\nz = {'c': 1}\nw.get('d')\nf'lifecycle.{s}.e' in x\n"
    assert put_forward(ast.parse(asked)) == set()
    assert put_forward(ast.parse("offer('a')\nz = {'k': ('b',)}\nf'lifecycle.{s}.c'\nx = f'lifecycle.{s}.d'")) == {"a", "b", "lifecycle.*.d"} | {
        "lifecycle.*.c"
    }
    assert put_forward_by_template("{% if a == 'b' %}{% with 'lifecycle.'|add:'.c' as d %}") == {"lifecycle.", ".c"}
