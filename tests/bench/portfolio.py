"""A portfolio for benchmarks: projects with axes, funding, systems, contracts and checked evidence, stored in bulk. Names and sums are invented."""

from datetime import date
from uuid import UUID

from django.db import transaction

from factories import CITY, filled, world
from sixgate.kernel.identity import uuid7
from sixgate.records.models import (
    Contract,
    Evidence,
    EvidenceCheck,
    EvidenceVersion,
    FundingLine,
    LedgerEvent,
    Organisation,
    Project,
    ProjectState,
    ProjectSystem,
    System,
    User,
)
from sixgate.records.queries.search import search_text
from sixgate.usecases import _law
from sixgate.usecases._frame import now, today

TOPICS = ("一体化平台", "数据共享交换", "城市运行管理", "应急指挥", "公共信用", "智慧交通", "医保结算", "不动产登记")
KINDS = ("resource_inventory", "duplicate_check", "performance_targets", "feasibility_study", "initiation_approval")
BATCH = 2_000
BODIES = 198


def fill(count: int, *, facts: bool) -> list[UUID]:
    """Store projects of two hundred bodies and return their ids; with `facts`, each has funding, a system, a contract and five kinds of evidence."""
    owners = bodies()
    clerk, checker = (User.objects.get_or_create(username=name, defaults={"name": name})[0] for name in ("bench-clerk", "bench-checker"))
    event = LedgerEvent.objects.create(
        event_id=uuid7(), header=b"{}", commitment="", at=now(), action="bench", object_type="", object_id="", result="ok"
    )
    made: list[UUID] = []
    for start in range(0, count, BATCH):
        with transaction.atomic():
            projects = [_project(number, owners[number % len(owners)]) for number in range(start, min(start + BATCH, count))]
            Project.objects.bulk_create(projects, batch_size=500)
            ProjectState.objects.bulk_create([ProjectState(project=item, next_gate="G01") for item in projects], batch_size=500)
            if facts:
                _facts(projects, event, clerk, checker)
            made += [item.id for item in projects]
    return made


def bodies() -> list[Organisation]:
    """Return the bodies of the city, storing them first where they are missing: about as many as a large city has."""
    if not Organisation.objects.exists():
        world()
        Organisation.objects.bulk_create([Organisation(name=f"市第{number:03d}局", region_id=CITY) for number in range(BODIES)])
    return list(Organisation.objects.order_by("name"))


def _project(number: int, owner: Organisation) -> Project:
    name = f"{TOPICS[number % len(TOPICS)]}建设项目第{number:06d}号"
    return Project(
        name=name,
        owner=owner,
        region_code=CITY,
        level="city",
        type=("new", "upgrade", "om", "service")[number % 4],
        network="gov_extranet",
        amount_fen=(number * 7919 % 5000 + 10) * 1_000_000,
        traits={"is_fixed_asset": number % 2 == 0, "has_software_dev": True},
        registered_on=date(2026, 1, 1),
        screened_on=date(2026, 1, 1),
        search_text=search_text(name, owner.name),
    )


def _facts(projects: list[Project], event: LedgerEvent, clerk: User, checker: User) -> None:
    pack, _ = _law.law(CITY, today())
    systems = [System(name=f"{item.name}系统", owner_id=item.owner_id, mlps_level=3, traits={"has_personal_info": True}) for item in projects]
    System.objects.bulk_create(systems, batch_size=500)
    ProjectSystem.objects.bulk_create(
        [ProjectSystem(project=item, system=system, event=event) for item, system in zip(projects, systems, strict=True)]
    )
    FundingLine.objects.bulk_create(
        [FundingLine(project=item, source="ldb", budget_year=2026, amount_fen=item.amount_fen or 0, event=event) for item in projects]
    )
    Contract.objects.bulk_create(
        [
            Contract(
                project=item, title="开发合同", supplier_id=item.owner_id, amount_fen=item.amount_fen or 0, signed_on=date(2026, 3, 1), event=event
            )
            for item in projects
        ]
    )
    for kind in KINDS:
        places = [Evidence(project=item, kind=kind, latest_number=1) for item in projects]
        Evidence.objects.bulk_create(places, batch_size=500)
        fields, at = filled(pack.evidence[kind]), now()
        versions = [EvidenceVersion(evidence=place, number=1, fields=fields, submitted_by=clerk, submitted_at=at, event=event) for place in places]
        EvidenceVersion.objects.bulk_create(versions, batch_size=500)
        EvidenceCheck.objects.bulk_create(
            [EvidenceCheck(version=item, checked_by=checker, checked_at=at, agrees=True, event=event) for item in versions], batch_size=500
        )
