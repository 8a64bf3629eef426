"""What imports left behind: projects by their import key, batches with what they did, and whether anybody acted since."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sixgate.records.models import Finding, ImportBatch, ImportedRow, LedgerEvent, Project

LOOKED_AT_ONCE = 500  # projects of an import the checks look at with it; of more the clock takes care


@dataclass(frozen=True, slots=True)
class ImportedLine:
    """One row of a batch: where it stood, what it did, which project."""

    place: str
    effect: str
    project: str
    name: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class ImportView:
    """One batch as its page shows it."""

    id: str
    file_name: str
    digest: str
    owner: str
    at: datetime
    person: UUID | None
    counts: dict[str, int]
    undone: bool
    lines: tuple[ImportedLine, ...]
    total: int
    findings: int
    looked: bool


def projects_by_key(keys: Collection[str]) -> dict[str, Project]:
    """Return the live projects of import keys."""
    found: dict[str, Project] = {}
    wanted = list(keys)
    for start in range(0, len(wanted), 500):
        for project in Project.objects.filter(import_key__in=wanted[start : start + 500], withdrawn=False).select_related("owner"):
            found[project.import_key] = project
    return found


def acted_since(batch: ImportBatch) -> list[str]:
    """Return the names of a batch's projects somebody acted on after it, those a later import changed included."""
    ids = list(batch.rows.values_list("project_id", flat=True))
    touched: set[UUID] = set()
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        acts = LedgerEvent.objects.filter(project_id__in=chunk, result="ok", event_id__gt=batch.event_id)
        touched |= {key for key in acts.values_list("project_id", flat=True) if key}
        touched |= set(ImportedRow.objects.filter(project_id__in=chunk, batch_id__gt=batch.id).values_list("project_id", flat=True))
    return sorted(Project.objects.filter(pk__in=touched).values_list("name", flat=True))


def imported_columns(project_id: UUID) -> list[tuple[str, str]]:
    """Return what an imported register says of a project beside the platform's own fields: the target or the heading of a column, and its text."""
    project = Project.objects.get(pk=project_id)
    if not project.import_key:
        return []
    own = {"region": project.region_text, "stage_text": project.status_report, "amount_text": project.amount_text}
    rest = {name.removesuffix("_text"): str(text) for name, text in sorted(project.extra.items()) if not name.endswith("_precision")}
    return [(name, text) for name, text in {**own, **rest}.items() if text]


def import_view(batch_id: UUID, *, most: int = 200) -> ImportView | None:
    """Return one batch with its first rows."""
    batch = ImportBatch.objects.filter(pk=batch_id).select_related("owner", "event").first()
    if batch is None:
        return None
    rows = batch.rows.select_related("project").order_by("id")
    lines = tuple(ImportedLine(row.place, row.effect, str(row.project_id), row.project.name, row.project.withdrawn) for row in rows[:most])
    owner, total = batch.owner.name if batch.owner else "", batch.rows.count()
    return ImportView(
        str(batch.id),
        batch.file_name,
        batch.digest,
        owner,
        batch.event.at,
        batch.event.actor_id,
        dict(batch.counts),
        batch.undone_event_id is not None,
        lines,
        total,
        Finding.objects.filter(project__imports__batch=batch, project__withdrawn=False, state="open").distinct().count(),
        total <= LOOKED_AT_ONCE,
    )
