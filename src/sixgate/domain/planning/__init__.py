"""顶层设计: the secrecy screening before anything is written down, and what the evidence says of a project beside what its unit says."""

from sixgate.domain.planning.screening import SecrecyStop, marked_secret, screen

__all__ = ["SecrecyStop", "marked_secret", "screen"]
