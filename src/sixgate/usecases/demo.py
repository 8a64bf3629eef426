"""The small demo a first start shows: one city, the people of the first journey, one project on its way. Refused in production and in a filled database.

Everything in it is an example and says so; the acts are real verbs, so the ledger, the verdicts and the stale marks are real too.
"""

import os
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from sixgate.engines.documents.sample import sample_scan
from sixgate.engines.rules.schema import EvidenceKind
from sixgate.kernel.refusal import Conflict
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Organisation, Post, Project, Region, User
from sixgate.records.regions import load_regions
from sixgate.records.store import receive
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._registry import named_actor
from sixgate.usecases.lifecycle.decision import decide_gate
from sixgate.usecases.lifecycle.evidence import check_evidence, submit_evidence
from sixgate.usecases.lifecycle.gate import request_gate
from sixgate.usecases.lifecycle.joint import sign_off
from sixgate.usecases.planning.funding import add_funding, amend_project
from sixgate.usecases.planning.registration import register_project
from sixgate.usecases.planning.systems import link_system, register_system

BUREAU = "市人力资源和社会保障局（示例）"
DATA = "市数据局（示例）"
PEOPLE = (
    ("chen", "陈思远", BUREAU, ("OWN",)),
    ("wu", "吴局长", BUREAU, ("OWN", "OWN_NET")),
    ("lin", "林晓岚", BUREAU, ("OWN_CHECK",)),
    ("gao", "高教授", BUREAU, ("EXP",)),
    ("zhou", "周启明", DATA, ("PMO",)),
    ("qian", "钱立项", DATA, ("APR",)),
    ("he", "何立法", DATA, ("LEG",)),
    ("shen", "沈副市长", DATA, ("LDR",)),
    ("fang", "方计划", "市发展和改革委员会（示例）", ("DRC",)),
    ("huang", "黄文静", "市财政局（示例）", ("FIN",)),
    ("xu", "徐建国", "市委网信办（示例）", ("CAC",)),
    ("ma", "马守密", "市密码管理局（示例）", ("CRY",)),
    ("admin", "孙系统", DATA, ("SYSADMIN",)),
    ("secadmin", "郑安全", DATA, ("SECADMIN",)),
    ("auditor", "冯审计", DATA, ("AUDITOR",)),
)
DEMO_PASSWORD_VARIABLE = "SIXGATE_DEMO_PASSWORD"  # the name of a variable, not a password
DEMO_PASSWORD = "sixgate-demo-2026"
WAN = 1_000_000
FIRST_GATE: Mapping[str, Mapping[str, object]] = {
    "resource_inventory": {"system_count": 12, "unregistered_count": 0, "idle_count": 1, "conclusion": "complete"},
    "duplicate_check": {"compared_count": 318, "similar_count": 2, "unexplained_count": 0, "conclusion": "pass"},
    "performance_targets": {"target_count": 9, "unmeasurable_count": 0, "conclusion": "pass"},
    "needs_survey": {"interviewed_groups": 6, "baselines": 4, "case_volume": 182_300, "conclusion": "pass"},
}
SECOND_GATE: Mapping[str, Mapping[str, object]] = {
    "project_proposal": {},
    "feasibility_study": {"estimate_fen": 1280 * WAN},
}


def load() -> dict[str, Any]:
    """Create organisations, people, posts and one project on its way; raise Conflict in production or in a filled database."""
    if settings.PRODUCTION:
        raise Conflict("demo_in_production", gettext_noop("生产环境不载入示例账号。"))
    if User.objects.exists():
        raise Conflict("database_filled", gettext_noop("库里已有账号，示例只载入空库。"))
    load_regions()
    with transaction.atomic():
        bodies = _people()
    _journey()
    return {
        "accounts": [username for username, *_ in PEOPLE],
        "organisations": bodies,
        "regions": Region.objects.count(),
        "projects": Project.objects.count(),
    }


def _people() -> int:
    password = os.environ.get(DEMO_PASSWORD_VARIABLE, DEMO_PASSWORD)
    names = dict.fromkeys(body for _, _, body, _ in PEOPLE)
    bodies = {name: Organisation.objects.create(name=name, region_id=settings.HOME_JURISDICTION) for name in (*names, "示例软件有限公司")}
    for username, name, body, duties in PEOPLE:
        person = User.objects.create_user(username, password, name=name, is_demo=True)
        for duty in duties:
            _appoint(person, bodies[body], duty, date(today().year, 1, 1))
    return len(bodies)


def _appoint(person: User, body: Organisation, duty: str, since: date) -> None:
    secrets = duty in ("OWN", "OWN_CHECK", "CRY", "CAC")
    Post.objects.create(person=person, organisation=body, duty=duty, region_code=body.region_id or "", valid_from=since, sees_work_secrets=secrets)


def _journey() -> None:
    """Lead one project through its first gate and ask for the second, where one body dissents."""
    clerk, checker, head = (named_actor(name, "cli") for name in ("chen", "lin", "wu"))
    bureau = Organisation.objects.get(name=BUREAU)
    project = _registered(clerk, bureau)
    for kind, fields in FIRST_GATE.items():
        _hand_in(clerk, checker, project, kind, fields)
    first = UUID(request_gate["initiation"](clerk, project_id=project, gate="G01")["request"])
    for name in ("fang", "xu", "ma"):
        sign_off["initiation"](named_actor(name, "cli"), request_id=first, agrees=True)
    decide_gate["initiation"](named_actor("zhou", "cli"), request_id=first, outcome="passed", reason="")
    for kind, fields in SECOND_GATE.items():
        _hand_in(clerk, checker, project, kind, fields)
    second = UUID(request_gate["initiation"](clerk, project_id=project, gate="G02")["request"])
    sign_off["initiation"](named_actor("huang", "cli"), request_id=second, agrees=True)
    register_project(
        head,
        name="政务服务大厅叫号系统运维（示例）",
        owner_id=bureau.id,
        screening="no",
        level="city",
        type="om",
        network="gov_extranet",
        amount_fen=40 * WAN,
        description="示例：一年运行维护。",
    )


def _registered(clerk: Actor, bureau: Organisation) -> UUID:
    answer = register_project(
        clerk,
        name="市民卡平台升级（示例）",
        owner_id=bureau.id,
        screening="no",
        level="city",
        type="upgrade",
        network="gov_extranet",
        amount_fen=1280 * WAN,
        description="示例：市民卡平台应用升级、数据治理和移动端适老化改造。",
        responsible_person="吴局长",
    )
    project = UUID(answer["project"])
    amend_project(clerk, project_id=project, traits={"is_fixed_asset": True, "has_software_dev": True, "public_facing": True})
    add_funding(clerk, project_id=project, source="lgi", budget_year=today().year, amount_fen=800 * WAN, document_no="")
    add_funding(clerk, project_id=project, source="ldb", budget_year=today().year + 1, amount_fen=480 * WAN, document_no="")
    system = register_system(
        clerk, name="市民卡平台（示例）", owner_id=bureau.id, mlps_level=3, traits={"has_personal_info": True, "public_facing": True}
    )
    link_system(clerk, project_id=project, system_id=UUID(system["system"]))
    return project


def _hand_in(clerk: Actor, checker: Actor, project: UUID, kind_id: str, fields: Mapping[str, object]) -> None:
    kind = _law.law(settings.HOME_JURISDICTION, today())[0].evidence[kind_id]
    number = sum(kind_id.encode())
    files = [receive([sample_scan(number)], f"{kind.title}（示例）.png", limit=10 * WAN)] if kind.files else []
    answer = submit_evidence[kind.stage](clerk, project_id=project, kind=kind_id, screening="no", fields={**_plain(kind), **fields}, files=files)
    if kind.second_check:
        check_evidence[kind.stage](checker, version_id=UUID(answer["version"]), agrees=True)


def _plain(kind: EvidenceKind) -> dict[str, object]:
    """Return example values for the required fields of a kind: the first choice, yes, a recent day, small numbers."""
    day = (today() - timedelta(days=30)).isoformat()
    by_type: dict[str, object] = {
        "text": "示例",
        "integer": 1,
        "fen": 1280 * WAN,
        "date": day,
        "ratio": 1000,
        "yes_no": True,
        "document_no": f"示例〔{today().year}〕1号",
    }
    found: dict[str, object] = {}
    for field in kind.fields:
        if field.type == "enum":
            found[field.id] = field.options[0].value
        elif field.required and field.type in by_type:
            value = by_type[field.type]
            found[field.id] = max(value, field.minimum or 0) if isinstance(value, int) and not isinstance(value, bool) else value
    return found
