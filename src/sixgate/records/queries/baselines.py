"""The acts that set the plans of many projects: two queries whatever their number. The ledger holds what each amendment and change replaced,
an import what stood before it."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from sixgate.domain.planning.baselines import Kept, Source, Step
from sixgate.records.models import ImportedRow, LedgerEvent, Project, User

AMENDS: Final = "planning.amend_project"
FILES: Final = ".file_change"


def kept_plans(projects: QuerySet[Project]) -> dict[UUID, Kept]:
    """Return the acts on planned finish and amount of each project that had any."""
    found: dict[UUID, Kept] = defaultdict(Kept)
    keys = projects.order_by().values("pk")
    events = LedgerEvent.objects.filter(Q(action=AMENDS) | Q(action__endswith=FILES), project_id__in=keys, result="ok").exclude(payload=None)
    person = Subquery(User.objects.filter(pk=OuterRef("actor_id")).values("name")[:1])
    columns = ("event_id", "project_id", "at", "action", "person", "payload")
    for event, project, at, action, name, payload in events.annotate(person=person).values_list(*columns):
        assert project is not None and payload is not None, "filtered above"
        said, kind = json.loads(bytes(payload)), "amended" if action == AMENDS else "changed"
        source = Source(str(event), at, kind, str(said.get("title", "")) if kind == "changed" else "", action, name or "")
        (_amended if kind == "amended" else _changed)(found[project], source, said)
    rows = ImportedRow.objects.filter(project__in=keys, effect="changed", batch__undone_event=None)
    for project, event, at, action, before, paper in rows.values_list(
        "project_id", "event_id", "event__at", "event__action", "before", "batch__file_name"
    ):
        _imported(found[project], Source(str(event), at, "imported", paper, action), before or {})
    return dict(found)


def _amended(kept: Kept, source: Source, said: Mapping[str, Any]) -> None:
    before, after = said.get("before", {}), said.get("after", {})
    if after.get("planned_finish"):
        kept.finish.append(Step(source, _day(before.get("planned_finish")), _day(after["planned_finish"])))
    if after.get("amount_fen") is not None:
        kept.amount.append(Step(source, before.get("amount_fen"), after["amount_fen"]))


def _changed(kept: Kept, source: Source, said: Mapping[str, Any]) -> None:
    if said.get("planned_finish"):
        kept.finish.append(Step(source, _day(said.get("planned_finish_before")), _day(said["planned_finish"])))
    net = int(said.get("increase_fen") or 0) - int(said.get("decrease_fen") or 0)
    if net:
        kept.amount.append(Step(source, None, told=False, undo=_less(net)))


def _imported(kept: Kept, source: Source, before: Mapping[str, Any]) -> None:
    if "planned_finish" in before:
        kept.finish.append(Step(source, _day(before["planned_finish"])))
    if "amount_fen" in before:
        kept.amount.append(Step(source, before["amount_fen"]))


def _less(net: int) -> Callable[[int | None], int | None]:
    """Return what undoes a change of an amount; an amount cut down to nothing does not tell what it was."""
    return lambda after: None if after is None or (net < 0 and after == 0) else after - net


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
