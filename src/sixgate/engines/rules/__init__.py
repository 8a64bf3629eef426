"""The rule engine: regulation packs, typed expressions, verdicts with the facts they rest on. Knows nothing of government or Django."""
