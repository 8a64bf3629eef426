"""Facts with their proof as pages show them, and the six numbers of money (资金主线) that rest on them."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import gettext

from sixgate.domain.lifecycle.wording import fact_text, label_of
from sixgate.engines.rules.schema import Pack
from sixgate.kernel.provenance import Fact
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Project
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._project import standing, target_of
from sixgate.usecases.lifecycle.reading._rights import opens_secrets, speaks_english
from sixgate.usecases.lifecycle.reading.evidence import Place, places, seen
from sixgate.usecases.lifecycle.reading.shapes import PanelFact, SpineNumber

SEALED = gettext_noop("工作秘密，您的岗位看不到内容")
SPINE = tuple(f"money.{name}_fen" for name in ("estimate", "budget_estimate", "annual_budget", "contract", "paid", "final_accounts"))


def money_spine(actor: Actor, project_id: UUID) -> tuple[SpineNumber, ...]:
    """Return the six numbers of a project from 估算 to 决算 with their proof; raise Invisible when the reader cannot see it."""
    project = seen(actor, project_id)
    here = standing(project.id, today(), english=speaks_english())
    sealed = sealed_versions(actor, project, places(project, here.pack))
    return tuple(_number(here.pack, name, here.dossier.project.facts.get(name), sealed) for name in SPINE)


def sealed_versions(actor: Actor, project: Project, found: Mapping[tuple[str, str], Place]) -> frozenset[str]:
    """Return the versions of evidence whose content this reader may not open: work secrets without the post for them."""
    if opens_secrets(actor, target_of(project)):
        return frozenset()
    return frozenset(str(version.id) for place in found.values() for version in place.versions if version.work_secret)


def shown_fact(pack: Pack, fact: Fact, sealed: Collection[str]) -> PanelFact:
    """Return one fact in words with where it comes from."""
    proof = fact.provenance
    from_evidence = proof.kind == "evidence"
    return PanelFact(
        label=label_of(pack, fact.name, gettext),
        value=gettext(SEALED) if proof.rests_on(sealed) else fact_text(pack, fact, gettext),
        kind=proof.kind,
        source=proof.source,
        evidence_kind=fact.name.split(".")[1] if fact.name.startswith("evidence.") else "",
        version_id=proof.reference if from_evidence else "",
        at=proof.at,
        keyed_by=proof.keyed_by,
        checked_by=proof.checked_by,
        digest=proof.digest if from_evidence else "",
        formula=_formula(pack, proof.formula),
    )


def _formula(pack: Pack, text: str) -> str:
    """Return a formula in words; one that only names facts says that these are missing."""
    names = text.split(", ")
    if not all(name in pack.facts for name in names):
        return gettext(text) if text else ""
    return gettext("还缺：{names}").format(names="、".join(label_of(pack, name, gettext) for name in names))


def _number(pack: Pack, name: str, fact: Fact | None, sealed: Collection[str]) -> SpineNumber:
    label = label_of(pack, name, gettext)
    if fact is None or fact.provenance.rests_on(sealed) or not isinstance(fact.value, int):
        return SpineNumber(name, label, None, shown_fact(pack, fact, sealed) if fact is not None else None)
    return SpineNumber(name, label, fact.value, shown_fact(pack, fact, sealed))
