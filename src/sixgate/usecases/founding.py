"""The first people of an empty database: one body and its three administrators, who appoint everybody else.

The acts are real verbs, so the ledger begins with them; who acts is nobody yet, and nobody's identifier says so.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sixgate.domain.authority import ADMINISTRATIVE, PostFact
from sixgate.kernel.refusal import Conflict, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries.people import any_account
from sixgate.usecases._frame import NOBODY, Actor, today
from sixgate.usecases.authority.accounts import create_account
from sixgate.usecases.authority.organisations import register_organisation
from sixgate.usecases.authority.people import appoint_person

INSTALLER: Final = Actor(NOBODY, "", tuple(PostFact(duty, NOBODY, "", None, date.min, None) for duty in ("SYSADMIN", "SECADMIN")), "cli")


def found_office(body: str, region_code: str, people: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Register a body, and for each administrative duty open an account (login, name) with that post; answer the paths at which they set passwords.

    Raise Conflict when there is any account already, Refusal when the administrators are not three persons.
    """
    if any_account():
        raise Conflict(
            "database_filled",
            gettext_noop("库里已有账号，第一批人只在空库里设立。"),
            remedy=gettext_noop("请由系统管理员建立账号，由安全管理员任命岗位。"),
        )
    if set(people) != set(ADMINISTRATIVE) or len({login.casefold() for login, _name in people.values()}) != len(ADMINISTRATIVE):
        raise Refusal("administrators_not_three", gettext_noop("系统管理员、安全管理员、安全审计员须是三个人，各用各的登录名。"))
    organisation = UUID(register_organisation(INSTALLER, name=body, region_code=region_code)["organisation"])
    paths: dict[str, str] = {}
    for duty, (login, name) in people.items():
        account = create_account(INSTALLER, username=login, name=name)
        appoint_person(INSTALLER, person_id=UUID(account["person"]), organisation_id=organisation, duty=duty, valid_from=today())
        paths[login] = account["path"]
    return {"organisation": str(organisation), "paths": paths}
