"""The facts a project's confidence is judged on, gathered for many projects at once, and the weights of a region on a day. Changes nothing."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from sixgate.domain.lifecycle.deadline import judge_deadlines
from sixgate.domain.planning.baselines import Kept, Plan
from sixgate.domain.planning.confidence import COLOURS, FACTORS, Confidence, Scale, Weights, judge_confidence
from sixgate.engines.rules.schema import Pack
from sixgate.kernel.provenance import Fact, FactValue, Provenance
from sixgate.kernel.text import gettext_noop
from sixgate.kernel.verdict import Verdict
from sixgate.kernel.workcalendar import Pause, national
from sixgate.records.models import Project
from sixgate.records.queries.baselines import kept_plans
from sixgate.records.queries.ratings import Counts, counts_of
from sixgate.usecases._frame import REGISTRY, SHANGHAI
from sixgate.usecases._project import Standing, standings

IDLE_STATES = ("not_applicable", "not_started", "unknown")
ENDS = "acceptance"


def confidences(project_ids: Collection[UUID], on: date, *, english: bool = False) -> dict[UUID, tuple[Confidence, Weights]]:
    """Return the confidence the evidence gives in each project on a day, with the weights it was judged by."""
    found = standings(project_ids, on, english=english)
    plans, counts = kept_plans(Project.objects.filter(pk__in=project_ids)), counts_of(project_ids, on)
    judged: dict[UUID, tuple[Confidence, Weights]] = {}
    for key, here in found.items():
        weights = weights_on(here.pack, on)
        facts = {fact.name: fact for fact in _facts(here, plans.get(key, Kept()), counts[key])}
        judged[key] = (judge_confidence(facts, weights, today=on), weights)
    return judged


def weights_on(pack: Pack, on: date) -> Weights:
    """Return the weights in force on a day; a factor without a weight or a full measure then does not count."""
    names = {"weight", "full", "free"}
    given = {(name, factor): _parameter(pack, f"{name}_{factor}", on) for name in names for factor in FACTORS}
    scales = {
        factor: Scale(given["weight", factor] or 0, given["full", factor] or 0, given["free", factor] or 0)
        for factor in FACTORS
        if given["weight", factor] and given["full", factor]
    }
    version = pack.parameters["confidence.version"].value_on(on) if "confidence.version" in pack.parameters else None
    return Weights(
        str(version.value) if version else "",
        scales,
        _parameter(pack, "known_least", on) or 0,
        {colour: _parameter(pack, f"stated_{colour}", on) or 0 for colour, _ in COLOURS},
        _parameter(pack, "gap", on) or 0,
        _parameter(pack, "answer_workdays", on) or 0,
    )


def _parameter(pack: Pack, name: str, on: date) -> int | None:
    parameter = pack.parameters.get(f"confidence.{name}")
    value = parameter.value_on(on) if parameter else None
    return value.value if value is not None and isinstance(value.value, int) else None


def _facts(here: Standing, kept: Kept, counts: Counts) -> Iterable[Fact]:
    yield from _plan(here, kept)
    yield from _approvals(here)
    yield from _periods(here, counts)
    yield from _next_gate(here)
    yield from _progress(here)
    known: Mapping[str, Fact] = here.dossier.project.facts
    for name in ("money.contract_fen", "money.paid_fen"):
        if name in known:
            yield known[name]
    if counts.last_act is not None:
        proof = Provenance("register", gettext_noop("存证账本"), at=counts.last_act)
        yield Fact("act.last", counts.last_act.astimezone(SHANGHAI).date(), proof)
    if counts.findings:
        yield _derived("finding.known", counts.findings, gettext_noop("体检的记录"))
        yield _derived("finding.open", counts.findings_open, gettext_noop("没有说明、没有解决、也没有暂时接受的"))


def _plan(here: Standing, kept: Kept) -> Iterable[Fact]:
    known = here.dossier.project.facts
    finish = known["project.planned_finish"].value if "project.planned_finish" in known else None
    plans = kept.finishes(finish if isinstance(finish, date) else None)
    if "project.planned_start" in known:
        yield Fact("plan.start", known["project.planned_start"].value, known["project.planned_start"].provenance)
    if plans:
        yield _planned("plan.first_finish", plans[0], here)
        yield _planned("plan.finish", plans[-1], here)
        days = "、".join(plan.value.isoformat() for plan in plans)
        yield Fact("plan.changes", len(plans) - 1, Provenance("register", gettext_noop("存证账本"), formula=days))
    last = _line(here)[-1:]
    for passage in here.passages:
        if [passage.gate] == last and passage.gate in here.course.passed:
            title = here.pack.gates[passage.gate].title
            yield Fact("plan.finished_on", passage.decided_on, Provenance("register", title, reference=str(passage.id), at=passage.decided_at))


def _planned(name: str, plan: Plan[date], here: Standing) -> Fact:
    source = plan.source
    if source is None:
        known = here.dossier.project.facts.get("project.planned_finish")
        kind = known.provenance.kind if known else "register"
        return Fact(name, plan.value, Provenance(kind, gettext_noop("项目登记")))
    act = REGISTRY[source.action].title if source.action in REGISTRY else source.action
    return Fact(name, plan.value, Provenance("register", act, reference=source.event, at=source.at, keyed_by=source.person))


def _approvals(here: Standing) -> Iterable[Fact]:
    resting = [item for item in here.passages if item.gate in here.course.passed and item.request is not None]
    if resting:
        stale = here.stale()
        yield _derived("approval.resting", len(resting), _titles(here, [item.gate for item in resting]))
        yield _derived("approval.stale", len(stale), _titles(here, stale))


def _periods(here: Standing, counts: Counts) -> Iterable[Fact]:
    pauses = [Pause(since, until or here.on + timedelta(days=1)) for since, until in counts.pauses]
    dossier = here.dossier
    states = judge_deadlines(here.pack, dossier.project, dict(dossier.subjects), national(), today=here.on, pauses=pauses, activated=here.activated)
    begun = [state for state in states if state.state not in IDLE_STATES]
    overdue = [state for state in begun if state.state == "overdue"]
    yield _derived("period.begun", len(begun) + counts.conditions, gettext_noop("起算的期限，加批准附带的条件"))
    yield _derived("period.overdue", len(overdue) + counts.conditions_overdue, "、".join(dict.fromkeys(state.title for state in overdue)))
    if any(until is None for _since, until in counts.pauses):
        yield _derived("act.paused", True, "")


def _next_gate(here: Standing) -> Iterable[Fact]:
    if not here.course.next_gate:
        return
    gate = here.pack.gates[here.course.next_gate]
    applicable = [row for row in here.judge(gate.id).rows if row.outcome.effect == "lock" and row.outcome.verdict is not Verdict.NOT_APPLICABLE]
    waiting = [row for row in applicable if row.outcome.verdict is Verdict.UNKNOWN]
    yield _derived("gate.wanted", len(applicable), gate.title)
    yield _derived("gate.unknown", len(waiting), "、".join(dict.fromkeys(row.requirement.title for row in waiting)))


def _progress(here: Standing) -> Iterable[Fact]:
    line = _line(here)
    passed = [gate for gate in line if gate in here.course.passed]
    yield _derived("gate.all", len(line), _titles(here, line))
    yield _derived("gate.passed", len(passed), _titles(here, passed))


def _line(here: Standing) -> list[str]:
    """Return the gates a project passes through up to the last one of acceptance."""
    gates = [gate for gate in here.pack.gates.values() if gate.id in here.applicable]
    last = max((index for index, gate in enumerate(gates) if gate.stage == ENDS), default=-1)
    return [gate.id for gate in gates[: last + 1]]


def _titles(here: Standing, gates: Iterable[str]) -> str:
    return "、".join(here.pack.gates[gate].title for gate in gates if gate in here.pack.gates)


def _derived(name: str, value: FactValue, formula: str) -> Fact:
    return Fact(name, value, Provenance("derived", "", formula=formula))
