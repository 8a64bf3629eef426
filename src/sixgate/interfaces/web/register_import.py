"""The import wizard: hand over a file, look at what it would do and correct the columns, import, see the result. Nothing is kept in the session."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sixgate.domain.planning import screen
from sixgate.engines.intake.mapping import TARGETS
from sixgate.engines.intake.returned import write_returned
from sixgate.engines.intake.table import Mapping
from sixgate.interfaces.web.form import VerbForm
from sixgate.interfaces.web.ids import named
from sixgate.interfaces.web.page import STATUS, actor_from, refused, said, verb_form, wrong_fields
from sixgate.kernel.refusal import Invisible, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries.choices import bodies
from sixgate.records.queries.imports import import_view
from sixgate.records.store import FileRef, discard, in_quarantine
from sixgate.usecases._frame import Actor
from sixgate.usecases._input import InputRefused, arguments_of
from sixgate.usecases._offers import may
from sixgate.usecases._registry import verbs
from sixgate.usecases.planning.register_import import Preview, preview

ADDRESS = "planning.import_register"
SHOWN = 50
UNITS = ("", "元", "万元", "亿元")
ORDERS = (("", gettext_noop("自动")), ("ymd", gettext_noop("年-月-日")), ("dmy", gettext_noop("日-月-年")), ("mdy", gettext_noop("月-日-年")))
TARGET_LABELS = {
    "": gettext_noop("不对应，原样保留"),
    "project_name": gettext_noop("项目名称"),
    "project_code": gettext_noop("项目编号"),
    "owner_name": gettext_noop("建设单位"),
    "region": gettext_noop("地区"),
    "amount": gettext_noop("金额"),
    "amount_text": gettext_noop("金额原文"),
    "currency": gettext_noop("币种"),
    "description": gettext_noop("建设内容"),
    "planned_start": gettext_noop("计划开始日"),
    "planned_finish": gettext_noop("计划完成日"),
    "notice_date": gettext_noop("公告或批复日期"),
    "stage_text": gettext_noop("所处阶段"),
    "status_rating": gettext_noop("自报状态"),
    "level": gettext_noop("层级"),
    "category": gettext_noop("类别"),
    "unit_kind": gettext_noop("单位性质"),
    "procurement_method": gettext_noop("采购方式"),
    "approval_no": gettext_noop("批复文号"),
    "supplier": gettext_noop("供应商"),
    "funding": gettext_noop("资金来源"),
    "source_url": gettext_noop("来源网址"),
    "remark": gettext_noop("备注"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One heading of the file and what it is taken for."""

    number: int
    heading: str
    target: str
    unit: str
    date_order: str
    sure: bool


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Take the file, its keeper and the answer to the screening; nothing is stored of a file that may hold secrets."""
    actor = actor_from(request)
    if not may(actor, ADDRESS):
        return refused(request, Invisible())
    form = VerbForm(verbs()[ADDRESS], {"owner_id": bodies()}, {}, {"mapping"})
    problem: Refusal | None = None
    given = request.POST.copy()
    if request.method == "POST":
        try:
            return redirect(_received(form, request, given))
        except Refusal as refusal:
            problem = refusal
    context = {
        "verb": form.verb,
        "fields": form.fields(given, wrong_fields(problem) if problem else {}),
        "problem": problem,
        "text": said(problem) if problem else "",
        "idempotency_key": token_urlsafe(16),
        "multipart": True,
        "submit": _("看看会导入什么"),
        "cancel": reverse("register"),
        "crumbs": [(reverse("register"), _("项目"))],
        "nav": "register",
    }
    return render(request, "form.html", context, status=STATUS[problem.kind] if problem else 200)


def _received(form: VerbForm, request: HttpRequest, given: Any) -> str:
    """Return the address of the preview of a received file; raise Refusal and forget the file when it must not be here."""
    values, wrong = form.read(given, request.FILES)
    ref = values.get("file")
    try:
        arguments = arguments_of(form.verb, values)
        if wrong:
            raise InputRefused(wrong)
        screen(arguments["screening"])
    except Refusal:
        discard([ref] if isinstance(ref, FileRef) else [])
        raise
    file: FileRef = arguments["file"]
    return f"{reverse('import_preview', args=[file.sha256])}?{urlencode({'name': file.name, 'owner': arguments['owner_id']})}"


@login_required
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, digest: str) -> HttpResponse:
    """Show what the file would do by the present mapping; take corrections, keep the mapping, or import."""
    actor = actor_from(request)
    try:
        file = in_quarantine(digest, request.GET.get("name", ""))
        owner = named(request.GET.get("owner", ""))
        shown = preview(actor, file, owner)
        if request.method == "POST":
            corrected = _corrected(shown.table.mapping, request)
            if request.POST.get("do") == "import":
                return _imported(actor, file, owner, corrected, request)
            shown = preview(actor, file, owner, corrected.to_json())
            if request.POST.get("do") == "save":
                verbs()["planning.save_mapping"].run(actor, name=request.POST.get("mapping_name", "") or file.name[:80], mapping=corrected.to_json())
                messages.success(request, _("列的对应关系已保存，下次同样的表头会照此读取。"))
    except Refusal as refusal:
        return refused(request, refusal)
    return render(request, "planning/import_preview.html", _context(request, file, shown))


@login_required
@require_http_methods(["POST"])
def returned(request: HttpRequest, digest: str) -> HttpResponse:
    """Hand the register back with the wrong cells coloured and what to do."""
    try:
        file = in_quarantine(digest, request.GET.get("name", ""))
        shown = preview(actor_from(request), file, named(request.GET.get("owner", "")))
        shown = preview(actor_from(request), file, named(request.GET.get("owner", "")), _corrected(shown.table.mapping, request).to_json())
    except Refusal as refusal:
        return refused(request, refusal)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "returned.xlsx"
        write_returned(path, shown.table, only_problems=True, say=_)
        answer = HttpResponse(path.read_bytes(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = "attachment; filename*=UTF-8''%E9%80%80%E5%9B%9E%E4%BF%AE%E6%94%B9.xlsx"
    return answer


@login_required
@require_http_methods(["GET"])
def result(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Show what an import did."""
    actor = actor_from(request)
    view = import_view(batch_id) if may(actor, ADDRESS) else None
    if view is None:
        return refused(request, Invisible())
    return render(request, "planning/import_result.html", {"view": view, "nav": "register", "may_undo": may(actor, "planning.undo_import")})


@login_required
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Show or take the form that takes an import back."""
    back = reverse("import_result", args=[batch_id])
    crumbs = [(reverse("register"), _("项目")), (back, _("导入结果"))]
    context = {"crumbs": crumbs, "cancel": back, "danger": True, "nav": "register"}
    return verb_form(request, "planning.undo_import", then=back, context=context, fixed={"batch_id": str(batch_id)})


def _imported(actor: Actor, file: FileRef, owner: UUID, mapping: Mapping, request: HttpRequest) -> HttpResponse:
    key = request.POST.get("idempotency_key", "") or None
    answer = verbs()[ADDRESS].run(actor, file=file, owner_id=owner, screening="no", mapping=mapping.to_json(), idempotency_key=key)
    messages.success(request, _("台账已导入：新增 {new} 个，变更 {changed} 个，没有变化 {same} 个，没有读取 {rejected} 行。").format(**answer))
    return redirect(reverse("import_result", args=[answer["batch"]]))


def _corrected(mapping: Mapping, request: HttpRequest) -> Mapping:
    """Return the mapping with the targets, units and date orders the person chose; a target chosen twice stays with the last."""
    for column in mapping.columns:
        target = request.POST.get(f"target.{column.number}", column.target)
        unit = request.POST.get(f"unit.{column.number}", column.unit)
        order = request.POST.get(f"order.{column.number}", column.date_order)
        chosen = (target if target in TARGETS else "", unit if unit in UNITS else column.unit, order)
        if chosen != (column.target, column.unit, column.date_order):
            mapping = mapping.with_target(column.heading, chosen[0], unit=chosen[1], date_order=chosen[2])
    return mapping


def _context(request: HttpRequest, file: FileRef, shown: Preview) -> dict[str, Any]:
    columns = [
        Column(item.number, item.heading, item.target, item.unit, item.date_order, item.confidence >= 95) for item in shown.table.mapping.columns
    ]
    return {
        "file": file,
        "query": request.GET.urlencode(),
        "plan": shown.plan,
        "counts": shown.plan.counts,
        "new": shown.plan.new[:SHOWN],
        "changed": shown.plan.changed[:SHOWN],
        "rejected": shown.plan.rejected[:SHOWN],
        "dropped": shown.table.dropped[:SHOWN],
        "columns": columns,
        "unsure": any(item.target and not item.sure for item in columns),
        "targets": [(key, _(text)) for key, text in TARGET_LABELS.items()],
        "units": UNITS,
        "orders": [(key, _(text)) for key, text in ORDERS],
        "idempotency_key": request.POST.get("idempotency_key") or token_urlsafe(16),
        "mapping_json": json.dumps(shown.table.mapping.to_json(), ensure_ascii=False),
        "nav": "register",
    }
