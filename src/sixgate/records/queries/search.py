"""Search over the register: text cut into words at write time, so that two-character Chinese words are found on every database."""

import rjieba


def search_text(*parts: str) -> str:
    """Return the parts in lower case together with their segmented words."""
    text = " ".join(part for part in parts if part).lower()
    words = " ".join(dict.fromkeys(word for word in rjieba.cut(text) if word.strip()))
    return f"{text} {words}"
