"""The operations that change something: one POST for each verb, made from its signature, and the receiving of files."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest
from ninja import File, UploadedFile

from sixgate.interfaces.api.document import describe_body
from sixgate.interfaces.api.door import actor_from, api, body_of
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.store import FileRef, in_quarantine, receive
from sixgate.usecases._frame import replayed
from sixgate.usecases._input import arguments_in
from sixgate.usecases._registry import verbs

FILE_LIMIT: Final = 200 * 1024 * 1024


@api.post(
    "/files",
    operation_id="receive_file",
    summary=gettext_noop("上传文件"),
    description=gettext_noop("收下一个文件，回答它的引用，供办事的操作使用；没有被采用的，过些时候清除。"),
    tags=["files"],
    response=FileRef,
)
def receive_file(request: HttpRequest, file: File[UploadedFile]) -> FileRef:
    """Receive one file into quarantine; the answer is the reference verbs take for it. What no verb adopts is removed after a while."""
    return receive(file.chunks(), file.name or "", limit=FILE_LIMIT)


def _operation(address: str) -> None:
    verb = verbs()[address]

    def call(request: HttpRequest) -> dict[str, Any]:
        actor, key = actor_from(request), request.headers.get("Idempotency-Key")
        arguments = arguments_in(verb, body_of(request))
        earlier = replayed(actor, address, key, arguments)
        return earlier if earlier is not None else verb.run(actor, **_read_anew(arguments), idempotency_key=key)

    describe_body(verb)
    api.post("/" + address.replace(".", "/"), operation_id=address, summary=verb.title, tags=[verb.room])(call)


def _read_anew(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments with every file read anew from quarantine: digests are computed here, never believed."""
    return {name: _file(name, value) for name, value in arguments.items()}


def _file(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_file(name, item) for item in value]
    if not isinstance(value, FileRef):
        return value
    try:
        return in_quarantine(value.sha256, value.name)
    except Refusal as refusal:
        refusal.field = name
        raise


for _address in verbs():
    _operation(_address)
