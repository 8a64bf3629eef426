"""六关 Sixgate: evidence in, verdicts out. The management of e-government projects through six stages and their gates."""

__version__ = "0.1.0"
