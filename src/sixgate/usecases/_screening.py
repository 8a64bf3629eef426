"""涉密不上网: the question asked before anything is written down, and the count kept when it stops an act (security: no word of the matter)."""

from collections.abc import Callable, Iterable

from sixgate.domain.planning import SecrecyStop, marked_secret, screen
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import ScreeningStop
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


def screened(act: Act, answer: str, names: Iterable[str] = (), forget: Callable[[], None] = lambda: None) -> None:
    """Let only a clear "no" and unmarked names pass; on a stop `forget` clears what was received, and only a count remains."""
    try:
        screen(answer)
        if any(marked_secret(name) for name in names):
            raise SecrecyStop
    except SecrecyStop:
        act.after_refusal = lambda: _count(act, forget)
        raise


def _count(act: Act, forget: Callable[[], None]) -> None:
    forget()
    ScreeningStop.objects.create(on=act.day, where=act.address.split(".")[-1][:20])
