"""The ledger machine: canonical bytes, commitments. It knows nothing of government and stores nothing."""
