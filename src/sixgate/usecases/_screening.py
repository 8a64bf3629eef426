"""涉密不上网: the question asked before anything is written down, and the count kept when it stops an act (security: no word of the matter)."""

import functools
from collections.abc import Callable, Iterable

from sixgate.domain.planning import SecrecyStop, marked_secret, screen
from sixgate.engines.documents.preview import preview
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import ScreeningStop
from sixgate.records.store import FileRef, path_in_quarantine
from sixgate.usecases._frame import Act, Label

ANSWERS = (
    ("", gettext_noop("请选择")),
    ("no", gettext_noop("都不涉及")),
    ("yes", gettext_noop("涉及")),
    ("unsure", gettext_noop("不能确定")),
)
UPLOAD_SCREENING = Label(
    gettext_noop("本件是否涉及国家秘密"),
    gettext_noop("文件标有密级，或内容涉及国家秘密，或不能确定：都不能上传。工作秘密请另行标注。"),
    ANSWERS,
)


def visible_words(files: Iterable[FileRef]) -> list[str]:
    """Return the names and first-page texts of received files: where a mark of secrecy stands (0.7)."""
    refs = list(files)
    return [*(ref.name for ref in refs), *(_first_page(ref.sha256) for ref in refs)]


@functools.lru_cache(maxsize=256)
def _first_page(sha256: str) -> str:
    """Return the text of a received file's first page; the same bytes are read once."""
    return preview(path_in_quarantine(sha256), pages=0).text


def screened(act: Act, answer: str, words: Iterable[str] = (), forget: Callable[[], None] = lambda: None) -> None:
    """Let only a clear "no" and unmarked words pass; on a stop `forget` clears what was received, and only a count remains."""
    try:
        screen(answer)
        if any(marked_secret(text) for text in words):
            raise SecrecyStop
    except SecrecyStop:
        act.after_refusal = lambda: _count(act, forget)
        raise


def _count(act: Act, forget: Callable[[], None]) -> None:
    forget()
    ScreeningStop.objects.create(on=act.day, where=act.address.split(".")[-1][:20])
