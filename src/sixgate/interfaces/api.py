"""The REST door: one POST operation for each verb, made from its signature; refusals speak RFC 9457."""

from dataclasses import asdict
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Body, File, NinjaAPI, Swagger, UploadedFile
from ninja.errors import ValidationError
from ninja.security import django_auth

from sixgate.kernel.refusal import Refusal, RefusalKind
from sixgate.records.store import in_quarantine, receive
from sixgate.usecases._input import InputRefused, arguments_of, input_model
from sixgate.usecases._registry import actor_of, verbs
from sixgate.usecases.lifecycle.reading import gate_panel, kind_schema

FILE_LIMIT = 200 * 1024 * 1024
STATUS = {RefusalKind.INVALID: 422, RefusalKind.CONFLICT: 409, RefusalKind.FORBIDDEN: 403, RefusalKind.INVISIBLE: 404}

api = NinjaAPI(title="六关 Sixgate", version="1", auth=django_auth, docs=Swagger(), urls_namespace="api")


def problem(refusal: Refusal) -> dict[str, Any]:
    """Return the RFC 9457 body of a refusal."""
    body: dict[str, Any] = {
        "type": f"urn:sixgate:refusal:{refusal.code}",
        "title": refusal.template.format(**refusal.params),
        "status": STATUS[refusal.kind],
        "code": refusal.code,
        "remedy": refusal.remedy,
        "clause": refusal.clause,
        "field": refusal.field,
    }
    if isinstance(refusal, InputRefused):
        body["fields"] = refusal.fields
    return {key: value for key, value in body.items() if value is not None}


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal."""
    return api.create_response(request, problem(refusal), status=STATUS[refusal.kind])


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer input the schema does not admit."""
    fields = {str(item["loc"][-1]): str(item["msg"]) for item in error.errors}
    return api.create_response(request, problem(InputRefused(fields)), status=422)


BODY = cast("Any", Body(...))  # type: ignore[type-arg]  # ninja reads the marker; the model comes from the annotation


def _with_files(given: Any) -> Any:
    """Return the payload with every file reference read anew from quarantine: digests are computed here, never believed."""
    if isinstance(given, dict):
        if set(given) == {"sha256", "sm3", "size", "name"}:
            return asdict(in_quarantine(str(given["sha256"]), str(given["name"])))
        return {key: _with_files(value) for key, value in given.items()}
    return [_with_files(item) for item in given] if isinstance(given, list) else given


def _operation(address: str) -> None:
    verb = verbs()[address]
    model = input_model(address)

    def call(request: HttpRequest, payload: Any = BODY) -> dict[str, Any]:
        actor = actor_of(UUID(str(request.user.pk)), request.user.get_username(), "api")
        arguments = arguments_of(verb, _with_files(payload.model_dump()))
        return verb.run(actor, **arguments, idempotency_key=request.headers.get("Idempotency-Key"))

    call.__annotations__["payload"] = model
    path = "/" + address.replace(".", "/")
    answers: dict[int, Any] = {200: dict[str, Any], 403: dict[str, Any], 404: dict[str, Any], 409: dict[str, Any], 422: dict[str, Any]}
    api.post(path, operation_id=address, summary=verb.title, response=answers, tags=[verb.room])(call)


@api.post("/files", operation_id="receive_file", summary="上传文件", tags=["files"], response={200: dict[str, Any], 422: dict[str, Any]})
def receive_file(request: HttpRequest, file: File[UploadedFile]) -> dict[str, Any]:
    """Receive one file into quarantine; the answer is the reference verbs take for it. What no verb adopts is removed after a while."""
    return asdict(receive(file.chunks(), file.name or "", limit=FILE_LIMIT))


@api.get(
    "/evidence_kinds/{kind}",
    operation_id="evidence_kind",
    summary="材料的登记项",
    tags=["lifecycle"],
    response={200: dict[str, Any], 404: dict[str, Any]},
)
def evidence_kind(request: HttpRequest, kind: str, jurisdiction: str = "") -> dict[str, Any]:
    """Return the JSON Schema of the fields of a kind of evidence, as the pack of a jurisdiction declares it today."""
    return kind_schema(kind, jurisdiction)


@api.get(
    "/projects/{project_id}/gates/{gate}",
    operation_id="gate_panel",
    summary="决策点的判定",
    tags=["lifecycle"],
    response={200: dict[str, Any], 404: dict[str, Any]},
)
def gate(request: HttpRequest, project_id: UUID, gate: str) -> dict[str, Any]:
    """Return everything about one gate of one project: verdicts with clauses and proofs, joint sign-off, what went stale."""
    actor = actor_of(UUID(str(request.user.pk)), request.user.get_username(), "api")
    return asdict(gate_panel(actor, project_id, gate))


for _address in verbs():
    _operation(_address)
