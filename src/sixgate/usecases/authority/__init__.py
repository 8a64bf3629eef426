"""Verbs of 授权: organisations, accounts, posts, clauses in force."""

from sixgate.usecases.authority import organisations, people

__all__ = ["organisations", "people"]
