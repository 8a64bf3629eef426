"""Importing a foreign register: all or nothing, one ledger entry for the batch, undone as long as nobody has acted on its projects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.db import connection, transaction
from pydantic import TypeAdapter, ValidationError

from sixgate.domain.authority import Target
from sixgate.engines.intake.sandbox import read_register_safely
from sixgate.engines.intake.table import Mapping as ColumnMapping
from sixgate.engines.intake.table import RegisterTable
from sixgate.engines.ledger.canonical import canonical, sm3_hex
from sixgate.kernel.refusal import Conflict, Invisible, Refusal
from sixgate.kernel.text import gettext_noop, normalise
from sixgate.records.models import ImportBatch, ImportedRow, ImportMapping, Organisation, OrganisationName, Passage, Project, ProjectState
from sixgate.records.queries.imports import LOOKED_AT_ONCE, acted_since
from sixgate.records.queries.search import search_text
from sixgate.records.store import FileRef, discard, path_in_quarantine
from sixgate.usecases._frame import Act, Actor, Answer, Label, plain, verb
from sixgate.usecases._offers import may
from sixgate.usecases._project import refresh, scan
from sixgate.usecases._screening import ANSWERS, screened
from sixgate.usecases.planning.register_plan import COMPARED, ChangedProject, ImportPlan, WantedProject, plan_import

BATCH = 500
MANY = 1_000
SCREENING = Label(
    gettext_noop("台账里是否有涉及国家秘密的项目"),
    gettext_noop("有任何一个涉及，或不能确定，都不能导入；请先在原台账中移出，按保密规定线下办理。"),
    ANSWERS,
)
FILE = Label(gettext_noop("台账文件"), gettext_noop("xlsx 或 csv，第一行不是表头、列顺序不同、单位为元或万元都可以。"))
OWNER = Label(gettext_noop("台账由哪个单位保管"), gettext_noop("再次导入同一单位的台账时，按项目编号或名称对上原来的项目。"))
MAPPING = Label(gettext_noop("列的对应关系"), gettext_noop("不给出时自动判断。"))
_COLUMNS = TypeAdapter(ColumnMapping)


def read_table(file: FileRef, mapping: Mapping[str, Any] | None) -> RegisterTable:
    """Read a received register in the sandbox; raise Refusal when it cannot be read or the mapping is malformed."""
    return read_register_safely(path_in_quarantine(file.sha256), _mapping(mapping))


def _prepare(**given: Any) -> RegisterTable:
    return read_table(given["file"], given.get("mapping"))


@verb("planning.import_register", gettext_noop("导入台账"), prepare=_prepare)
def import_register(
    act: Act,
    *,
    file: Annotated[FileRef, FILE],
    owner_id: Annotated[UUID, OWNER],
    screening: Annotated[str, SCREENING],
    mapping: Annotated[dict[str, Any] | None, MAPPING] = None,
) -> Answer:
    """Import a register: new projects are registered, changed ones corrected with their former values kept, rejected rows named and left out."""
    keeper = _keeper(act, owner_id)
    screened(act, screening, [file.name], lambda: discard([file]))
    table: RegisterTable = act.prepared
    plan = plan_import(table, keeper)
    batch = ImportBatch.objects.create(
        file_name=file.name, digest=file.sm3, owner=keeper, counts=plan.counts, mapping=plain(table.mapping.to_json()), event_id=act.event_id
    )
    owners = _owners(act, plan, keeper)
    _register(act, batch, plan.new, owners, keeper)
    _correct(act, batch, plan.changed, owners)
    act.enter(
        "import_batch",
        batch.id,
        file=file.name,
        digest=file.sm3,
        owner=keeper.id,
        mapping=sm3_hex(canonical(plain(table.mapping.to_json()))),
        counts=plan.counts,
    )
    if len(plan.new) > MANY:
        transaction.on_commit(_analyse)
    if len(plan.new) + len(plan.changed) <= LOOKED_AT_ONCE:
        _look(batch, act.day)
    return {"batch": str(batch.id), **plan.counts, "problems": [{"place": item.place, "reasons": list(item.reasons)} for item in plan.rejected]}


@verb("planning.undo_import", gettext_noop("撤销导入"))
def undo_import(
    act: Act,
    *,
    batch_id: Annotated[UUID, Label(gettext_noop("导入批次"))],
    reason: Annotated[str, Label(gettext_noop("撤销原因"), multiline=True)],
) -> Answer:
    """Take an import back: what it registered is withdrawn, what it changed stands as before; refused once somebody acted on a row."""
    batch = ImportBatch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise Invisible
    _keeper(act, batch.owner_id or batch_id)
    if batch.undone_event_id is not None:
        raise Conflict("already_undone", gettext_noop("这次导入已经撤销。"))
    if not reason.strip():
        raise Refusal("reason_wanted", gettext_noop("请写明撤销原因。"), field="reason")
    names = acted_since(batch)
    if names:
        raise Conflict(
            "acted_since",
            gettext_noop("导入以后已有 {count} 个项目办过别的事，不能整批撤销：{names}。"),
            remedy=gettext_noop("请对其余项目逐个办理撤销，或先把这些事办结。"),
            count=len(names),
            names="、".join(names[:10]),
        )
    new, changed = _take_back(batch)
    batch.undone_event_id = act.event_id
    batch.save(update_fields=["undone_event_id"])
    act.enter("import_batch", batch.id, withdrawn=new, restored=changed, reason=reason.strip())
    return {"batch": str(batch.id), "withdrawn": new, "restored": changed}


@verb("planning.save_mapping", gettext_noop("保存列的对应关系"))
def save_mapping(
    act: Act,
    *,
    name: Annotated[str, Label(gettext_noop("名称"), gettext_noop("如“市数据局年度台账”。"), longest=80)],
    mapping: Annotated[dict[str, Any], MAPPING],
) -> Answer:
    """Keep a corrected mapping; a file with the same headings is read by it the next time."""
    act.permit()
    title, columns = normalise(name), _mapping(mapping)
    if columns is None or not 1 <= len(title) <= 80:
        raise Refusal("name_length", gettext_noop("名称须为 1 到 80 个字。"), field="name")
    digest = headings_digest([column.heading for column in columns.columns])
    ImportMapping.objects.filter(headings_digest=digest, saved_by_id=act.actor.id).delete()
    row = ImportMapping.objects.create(name=title, headings_digest=digest, mapping=plain(columns.to_json()), saved_by_id=act.actor.id)
    act.enter("import_mapping", row.id, name=title, headings_digest=digest)
    return {"mapping": str(row.id)}


@dataclass(frozen=True, slots=True)
class Preview:
    """A register as it would be imported: the table as read, and what it would do."""

    table: RegisterTable
    plan: ImportPlan

    @property
    def problems(self) -> list[dict[str, Any]]:
        """Return the rejected rows with place and reasons."""
        return [{"place": item.place, "reasons": list(item.reasons)} for item in self.plan.rejected]


def preview(actor: Actor, file: FileRef, owner_id: UUID, mapping: Mapping[str, Any] | None = None) -> Preview:
    """Return what an import would do; a saved mapping for the same headings is taken when none is given. Raise Invisible for an unknown keeper."""
    keeper = Organisation.objects.filter(pk=owner_id, ended_on=None).first()
    target = Target(keeper.id, keeper.region_id or "") if keeper else None
    if keeper is None or target is None or not may(actor, "planning.import_register", target):
        raise Invisible
    table = read_table(file, mapping)
    saved = saved_mapping(table) if mapping is None else None
    table = read_table(file, saved) if saved else table
    return Preview(table, plan_import(table, keeper))


def keeper_named(text: str) -> UUID:
    """Return the id of an organisation by its id or its present name; raise Refusal when there is none or more than one."""
    found = Organisation.objects.filter(ended_on=None)
    try:
        matching = list(found.filter(pk=UUID(text))[:2])
    except ValueError:
        matching = list(found.filter(name=normalise(text))[:2])
    if len(matching) != 1:
        raise Refusal("owner_unknown", gettext_noop("没有唯一的单位“{text}”，请写全称或编号。"), field="owner", text=text[:60])
    return matching[0].id


def headings_digest(headings: Sequence[str]) -> str:
    """Return the digest a saved mapping is found by."""
    return sm3_hex(canonical([normalise(heading) for heading in headings]))


def saved_mapping(table: RegisterTable) -> dict[str, Any] | None:
    """Return the newest saved mapping for the headings of a table."""
    digest = headings_digest([column.heading for column in table.mapping.columns])
    row = ImportMapping.objects.filter(headings_digest=digest).order_by("-id").first()
    return dict(row.mapping) if row else None


def _mapping(given: Mapping[str, Any] | None) -> ColumnMapping | None:
    if given is None:
        return None
    try:
        return _COLUMNS.validate_python(ColumnMapping.from_json(given).to_json())
    except (KeyError, TypeError, AttributeError, ValidationError):
        raise Refusal(
            "mapping_malformed", gettext_noop("列的对应关系写法不对。"), field="mapping", remedy=gettext_noop("请从预览结果中取得后再改。")
        ) from None


def _keeper(act: Act, owner_id: UUID) -> Organisation:
    keeper = Organisation.objects.filter(pk=owner_id, ended_on=None).first()
    if keeper is None:
        raise Invisible
    act.permit(Target(keeper.id, keeper.region_id or ""))
    return keeper


def _owners(act: Act, plan: ImportPlan, keeper: Organisation) -> dict[str, Organisation]:
    """Return the organisations rows name, storing those nobody knew; a row without one belongs to the keeper."""
    wanted = {item.owner_name for item in (*plan.new, *(changed.wanted for changed in plan.changed)) if item.owner_name}
    names = sorted(wanted)
    known: dict[str, Organisation] = {"": keeper, keeper.name: keeper}
    for start in range(0, len(names), BATCH):
        for body in Organisation.objects.filter(name__in=names[start : start + BATCH], ended_on=None).order_by("-id"):
            known[body.name] = body
    missing = [Organisation(name=name) for name in names if name not in known]
    Organisation.objects.bulk_create(missing, batch_size=BATCH)
    OrganisationName.objects.bulk_create(
        [OrganisationName(organisation=body, name=body.name, valid_from=None, event_id=act.event_id) for body in missing], batch_size=BATCH
    )
    return known | {body.name: body for body in missing}


def _register(act: Act, batch: ImportBatch, wanted: Sequence[WantedProject], owners: Mapping[str, Organisation], keeper: Organisation) -> None:
    projects = [
        Project(
            owner=owners[item.owner_name],
            region_code=item.region_code,
            registered_on=act.day,
            screened_on=act.day,
            import_key=item.key,
            search_text=search_text(item.values["name"], owners[item.owner_name].name, item.values["description"]),
            **item.values,
        )
        for item in wanted
    ]
    Project.objects.bulk_create(projects, batch_size=BATCH)
    ProjectState.objects.bulk_create([ProjectState(project=project, next_gate="G01") for project in projects], batch_size=BATCH)
    rows = [
        ImportedRow(batch=batch, project=project, place=item.place[:80], effect="new", before=None, event_id=act.event_id)
        for item, project in zip(wanted, projects, strict=True)
    ]
    ImportedRow.objects.bulk_create(rows, batch_size=BATCH)


def _correct(act: Act, batch: ImportBatch, changes: Sequence[ChangedProject], owners: Mapping[str, Organisation]) -> None:
    rows: list[ImportedRow] = []
    for change in changes:
        project, wanted = change.project, change.wanted
        before = {name: plain(getattr(project, name)) for name in COMPARED} | {"owner": str(project.owner_id)}
        rows.append(ImportedRow(batch=batch, project=project, place=wanted.place[:80], effect="changed", before=before, event_id=act.event_id))
        for name, value in wanted.values.items():
            setattr(project, name, value)
        project.owner = owners[wanted.owner_name] if wanted.owner_name else project.owner
        project.search_text = search_text(project.name, project.owner.name, project.description)
        project.version += 1
    _save([change.project for change in changes])
    ImportedRow.objects.bulk_create(rows, batch_size=BATCH)
    _refresh_decided(act, [change.project for change in changes])


def _refresh_decided(act: Act, projects: Sequence[Project]) -> None:
    """Mark approvals stale where the import changed what they rest on."""
    decided = set(Passage.objects.filter(project__in=[project.id for project in projects]).values_list("project_id", flat=True))
    for project in projects:
        if project.id in decided:
            refresh(project, act.day)


def _save(projects: Sequence[Project]) -> None:
    Project.objects.bulk_update(projects, [*COMPARED, "owner", "search_text", "version"], batch_size=200)


def _take_back(batch: ImportBatch) -> tuple[int, int]:
    """Withdraw what a batch registered and restore what it changed; return how many of each."""
    new = [row.project_id for row in batch.rows.filter(effect="new")]
    for start in range(0, len(new), BATCH):
        Project.objects.filter(pk__in=new[start : start + BATCH]).update(withdrawn=True)
    restored: list[Project] = []
    for row in batch.rows.filter(effect="changed").select_related("project__owner"):
        project, before = row.project, dict(row.before or {})
        project.owner_id = UUID(before.pop("owner"))
        for name, value in before.items():
            field: Any = Project._meta.get_field(name)
            setattr(project, name, field.to_python(value))
        project.version += 1
        project.search_text = search_text(project.name, Organisation.objects.get(pk=project.owner_id).name, project.description)
        restored.append(project)
    _save(restored)
    return len(new), len(restored)


def _look(batch: ImportBatch, on: date) -> None:
    """Let the checks look at what came in at once, so that its contradictions are there when the reader looks; of more the clock takes care."""
    scan(list(batch.rows.values_list("project_id", flat=True)), on)


def _analyse() -> None:
    """Let the database count anew after many rows, so that pages keep beginning at an index."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
