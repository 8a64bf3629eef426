"""What a person sees of gates and evidence: verdicts with clause and proof, what is wanted, who signs, what went stale. Changes nothing."""

from sixgate.usecases.lifecycle.reading._rights import opens_secrets
from sixgate.usecases.lifecycle.reading.deadlines import deadline_sheet
from sixgate.usecases.lifecycle.reading.evidence import evidence_form, evidence_page, evidence_place
from sixgate.usecases.lifecycle.reading.panel import gate_panel
from sixgate.usecases.lifecycle.reading.proof import money_spine
from sixgate.usecases.lifecycle.reading.requirement import kind_schema, requirement_page

__all__ = [
    "deadline_sheet",
    "evidence_form",
    "evidence_page",
    "evidence_place",
    "gate_panel",
    "kind_schema",
    "money_spine",
    "opens_secrets",
    "requirement_page",
]
