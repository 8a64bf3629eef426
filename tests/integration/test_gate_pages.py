"""What the pages around a gate tell beside its verdicts: a paper decision beside its scan, every paper a requirement waits for, what the register
lacks, what an imported register brought.
"""

import re
from datetime import date

import pytest

from factories import cast, filled, read, scan, signed_in
from journey import hand_in, project_of
from sixgate.records.models import Project
from sixgate.records.store import receive
from sixgate.usecases import _law
from sixgate.usecases._frame import today
from sixgate.usecases.lifecycle.evidence import check_evidence
from sixgate.usecases.lifecycle.record import take_over_gate
from sixgate.usecases.planning.register_import import import_register
from sixgate.usecases.planning.registration import register_project

pytestmark = pytest.mark.usefixtures("rows", "own_files")
LINKS = re.compile(r"<a [^>]*aria-label=\"([^\"]+)\"")


def plain(page: str) -> str:
    """Return a page's words, one blank between them."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_decision_from_paper_is_checked_beside_what_was_keyed_and_its_scan() -> None:
    people = cast()
    project = project_of(people)
    made = take_over_gate["initiation"](
        people.clerk,
        project_id=project,
        gate="G01",
        decided_on=date(2024, 5, 6),
        deciding_body="市发改委",
        document_no="穗发改〔2024〕77号",
        screening="no",
        files=[scan("批件")],
    )
    address = f"/projects/{project}/acts/lifecycle.initiation.check_record/?passage_id={made['passage']}&gate=G01"
    page = signed_in(people.checker).get(address).content.decode()
    keyed = "结果 已批（补录） 决定日期 2024-05-06 决定机关 市发改委 文号 穗发改〔2024〕77号 登记人 chen"
    assert keyed in plain(page)
    [file] = re.findall(r"/files/([0-9a-f-]{36})/\"", page)
    assert f'src="/files/{file}/pages/0/"' in page
    answer = signed_in(people.checker).get(f"/files/{file}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7\n\xe6\x89\xb9\xe4\xbb\xb6"
    answer.close()
    side = plain(read(people.clerk, f"/projects/{project}/gates/G01/"))
    assert "已批（补录） 等第二人核对 日期 2024-05-06 决定机关 市发改委 登记人 chen" in side


def test_every_paper_a_requirement_waits_for_has_a_link_of_its_own() -> None:
    people = cast()
    project = project_of(people)
    wanted = ["提交材料：评审报告", "提交材料：中标（成交）通知书", "提交材料：结果公告"]
    named = LINKS.findall(read(people.clerk, f"/projects/{project}/gates/G05/"))
    assert [name for name in wanted if name in named] == wanted
    check_evidence["procurement"](people.checker, version_id=hand_in(people, project, "review_report", "procurement"), agrees=True)
    page = read(people.clerk, f"/projects/{project}/gates/G05/")
    assert [name for name in wanted if name in LINKS.findall(page)] == wanted[1:]
    assert "评审报告 已作数" in plain(page)


def test_a_requirement_no_paper_mends_says_what_to_register_first() -> None:
    people = cast()
    given = {"owner_id": people.here.bureau.id, "screening": "no", "level": "city", "type": "new", "network": "gov_extranet"}
    answer = register_project(people.clerk, name="无轴项目", **given)
    page = plain(read(people.clerk, f"/projects/{answer['project']}/gates/G02/"))
    assert "先要登记：资金来源。" in page  # what is central follows from level and money
    assert "先要登记：固定资产投资。" in page
    axes = plain(read(people.clerk, f"/projects/{answer['project']}/gates/G01/"))
    assert "还缺：资金来源、固定资产投资" in axes


def test_a_form_of_evidence_marks_what_may_be_left_empty_and_the_page_says_what_was() -> None:
    people = cast()
    project = project_of(people)
    form = plain(read(people.clerk, f"/projects/{project}/acts/lifecycle.initiation.submit_evidence/?kind=initiation_approval"))
    assert "批复工期 （可不填）" in form
    assert "批复总投资 （可不填）" not in form
    fields = filled(_law.law("440100", today())[0].evidence["initiation_approval"])
    version = hand_in(people, project, "initiation_approval", **{**fields, "months": None})
    assert "批复工期 没有填" in plain(read(people.clerk, f"/evidence/{version}/"))


def test_a_form_shows_money_as_people_write_it() -> None:
    people = cast()
    page = read(people.clerk, f"/projects/{project_of(people)}/acts/planning.amend_project/")
    assert re.search(r'id="id_amount_fen" name="amount_fen" value="([^"]*)"', page).group(1) == "1280"  # type: ignore[union-attr]


def test_the_columns_an_imported_register_brought_are_kept_in_sight() -> None:
    people = cast()
    table = "项目名称,建设单位,金额（万元）,批复文号,等保\n市民卡平台升级,市人社局,1280,穗发改〔2024〕77号,三级\n"
    file = receive([table.encode()], "台账.csv", limit=1_000_000)
    import_register(people.office, file=file, owner_id=people.here.other.id, screening="no")
    project = Project.objects.get(name="市民卡平台升级").id
    assert "导入的台账还写着 照原台账保留，没有核对，不作判断的依据。" in plain(read(people.office, f"/projects/{project}/people/"))
    assert "批复文号 穗发改〔2024〕77号 等保 三级" in plain(read(people.office, f"/projects/{project}/people/"))
    assert "导入的台账还写着" not in read(people.office, f"/projects/{project_of(people)}/people/")


@pytest.mark.parametrize(
    ("who", "given"),
    [("office", "decide_gate/?request_id=zzz"), ("clerk", "record_payment/?contract_id=%00"), ("clerk", "submit_evidence/?kind=zzz")],
)
def test_an_address_that_names_nothing_is_answered_as_one(who: str, given: str) -> None:
    people = cast()
    answer = signed_in(getattr(people, who)).get(f"/projects/{project_of(people)}/acts/lifecycle.initiation.{given}")
    assert answer.status_code == 404
