"""How the REST door says no: every refusal, also what never reaches an operation, is a problem of RFC 9457 in the caller's language."""

import json
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from sixgate.kernel.refusal import Forbidden, Invisible, Refusal, RefusalKind
from sixgate.kernel.text import gettext_noop
from sixgate.usecases._input import InputRefused

PREFIX: Final = "/api/"
MEDIA_TYPE: Final = "application/problem+json"
STATUS: Final = {RefusalKind.INVALID: 422, RefusalKind.CONFLICT: 409, RefusalKind.FORBIDDEN: 403, RefusalKind.INVISIBLE: 404}


class Problem(BaseModel):
    """A refusal (RFC 9457)."""

    type: str = Field(description=gettext_noop("拒绝的种类，urn:sixgate:refusal: 加代码。"))
    title: str = Field(description=gettext_noop("给人看的原因。"))
    status: int = Field(description=gettext_noop("HTTP 状态码。"))
    code: str = Field(description=gettext_noop("拒绝的代码，不随语言变化，供程序判断。"))
    remedy: str = Field("", description=gettext_noop("怎样补救。"))
    clause: str = Field("", description=gettext_noop("依据的条款。"))
    field: str = Field("", description=gettext_noop("有问题的字段；有几处时是第一处。"))
    fields: dict[str, str] = Field({}, description=gettext_noop("每一处有问题的字段和原因；嵌套的字段用点连接。"))


def problem(refusal: Refusal, status: int = 0) -> dict[str, Any]:
    """Return the body of a refusal in the language of the request; what there is nothing to say about is left out."""
    body: dict[str, Any] = {
        "type": f"urn:sixgate:refusal:{refusal.code}",
        "title": _(refusal.template).format(**{name: _told(value) for name, value in refusal.params.items()}),
        "status": status or STATUS[refusal.kind],
        "code": refusal.code,
        "remedy": _told(refusal.remedy),
        "clause": _told(refusal.clause),
        "field": refusal.field,
    }
    if isinstance(refusal, InputRefused):
        body["fields"] = {place: _(reason) for place, reason in refusal.fields.items()}
    return {name: value for name, value in body.items() if value is not None}


def refused(_request: HttpRequest, refusal: Refusal, status: int = 0) -> HttpResponse:
    """Answer a refusal."""
    body = problem(refusal, status)
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=body["status"], content_type=MEDIA_TYPE)


def unread() -> Refusal:
    """Return the refusal of a request whose body cannot be read at all: too large, cut off, or broken multipart."""
    return Refusal(
        "request_unreadable",
        gettext_noop("请求读不出来：正文过大、不完整，或格式不对。"),
        remedy=gettext_noop("请核对 Content-Type 和正文；JSON 正文不超过 2.5 MB，文件另用 /files 上传。"),
    )


def problems_only(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Return a middleware that says as problems what the framework refuses under the API: unknown addresses, methods, hosts, and our own failures."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        plain = response.status_code >= 400 and response.headers.get("Content-Type") != MEDIA_TYPE
        if plain and request.path_info.startswith(PREFIX):
            said = refused(request, _of_status(response.status_code), response.status_code)
            response.content = said.content
            response["Content-Type"], response["Content-Length"] = MEDIA_TYPE, str(len(said.content))
        return response

    return answer


def _of_status(status: int) -> Refusal:
    if status == 404:
        return Invisible()
    if status == 405:
        return Refusal("method_not_allowed", gettext_noop("这个地址不接受这种方法。"), remedy=gettext_noop("请对照 /api/v1/openapi.json。"))
    if status >= 500:
        return Refusal("failure", gettext_noop("平台出错了，没有办成；已记录下来。"), remedy=gettext_noop("请稍后再试；仍不行请告诉管理员。"))
    return unread() if status == 400 else Forbidden("not_permitted_here", gettext_noop("不接受这个请求。"))


def _told(value: object) -> Any:
    """Return product text in the caller's language; everything else stays as it is."""
    return _(value) if isinstance(value, str) and value else value
