"""The command line: every verb by its address, and tools that need no database (`rules`, `judge`).

Every command takes `--json` with stable keys and exits non-zero on failure; a verb runs as a named actor (`--as NAME`).
It speaks Chinese, or English where the terminal does (LC_ALL, LC_MESSAGES, LANG).
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin

import django
from django.utils import translation
from django.utils.translation import gettext as _

from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop

FILE_LIMIT = 200 * 1024 * 1024
ADMINISTRATORS = {"system": "SYSADMIN", "security": "SECADMIN", "auditor": "AUDITOR"}
THREE = {"SYSADMIN": gettext_noop("系统管理员"), "SECADMIN": gettext_noop("安全管理员"), "AUDITOR": gettext_noop("安全审计员")}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or failed, 2 unusable arguments."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sixgate.settings")
    django.setup()
    with translation.override(_language()):
        return _answered(_parser().parse_args(arguments))


def _language() -> str:
    """Return the language the terminal asks for, as its programs find it: English where it says so, else Chinese."""
    asked = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "en" if asked.startswith("en") else "zh-hans"


def _answered(options: argparse.Namespace) -> int:
    try:
        answer = options.run(options)
    except Refusal as refusal:
        _print_refusal(refusal, options.json)
        return 1
    print(json.dumps(answer, ensure_ascii=False, indent=None if options.json else 2, default=str))
    return 1 if answer.get("failed") else 0


def _parser() -> argparse.ArgumentParser:
    from sixgate.usecases._registry import verbs

    parser = argparse.ArgumentParser(prog="sixgate", description=_("六关：证据进，判定出"))
    commands = parser.add_subparsers(required=True, metavar=_("命令"))
    _add_tools(commands)
    _add_founding(commands)
    _add_import(commands)
    for verb in verbs().values():
        command = commands.add_parser(verb.address, help=_(verb.title))
        command.add_argument("--as", dest="username", required=True, help=_("以谁的身份办理（登录名）"))
        command.add_argument("--idempotency-key", help=_("同一个键重复提交只办一次"))
        _add_parameters(command, verb)
        command.set_defaults(run=_run_verb, address=verb.address)
    for command in commands.choices.values():
        command.add_argument("--json", action="store_true", help=_("输出一行 JSON"))
    return parser


def _add_parameters(command: argparse.ArgumentParser, verb: Any) -> None:
    from sixgate.usecases._input import label_of

    for name, parameter in verb.parameters.items():
        label = label_of(parameter)
        command.add_argument(f"--{name.replace('_', '-')}", dest=f"arg_{name}", required=parameter.default is parameter.empty, help=_(label.text))


def _run_verb(options: argparse.Namespace) -> dict[str, Any]:
    from sixgate.usecases._input import arguments_of
    from sixgate.usecases._registry import named_actor, verbs

    verb = verbs()[options.address]
    given = {name.removeprefix("arg_"): value for name, value in vars(options).items() if name.startswith("arg_") and value is not None}
    raw = {name: _typed(verb.parameters[name].annotation, value) for name, value in given.items()}
    arguments = arguments_of(verb, raw)
    return verb.run(named_actor(options.username, "cli"), **arguments, idempotency_key=options.idempotency_key)


def _typed(annotation: Any, text: str) -> Any:
    """Return what an argument's text stands for: files are paths (several parted by commas), mappings and lists JSON; the rest stays text."""
    from sixgate.records.store import FileRef

    inner = [item for item in (get_args(get_args(annotation)[0]) or (get_args(annotation)[0],)) if item is not NoneType]
    whole = get_args(annotation)[0]
    if FileRef in inner:
        refs = [_received(Path(path)) for path in text.split(",")]
        return refs if get_origin(whole) is list else refs[0]
    kinds = {get_origin(whole), *(get_origin(item) for item in inner)}
    if kinds & {list, dict}:
        return _json(text)
    return text


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise Refusal(
            "json_wrong", gettext_noop("“{text}”不是 JSON。"), remedy=gettext_noop('请按 JSON 书写，如 {"a": 1}。'), text=text[:60]
        ) from None


def _mapping(path: Path | None) -> Any:
    if path is None:
        return None
    try:
        return _json(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise Refusal("file_not_text", gettext_noop("文件 {path} 不是 UTF-8 文本。"), path=path.name) from None
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> Refusal:
    return Refusal("file_unreadable", gettext_noop("读不了文件 {path}：{error}"), path=path.name, error=error.strerror)


def _received(path: Path) -> Any:
    from sixgate.records.store import receive

    try:
        with path.open("rb") as source:
            return receive(iter(lambda: source.read(1_048_576), b""), path.name, limit=FILE_LIMIT)
    except OSError as error:
        raise _unreadable(path, error) from None


def _add_import(commands: Any) -> None:
    command = commands.add_parser("import-register", help=_("导入台账（planning.import_register 的简写）"))
    command.add_argument("file", type=Path, help=_("xlsx 或 csv"))
    command.add_argument("--as", dest="username", required=True, help=_("以谁的身份办理（登录名）"))
    command.add_argument("--owner", required=True, help=_("保管台账的单位：名称或编号"))
    command.add_argument("--screening", default="", help=_("是否涉密：都不涉及填 no"))
    command.add_argument("--mapping", type=Path, help=_("列的对应关系（JSON 文件），默认自动判断"))
    command.add_argument("--preview", action="store_true", help=_("只看会怎样，不导入"))
    command.add_argument("--returned", type=Path, help=_("把有问题的行写成退回修改的工作簿"))
    command.set_defaults(run=_import_register)


def _import_register(options: argparse.Namespace) -> dict[str, Any]:
    from sixgate.engines.intake.returned import write_returned
    from sixgate.usecases._registry import named_actor, verbs
    from sixgate.usecases.planning.register_import import keeper_named, preview, read_table

    actor = named_actor(options.username, "cli")
    keeper = keeper_named(options.owner)
    mapping = _mapping(options.mapping)
    file = _received(options.file)
    if options.returned:
        write_returned(options.returned, read_table(file, mapping), only_problems=True)
    if options.preview:
        shown = preview(actor, file, keeper, mapping)
        return {**shown.plan.counts, "mapping": shown.table.mapping.to_json(), "problems": shown.problems}
    run = verbs()["planning.import_register"].run
    return run(actor, file=file, owner_id=keeper, screening=options.screening, mapping=mapping)


def _add_tools(commands: Any) -> None:
    rules = commands.add_parser("rules", help=_("检查、列出、说明规则包"))
    rules.add_argument("action", choices=["check", "list", "explain"])
    rules.add_argument("names", nargs="*", help=_("check：规则包文件夹，默认随产品提供的全部；explain：要求的编号"))
    _add_place_and_day(rules)
    rules.set_defaults(run=_rules)
    judge = commands.add_parser("judge", help=_("按一份事实文件判一个决策点，不用数据库"))
    judge.add_argument("facts", type=Path, help=_("JSON 文件：名称对应值"))
    judge.add_argument("--gate", required=True, help=_("决策点编号，如 G02"))
    _add_place_and_day(judge)
    judge.set_defaults(run=_judge)
    xray = commands.add_parser("xray", help=_("体检：全部项目里互相矛盾的地方，按规则计数，不写入"))
    xray.add_argument("--on", type=date.fromisoformat, help=_("判定日，默认今天"))
    xray.set_defaults(run=_xray)
    demo = commands.add_parser("demo", help=_("载入示例数据（只在空库中）"))
    demo.add_argument("action", choices=["load", "city"], help=_("load：两个项目的小示例；city：一座 120 个项目的城市，埋有问题"))
    demo.add_argument("--day", type=date.fromisoformat, help=_("city 的日子，默认今天"))
    demo.add_argument("--seed", type=int, default=1, help=_("city 的种子，同一种子、日子、规模得到同一座城市"))
    demo.add_argument("--scale", type=float, default=1, help=_("city 的规模，1 是 120 个项目"))
    demo.add_argument("--planter", default="one", help=_("谁来埋问题：one、two 或 none"))
    demo.add_argument("--truth", type=Path, help=_("埋了什么写到哪个文件，默认 var/city-truth.json"))
    demo.set_defaults(run=_demo)
    doctor = commands.add_parser("doctor", help=_("查看服务赖以运行的一切：数据库、时间、磁盘、规则包……"))
    doctor.set_defaults(run=_doctor)
    backup = commands.add_parser("backup", help=_("备份全部数据和文件到一个文件夹，运行中就可以做"))
    backup.add_argument("folder", type=Path, help=_("备份放在哪个文件夹；每次新建一个以日期时间命名的子文件夹"))
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help=_("把一份备份恢复到空库"))
    restore.add_argument("folder", type=Path, help=_("以日期时间命名的那个备份文件夹"))
    restore.set_defaults(run=_restore)
    clock = commands.add_parser("clock", help=_("立即做一遍定时的事：清理、体检、提醒和发送"))
    clock.add_argument("action", choices=["run-once"])
    clock.set_defaults(run=_clock)


def _add_founding(commands: Any) -> None:
    from django.conf import settings

    found = commands.add_parser("found-office", help=_("在空库里设立第一个单位和三员"))
    found.add_argument("body", help=_("单位全称"))
    for name, duty in ADMINISTRATORS.items():
        found.add_argument(f"--{name}", dest=duty, required=True, type=_login_and_name, metavar="LOGIN:NAME", help=_(THREE[duty]))
    found.add_argument("--jurisdiction", default=settings.HOME_JURISDICTION, help=_("行政区划代码"))
    found.set_defaults(run=_found)


def _add_place_and_day(command: argparse.ArgumentParser) -> None:
    from django.conf import settings

    from sixgate.usecases._frame import today

    command.add_argument("--on", type=date.fromisoformat, default=today(), help=_("判定日，默认今天"))
    command.add_argument("--jurisdiction", default=settings.HOME_JURISDICTION, help=_("行政区划代码"))


def _rules(options: argparse.Namespace) -> dict[str, Any]:
    from sixgate.usecases import rulebook

    if options.action == "check":
        return rulebook.check_packs(options.names)
    if options.action == "list":
        return rulebook.list_requirements(options.jurisdiction, options.on)
    if len(options.names) != 1:
        raise Refusal("requirement_wanted", gettext_noop("请写出一条要求的编号，如 initiation.feasibility_study。"))
    return rulebook.explain_requirement(options.names[0], options.jurisdiction, options.on)


def _judge(options: argparse.Namespace) -> dict[str, Any]:
    from sixgate.usecases import rulebook

    return rulebook.judge_file(options.facts, options.gate, options.on, options.jurisdiction)


def _xray(options: argparse.Namespace) -> dict[str, Any]:
    from sixgate.usecases._frame import today
    from sixgate.usecases.planning.xray import portfolio_xray

    return portfolio_xray(options.on or today())


def _demo(options: argparse.Namespace) -> dict[str, Any]:
    if options.action == "city":
        from sixgate.usecases.demo.city import load_city

        return load_city(day=options.day, seed=options.seed, scale=options.scale, planter=options.planter, truth=options.truth)
    from sixgate.usecases.demo import load

    return load()


def _doctor(_options: argparse.Namespace) -> dict[str, Any]:
    from sixgate.usecases._frame import now
    from sixgate.usecases.doctor import examine, worst

    signs = examine(now())
    told = [
        {"name": sign.name, "title": _(sign.title), "state": sign.state, "said": _(sign.said).format(**sign.parts)}
        | ({"remedy": _(sign.remedy)} if sign.remedy else {})
        for sign in signs
    ]
    state = worst(signs)
    return {"state": state, "signs": told} | ({"failed": True} if state in ("broken", "not_run") else {})


def _backup(options: argparse.Namespace) -> dict[str, Any]:
    from sixgate.usecases._frame import now
    from sixgate.usecases.backup import take

    return take(options.folder, now())


def _restore(options: argparse.Namespace) -> dict[str, Any]:
    from sixgate.usecases._frame import now
    from sixgate.usecases.backup import restore

    return restore(options.folder, now())


def _clock(options: argparse.Namespace) -> dict[str, Any]:
    from sixgate.interfaces import courier
    from sixgate.usecases._frame import now
    from sixgate.usecases.upkeep import run_once

    at = now()
    return {**run_once(at), **{name: job(at) for name, (_every, job) in courier.JOBS.items()}}


def _login_and_name(text: str) -> tuple[str, str]:
    login, colon, name = text.partition(":")
    if not (login.strip() and colon and name.strip()):
        raise argparse.ArgumentTypeError(_("“{text}”应写成 登录名:姓名，如 zhangsan:张三").format(text=text))
    return login.strip(), name.strip()


def _found(options: argparse.Namespace) -> dict[str, Any]:
    from sixgate.usecases.founding import found_office

    return found_office(options.body, options.jurisdiction, {duty: getattr(options, duty) for duty in ADMINISTRATORS.values()})


def _print_refusal(refusal: Refusal, as_json: bool) -> None:
    reason, remedy = _(refusal.template).format(**refusal.params), _(refusal.remedy) if refusal.remedy else None
    fields = {name: _(text) for name, text in getattr(refusal, "fields", {}).items()}
    body = {"failed": True, "code": refusal.code, "reason": reason, "remedy": remedy, "field": refusal.field, "fields": fields or None}
    if as_json:
        print(json.dumps({key: value for key, value in body.items() if value is not None}, ensure_ascii=False))
        return
    print(reason, file=sys.stderr)
    for name, text in fields.items():
        print(f"  --{name.replace('_', '-')}：{text}", file=sys.stderr)
    if remedy:
        print(remedy, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
