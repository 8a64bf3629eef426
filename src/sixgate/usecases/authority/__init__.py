"""Verbs of 授权: organisations, accounts, posts, clauses in force, notices."""

from sixgate.usecases.authority import accounts, clauses, endpoints, notices, organisations, people, sign_in

__all__ = ["accounts", "clauses", "endpoints", "notices", "organisations", "people", "sign_in"]
