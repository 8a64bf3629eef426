"""The vocabulary of base facts a dossier can hold; regulation packs may use these names and no others beside their own evidence."""

from typing import Final

from sixgate.domain.lifecycle.check_facts import CHECK_FACTS

_YES_NO = "yes_no"

BASE_FACTS: Final[dict[str, str]] = {
    "project.level": "enum",
    "project.type": "enum",
    "project.network": "enum",
    "project.secrecy": "enum",
    "project.funding": "list",
    "project.amount_fen": "fen",
    "project.national_code": "text",
    "project.responsible_person": "text",
    "project.registered_on": "date",
    "project.planned_start": "date",
    "project.planned_finish": "date",
    "project.system_count": "integer",
    "project.approval_changes": "integer",
    **dict.fromkeys(
        (
            f"project.{name}"
            for name in [
                "is_central",
                "is_fixed_asset",
                "has_civil_work",
                "has_software_dev",
                "mobile_app",
                "public_facing",
                "in_plan",
                "gov_info_system_procurement",
                "screening_passed",
                "axes_complete",
            ]
        ),
        _YES_NO,
    ),
    **dict.fromkeys(
        (f"money.{name}_fen" for name in ["estimate", "budget_estimate", "annual_budget", "contract", "paid", "final_accounts", "supplement"]),
        "fen",
    ),
    "money.over_estimate_bp": "ratio",
    "money.supplement_bp": "ratio",
    "system.mlps_level": "integer",
    "system.online_on": "date",
    **dict.fromkeys(
        (
            f"system.{name}"
            for name in ["is_cii", "has_personal_info", "has_important_data", "public_facing", "mobile_app", "is_portal", "in_catalog"]
        ),
        _YES_NO,
    ),
    "contract.signed_on": "date",
    "contract.amount_fen": "fen",
    "contract.supplement_fen": "fen",
    **dict.fromkeys(
        (
            f"change.{name}"
            for name in [
                "goal_changed",
                "site_changed",
                "major_change",
                "within_three_cases",
                "same_subject",
                "equivalent_swap",
                "reduces_scope",
                "party_changed",
                "touches_approval",
                "needs_contract_change",
                "cross_year",
                "cross_project",
                "cross_account",
                "needs_more_budget",
                "terms_changed",
            ]
        ),
        _YES_NO,
    ),
    **dict.fromkeys(
        (
            f"change.{name}_fen"
            for name in [
                "increase",
                "decrease",
                "adjust",
                "cumulative_adjust",
                "total_after",
                "supplement",
                "supplement_total",
                "contract_original",
                "approved",
            ]
        ),
        "fen",
    ),
    **dict.fromkeys((f"change.{name}_bp" for name in ["cumulative", "supplement", "over_estimate"]), "ratio"),
    **CHECK_FACTS,
}
