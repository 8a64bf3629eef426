"""The frame of the REST door: who signs in and how, what becomes of a refusal, and the OpenAPI document. Operations register with `api`."""

from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import get_language
from ninja import NinjaAPI, Swagger
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import SessionAuth

from sixgate.interfaces.api.document import completed
from sixgate.interfaces.api.problem import refused, unread
from sixgate.interfaces.watch.requests import number_of
from sixgate.kernel.refusal import Forbidden, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.usecases._frame import Actor
from sixgate.usecases._input import InputRefused, reasons
from sixgate.usecases._registry import actor_of

UNAUTHORISED: Final = 401


class Session(SessionAuth):
    """Signed in on the sign-in page: the session cookie counts, with the CSRF token for whatever changes something."""

    def __call__(self, request: HttpRequest) -> Any:
        """Return the person, first asking whether there is one; raise HttpError for a missing CSRF token."""
        if not request.user.is_authenticated:
            raise AuthenticationError
        return super().__call__(request)


class Door(NinjaAPI):
    """The API with its whole OpenAPI document, in the language of the request, made once for each language."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.documents: dict[str, OpenAPISchema] = {}

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """Return the document."""
        language = get_language() or ""
        if language not in self.documents:
            self.documents[language] = completed(super().get_openapi_schema(**given))
        return self.documents[language]


api = Door(title="六关 Sixgate", version="1", auth=Session(), docs=Swagger(), urls_namespace="api")


def actor_from(request: HttpRequest) -> Actor:
    """Return the signed-in person as an actor."""
    user = request.user
    assert not isinstance(user, AnonymousUser), "the operation is behind sign-in"
    return actor_of(user.pk, user.get_full_name(), "api", number_of(request))


def body_of(request: HttpRequest) -> bytes:
    """Return the JSON body of a request; raise Refusal for any other kind."""
    if request.content_type != "application/json":
        raise Refusal(
            "content_type_wrong",
            gettext_noop("这里只接受 JSON 正文。"),
            remedy=gettext_noop("请把 Content-Type 写成 application/json；文件先用 /files 上传。"),
        )
    return request.body


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return refused(request, refusal)


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer a path or a form that does not fit; the first part of a place only says where it came from."""
    return refused(request, InputRefused(reasons([{**item, "loc": item["loc"][1:]} for item in error.errors])))


@api.exception_handler(HttpError)
def _not_let_in(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer who is not signed in, or comes without the CSRF token."""
    if error.status_code == UNAUTHORISED:
        refusal = Forbidden(
            "not_signed_in",
            gettext_noop("请先登录。"),
            remedy=gettext_noop("在 /sign-in/ 登录后，带着会话 Cookie 再请求。"),
        )
        answer = refused(request, refusal, UNAUTHORISED)
        answer["WWW-Authenticate"] = 'Cookie realm="sixgate", form-action="/sign-in/", cookie-name=sessionid'
        return answer
    refusal = Forbidden(
        "csrf_token_wrong",
        gettext_noop("请求没有带上正确的 CSRF 令牌。"),
        remedy=gettext_noop("请把名为 csrftoken 的 Cookie 的值写进请求头 X-CSRFToken。"),
    )
    return refused(request, refusal)


def _unreadable(request: HttpRequest, _error: Exception | type[Exception]) -> HttpResponse:
    return refused(request, unread())


for _kind in (BadRequest, SuspiciousOperation, UnreadablePostError, MultiPartParserError):
    api.add_exception_handler(_kind, _unreadable)
