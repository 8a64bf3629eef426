"""Papers by the verb and by the page: each number is the one its page shows, work secrets stay here, every export stands in the ledger."""

import io
import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import openpyxl
import pypdfium2
import pytest
from docx import Document

from factories import Cast, acting, cast, filled, person, read, scan, signed_in
from journey import WAN, hand_in, passed_first, project_of
from sixgate.kernel.money import wan_text
from sixgate.kernel.refusal import Conflict, Forbidden, Invisible, Refusal
from sixgate.records.models import DocumentTemplate, LedgerEvent, Post, Project
from sixgate.records.queries.portfolio import ProjectFilter, project_list
from sixgate.records.store import FileRef, path_in_quarantine, receive
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._registry import actor_of, visible_to
from sixgate.usecases.lifecycle.contract import record_contract
from sixgate.usecases.lifecycle.evidence import check_evidence, submit_evidence
from sixgate.usecases.lifecycle.reading import deadline_sheet, gate_panel, money_spine
from sixgate.usecases.planning.funding import amend_project
from sixgate.usecases.planning.papers import COMPOSERS, Asked, export_papers
from sixgate.usecases.planning.placeholders import PLACEHOLDERS
from sixgate.usecases.planning.registration import register_project
from sixgate.usecases.planning.templates import add_template

pytestmark = pytest.mark.usefixtures("rows", "own_files")
SECRET = "工作秘密，不随件带出"


def bytes_of(answer: dict[str, Any]) -> bytes:
    return path_in_quarantine(answer["sha256"]).read_bytes()


def sheets_of(answer: dict[str, Any]) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(io.BytesIO(bytes_of(answer)))
    return {page.title: [[cell.value for cell in row] for row in page.iter_rows()] for page in book.worksheets}


def text_of(answer: dict[str, Any]) -> str:
    document = Document(io.BytesIO(bytes_of(answer)))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


def payload_of(action: str) -> dict[str, Any]:
    return dict(json.loads(bytes(LedgerEvent.objects.filter(action=action).latest("at").payload or b"")))


def with_secrets(actor: Actor) -> Actor:
    """Let a person's posts open work secrets."""
    Post.objects.filter(person_id=actor.id).update(sees_work_secrets=True)
    return actor_of(actor.id, actor.name, "cli")


def asked_of(people: Cast, project: UUID | None) -> Asked:
    return Asked(project, ProjectFilter(), "市数据局", today(), people.here.bureau.id)


def form(*lines: str, table: tuple[str, ...] = ()) -> FileRef:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    if table:
        for cell, text in zip(document.add_table(1, len(table)).rows[0].cells, table, strict=True):
            cell.text = text
    held = io.BytesIO()
    document.save(held)
    return receive([held.getvalue()], "本局格式.docx", limit=1_000_000)


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def project(people: Cast) -> UUID:
    """Bring a project past its first gate, with a contract."""
    found = project_of(people)
    passed_first(people, found)
    supplier = people.here.other.id
    record_contract["initiation"](people.clerk, project_id=found, title="=开发合同", supplier_id=supplier, amount_fen=90 * WAN, signed_on=today())
    return found


def test_the_workbook_of_a_project_shows_the_numbers_of_its_pages(people: Cast, project: UUID) -> None:
    answer = export_papers(people.office, format="xlsx", project_id=project)
    sheets, panel, spine = sheets_of(answer), gate_panel(people.office, project), money_spine(people.office, project)
    assert list(sheets) == ["概览", "决策点判定", "经费", "期限", "存证"]
    overview = dict(row for row in sheets["概览"])
    assert [overview[name] for name in ("决策点", "满足", "不满足", "待补", "不适用", "锁定本决策点", "项目金额（万元）", "已签合同（万元）")] == [
        panel.title, panel.met, panel.unmet, panel.unknown, panel.not_applicable, panel.lacking, 1280, 90,
    ]  # fmt: skip
    assert answer["counts"] == {"met": panel.met, "unmet": panel.unmet, "unknown": panel.unknown, "not_applicable": panel.not_applicable}
    money = [row[3] for row in sheets["经费"] if row[0] == "资金主线"]
    assert money == [None if item.fen is None else float(Decimal(item.fen) / WAN) for item in spine]
    deadlines = deadline_sheet(people.office, project)
    assert [row[0] for row in sheets["期限"][1:]] == [line.title for line in (*deadlines.waiting, *deadlines.ended)]
    assert [row[1] for row in sheets["经费"] if row[0] == "合同"] == ["'=开发合同"]


def test_every_verdict_of_the_workbook_has_the_facts_and_digests_of_the_gates_panel(people: Cast, project: UUID) -> None:
    sheets = sheets_of(export_papers(people.office, format="xlsx", project_id=project))
    panel = gate_panel(people.office, project, "G01")
    words = {"met": "满足", "unmet": "不满足", "unknown": "待补", "not_applicable": "不适用"}
    wanted = [
        (row.title, words[row.verdict], fact.label or None, fact.value or None, fact.keyed_by or None, fact.checked_by or None, fact.digest or None)
        for row in panel.rows
        for fact in row.proof
    ]
    told = [(row[1], row[3], row[7], row[8], row[10], row[11], row[14]) for row in sheets["决策点判定"][1:] if row[0] == panel.title and row[7]]
    assert (told, any(digest for *_rest, digest in told)) == (wanted, True)


def test_the_briefing_and_the_pdf_say_the_numbers_of_the_page(people: Cast, project: UUID) -> None:
    panel = gate_panel(people.office, project)
    said = f"满足{panel.met}项，不满足{panel.unmet}项，待补{panel.unknown}项，不适用{panel.not_applicable}项。"
    briefing = text_of(export_papers(people.office, format="docx", project_id=project))
    document = pypdfium2.PdfDocument(bytes_of(export_papers(people.office, format="pdf", project_id=project)))
    printed = "".join("".join(page.get_textpage().get_text_bounded() for page in document).split())
    document.close()
    wanted = [said, "市民卡平台升级由市人社局建设", wan_text(1280 * WAN), "市数据局", "非正式文本"]
    assert ([part for part in wanted if part not in briefing], [part for part in wanted if part not in printed]) == ([], [])


def test_a_work_secret_stays_here_even_for_one_whose_post_opens_it(people: Cast, project: UUID) -> None:
    kind = _law.law("440100", today())[0].evidence["resource_inventory"]
    fields = filled(kind, unregistered_count=7654, conclusion="complete")
    version = submit_evidence["initiation"](
        people.clerk, project_id=project, kind=kind.id, screening="no", fields=fields, files=[scan("密")], work_secret=True
    )["version"]
    check_evidence["initiation"](with_secrets(people.checker), version_id=UUID(version), agrees=True)
    reader = with_secrets(people.office)
    shown = [fact.value for row in gate_panel(reader, project, "G01").rows for fact in row.proof]
    assert any("7,654" in value for value in shown)
    answer = export_papers(reader, format="xlsx", project_id=project)
    values = [row[8] for row in sheets_of(answer)["决策点判定"][1:]]
    texts = [text_of(export_papers(reader, format="docx", project_id=project)), *(str(value) for value in values)]
    assert (SECRET in values, [text for text in texts if "7,654" in text or "7654" in text]) == (True, [])
    assert "属于工作秘密的内容以" in texts[0]


def test_a_number_that_follows_from_a_work_secret_is_as_closed_as_its_parts(people: Cast, project: UUID) -> None:
    amend_project(people.clerk, project_id=project, traits={"is_fixed_asset": True})
    check_evidence["initiation"](people.checker, version_id=hand_in(people, project, "feasibility_study", estimate_fen=1280 * WAN), agrees=True)
    kind = _law.law("440100", today())[0].evidence["budget_estimate"]
    version = submit_evidence["design"](
        people.clerk,
        project_id=project,
        kind=kind.id,
        screening="no",
        fields=filled(kind, total_fen=1500 * WAN, conclusion="pass", has_approved_estimate=True),
        files=[scan("概算书")],
        work_secret=True,
    )["version"]
    check_evidence["design"](with_secrets(people.checker), version_id=UUID(version), agrees=True)

    def over_estimate(reader: Actor) -> set[str]:
        rows = gate_panel(reader, project, "G03").rows
        return {fact.value for row in rows for fact in row.proof if fact.label == "概算超估算"}

    assert (len(over_estimate(with_secrets(people.office))), over_estimate(people.clerk)) == (1, {"工作秘密，您的岗位看不到内容"})
    assert "工作秘密，您的岗位看不到内容" not in over_estimate(with_secrets(people.office))


def test_a_project_that_is_a_work_secret_is_counted_in_a_batch_but_not_said_and_has_no_paper_of_its_own(people: Cast, project: UUID) -> None:
    Project.objects.filter(pk=project).update(secrecy="work_secret")
    with pytest.raises(Conflict) as caught:
        export_papers(people.office, project_id=project)
    assert caught.value.code == "work_secret_project"
    answer = export_papers(people.office, format="docx")
    text = text_of(answer)
    assert (answer["counts"]["projects"], "市民卡" in text, SECRET in text) == (1, False, True)


def test_a_batch_counts_what_the_register_lists_and_judges_as_the_gates_do(people: Cast, project: UUID) -> None:
    project_of(people, amount_fen=None)
    register_project(people.clerk, name="水务平台", owner_id=people.here.bureau.id, screening="no", level="city", type="om", network="internet")
    listed = project_list(visible_to(people.office), ProjectFilter(words="市民卡"))
    answer = export_papers(people.office, format="xlsx", words="市民卡")
    sheets = sheets_of(answer)
    overview = dict(sheets["概览"])
    assert (answer["counts"]["projects"], overview["项目总数"], len(sheets["经费"]) - 1) == (listed.total, 2, 2)
    assert (overview["已知金额合计（万元）"], overview["金额未登记的项目"], overview["筛选条件"]) == (1280, 1, "“市民卡”")
    panels = [gate_panel(people.office, row.id) for row in listed.rows]
    assert overview["必备条件未齐的项目"] == sum(not panel.opens for panel in panels)
    words = {"met": "满足", "unmet": "不满足", "unknown": "待补", "not_applicable": "不适用"}
    for name, word in words.items():
        assert sum(row[4] == word for row in sheets["决策点判定"][1:]) == sum(getattr(panel, name) for panel in panels)


def test_an_export_stands_in_the_ledger_with_digest_counts_and_what_was_asked(people: Cast, project: UUID) -> None:
    answer = export_papers(people.office, format="pdf", project_id=project)
    told = payload_of("planning.export_papers")
    assert (told["sm3"], told["counts"], told["format"]) == (answer["sm3"], answer["counts"], "pdf")
    assert LedgerEvent.objects.filter(action="planning.export_papers").latest("at").project_id == project
    export_papers(people.office, format="xlsx", stage="initiation", type="upgrade")
    assert payload_of("planning.export_papers")["asked"] == {"stage": "initiation", "type": "upgrade", "sort": "name"}


@pytest.mark.parametrize("kind", ["project", "portfolio"])
def test_every_name_a_template_may_use_has_its_value(people: Cast, project: UUID, kind: str) -> None:
    told = COMPOSERS[kind](people.office, asked_of(people, project if kind == "project" else None))
    names = PLACEHOLDERS[kind]
    assert (set(told.values), set(told.lists)) == (set(names.values), set(names.lists))
    for group, rows in told.lists.items():
        assert {tuple(row) for row in rows} <= {tuple(names.lists[group])}


def test_a_bureaus_own_form_is_filled_in_for_a_project(people: Cast, project: UUID) -> None:
    given = form("{{项目名称}}（{{建设单位}}）", "待补{{待补项数}}项", table=("{{合同.名称}}", "{{合同.金额}}"))
    made = add_template(people.office, organisation_id=_body(people.office), kind="project", name="周报", file=given, screening="no")
    answer = export_papers(people.office, project_id=project, template_id=UUID(made["template"]))
    document = Document(io.BytesIO(bytes_of(answer)))
    panel = gate_panel(people.office, project)
    assert [line.text for line in document.paragraphs] == ["市民卡平台升级（市人社局）", f"待补{panel.unknown}项"]
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [["=开发合同", "90.00"]]
    assert answer["name"] == f"市民卡平台升级情况简报-周报-{today().isoformat()}.docx"
    assert payload_of("planning.export_papers")["template"] == made["template"]
    with pytest.raises(Invisible):
        export_papers(people.office, template_id=UUID(made["template"]))


def test_a_template_of_the_same_name_takes_the_old_ones_place_which_stays_on_record(people: Cast) -> None:
    for text in ("{{项目总数}}", "{{项目总数}}个"):
        add_template(people.office, organisation_id=_body(people.office), kind="portfolio", name="月报", file=form(text), screening="no")
    found = DocumentTemplate.objects.order_by("id").values_list("name", "replaced_on")
    assert list(found) == [("月报", today()), ("月报", None)]


def test_a_template_with_a_misspelt_name_is_refused_with_its_place_and_nothing_is_kept(people: Cast) -> None:
    with pytest.raises(Refusal) as caught:
        add_template(people.office, organisation_id=_body(people.office), kind="project", name="周报", file=form("{{项目名子}}"), screening="no")
    assert str(caught.value) == "正文第1段：没有名为“项目名子”的占位符，是不是“项目名称”？"
    assert (DocumentTemplate.objects.count(), LedgerEvent.objects.filter(action="planning.add_template").count()) == (0, 0)


def test_a_template_that_may_hold_secrets_is_not_kept(people: Cast) -> None:
    with pytest.raises(Refusal) as caught:
        add_template(people.office, organisation_id=_body(people.office), kind="project", name="周报", file=form("{{项目名称}}"), screening="unsure")
    assert (type(caught.value).__name__, DocumentTemplate.objects.count()) == ("SecrecyStop", 0)


def test_those_who_may_not_are_refused_on_record(people: Cast, project: UUID) -> None:
    idle = acting(person("idle", people.here.bureau, "SUP"))
    elsewhere = acting(person("far", people.here.other, "OWN"))
    with pytest.raises(Forbidden):
        export_papers(idle, format="docx")
    with pytest.raises(Forbidden):
        add_template(idle, organisation_id=people.here.bureau.id, kind="project", name="周报", file=form("{{项目名称}}"), screening="no")
    with pytest.raises(Invisible):
        export_papers(elsewhere, project_id=project)
    with pytest.raises(Forbidden):
        add_template(elsewhere, organisation_id=people.here.bureau.id, kind="project", name="周报", file=form("{{项目名称}}"), screening="no")
    denied = LedgerEvent.objects.filter(result="denied").order_by("at").values_list("action", flat=True)
    assert list(denied) == ["planning.export_papers", "planning.add_template", "planning.add_template"]


def test_the_pages_hand_out_what_the_verb_wrote_and_show_templates_and_names(people: Cast, project: UUID) -> None:
    client = signed_in(people.office)
    assert f'name="project" value="{project}"' in read(people.office, f"/projects/{project}/")
    assert "/papers/?q=%E5%B8%82%E6%B0%91%E5%8D%A1&amp;" in read(people.office, "/projects/?q=市民卡")
    assert "按当前筛选，1 个项目。" in read(people.office, "/papers/?q=市民卡")
    answer: Any = client.post("/papers/", {"format": "docx", "project": str(project)})
    content = b"".join(answer.streaming_content)
    assert (answer.status_code, content[:2], payload_of("planning.export_papers")["format"]) == (200, b"PK", "docx")
    assert "本单位添加的模板会列在这里" in read(people.office, "/papers/templates/")
    upload = io.BytesIO(path_in_quarantine(form("{{项目名称}}").sha256).read_bytes())
    upload.name = "周报.docx"
    given = {"organisation_id": str(_body(people.office)), "kind": "project", "name": "周报", "screening": "no", "file": upload}
    assert client.post("/papers/templates/", given).status_code == 302
    page = read(people.office, f"/papers/?project={project}")
    template = DocumentTemplate.objects.get()
    assert f'name="template" value="{template.id}"' in page
    filled: Any = client.post("/papers/", {"template": str(template.id), "project": str(project)})
    assert Document(io.BytesIO(b"".join(filled.streaming_content))).paragraphs[0].text == "市民卡平台升级"
    assert "{{合同.金额}}" in read(people.office, "/papers/templates/")


def test_a_page_about_what_one_does_not_see_is_not_found(people: Cast, project: UUID) -> None:
    client = signed_in(acting(person("far", people.here.other, "OWN")))
    asked = [client.get(f"/papers/?project={project}"), client.post("/papers/", {"project": str(project)}), client.get("/papers/?project=x")]
    assert [answer.status_code for answer in asked] == [404, 404, 404]


def _body(actor: Actor) -> UUID:
    return actor.posts[0].organisation_id
