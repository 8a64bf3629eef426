"""The templates a person's bodies keep, newest first; those replaced are on record, not offered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sixgate.domain.authority import PostFact
from sixgate.records.models import DocumentTemplate


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One template in use. `extension` is docx | xlsx; `names` are the places it fills."""

    id: UUID
    kind: str
    name: str
    body: str
    extension: str
    names: tuple[str, ...]
    sm3: str
    added_on: date


def templates_for(posts: Iterable[PostFact], kind: str = "") -> list[TemplateRow]:
    """Return the templates in use of the bodies the posts belong to, of one kind where it is named: one query."""
    bodies = {post.organisation_id for post in posts}
    found = DocumentTemplate.objects.filter(organisation_id__in=bodies, replaced_on=None).select_related("organisation", "file")
    return [
        TemplateRow(
            row.id,
            row.kind,
            row.name,
            row.organisation.name,
            row.placeholders["format"],
            tuple(row.placeholders["names"]),
            row.file.sm3,
            row.added_on,
        )
        for row in found.order_by("kind", "name", "-id")
        if not kind or row.kind == kind
    ]
