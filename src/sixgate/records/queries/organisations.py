"""Organisations as pages need them: a searchable list, one with its names, its line of succession, and the posts held there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from sixgate.records.models import Delegation, Organisation, OrganisationName, OrganisationSuccession, Post, Project, Region, System
from sixgate.records.queries.keyset import Order, slice_of

PAGE = 50
_BY_NAME = Order(("name", "id"), ("", None))


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One line of the list."""

    id: UUID
    name: str
    former: str
    region: str
    parent: str
    posts: int
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """Lines and the cursors of the pages around them."""

    rows: Sequence[OrganisationRow]
    total: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class NameLine:
    """A name and from when it holds; `since` is None for the first one."""

    name: str
    since: date | None
    document_no: str
    event_id: UUID


@dataclass(frozen=True, slots=True)
class SuccessionLine:
    """Another organisation this one came from or went into."""

    id: UUID
    name: str
    kind: str
    on: date
    document_no: str
    event_id: UUID


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post with its holder; `lent_to` names the delegate of the day."""

    id: UUID
    person_id: UUID
    person: str
    active: bool
    duty: str
    organisation_id: UUID
    organisation: str
    project: str
    since: date
    until: date | None
    sees_work_secrets: bool
    lent_to: str = ""
    loan_id: UUID | None = None
    lent_until: date | None = None


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """What the page of one organisation shows."""

    id: UUID
    name: str
    uscc: str
    region_code: str
    region: str
    parent_id: UUID | None
    parent: str
    ended_on: date | None
    names: Sequence[NameLine]
    predecessors: Sequence[SuccessionLine]
    successors: Sequence[SuccessionLine]
    children: Sequence[tuple[str, str]]
    present: Sequence[PostLine]
    past: Sequence[PostLine]
    projects: int
    systems: int


def name_on(organisation_id: UUID, day: date) -> str:
    """Return the name an organisation bore on a day; the present one where its names are not on record."""
    rows = OrganisationName.objects.filter(organisation_id=organisation_id).values_list("valid_from", "name")
    held = sorted((since or date.min, name) for since, name in rows if since is None or since <= day)
    return held[-1][1] if held else Organisation.objects.values_list("name", flat=True).get(pk=organisation_id)


def organisation_list(words: str, *, region: str = "", ended: bool = False, after: str = "", before: str = "") -> OrganisationPage:
    """Return a page of organisations by name; every word occurs in a present or former name or is the code."""
    found = Organisation.objects.all() if ended else Organisation.objects.filter(ended_on=None)
    for word in words.split():
        named = OrganisationName.objects.filter(organisation=OuterRef("pk"), name__icontains=word)
        found = found.filter(Q(name__icontains=word) | Q(uscc=word.upper()) | Exists(named))
    if region:
        found = found.filter(region_id=region)
    columns = ("id", "name", "region__name", "parent__name", "ended_on")
    page = slice_of(found, columns, _BY_NAME, size=PAGE, after=after, before=before)
    ids = [row["id"] for row in page.rows]
    posts = dict(Post.objects.filter(organisation__in=ids, valid_until=None).values_list("organisation").annotate(Count("id")))
    former = _former(ids, {row["id"]: row["name"] for row in page.rows})
    rows = [
        OrganisationRow(
            row["id"], row["name"], former.get(row["id"], ""), row["region__name"] or "", row["parent__name"] or "", posts.get(row["id"], 0),
            row["ended_on"],
        )
        for row in page.rows
    ]  # fmt: skip
    return OrganisationPage(rows, found.count(), page.before, page.after)


def organisation_card(organisation_id: UUID, day: date) -> OrganisationCard | None:
    """Return one organisation as it stands on a day."""
    body = Organisation.objects.filter(pk=organisation_id).select_related("region", "parent").first()
    if body is None:
        return None
    posts = _posts(Q(organisation=body), day)
    names = [NameLine(row.name, row.valid_from, row.document_no, row.event_id) for row in body.names.order_by("valid_from", "id")]
    return OrganisationCard(
        body.id,
        body.name,
        body.uscc,
        body.region_id or "",
        body.region.name if body.region else "",
        body.parent_id,
        body.parent.name if body.parent else "",
        body.ended_on,
        sorted(names, key=lambda line: line.since or date.min, reverse=True),
        [_line(row, row.predecessor) for row in body.precedents.select_related("predecessor").order_by("on", "id")],
        [_line(row, row.successor) for row in body.successions.select_related("successor").order_by("on", "id")],
        [(str(child.id), child.name) for child in body.children.filter(ended_on=None).order_by("name")],
        [line for line in posts if line.until is None or line.until > day],
        [line for line in posts if line.until is not None and line.until <= day],
        Project.objects.filter(owner=body, withdrawn=False).count(),
        System.objects.filter(owner=body).count(),
    )


def posts_of_person(person_id: UUID, day: date) -> Sequence[PostLine]:
    """Return every post of a person, those in force first."""
    return _posts(Q(person_id=person_id), day)


def regions_with_bodies() -> Sequence[tuple[str, str]]:
    """Return the divisions in which an organisation is registered."""
    return list(Region.objects.filter(organisations__isnull=False).distinct().order_by("code").values_list("code", "name"))


def owned_by(organisation_id: UUID) -> tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]:
    """Return the projects not yet ended and the systems an organisation owns, each as id and name."""
    projects = Project.objects.filter(owner_id=organisation_id, withdrawn=False, status__in=["active", "suspended"]).order_by("name")
    systems = System.objects.filter(owner_id=organisation_id).order_by("name")
    found = (rows.values_list("id", "name") for rows in (projects, systems))
    first, second = ([(str(key), name) for key, name in rows] for rows in found)
    return first, second


def _posts(which: Q, day: date) -> list[PostLine]:
    rows = Post.objects.filter(which).select_related("person", "organisation", "project").order_by("duty", "valid_from", "id")
    loans = {
        loan.post_id: loan
        for loan in Delegation.objects.filter(post__in=rows, valid_until__gt=day).select_related("delegate").order_by("-valid_from")
    }
    lines = [_post(post, loans.get(post.id)) for post in rows]
    return sorted(lines, key=lambda line: line.until is not None and line.until <= day)


def _post(post: Post, loan: Delegation | None) -> PostLine:
    return PostLine(
        post.id,
        post.person_id,
        post.person.name,
        post.person.is_active,
        post.duty,
        post.organisation_id,
        post.organisation.name,
        post.project.name if post.project else "",
        post.valid_from,
        post.valid_until,
        post.sees_work_secrets,
        loan.delegate.name if loan else "",
        loan.id if loan else None,
        loan.valid_until if loan else None,
    )


def _line(row: OrganisationSuccession, other: Organisation) -> SuccessionLine:
    return SuccessionLine(other.id, other.name, row.kind, row.on, row.document_no, row.event_id)


def _former(ids: Sequence[UUID], present: Mapping[UUID, str]) -> dict[UUID, str]:
    """Return the latest name that differs from the present one, for each that had another."""
    names = OrganisationName.objects.filter(organisation__in=ids).order_by("valid_from", "id").values_list("organisation_id", "name")
    return {key: name for key, name in names if name != present[key]}
