"""Verbs: one function = one permission = one transaction = one ledger entry. No HTTP, no templates."""
