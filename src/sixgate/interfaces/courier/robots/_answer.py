"""Reads the code vendors put into an answer of 200."""

from collections.abc import Mapping

from sixgate.interfaces.courier.outcome import Outcome


def by_code(answer: Mapping[str, object], name: str) -> Outcome:
    """Return sent for code 0; any other, or none, failed: it is tried again, and an administrator sees the code. The vendor's text is not kept: it may repeat ours."""
    code = answer.get(name)
    if isinstance(code, bool) or not isinstance(code, int):
        return Outcome("failed", f"answer has no {name}")
    return Outcome("sent", status=0) if code == 0 else Outcome("failed", f"{name} {code}", abs(code))
