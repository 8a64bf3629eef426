"""Marks product text for translation on floors that must not know the translator.

Pure floors write `gettext_noop("中文")`; a door translates when it knows who reads. This module refuses to know languages.
"""

import unicodedata

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def gettext_noop(message: str) -> str:
    """Return the message unchanged, so that the extractor finds it and the door can translate it later."""
    return message


def normalise(text: str) -> str:
    """Return the text in NFC without zero-width marks, outer blanks or runs of blanks: the form names are compared in."""
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return " ".join(unicodedata.normalize("NFC", visible).split())


def guarded(text: str) -> str:
    """Return the text with an apostrophe in front when a spreadsheet could take it for a formula."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text
