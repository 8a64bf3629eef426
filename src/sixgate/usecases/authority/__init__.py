"""Verbs of 授权: organisations, accounts, posts, clauses in force."""

from sixgate.usecases.authority import accounts, clauses, organisations, people, sign_in

__all__ = ["accounts", "clauses", "organisations", "people", "sign_in"]
