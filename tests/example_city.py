"""What tests invent around real projects: bodies, people with posts, decisions and papers no notice tells of. All of it says 示例, and all of it is
done by real commands.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from real_register import REGISTER
from served import PASSWORD, Site

KEEPER = "市数据局（示例）"
CITY = "440100"
OUTSIDERS = (  # 登录名, 姓名, 单位, 职责: whom the demo has no use for
    ("dai", "代采购（示例）", "招标代理公司（示例）", "AGT"),
    ("shenji", "申审计（示例）", "市审计局（示例）", "AUD"),
    ("dang", "党建档（示例）", "市档案局（示例）", "ARC"),
)
STAGES = {"G01": "initiation", "G02": "initiation", "G03": "design", "G04": "procurement", "G05": "procurement", "G06": "delivery"}
NOT_TOLD = "示例：公告没有写这一步，批件待补。"
Post = tuple[str, str, str]  # 登录名, 职责, 单位: the project's owner where none is named


def act(address: str, login: str, /, **given: object) -> list[str]:
    """Return the command line of a verb."""
    return [address, "--as", login, *(part for name, value in given.items() for part in (f"--{name.replace('_', '-')}", str(value)))]


def settle(site: Site) -> None:
    """Import the real register and bring in the bodies and people the demo lacks."""
    imported = site.command("import-register", str(REGISTER), "--as", "zhou", "--owner", KEEPER, "--screening", "no")
    assert imported["new"] == 215
    bodies = [act("authority.register_organisation", "admin", name=body, region_code=CITY) for _login, _name, body, _duty in OUTSIDERS]
    accounts = [act("authority.create_account", "admin", username=login, name=name) for login, name, _body, _duty in OUTSIDERS]
    links = [str(answer["path"]) for answer in site.commands([*bodies, *accounts])[len(bodies) :]]
    logins = [login for login, *_rest in OUTSIDERS]
    site.commands(
        [
            act("authority.set_password", login, token=link.split("/")[3], new_password=PASSWORD, again=PASSWORD)
            for login, link in zip(logins, links, strict=True)
        ]
    )
    for login, _name, body, duty in OUTSIDERS[1:]:  # the third body's people serve one project each
        Known.of(site).appoint(site, [(login, duty, body)])


@dataclass(frozen=True)
class Known:
    """The ids of people, bodies and projects by name."""

    people: Mapping[str, str]
    bodies: Mapping[str, str]
    projects: Mapping[str, str]

    @classmethod
    def of(cls, site: Site) -> "Known":
        """Read them from a served demo."""
        tables = (("User", "username"), ("Organisation", "name"), ("Project", "name"))
        found = site.ask(f"[dict((row[0], str(row[1])) for row in getattr(models, t).objects.values_list(c, 'id')) for t, c in {tables}]")
        return cls(*cast("list[dict[str, str]]", found))

    def appoint(self, site: Site, posts: Sequence[Post], project: str = "") -> None:
        """Give people posts; those of outside bodies on one project only."""
        confined = {"project_id": self.projects[project]} if project else {}
        site.commands(
            [
                act(
                    "authority.appoint_person",
                    "secadmin",
                    person_id=self.people[login],
                    organisation_id=self.bodies[body],
                    duty=duty,
                    valid_from="2026-01-01",
                    sees_work_secrets="true",
                    **confined,
                )
                for login, duty, body in posts
            ]
        )


@dataclass(frozen=True)
class Example:
    """What is invented around one real project."""

    site: Site
    name: str
    project: str

    @classmethod
    def around(cls, site: Site, name: str, owner: str) -> "Example":
        """Give the project of an imported body a clerk, a second person, a head, an expert and a purchasing agent."""
        known = Known.of(site)
        known.appoint(site, [("chen", "OWN", owner), ("wu", "OWN", owner), ("lin", "OWN_CHECK", owner)])
        known.appoint(site, [("gao", "EXP", owner), ("dai", "AGT", "招标代理公司（示例）")], name)
        return cls(site, name, known.projects[name])

    def took_over(self, decided: Mapping[str, str]) -> None:
        """Record gates no notice tells of as decided on a day before the platform was in use, each checked by the second person."""
        taken = self.site.commands(
            [
                act(
                    f"lifecycle.{STAGES.get(gate, 'acceptance')}.take_over_gate",
                    "chen",
                    project_id=self.project,
                    gate=gate,
                    decided_on=day,
                    deciding_body="示例机关",
                    document_no=f"示例〔{day[:4]}〕{int(gate[1:])}号",
                    screening="no",
                    missing_note=NOT_TOLD,
                )
                for gate, day in decided.items()
            ]
        )
        self.site.commands(
            [
                act(f"lifecycle.{STAGES.get(gate, 'acceptance')}.check_record", "lin", passage_id=answer["passage"], agrees="true")
                for gate, answer in zip(decided, taken, strict=True)
            ]
        )

    def handed_in(self, stage: str, scan: Path, papers: Mapping[str, Mapping[str, Any]], **subject: object) -> None:
        """Hand in papers no notice tells of and let the second person check them."""
        given = self.site.commands(
            [
                act(
                    f"lifecycle.{stage}.submit_evidence",
                    "chen",
                    project_id=self.project,
                    kind=kind,
                    screening="no",
                    fields=json.dumps(fields, ensure_ascii=False),
                    files=scan,
                    **subject,
                )
                for kind, fields in papers.items()
            ]
        )
        self.site.commands([act(f"lifecycle.{stage}.check_evidence", "lin", version_id=answer["version"], agrees="true") for answer in given])

    def system(self, level: int) -> str:
        """Register an example system of a grade and link it; return its id."""
        owner = self.site.ask(f"models.Project.objects.get(pk={self.project!r}).owner_id")
        system = str(self.site.command(*act("planning.register_system", "chen", name="示例系统", owner_id=owner, mlps_level=level))["system"])
        self.site.command(*act("planning.link_system", "chen", project_id=self.project, system_id=system))
        return system
