"""The register as pages and exports need it: filtered, sorted, paged by key; plain dataclasses from scoped querysets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from sixgate.domain.authority import PostFact, region_prefix
from sixgate.kernel.money import wan_text
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Organisation, Project, Region
from sixgate.records.queries.keyset import Order, readable, slice_of

PAGE: Final = 50
COUNTED: Final = 1_000
LISTED_OWNERS: Final = 500
LISTED_REGIONS: Final = 200
UNKNOWN: Final = "—"
STATUSES: Final = (
    ("active", gettext_noop("在办")),
    ("suspended", gettext_noop("暂停")),
    ("terminated", gettext_noop("已终止")),
    ("cancelled", gettext_noop("已撤销")),
    ("merged", gettext_noop("已并入他项")),
    ("split", gettext_noop("已拆分")),
)
SORTS: Final = (
    ("name", gettext_noop("项目名称")),
    ("owner", gettext_noop("建设单位")),
    ("amount", gettext_noop("金额")),
    ("moved", gettext_noop("最近办理")),
)
_TEXTS: Final = ("", None)
_AMOUNTS: Final = (0, (1 << 63) - 1)
_MOMENTS: Final = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC))
_ORDERS: Final = {
    "name": Order(("name", "id"), _TEXTS),
    "owner": Order(("owner__name", "owner_id", "id"), _TEXTS),
    "amount": Order(("amount_fen", "id"), _AMOUNTS, nullable=True),
    "moved": Order(("state__moved_at", "id"), _MOMENTS, nullable=True),
}
_COLUMNS: Final = (
    "id",
    "code",
    "name",
    "owner__name",
    "type",
    "amount_fen",
    "amount_text",
    "status",
    "state__stage",
    "state__next_gate",
    "state__stale_gates",
    "state__moved_at",
)
_EXPORT_COLUMNS: Final = (
    "code",
    "national_code",
    "name",
    "owner__name",
    "region_code",
    "level",
    "type",
    "network",
    "state__stage",
    "state__next_gate",
    "amount_fen",
    "amount_text",
    "responsible_person",
    "planned_start",
    "planned_finish",
    "registered_on",
    "status",
)


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """What a reader narrows the register to; empty means everything."""

    words: str = ""
    stage: str = ""
    owner_id: UUID | None = None
    region_code: str = ""
    type: str = ""
    level: str = ""
    status: str = ""
    low_fen: int | None = None
    high_fen: int | None = None
    year: int | None = None
    sort: str = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One line of the register. `stale` counts approvals whose facts have changed; codes are titled by the door."""

    id: UUID
    code: str
    name: str
    owner: str
    type: str
    stage: str
    next_gate: str
    amount: str
    status: str
    stale: int
    moved_at: datetime | None
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """Lines, the cursors around them, and how many there are in all, counted up to a cap."""

    rows: list[ProjectRow]
    before: str
    after: str
    total: int
    capped: bool


def project_list(projects: QuerySet[Project], wanted: ProjectFilter, *, after: str = "", before: str = "") -> ProjectPage:
    """Return one page of the projects that fit: one query for the rows, one for the count where a page does not hold all."""
    found = fitting(projects, wanted)
    part = slice_of(found, _COLUMNS, _order(wanted), size=PAGE, descending=wanted.descending, after=after, before=before)
    all_here = not part.before and not part.after
    total = len(part.rows) if all_here else found.order_by().values("pk")[: COUNTED + 1].count()
    return ProjectPage([_row(row) for row in part.rows], part.before, part.after, min(total, COUNTED), total > COUNTED)


def turns(wanted: ProjectFilter, cursor: str) -> bool:
    """Tell whether a cursor belongs to the list in this order."""
    return readable(cursor, _order(wanted))


def fitting(projects: QuerySet[Project], wanted: ProjectFilter) -> QuerySet[Project]:
    """Return the projects that fit a filter; of several words every one must occur."""
    found = projects
    for word in wanted.words.lower().split():
        found = found.filter(search_text__contains=word)
    exact = {"state__stage": wanted.stage, "owner_id": wanted.owner_id, "type": wanted.type, "level": wanted.level, "status": wanted.status}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.region_code:
        found = found.filter(region_code__startswith=region_prefix(wanted.region_code))
    bounds = {"amount_fen__gte": wanted.low_fen, "amount_fen__lte": wanted.high_fen}
    found = found.filter(**{name: value for name, value in bounds.items() if value is not None})
    if wanted.year is not None:
        found = found.filter(registered_on__gte=date(wanted.year, 1, 1), registered_on__lt=date(wanted.year + 1, 1, 1))
    return found


def exported(projects: QuerySet[Project], wanted: ProjectFilter) -> Iterator[dict[str, Any]]:
    """Yield every project that fits, in the order of the list, a few hundred at a time."""
    order = _order(wanted)
    cursor = ""
    while True:
        part = slice_of(fitting(projects, wanted), _EXPORT_COLUMNS, order, size=2_000, descending=wanted.descending, after=cursor)
        yield from part.rows
        cursor = part.after
        if not cursor:
            return


def owners_of(projects: QuerySet[Project]) -> list[tuple[str, str]]:
    """Return the bodies that own one of the projects, by name, for a choice."""
    theirs = projects.filter(owner_id=OuterRef("pk"))
    rows = Organisation.objects.filter(Exists(theirs)).order_by("name").values_list("id", "name")[:LISTED_OWNERS]
    return [(str(key), name) for key, name in rows]


def regions_of(posts: Iterable[PostFact]) -> list[tuple[str, str]]:
    """Return the divisions the posts reach, highest first, for a choice."""
    reach = Q(pk__in=[])
    for prefix in {region_prefix(post.region_code) for post in posts if post.region_code}:
        reach |= Q(code__startswith=prefix)
    return list(Region.objects.filter(reach).order_by("code").values_list("code", "name")[:LISTED_REGIONS])


def organisations_for(posts: Iterable[PostFact]) -> tuple[tuple[str, str], ...]:
    """Return the organisations the posts belong to, for a choice."""
    ids = {post.organisation_id for post in posts}
    return tuple((str(pk), name) for pk, name in Organisation.objects.filter(pk__in=ids, ended_on=None).order_by("name").values_list("id", "name"))


def _order(wanted: ProjectFilter) -> Order:
    return _ORDERS.get(wanted.sort, _ORDERS["name"])


def _row(row: dict[str, Any]) -> ProjectRow:
    amount = row["amount_text"] or UNKNOWN if row["amount_fen"] is None else wan_text(row["amount_fen"])
    stale = len(row["state__stale_gates"] or {})
    return ProjectRow(
        row["id"],
        row["code"],
        row["name"],
        row["owner__name"],
        row["type"],
        row["state__stage"],
        row["state__next_gate"],
        amount,
        row["status"],
        stale,
        row["state__moved_at"],
        row["amount_fen"],
    )
