"""Decisions: pure functions on frozen facts, one room each. No Django, no clock, no I/O."""
