"""A unit rates its project and answers first; those above see the difference afterwards; every plan of the end is kept."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from factories import Cast, acting, cast, person, read, signed_in
from journey import WAN, passed_first, project_of
from sixgate.domain.planning.baselines import Kept, Plan
from sixgate.kernel.refusal import Conflict, Forbidden, Invisible
from sixgate.kernel.workcalendar import national
from sixgate.records.models import LedgerEvent, Organisation, Project, RatingAnswer, SelfRating
from sixgate.records.queries.baselines import kept_plans
from sixgate.records.store import receive
from sixgate.usecases import _frame
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._input import InputRefused
from sixgate.usecases.lifecycle.change import file_change
from sixgate.usecases.lifecycle.contract import record_contract, record_payment
from sixgate.usecases.planning.confidence import confidences
from sixgate.usecases.planning.funding import amend_project
from sixgate.usecases.planning.life import suspend_project
from sixgate.usecases.planning.rating_sheet import DifferenceList, differences, rating_sheet
from sixgate.usecases.planning.ratings import answer_difference, rate_project
from sixgate.usecases.planning.register_import import import_register, undo_import

pytestmark = pytest.mark.usefixtures("rows", "own_files")
FIRST = date(2026, 3, 31)
LATER = date(2027, 12, 31)


def late(people: Cast) -> UUID:
    """Store a project whose end was moved by more than a year after it passed its first gate."""
    project = project_of(people)
    passed_first(people, project)
    amend_project(people.clerk, project_id=project, planned_start=date(2025, 1, 1), planned_finish=FIRST)
    file_change["initiation"](people.clerk, project_id=project, title="延期交付", reason="接口方案重做", planned_finish=LATER)
    return project


def at(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Let it be noon of a day."""
    monkeypatch.setattr(_frame, "now", lambda: datetime(day.year, day.month, day.day, 4, tzinfo=UTC))


def counted(found: DifferenceList) -> tuple[list[UUID], int, int, int]:
    return [row.project_id for row in found.rows], found.agreeing, found.unknown, found.waiting


def test_a_rating_is_kept_with_its_day_and_tells_the_unit_what_the_evidence_says() -> None:
    people = cast()
    project = late(people)
    told = rate_project(people.clerk, project_id=project, colour="green", note=" 主体已完成 ")
    rating = SelfRating.objects.get()
    assert (rating.colour, rating.note, rating.on, rating.person_id, str(rating.id)) == (
        "green",
        "主体已完成",
        today(),
        people.clerk.id,
        told["rating"],
    )
    judged, weights = confidences([project], today())[project]
    assert (told["confidence_bp"], told["gap_bp"]) == (judged.bp, weights.stated_bp["green"] - (judged.bp or 0))
    assert (told["wants_answer"], told["answer_by"]) == (True, national().add_workdays(today(), 10).isoformat())
    assert LedgerEvent.objects.filter(action="planning.rate_project", project_id=project, result="ok").count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"colour": "red"}, "note"),
        ({"colour": "amber", "note": " "}, "note"),
        ({"colour": "blue"}, "colour"),
        ({"colour": "green", "on": date(2199, 1, 1)}, "on"),
        ({"colour": "green", "on": date(2020, 1, 1)}, "on"),
    ],
)
def test_a_rating_that_does_not_fit_is_refused_beside_its_field(given: dict[str, object], field: str) -> None:
    people = cast()
    project = late(people)
    rate_project(people.clerk, project_id=project, colour="green")
    with pytest.raises(InputRefused) as refusal:
        rate_project(people.clerk, project_id=project, **given)  # type: ignore[arg-type]
    assert (set(refusal.value.fields), SelfRating.objects.count()) == ({field}, 1)


def test_the_unit_answers_first_and_the_difference_is_shown_above_once_it_answered() -> None:
    people = cast()
    project = late(people)
    rate_project(people.clerk, project_id=project, colour="green")
    mine, above = rating_sheet(people.clerk, project), rating_sheet(people.office, project)
    assert (mine.comparison is not None and mine.comparison.wants_answer, mine.may_answer, mine.first) == (True, True, True)
    assert (above.comparison, above.may_answer, above.may_rate, above.colour) == (None, False, False, "green")
    assert (counted(differences(people.clerk)), counted(differences(people.office))) == (([project], 0, 0, 0), ([], 0, 0, 1))
    answer_difference(people.clerk, project_id=project, text="延期已报批，材料正在补。")
    seen = rating_sheet(people.leaders, project)
    assert seen.comparison is not None and seen.comparison.gap is not None and seen.comparison.gap >= 20
    assert [(item.text, item.person) for item in seen.past[0].answers] == [("延期已报批，材料正在补。", "chen")]
    (row,) = differences(people.office).rows
    assert (row.project_id, row.answer, row.comparison.percent) == (project, "延期已报批，材料正在补。", seen.comparison.percent)


def test_the_difference_is_shown_above_after_the_workdays_the_unit_has_and_rating_again_does_not_begin_them_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = cast()
    project = late(people)
    rate_project(people.clerk, project_id=project, colour="green")
    last = national().add_workdays(today(), 10)
    at(monkeypatch, last)
    rate_project(people.clerk, project_id=project, colour="green")
    assert (rating_sheet(people.office, project).comparison, counted(differences(people.office))) == (None, ([], 0, 0, 1))
    at(monkeypatch, last + timedelta(days=1))
    assert rating_sheet(people.office, project).comparison is not None
    assert counted(differences(people.office)) == ([project], 0, 0, 0)
    assert rating_sheet(people.clerk, project).may_answer


def test_an_answer_keeps_the_factors_as_they_were_and_stays_when_the_unit_rates_again() -> None:
    people = cast()
    project = late(people)
    rate_project(people.clerk, project_id=project, colour="green")
    then = confidences([project], today())[project][0]
    answer_difference(people.clerk, project_id=project, text="已有对策")
    answer = RatingAnswer.objects.get()
    assert (answer.confidence_bp, answer.weights_version) == (then.bp, "2026-11")
    kept = {item["id"]: (item["amount"], item["taken_bp"]) for item in answer.factors}
    assert kept == {factor.id: (factor.amount, factor.taken_bp) for factor in then.factors}
    slippage = next(item for item in answer.factors if item["id"] == "slippage")
    assert {fact["name"]: fact["value"] for fact in slippage["facts"]} == {"plan.first_finish": "2026-03-31", "plan.finish": "2027-12-31"}
    rate_project(people.clerk, project_id=project, colour="amber", note="延期一年半")
    assert [(item.colour, [words.text for words in item.answers]) for item in rating_sheet(people.office, project).past] == [
        ("amber", []),
        ("green", ["已有对策"]),
    ]


def test_there_is_nothing_to_answer_without_a_rating_twice_or_where_both_agree() -> None:
    people = cast()
    project = late(people)
    with pytest.raises(Conflict, match="还没有自评"):
        answer_difference(people.clerk, project_id=project, text="说明")
    rate_project(people.clerk, project_id=project, colour="green")
    with pytest.raises(InputRefused):
        answer_difference(people.clerk, project_id=project, text="  ")
    answer_difference(people.clerk, project_id=project, text="说明")
    with pytest.raises(Conflict, match="已经答复过"):
        answer_difference(people.clerk, project_id=project, text="再说")
    judged, weights = confidences([project], today())[project]
    near = min(weights.stated_bp, key=lambda colour: abs(weights.stated_bp[colour] - (judged.bp or 0)))
    rate_project(people.clerk, project_id=project, colour=near, note="延期")
    with pytest.raises(Conflict, match="大体相符"):
        answer_difference(people.clerk, project_id=project, text="说明")
    assert RatingAnswer.objects.count() == 1


def test_with_too_little_known_there_is_no_confidence_and_no_difference() -> None:
    people = cast()
    project = project_of(people)
    assert rate_project(people.clerk, project_id=project, colour="green")["confidence_bp"] is None
    with pytest.raises(Conflict, match="还不够"):
        answer_difference(people.clerk, project_id=project, text="说明")
    sheet = rating_sheet(people.clerk, project)
    assert sheet.comparison is not None
    assert (sheet.comparison.percent, sheet.comparison.gap, sheet.may_answer) == (None, None, False)
    assert "slippage" in {factor.id for factor in sheet.comparison.left_out}
    assert counted(differences(people.clerk)) == ([], 0, 1, 0)


def test_a_rating_is_the_units_own_word_and_nobody_else_gives_it() -> None:
    people = cast()
    project = late(people)
    outside = Organisation.objects.create(name="外省单位", region_id="330100")
    actors: dict[str, tuple[Actor, type[Exception]]] = {
        "nobody": (Actor(uuid4(), "nobody"), Invisible),
        "no duty": (acting(person("idle", people.here.bureau)), Invisible),
        "elsewhere": (acting(person("far", outside, "OWN", "PMO")), Invisible),
        "above": (people.office, Forbidden),
        "leaders": (people.leaders, Forbidden),
        "checker": (people.checker, Forbidden),
    }
    for who, (actor, refusal) in actors.items():
        with pytest.raises(refusal):
            rate_project(actor, project_id=project, colour="green")
        assert SelfRating.objects.count() == 0, who
    rate_project(people.head, project_id=project, colour="green")
    for who, (actor, refusal) in actors.items():
        with pytest.raises(refusal):
            answer_difference(actor, project_id=project, text="说明")
        assert RatingAnswer.objects.count() == 0, who
    answer_difference(people.clerk, project_id=project, text="说明")
    assert (SelfRating.objects.count(), RatingAnswer.objects.count()) == (1, 1)
    with pytest.raises(Invisible):
        rating_sheet(actors["elsewhere"][0], project)


def test_a_project_that_stands_still_is_not_rated() -> None:
    people = cast()
    project = late(people)
    suspend_project(people.clerk, project_id=project, reason="政策调整", document_no="穗府〔2026〕3号")
    with pytest.raises(Conflict, match="不在办理中"):
        rate_project(people.clerk, project_id=project, colour="green")
    assert not rating_sheet(people.clerk, project).may_rate
    factors = {factor.id: factor.amount for factor in confidences([project], today())[project][0].factors}
    assert factors["idle"] is None


def test_every_plan_of_the_end_is_kept_the_original_first() -> None:
    people = cast()
    project = late(people)
    amend_project(people.head, project_id=project, planned_finish=date(2027, 6, 30))
    plans = [(plan.value, plan.source) for plan in finishes(project)]
    assert [(day, source.action, source.person) for day, source in plans if source is not None] == [
        (FIRST, "planning.amend_project", "chen"),
        (LATER, "lifecycle.initiation.file_change", "chen"),
        (date(2027, 6, 30), "planning.amend_project", "wu"),
    ]
    slippage = next(item for item in confidences([project], today())[project][0].factors if item.id == "slippage")
    facts = {fact.name: fact for fact in slippage.facts}
    assert facts["plan.first_finish"].value == FIRST
    assert facts["plan.finish"].provenance.keyed_by == "wu"
    assert slippage.amount == (max(date(2027, 6, 30), today()) - FIRST).days


def finishes(key: UUID) -> Sequence[Plan[date]]:
    """Return every planned finish of a project."""
    found = Project.objects.filter(pk=key)
    return kept_plans(found).get(key, Kept()).finishes(found.get().planned_finish)


def imported(people: Cast, finish: str, status: str = "") -> str:
    """Import a register of one project; return the batch."""
    text = f"项目编号,项目名称,建设单位,计划完成时间,项目状态\nP1,政务云迁移,{people.here.bureau.name},{finish},{status}\n"
    ref = receive(io.BytesIO(text.encode()), "台账.csv", limit=10_000)
    return str(import_register(people.office, file=ref, owner_id=people.here.bureau.id, screening="no")["batch"])


def test_a_plan_that_an_import_changed_is_kept_and_one_taken_back_never_was() -> None:
    people = cast()
    imported(people, "2026-06-30")
    project = Project.objects.get().id
    imported(people, "2026-09-30")
    batch = imported(people, "2027-09-30")
    assert [plan.value for plan in finishes(project)] == [date(2026, 6, 30), date(2026, 9, 30), date(2027, 9, 30)]
    undo_import(people.office, batch_id=UUID(batch), reason="导错了")
    assert [plan.value for plan in finishes(project)] == [date(2026, 6, 30), date(2026, 9, 30)]


@pytest.mark.parametrize(("words", "colour"), [("绿灯", "green"), ("Amber/Red", "red"), ("一切正常", "")])
def test_an_imported_status_counts_as_a_rating_only_where_the_table_says_so(words: str, colour: str) -> None:
    people = cast()
    imported(people, "2026-06-30", words)
    sheet = rating_sheet(people.clerk, Project.objects.get().id)
    assert (sheet.colour, sheet.imported, sheet.reported, sheet.may_answer, sheet.past) == (colour, bool(colour), words, False, ())


def test_money_paid_ahead_of_the_gates_counts_against_the_project() -> None:
    people = cast()
    project = late(people)
    contract = record_contract["initiation"](
        people.clerk, project_id=project, title="合同", supplier_id=people.here.other.id, amount_fen=100 * WAN, signed_on=today()
    )["contract"]
    record_payment["initiation"](people.clerk, contract_id=UUID(contract), amount_fen=95 * WAN, paid_on=today())
    factor = next(item for item in confidences([project], today())[project][0].factors if item.id == "ahead")
    facts = {fact.name: fact.value for fact in factor.facts}
    share = int(facts["gate.passed"]) * 10_000 // int(facts["gate.all"])  # type: ignore[arg-type]
    assert (facts["money.paid_fen"], facts["money.contract_fen"], facts["gate.passed"]) == (95 * WAN, 100 * WAN, 1)
    assert factor.amount == max(10_000, 9500) - share  # the first plan is past, so all its time has gone


def test_rating_a_project_is_no_work_on_it() -> None:
    people = cast()
    project = late(people)
    before = LedgerEvent.objects.filter(project_id=project).latest("at").at
    rate_project(people.clerk, project_id=project, colour="green")
    idle = next(item for item in confidences([project], today())[project][0].factors if item.id == "idle")
    assert [fact.provenance.at for fact in idle.facts] == [before]


def test_the_pages_show_the_difference_with_its_proof_and_take_rating_and_answer() -> None:
    people = cast()
    project = late(people)
    browser = signed_in(people.clerk)
    assert "单位用绿、黄、红说一说项目现在的状态" in read(people.clerk, f"/projects/{project}/rating/")
    wrong = browser.post(f"/projects/{project}/rating/rate/", {"colour": "red", "note": ""})
    assert (wrong.status_code, "请写明问题和打算。" in wrong.content.decode()) == (422, True)
    done = browser.post(f"/projects/{project}/rating/rate/", {"colour": "green", "note": "主体完成"})
    assert (done.status_code, done["Location"]) == (302, f"/projects/{project}/rating/")
    mine = read(people.clerk, f"/projects/{project}/rating/")
    assert all(text in mine for text in ("个百分点", "答复差异", "比最初计划晚", "2026-03-31", "权重版本 2026-11"))
    above = read(people.office, f"/projects/{project}/rating/")
    assert ("个百分点" in above, "单位先看、先答复" in above, "答复差异" in above) == (False, True, False)
    assert "自评与依据差得多的项目会列在这里" in read(people.office, "/differences/")
    answered = browser.post(f"/projects/{project}/rating/answer/", {"text": "正在补材料"})
    assert answered.status_code == 302
    assert all(text in read(people.office, f"/projects/{project}/rating/") for text in ("个百分点", "正在补材料", "chen"))
    assert all(text in read(people.office, "/differences/") for text in ("市民卡平台升级", "正在补材料", "乐观"))
    assert browser.get(f"/projects/{project}/rating/other/").status_code == 404
    assert signed_in(people.clerk).get(f"/projects/{uuid4()}/rating/rate/").status_code == 404


def test_the_calibration_page_shows_the_delivered_numbers_and_what_they_mean() -> None:
    people = cast()
    page = read(people.office, "/calibration/")
    assert all(text in page for text in ("Brier", "不要当作预测", "399", "2026-11", "不如评级"))


def test_the_api_reads_what_the_pages_show() -> None:
    people = cast()
    project = late(people)
    rate_project(people.clerk, project_id=project, colour="green")
    mine, above = (signed_in(actor).get(f"/api/v1/projects/{project}/rating").json() for actor in (people.clerk, people.office))
    told = rating_sheet(people.clerk, project).comparison
    assert told is not None
    assert (mine["comparison"]["percent"], mine["comparison"]["gap"], mine["may_answer"]) == (told.percent, told.gap, True)
    assert [(item["id"], item["taken"]) for item in mine["comparison"]["factors"]] == [(item.id, item.taken) for item in told.factors]
    assert (above["comparison"], above["colour"], above["first"]) == (None, "green", True)
    found = signed_in(people.clerk).get("/api/v1/differences").json()
    assert ([row["project_id"] for row in found["rows"]], found["waiting"]) == ([str(project)], 0)
    assert signed_in(people.clerk).get(f"/api/v1/projects/{uuid4()}/rating").status_code == 404
