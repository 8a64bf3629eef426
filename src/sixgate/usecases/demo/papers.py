"""Papers of the demo: a kind of evidence handed in with a drawn scan and checked by the second person. Values nobody gives are plain examples."""

import functools
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from sixgate.engines.documents.sample import sample_scan
from sixgate.engines.rules.schema import EvidenceField, EvidenceKind
from sixgate.records.store import FileRef, receive
from sixgate.usecases import _law
from sixgate.usecases._frame import today
from sixgate.usecases._registry import named_actor
from sixgate.usecases.lifecycle.evidence import check_evidence, submit_evidence

WAN = 1_000_000
LARGEST_SCAN = 10_000_000
Fields = Mapping[str, object]


def hand_in(project: UUID, kind_id: str, fields: Fields, *, system: UUID | None = None, contract: UUID | None = None) -> None:
    """Hand one kind of evidence in as the clerk and check it as the second person where its kind wants that."""
    kind = _law.law(settings.HOME_JURISDICTION, today())[0].evidence[kind_id]
    answer = submit_evidence[kind.stage](
        named_actor("chen", "cli"),
        project_id=project,
        kind=kind_id,
        screening="no",
        fields={**plain_fields(kind), **fields},
        files=[scanned(f"{kind.title}（示例）", sum(kind_id.encode()) + project.int % 997)] if kind.files else [],
        system_id=system if kind.subject == "system" else None,
        contract_id=contract if kind.subject == "contract" else None,
    )
    if kind.second_check:
        check_evidence[kind.stage](named_actor("lin", "cli"), version_id=UUID(answer["version"]), agrees=True)


def scanned(title: str, number: int) -> FileRef:
    """Return a drawn scan, received as a door would."""
    return receive([_drawn(number)], f"{title}.png", limit=LARGEST_SCAN)


@functools.lru_cache(maxsize=8)
def _drawn(number: int) -> bytes:
    return sample_scan(number)


def plain_fields(kind: EvidenceKind) -> dict[str, object]:
    """Return example values for the required fields of a kind: the first choice, yes, a recent day, small numbers."""
    found: dict[str, object] = {}
    for field in kind.fields:
        if field.type == "enum":
            found[field.id] = field.options[0].value
        elif field.required and field.type != "file":
            found[field.id] = _example(field)
    return found


def _example(field: EvidenceField) -> object:
    by_type: dict[str, object] = {
        "text": "示例",
        "integer": 1,
        "fen": 1280 * WAN,
        "date": (today() - timedelta(days=30)).isoformat(),
        "ratio": 1000,
        "yes_no": True,
        "document_no": f"示例〔{today().year}〕1号",
    }
    value = by_type[field.type]
    return max(value, field.minimum or 0) if isinstance(value, int) and not isinstance(value, bool) else value
