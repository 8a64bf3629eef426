"""The secrecy screening: nothing is written down before the question is answered."""

import re

from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop


class SecrecyStop(Refusal):
    """涉密不上网: the matter goes off-line; nothing about it is kept (保守国家秘密法 第二十九、三十、三十一条)."""

    def __init__(self) -> None:
        super().__init__(
            "secrecy_stop",
            gettext_noop("涉密或不能确定是否涉密的项目不能在这里登记，刚才填写的内容没有保存。"),
            field="screening",
            clause=gettext_noop("《保守国家秘密法》第二十九条、第三十条、第三十一条"),
            remedy=gettext_noop("请联系本单位保密办，按保密规定在线下办理；是否可以脱密由定密责任人决定。"),
        )


def screen(answer: str) -> None:
    """Let only a clear "no" pass; raise SecrecyStop for "yes" and "unsure", Refusal when the question was not answered."""
    if answer == "no":
        return
    if answer in ("yes", "unsure"):
        raise SecrecyStop
    raise Refusal("screening_unanswered", gettext_noop("请先回答是否涉及国家秘密。"), field="screening")


_MARK = re.compile(r"绝密|机密|秘密\s*★|秘密级|密级")


def marked_secret(text: str) -> bool:
    """Tell whether a file name or first page bears a mark of state secrets (0.7: such a file is not taken)."""
    return _MARK.search(text) is not None
