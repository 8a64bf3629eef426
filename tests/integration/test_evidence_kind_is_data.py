"""A requirement with its evidence, written in TOML alone, yields the form, the API schema, the gate row and the manual page. No code is touched."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from factories import acting, person, scan, world
from sixgate.records.models import Organisation, User
from sixgate.usecases import _law
from sixgate.usecases.lifecycle.evidence import check_evidence, submit_evidence
from sixgate.usecases.lifecycle.reading import gate_panel
from sixgate.usecases.planning.funding import amend_project
from sixgate.usecases.planning.registration import register_project

pytestmark = pytest.mark.usefixtures("rows", "own_files", "district_pack")
DISTRICT = "440106"
PACK = """
[pack]
id = "cn.test_district"
title = "测试区规则包"
version = "1"
jurisdiction = "440106"
template = false
checked_on = 2026-11-23
extends = "cn.demo_city"

[[evidence]]
id = "elder_trial"
title = "老年人试用记录"
help = "请十位以上老年人试用原型，记下能独立办成的人数。"
stage = "initiation"
subject = "project"
supplier = "OWN"
second_check = true
files = true

[[evidence.field]]
id = "tried"
label = "试用人数"
type = "integer"
unit = "人"
minimum = 0

[[evidence.field]]
id = "managed"
label = "独立办成人数"
type = "integer"
unit = "人"
minimum = 0

[[evidence.field]]
id = "place"
label = "试用地点"
type = "enum"
options = [{ value = "hall", label = "办事大厅" }, { value = "home", label = "社区" }]
material = false

[[requirement]]
id = "district.elder_trial"
row = 0
gate = "G01"
duty = ""
title = "老年人试用过"
kind = "habit"
scope = "local"
action = "remind"
confidence = "known"
checked_on = 2026-11-23
from = 2020-01-01
subject = "project"
when = "project.public_facing"
require = "evidence.elder_trial.tried >= 10 && evidence.elder_trial.managed * 10 >= evidence.elder_trial.tried * 8"
evidence = ["elder_trial"]
supplier = "OWN"
remedy = "请老年人试用原型并补交记录。"
order = 200
"""


@pytest.fixture
def district_pack(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Put a district's own pack beside the delivered ones, as SIXGATE_PACKS does."""
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "pack.toml").write_text(PACK, encoding="utf-8")
    settings.PACK_FOLDERS = [folder]
    _forget()
    yield
    _forget()


def _forget() -> None:
    _law.packs.cache_clear()
    _law.law.cache_clear()


def test_toml_alone_makes_form_schema_gate_row_and_manual_page() -> None:
    here = world()
    body = Organisation.objects.create(name="天河区政务局", region_id=DISTRICT)
    clerk, checker = acting(person("chen", body, "OWN")), acting(person("lin", body, "OWN_CHECK"))
    answer = register_project(
        clerk, name="适老化改造", owner_id=body.id, screening="no", level="county", type="upgrade", network="internet", secrecy="public"
    )
    project = UUID(answer["project"])
    browser = Client()
    browser.force_login(User.objects.get(username="chen"), backend="django.contrib.auth.backends.ModelBackend")

    form = browser.get(reverse("act", args=[project, "lifecycle.initiation.submit_evidence"]) + "?kind=elder_trial").content.decode()
    assert [text in form for text in ("请十位以上老年人试用原型", "独立办成人数", "办事大厅", 'name="fields.tried"')] == [True] * 4

    schema = browser.get(f"/api/v1/evidence_kinds/elder_trial?jurisdiction={DISTRICT}").json()
    assert (schema["required"], schema["properties"]["place"]["enum"]) == (["tried", "managed", "place"], ["hall", "home"])

    row = next(item for item in gate_panel(clerk, project, "G01").rows if item.id == "district.elder_trial")
    assert (row.verdict, row.title) == ("unknown", "老年人试用过")

    manual = browser.get(reverse("requirement", args=["district.elder_trial"]) + f"?region={DISTRICT}").content.decode()
    assert [text in manual for text in ("老年人试用过", "试用人数", "请老年人试用原型并补交记录。")] == [True] * 3

    amend_project(clerk, project_id=project, traits={"public_facing": True})
    version = submit_evidence["initiation"](
        clerk, project_id=project, kind="elder_trial", screening="no", fields={"tried": 12, "managed": 10, "place": "hall"}, files=[scan()]
    )["version"]
    check_evidence["initiation"](checker, version_id=UUID(version), agrees=True)
    row = next(item for item in gate_panel(clerk, project, "G01").rows if item.id == "district.elder_trial")
    assert (row.verdict, sorted((fact.label, fact.value) for fact in row.proof if fact.kind == "evidence")) == (
        "met",
        [("老年人试用记录 · 独立办成人数", "10 人"), ("老年人试用记录 · 试用人数", "12 人")],
    )
    assert here.bureau.id != body.id
