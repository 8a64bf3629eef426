"""What-if pages: one more piece of evidence at a gate, another threshold over the projects a reader sees. Looking changes nothing, so both are plain GETs."""

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sixgate.engines.rules.schema import Dated
from sixgate.interfaces.web.act import evidence_parts
from sixgate.interfaces.web.form import NOT_A_NUMBER, NOT_A_RATIO, NOT_MONEY, Choices, VerbForm
from sixgate.interfaces.web.page import actor_from, refused, wrong_fields
from sixgate.kernel.identity import load_divisions
from sixgate.kernel.money import fen_of_wan
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries import choices as offered
from sixgate.usecases._frame import today
from sixgate.usecases._registry import verbs
from sixgate.usecases.lifecycle.reading.whatif import SupposedGate, Threshold, gate_and_kind, suppose_evidence, suppose_threshold, thresholds

NOT_AN_OPTION = gettext_noop("请从给出的选项中选择。")


@login_required
@require_http_methods(["GET"])
def evidence(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Show what one more piece of evidence would change at a gate."""
    actor, asked = actor_from(request), request.GET
    result: SupposedGate | None = None
    problem: Refusal | None = None
    try:
        here, gate, kind = gate_and_kind(actor, project_id, asked.get("gate", ""), asked.get("kind", ""))
        address = f"lifecycle.{kind.stage}.submit_evidence"
        subject = f"{kind.subject}_id" if kind.subject != "project" else ""
        leave = set(verbs()[address].parameters) - {"fields", subject}
        form = VerbForm(verbs()[address], _subjects(kind.subject, project_id), {"fields": evidence_parts(kind)}, leave, {subject})
        given = asked.copy()
        if "go" in asked:
            try:
                values, wrong = form.read(given, MultiValueDict())
                result = suppose_evidence(
                    actor, project_id, gate, kind.id, {**values.get("fields", {}), **_kept(wrong)}, str(values.get(subject, ""))
                )
            except Refusal as refusal:
                problem = refusal
    except Refusal as refusal:
        return refused(request, refusal)
    project = reverse("project", args=[project_id])
    context = {
        "fields": form.fields(given, wrong_fields(problem) if problem else {}),
        "problem": problem,
        "text": _(problem.template).format(**problem.params) if problem else "",
        "result": result,
        "kind": kind,
        "gate": gate,
        "gate_title": here.pack.gates[gate].title,
        "project_id": project_id,
        "crumbs": [(reverse("register"), _("项目")), (project, here.dossier.project.subject_title)],
        "submit_url": f"{reverse('act', args=[project_id, address])}?kind={kind.id}",
        "nav": "register",
    }
    return render(request, "lifecycle/what_if.html", context, status=422 if problem else 200)


@login_required
@require_http_methods(["GET"])
def threshold(request: HttpRequest) -> HttpResponse:
    """Show which projects would be judged otherwise under another value of a parameter."""
    actor, asked = actor_from(request), request.GET
    region = asked.get("region", "") if asked.get("region", "") in load_divisions() else settings.HOME_JURISDICTION
    known = thresholds(region, today())
    chosen = known.get(asked.get("parameter", ""))
    context: dict[str, Any] = {
        "choices": [(key, item.parameter.title, item.text) for key, item in known.items()],
        "chosen": chosen,
        "options": chosen.options if chosen else (),
        "given": asked.get("value", ""),
        "region": region,
        "nav": "organisations",
        "tab": "clauses",
    }
    if chosen and asked.get("value", "").strip():
        try:
            context["result"] = suppose_threshold(actor, chosen.parameter.id, _value(chosen, asked["value"]), region)
        except ValueError as error:
            context["wrong"] = _(str(error))
    return render(request, "lifecycle/threshold.html", context, status=422 if "wrong" in context else 200)


def _subjects(subject: str, project_id: UUID) -> dict[str, Choices]:
    if subject == "system":
        return {"system_id": offered.systems_of(str(project_id))}
    return {"contract_id": offered.contracts_of(str(project_id))} if subject == "contract" else {}


def _kept(wrong: dict[str, str]) -> dict[str, str]:
    """Return unreadable fields as text, so that reading them again names each one."""
    return {name.removeprefix("fields."): "?" for name in wrong if name.startswith("fields.")}


def _value(chosen: Threshold, text: str) -> Dated:
    """Read a value as people write it: 万元, percent, whole numbers, one of the options; raise ValueError with the reason."""
    number = text.strip().replace(",", "").replace("，", "")
    parameter = chosen.parameter
    if chosen.options:
        if text not in dict(chosen.options):
            raise ValueError(NOT_AN_OPTION)
        return text == "true" if parameter.type == "yes_no" else text
    try:
        if parameter.type == "fen":
            return int(fen_of_wan(Decimal(number)))
        if parameter.type == "ratio":
            points = Decimal(number.rstrip("%％")) * 100
            if points != points.to_integral_value():
                raise InvalidOperation
            return int(points)
        return int(number) if parameter.type == "integer" else text.strip()
    except (InvalidOperation, Refusal, ValueError):
        raise ValueError({"fen": NOT_MONEY, "ratio": NOT_A_RATIO}.get(parameter.type, NOT_A_NUMBER)) from None
