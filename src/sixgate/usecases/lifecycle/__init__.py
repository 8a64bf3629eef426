"""Verbs of 流程规范: evidence, gates, contracts, changes. Verbs that exist in every stage live once and answer at six addresses."""

from sixgate.usecases.lifecycle import change, contract, decision, evidence, gate, joint, record

__all__ = ["change", "contract", "decision", "evidence", "gate", "joint", "record"]
