"""Taking the register home: the law wants it known who exported what, so it is a verb. The bytes wait in quarantine for the door to hand out."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final
from uuid import UUID

from django.conf import settings

from sixgate.domain.axes import LEVELS, NETWORKS, PROJECT_TYPES, STAGES
from sixgate.engines.intake.export import ExportValue, write_csv, write_xlsx
from sixgate.kernel.money import FEN_PER_WAN
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Region
from sixgate.records.queries.portfolio import SORTS, STATUSES, ProjectFilter, exported
from sixgate.records.queries.visible import visible_projects
from sixgate.records.store import FileRef, receive
from sixgate.usecases import _law
from sixgate.usecases._frame import Act, Answer, Label, verb
from sixgate.usecases._input import InputRefused

LARGEST: Final = 1 << 30
CHUNK: Final = 1 << 20
FIRST_YEAR, LAST_YEAR = 1990, 2100
FORMATS: Final = (("xlsx", "Excel"), ("csv", "CSV"))
HEADINGS: Final = (
    "项目编号", "国家项目代码", "项目名称", "建设单位", "行政区划", "层级", "项目类型", "网络", "所处阶段", "下一决策点",
    "金额（万元）", "金额原文", "项目责任人", "计划开工", "计划完成", "登记日期", "办理状态",
)  # fmt: skip
ANY: Final = ("", gettext_noop("不限"))


@verb("planning.export_register", gettext_noop("导出项目台账"))
def export_register(
    act: Act,
    *,
    format: Annotated[str, Label(gettext_noop("格式"), choices=FORMATS)],  # noqa: A002 - the field's own word
    words: Annotated[str, Label(gettext_noop("词"))] = "",
    stage: Annotated[str, Label(gettext_noop("所处阶段"), choices=(ANY, *STAGES))] = "",
    owner_id: Annotated[UUID | None, Label(gettext_noop("建设单位"))] = None,
    region_code: Annotated[str, Label(gettext_noop("行政区划代码"))] = "",
    type: Annotated[str, Label(gettext_noop("项目类型"), choices=(ANY, *PROJECT_TYPES))] = "",  # noqa: A002 - the field's own word
    level: Annotated[str, Label(gettext_noop("层级"), choices=(ANY, *LEVELS))] = "",
    status: Annotated[str, Label(gettext_noop("办理状态"), choices=(ANY, *STATUSES))] = "",
    low_fen: Annotated[int | None, Label(gettext_noop("金额不低于（万元）"))] = None,
    high_fen: Annotated[int | None, Label(gettext_noop("金额不高于（万元）"))] = None,
    year: Annotated[int | None, Label(gettext_noop("登记年度"))] = None,
    sort: Annotated[str, Label(gettext_noop("排序"), choices=SORTS)] = "name",
    descending: Annotated[bool, Label(gettext_noop("从大到小"))] = False,
) -> Answer:
    """Write the projects an actor sees and asks for to a file; return how many, its digests and its name. The file waits a while to be fetched."""
    act.permit()
    wanted = narrowed(ProjectFilter(words, stage, owner_id, region_code, type, level, status, low_fen, high_fen, year, sort, descending))
    projects = visible_projects(act.actor.posts, dict(_law.duties(act.day)))
    written = _Counted(_lines(exported(projects, wanted), _gates(act.day)))
    ref = _write(written, format, f"项目台账-{act.day.isoformat()}.{format}")
    act.enter("register", "projects", count=written.count, format=format, sm3=ref.sm3, asked=_asked(wanted))
    return {"count": written.count, "name": ref.name, "size": ref.size, "sha256": ref.sha256, "sm3": ref.sm3}


def narrowed(wanted: ProjectFilter) -> ProjectFilter:
    """Return a filter whose year is one; raise InputRefused otherwise."""
    if wanted.year is not None and not FIRST_YEAR <= wanted.year <= LAST_YEAR:
        raise InputRefused({"year": gettext_noop("年度请填四位数字。")})
    return wanted


class _Counted:
    """Rows on their way to a file, counted as they pass."""

    def __init__(self, rows: Iterator[list[ExportValue]]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[list[ExportValue]]:
        for row in self.rows:
            self.count += 1
            yield row


def _asked(wanted: ProjectFilter) -> dict[str, Any]:
    return {name: value for name in ProjectFilter.__slots__ if (value := getattr(wanted, name)) not in ("", None, False)}


def _write(rows: _Counted, file_format: str, name: str) -> FileRef:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "register"
        if file_format == "csv":
            write_csv(path, HEADINGS, rows)
        else:
            write_xlsx(path, HEADINGS, rows, sheet="项目台账")
        with path.open("rb") as source:
            return receive(iter(lambda: source.read(CHUNK), b""), name, limit=LARGEST)


def _gates(day: date) -> dict[str, str]:
    pack, _ = _law.law(settings.HOME_JURISDICTION, day)
    return {gate.id: gate.title for gate in pack.gates.values()}


def _lines(rows: Iterator[dict[str, Any]], gates: dict[str, str]) -> Iterator[list[ExportValue]]:
    titles = {
        key: dict(pairs)
        for key, pairs in (("level", LEVELS), ("type", PROJECT_TYPES), ("network", NETWORKS), ("stage", STAGES), ("status", STATUSES))
    }
    regions = dict(Region.objects.values_list("code", "name"))
    for row in rows:
        yield [
            row["code"],
            row["national_code"],
            row["name"],
            row["owner__name"],
            regions.get(row["region_code"], row["region_code"]),
            titles["level"].get(row["level"], row["level"]),
            titles["type"].get(row["type"], row["type"]),
            titles["network"].get(row["network"], row["network"]),
            titles["stage"].get(row["state__stage"], row["state__stage"]),
            gates.get(row["state__next_gate"], row["state__next_gate"]),
            None if row["amount_fen"] is None else Decimal(row["amount_fen"]) / FEN_PER_WAN,
            row["amount_text"],
            row["responsible_person"],
            row["planned_start"],
            row["planned_finish"],
            row["registered_on"],
            titles["status"].get(row["status"], row["status"]),
        ]
