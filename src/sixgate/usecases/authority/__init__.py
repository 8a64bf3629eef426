"""Verbs of 授权: organisations, accounts, posts, clauses in force."""

from sixgate.usecases.authority import accounts, organisations, people, sign_in

__all__ = ["accounts", "organisations", "people", "sign_in"]
