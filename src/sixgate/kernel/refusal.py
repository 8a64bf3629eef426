"""An anticipated no. A refusal says what happened, by which clause, and what to do; the door translates it.

Everything that is not a Refusal is a bug. This module refuses to know HTTP; it only names the kind of no.
"""

from collections.abc import Mapping
from enum import StrEnum

from sixgate.kernel.text import gettext_noop


class RefusalKind(StrEnum):
    """Which of the four answers a door gives (architecture: Answers)."""

    INVALID = "invalid"  # 422: the input is wrong, the reason stands beside the field
    CONFLICT = "conflict"  # 409: the state does not allow it
    FORBIDDEN = "forbidden"  # 403: seen but not permitted
    INVISIBLE = "invisible"  # 404: not visible, same answer as not existing


class Refusal(Exception):
    """Carries code, message template and parameters; defined beside the function that raises it.

    `template` and `remedy` are product text (Chinese, gettext ids) with `{name}` places filled from `params`.
    """

    kind = RefusalKind.INVALID

    def __init__(
        self,
        code: str,
        template: str,
        *,
        field: str | None = None,
        clause: str | None = None,
        remedy: str | None = None,
        **params: object,
    ) -> None:
        self.code = code
        self.template = template
        self.field = field
        self.clause = clause
        self.remedy = remedy
        self.params: Mapping[str, object] = params
        super().__init__(template.format(**params))


class Conflict(Refusal):
    """The act does not fit the present state."""

    kind = RefusalKind.CONFLICT


class Forbidden(Refusal):
    """The actor may see the thing but not do this."""

    kind = RefusalKind.FORBIDDEN


class Invisible(Refusal):
    """The thing does not exist for this actor."""

    kind = RefusalKind.INVISIBLE

    def __init__(self) -> None:
        super().__init__("not_found", gettext_noop("没有找到，或您看不到它。"))
