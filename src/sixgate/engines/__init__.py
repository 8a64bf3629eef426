"""Machines that know nothing of government, and nothing of each other: they take values and return values."""
