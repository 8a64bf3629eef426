"""Papers no notice tells of, as tests invent them around real projects: every text in them says 示例. Money in 分."""

from collections.abc import Mapping
from typing import Any

WAN = 1_000_000
Papers = Mapping[str, Mapping[str, Any]]

INITIATION: Papers = {
    "project_proposal": {"form": "full", "ground": "none", "compiled_by": "示例", "conclusion": "pass"},
    "feasibility_study": {
        "form": "full",
        "ground": "none",
        "compiled_by": "示例",
        "sharing_chapter": True,
        "crypto_chapter": True,
        "reliability_chapter": True,
        "outline_followed": True,
        "conclusion": "pass",
    },
    "resource_catalogue": {
        "provided_count": 12,
        "needed_count": 5,
        "without_attribute_count": 0,
        "without_basis_count": 0,
        "conclusion": "complete",
    },
}
CRYPTO: Papers = {
    "crypto_plan": {"is_important": False, "plan_made": True, "funded": True, "staffed": True, "three_syncs": True, "conclusion": "pass"},
    "crypto_plan_opinion": {
        "report_no": "示例〔2019〕7号",
        "assessor": "示例",
        "issued_on": "2019-11-29",
        "high_risk_count": 0,
        "conclusion": "pass",
    },
}
ACCEPTANCE: Papers = {
    "trial_run_report": {"started_on": "2023-04-03", "ended_on": "2023-10-10", "months": 6, "open_major_fault_count": 0},
    "archive_acceptance": {"number": "示例〔2024〕9号", "applied_on": "2024-03-01", "concluded_on": "2024-03-29", "conclusion": "pass"},
    "summary_reports": {"project_summary": True, "supervision_summary": True, "finished_on": "2024-04-30"},
    "final_acceptance": {
        "number": "示例〔2024〕10号",
        "built_on": "2023-10-31",
        "applied_on": "2024-05-06",
        "concluded_on": "2024-05-31",
        "open_item_count": 0,
        "conclusion": "pass",
    },
}


def contract(amount_fen: int) -> Papers:
    """Return a contract at the awarded amount with its data terms."""
    text = {"amount_fen": amount_fen, "matches_award": True, "has_acceptance_standard": True, "has_source_code_terms": True, "has_penalties": True}
    terms = {"processor_handles_data": True, "approval_procedure": True, "rights_duties": True, "no_retention": True, "supervision": True}
    return {"contract_text": {**text, "conclusion": "pass"}, "data_terms": {**terms, "conclusion": "pass"}}


def approval(number: str, total_fen: int) -> Papers:
    """Return an approval under its public number, on a day and by a body no notice tells."""
    return {
        "initiation_approval": {"number": number, "issued_by": "示例", "issued_on": "2022-06-30", "total_fen": total_fen, "conclusion": "approved"}
    }
