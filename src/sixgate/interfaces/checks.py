"""What a production start refuses beside what settings.py refuses as it is read: accounts of the demo, and a database that cannot be asked.

Run by `django check`, and by the web server and the clock before they do anything.
"""

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from sixgate.kernel.text import gettext_noop

PUBLIC_PASSWORD = gettext_noop("这是示例账号公开的密码，不能使用。")
REMEDY = "请为生产环境另建一个空库。Set up an empty database for production."


def unfit_for_production(**_given: object) -> list[checks.CheckMessage]:
    """Return an error for each reason why this database may not serve in production; none outside production."""
    if not settings.PRODUCTION:
        return []
    from sixgate.records.queries.demo_people import accounts_with_password, open_demo_accounts
    from sixgate.usecases.demo import DEMO_PASSWORD, PEOPLE

    try:
        demo = open_demo_accounts()
        known = accounts_with_password([username for username, *_rest in PEOPLE], DEMO_PASSWORD)
    except DatabaseError as error:
        return [
            _refusal(
                "sixgate.E003", f"连不上数据库，无法核对账号：{error}。The database cannot be asked.", "请核对 DATABASE_URL。Check DATABASE_URL."
            )
        ]
    found: list[checks.CheckMessage] = []
    if demo:
        found.append(_refusal("sixgate.E001", f"库里有可登录的示例账号：{'、'.join(demo)}。The database holds demo accounts in use.", REMEDY))
    if known:
        found.append(_refusal("sixgate.E002", f"账号用着示例密码：{'、'.join(known)}。Accounts bear the demo's password.", REMEDY))
    return found


def unfit_notice_rules(**_given: object) -> list[checks.CheckMessage]:
    """Return an error for each problem of the rules of notices, in production or not: a clock that cannot read them would tell nobody anything."""
    from sixgate.domain.notices.rules import NoticeRulesError
    from sixgate.usecases.notices.rules import rules

    remedy = "请改正 NOTICES_FILE 指向的文件。Correct the file NOTICES_FILE names."
    try:
        rules()
    except NoticeRulesError as error:
        return [_refusal("sixgate.E004", problem, remedy) for problem in error.problems]
    except (OSError, UnicodeDecodeError) as error:
        return [_refusal("sixgate.E004", f"读不了提醒的规则：{error}。The rules of notices cannot be read.", remedy)]
    return []


def refuse_unfit_start() -> None:
    """Raise ImproperlyConfigured naming every reason when this is no fit start."""
    found = [*unfit_for_production(), *unfit_notice_rules()]
    if found:
        raise ImproperlyConfigured("\n".join(f"{item.id}: {item.msg} {item.hint}" for item in found))


def _refusal(code: str, reason: str, remedy: str) -> checks.CheckMessage:
    return checks.Error(reason, hint=remedy, id=code)


class NotTheDemoPassword:
    """A password validator: in production nobody may take the password everyone can read in the source."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for the demo's password."""
        from sixgate.usecases.demo import DEMO_PASSWORD

        if settings.PRODUCTION and password == DEMO_PASSWORD:
            raise ValidationError(_(PUBLIC_PASSWORD), code="password_public")

    def get_help_text(self) -> str:
        """Return what a person reads before choosing."""
        return ""
