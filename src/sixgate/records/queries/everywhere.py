"""One look through everything with a name, for those who see it: systems, bodies, findings, papers by their number. One query a kind, a few rows each."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from sixgate.records.models import (
    Contract,
    EvidenceVersion,
    Finding,
    FundingLine,
    OfficialDocument,
    Organisation,
    OrganisationName,
    Project,
    ProjectSystem,
)
from sixgate.records.queries.findings import UNRESOLVED

SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: what it is called, which object it is, and the project it belongs to where it has one."""

    id: str
    title: str
    project_id: UUID | None = None
    project: str = ""
    code: str = ""


def systems_named(projects: QuerySet[Project], words: Sequence[str]) -> list[Hit]:
    """Return systems linked to the projects whose name or code holds every word."""
    found = ProjectSystem.objects.filter(project__in=projects)
    for word in words:
        found = found.filter(Q(system__name__icontains=word) | Q(system__code__icontains=word))
    columns = ("system_id", "system__name", "project_id", "project__name", "system__code")
    return [Hit(str(key), *rest) for key, *rest in found.order_by("system__name", "id").values_list(*columns)[: SHOWN + 1]]


def organisations_named(words: Sequence[str]) -> list[Hit]:
    """Return bodies of which every word occurs in a present or former name or is the code."""
    found = Organisation.objects.all()
    for word in words:
        named = OrganisationName.objects.filter(organisation=OuterRef("pk"), name__icontains=word)
        found = found.filter(Q(name__icontains=word) | Q(uscc=word.upper()) | Exists(named))
    return [Hit(str(key), name, code=uscc) for key, name, uscc in found.order_by("name", "id").values_list("id", "name", "uscc")[: SHOWN + 1]]


def findings_about(projects: QuerySet[Project], words: Sequence[str], checks: Collection[str]) -> list[Hit]:
    """Return what waits of the given checks, or is about a thing or a project whose name holds every word."""
    named, about = Q(), Q()
    for word in words:
        named &= Q(project__name__icontains=word)
        about &= Q(subject_title__icontains=word)
    found = Finding.objects.filter(Q(check_id__in=checks) | named | about, project__in=projects, state__in=UNRESOLVED)
    columns = ("id", "subject_title", "project_id", "project__name", "check_id")
    return [Hit(str(key), *rest) for key, *rest in found.order_by("project__name", "id").values_list(*columns)[: SHOWN + 1]]


def papers_numbered(projects: QuerySet[Project], words: Sequence[str]) -> list[Hit]:
    """Return decisions, contracts and funding on record whose number holds every word: one query. The code says which of the three."""
    document, contract, funding = (
        _numbered(OfficialDocument.objects.filter(project__in=projects), "document_no", "title", words, "document"),
        _numbered(Contract.objects.filter(project__in=projects), "number", "title", words, "contract"),
        _numbered(FundingLine.objects.filter(project__in=projects), "document_no", "source", words, "funding"),
    )
    rows = document.union(contract, funding).order_by("numbered", "key")[: SHOWN + 1]
    return [_paper(*row) for row in rows]


def evidence_numbered(projects: QuerySet[Project], words: Sequence[str]) -> list[Hit]:
    """Return evidence in whose keyed fields every word stands; work secrets and what was withdrawn are never looked through. The code is the kind."""
    found = EvidenceVersion.objects.filter(evidence__project__in=projects, work_secret=False, withdrawal=None, number=F("evidence__latest_number"))
    for word in words:
        written = json.dumps(word)[1:-1]  # how a database that keeps JSON as text writes what is not ASCII
        found = found.filter(Q(fields__icontains=word) | Q(fields__icontains=written))
    columns = ("id", "fields", "evidence__project_id", "evidence__project__name", "evidence__kind")
    hits: list[Hit] = []
    for key, fields, project_id, project, kind in found.order_by("-submitted_at", "id").values_list(*columns)[: SHOWN * 3]:
        value = next((text for text in _texts(fields) if all(word.lower() in text.lower() for word in words)), "")
        if value:
            hits.append(Hit(str(key), value, project_id, project, kind))
    return hits[: SHOWN + 1]


def _numbered(rows: Any, number: str, title: str, words: Sequence[str], code: str) -> QuerySet[Any]:
    for word in words:
        rows = rows.filter(**{f"{number}__icontains": word})
    named = {"key": F("id"), "numbered": F(number), "called": F(title), "of": F("project_id"), "of_name": F("project__name"), "what": Value(code)}
    found: QuerySet[Any] = rows.exclude(**{number: ""}).order_by().annotate(**named).values_list("key", "numbered", "called", "of", "of_name", "what")
    return found


def _paper(key: UUID, number: str, title: str, project_id: UUID, project: str, code: str) -> Hit:
    return Hit(str(key), number if code == "funding" else f"{number} {title}", project_id, project, code)


def _texts(value: object) -> Iterator[str]:
    """Yield every text within keyed fields."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
