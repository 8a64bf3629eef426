"""What the checks read beside the dossiers: shared files and names, hands, payments, overdue conditions. Constant in queries whatever the number."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q, Sum

from sixgate.domain.lifecycle.check_facts import ContractSeen, Seen
from sixgate.records.models import Change, Condition, Contract, EvidenceCheck, EvidenceFile, EvidenceVersion, PassageCheck, Pause, Payment, Project

LIVING: Final = ("active", "suspended")
TELLING: Final = 20  # characters of a description from which the same words are no chance


@dataclass(frozen=True, slots=True)
class Looked:
    """One project as the checks read it; who handed in evidence, when an act last moved it, when it stood still."""

    seen: Seen
    submitters: frozenset[UUID]
    moved_at: datetime | None
    pauses: tuple[tuple[date, date | None], ...]


def looked_at(project_ids: Collection[UUID], on: date) -> dict[UUID, Looked]:
    """Return what the checks read of many projects: fourteen queries."""
    columns = ("id", "status", "import_key", "responsible_person", "name", "owner_id", "amount_fen", "description", "state__moved_at")
    rows = {row["id"]: row for row in Project.objects.filter(pk__in=project_ids).values(*columns)}
    contracts, changes, pauses = _contracts(rows), _changes(rows), _pauses(rows)
    files, names, hands = _shared_files(rows), _same_names(rows), _same_hands(rows)
    conditions, submitters, contents = _conditions(rows, on), _submitters(rows), _same_contents(rows)
    return {
        key: Looked(
            Seen(
                row["status"],
                bool(row["import_key"]),
                row["responsible_person"],
                key in submitters,
                files.get(key),
                names[key],
                contents.get(key),
                hands.get(key),
                conditions.get(key),
                tuple(changes.get(key, ())),
                contracts.get(key, {}),
            ),
            frozenset(submitters.get(key, ())),
            row["state__moved_at"],
            tuple(pauses.get(key, ())),
        )
        for key, row in rows.items()
    }


def links_of(system_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return to how many projects each system is linked: one query; a system without project is left out."""
    rows = Project.objects.filter(system_links__system__in=system_ids, withdrawn=False).values("system_links__system")
    return {row["system_links__system"]: row["count"] for row in rows.annotate(count=Count("id", distinct=True)) if row["system_links__system"]}


def _contracts(rows: Mapping[UUID, Any]) -> dict[UUID, dict[str, ContractSeen]]:
    """Return each contract with its payments and what its supplier won from the same owner in the same year; all contracts of the owners are read."""
    owners = {row["owner_id"] for row in rows.values()}
    columns = ("id", "project_id", "project__owner_id", "original_id", "supplier_id", "amount_fen", "signed_on")
    found = list(Contract.objects.filter(project__owner_id__in=owners, project__withdrawn=False).values(*columns))
    paid = _payments(rows)
    extra: Counter[UUID] = Counter()
    years: dict[Any, list[int]] = defaultdict(list)
    under: dict[UUID, list[UUID]] = defaultdict(list)
    for item in found:
        if item["original_id"] is None:
            years[_bundle(item)].append(item["amount_fen"])
        else:
            extra[item["original_id"]] += item["amount_fen"]
            under[item["original_id"]].append(item["id"])
    seen: dict[UUID, dict[str, ContractSeen]] = defaultdict(dict)
    for item in found:
        if item["project_id"] in rows:
            sums = [paid[key] for key in (item["id"], *under[item["id"]]) if key in paid]
            same = years[_bundle(item)]
            seen[item["project_id"]][str(item["id"])] = ContractSeen(
                item["original_id"] is not None,
                item["amount_fen"],
                item["amount_fen"] + extra[item["id"]],
                sum(fen for fen, _first, _last in sums),
                min((first for _fen, first, _last in sums), default=None),
                max((last for _fen, _first, last in sums), default=None),
                len(same),
                sum(same),
            )
    return seen


def _bundle(item: Mapping[str, Any]) -> tuple[UUID, UUID, int]:
    return item["project__owner_id"], item["supplier_id"], item["signed_on"].year


def _payments(rows: Mapping[UUID, Any]) -> dict[UUID, tuple[int, date, date]]:
    found = Payment.objects.filter(contract__project_id__in=rows).values("contract_id")
    sums = found.annotate(fen=Sum("amount_fen"), first=Min("paid_on"), last=Max("paid_on"))
    return {row["contract_id"]: (row["fen"], row["first"], row["last"]) for row in sums}


def _changes(rows: Mapping[UUID, Any]) -> dict[UUID, list[tuple[int, int]]]:
    found: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
    for project, more, less in Change.objects.filter(project_id__in=rows).values_list("project_id", "increase_fen", "decrease_fen"):
        found[project].append((more, less))
    return found


def _pauses(rows: Mapping[UUID, Any]) -> dict[UUID, list[tuple[date, date | None]]]:
    found: dict[UUID, list[tuple[date, date | None]]] = defaultdict(list)
    for project, since, until in Pause.objects.filter(project_id__in=rows).order_by("from_day").values_list("project_id", "from_day", "until_day"):
        found[project].append((since, until))
    return found


def _conditions(rows: Mapping[UUID, Any], on: date) -> dict[UUID, int]:
    found = Condition.objects.filter(passage__project_id__in=rows).values("passage__project_id")
    overdue = Count("id", filter=Q(closed_event=None, due_on__lt=on))
    return {row["passage__project_id"]: row["overdue"] for row in found.annotate(overdue=overdue)}


def _submitters(rows: Mapping[UUID, Any]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    pairs = EvidenceVersion.objects.filter(evidence__project_id__in=rows, withdrawal=None).values_list("evidence__project_id", "submitted_by_id")
    for project, person in pairs.distinct():
        found[project].add(person)
    return found


def _shared_files(rows: Mapping[UUID, Any]) -> dict[UUID, int]:
    """Return in how many other projects a file of each project stands, too; projects without files are left out."""
    standing = EvidenceFile.objects.filter(version__withdrawal=None, version__evidence__project__withdrawn=False)
    held: dict[UUID, set[UUID]] = defaultdict(set)
    for project, file in standing.filter(version__evidence__project_id__in=rows).values_list("version__evidence__project_id", "file_id").distinct():
        held[project].add(file)
    shared = standing.filter(file__in=standing.filter(version__evidence__project_id__in=rows).values("file_id"))
    users: dict[UUID, set[UUID]] = defaultdict(set)
    for file, project in shared.values_list("file_id", "version__evidence__project_id").distinct():
        users[file].add(project)
    return {project: len({user for file in files for user in users[file]} - {project}) for project, files in held.items()}


def _same_names(rows: Mapping[UUID, Any]) -> dict[UUID, int]:
    """Return how many other projects of the same owner bear the same name; those merged, split or cancelled do not count."""
    names, owners = {row["name"] for row in rows.values()}, {row["owner_id"] for row in rows.values()}
    alive = Project.objects.filter(withdrawn=False, status__in=LIVING, name__in=names, owner_id__in=owners)
    found = Counter(alive.values_list("name", "owner_id"))
    return {key: max(found[row["name"], row["owner_id"]] - 1, 0) if row["status"] in LIVING else 0 for key, row in rows.items()}


def _same_contents(rows: Mapping[UUID, Any]) -> dict[UUID, int]:
    """Return how many other projects, whoever owns them, ask the same amount for what is described in the same words.

    A description of a few words says nothing; a project without amount or description is left out.
    """
    told = {key: (row["amount_fen"], row["description"].strip()) for key, row in rows.items() if row["amount_fen"]}
    told = {key: value for key, value in told.items() if len(value[1]) >= TELLING and rows[key]["status"] in LIVING}
    alive = Project.objects.filter(withdrawn=False, status__in=LIVING, amount_fen__in={fen for fen, _text in told.values()})
    found = Counter((fen, text.strip()) for fen, text in alive.values_list("amount_fen", "description"))
    return {key: max(found[value] - 1, 0) for key, value in told.items()}


def _same_hands(rows: Mapping[UUID, Any]) -> dict[UUID, int]:
    """Return how many papers and recorded decisions were checked by the one who handed them in; projects where nothing was checked are left out."""
    papers = EvidenceCheck.objects.filter(version__evidence__project_id__in=rows).values("version__evidence__project_id")
    own = Count("id", filter=Q(checked_by_id=F("version__submitted_by_id")))
    found = Counter({row["version__evidence__project_id"]: row["own"] for row in papers.annotate(own=own)})
    records = PassageCheck.objects.filter(passage__project_id__in=rows).values("passage__project_id")
    for row in records.annotate(own=Count("id", filter=Q(checked_by_id=F("passage__decided_by_id")))):
        found[row["passage__project_id"]] += row["own"]
    return dict(found)
