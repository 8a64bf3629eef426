"""One verb at six addresses: `lifecycle.{stage}.…`. The address names the stage, so a duty may be granted stage by stage."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from sixgate.engines.rules.schema import STAGES, EvidenceKind, Gate
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.usecases._frame import Act, Actor, Answer, verb
from sixgate.usecases._project import Standing

P = ParamSpec("P")
Staged = dict[str, Callable[Concatenate[Actor, P], Answer]]


def staged_verb(name: str, title: str) -> Callable[[Callable[Concatenate[Act, P], Answer]], Staged[P]]:
    """Register a function as `lifecycle.{stage}.name` for every stage; return the verbs by stage."""

    def wrap(function: Callable[Concatenate[Act, P], Answer]) -> Staged[P]:
        return {stage: verb(f"lifecycle.{stage}.{name}", title)(function) for stage in STAGES}

    return wrap


def stage_of(act: Act) -> str:
    """Return the stage an act's address names."""
    return act.address.split(".")[1]


def gate_here(act: Act, standing: Standing, gate_id: str) -> Gate:
    """Return a gate of the act's stage; raise Refusal when the pack has none of that name there."""
    gate = standing.pack.gates.get(gate_id)
    if gate is None or gate.stage != stage_of(act):
        raise Refusal("gate_unknown", gettext_noop("这个阶段没有决策点“{gate}”。"), field="gate", gate=gate_id)
    return gate


def kind_here(act: Act, standing: Standing, kind_id: str) -> EvidenceKind:
    """Return a kind of evidence of the act's stage; raise Refusal when the pack has none of that name there."""
    kind = standing.pack.evidence.get(kind_id)
    if kind is None or kind.stage != stage_of(act):
        raise Refusal("evidence_kind_unknown", gettext_noop("这个阶段没有材料“{kind}”。"), field="kind", kind=kind_id)
    return kind
