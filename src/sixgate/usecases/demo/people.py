"""The people of the demo: who they are, where they work, which duty they hold. All of them are examples and say so."""

import os
from datetime import date

from django.conf import settings

from sixgate.records.models import Organisation, Post, User
from sixgate.usecases._frame import today

BUREAU = "市人力资源和社会保障局（示例）"
DATA = "市数据局（示例）"
SUPPLIER = "示例软件有限公司"
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
    ("luo", "罗正清", "市审计局（示例）", ("AUD",)),
    ("tan", "谭存真", "市档案局（示例）", ("ARC",)),
    ("admin", "孙系统", DATA, ("SYSADMIN",)),
    ("secadmin", "郑安全", DATA, ("SECADMIN",)),
    ("auditor", "冯审计", DATA, ("AUDITOR",)),
)
DEMO_PASSWORD_VARIABLE = "SIXGATE_DEMO_PASSWORD"  # the name of a variable, not a password
DEMO_PASSWORD = "sixgate-demo-2026"


def settle() -> int:
    """Store the organisations and their people; return how many organisations there are."""
    password = os.environ.get(DEMO_PASSWORD_VARIABLE, DEMO_PASSWORD)
    names = dict.fromkeys(body for _, _, body, _ in PEOPLE)
    bodies = {name: Organisation.objects.create(name=name, region_id=settings.HOME_JURISDICTION) for name in (*names, SUPPLIER)}
    for username, name, body, duties in PEOPLE:
        person = User.objects.create_user(username, password, name=name, is_demo=True)
        for duty in duties:
            _appoint(person, bodies[body], duty, date(today().year, 1, 1))
    return len(bodies)


def _appoint(person: User, body: Organisation, duty: str, since: date) -> None:
    region, secrets = body.region_id or "", sees_work_secrets(duty)
    Post.objects.create(person=person, organisation=body, duty=duty, region_code=region, valid_from=since, sees_work_secrets=secrets)


def sees_work_secrets(duty: str) -> bool:
    """Return whether a duty of the demo may see work secrets."""
    return duty in ("OWN", "OWN_CHECK", "CRY", "CAC")
