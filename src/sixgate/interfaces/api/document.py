"""The OpenAPI document as it is handed out: bodies and queries by the labels people read on forms, money in 分, choices, and every refusal as a problem."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any, Final, get_args, get_type_hints

from django.utils.translation import gettext as _
from ninja.openapi.schema import OpenAPISchema
from pydantic.json_schema import models_json_schema

from sixgate.domain.axes import STAGE_TITLES
from sixgate.interfaces.api.problem import MEDIA_TYPE, Problem
from sixgate.kernel.text import gettext_noop
from sixgate.usecases._frame import KEY, Label, Verb
from sixgate.usecases._input import input_model

Json = dict[str, Any]
REFERENCE: Final = "#/components/schemas/{model}"
ABOUT: Final = gettext_noop(
    "每件要办的事一个 POST，正文是 JSON 对象，字段与网页表单相同；读取用 GET，只给出您看得到的。\n\n"
    "登录：在 /sign-in/ 登录，之后带会话 Cookie；POST 另把 csrftoken Cookie 的值写进请求头 X-CSRFToken。\n\n"
    "幂等：POST 可带请求头 Idempotency-Key（1 到 80 个可见 ASCII 字符，如一个新的 UUID）。同一个键重复提交只办一次，回答相同；正文不同则拒绝。\n\n"
    "金额一律是整数，单位为分；日期写作 2026-11-23。文件先用 /files 上传，再把回答原样填进正文。\n\n"
    "拒绝用 application/problem+json（RFC 9457）：422 输入有误，409 与现状冲突，403 无权，404 没有或看不到，401 没有登录。按 Accept-Language 回答中文或英文。"
)
TAGS: Final = {
    "planning": gettext_noop("顶层设计"),
    "lifecycle": gettext_noop("流程规范"),
    "authority": gettext_noop("授权"),
    "files": gettext_noop("文件"),
    "ledger": gettext_noop("存证账本"),
}
ANSWER: Final = gettext_noop("回答")
REFUSED: Final = {
    "401": gettext_noop("没有登录"),
    "403": gettext_noop("看得到，但无权办理；或没有 CSRF 令牌"),
    "404": gettext_noop("没有，或看不到"),
    "409": gettext_noop("与现状冲突"),
    "422": gettext_noop("输入有误，fields 里写明每一处"),
}
PLACES: Final = {
    "project_id": gettext_noop("项目编号"),
    "event_id": gettext_noop("存证编号"),
    "gate": gettext_noop("决策点"),
    "kind": gettext_noop("材料"),
}
DONE: Final = gettext_noop("办好了：所办对象的编号，以及 event，即存证账本里这一条的编号。")
ABOUT_KEY: Final = gettext_noop("幂等键：同一个键重复提交只办一次。")
IN_FEN: Final = gettext_noop("单位：分。")
ONE_OF: Final = gettext_noop("可选：")
IN_STAGE: Final = gettext_noop("{title}（{stage}）")
_UNIT: Final = re.compile(r"\s*[（(][^（(]*[）)]$")  # the unit of forms at the end of a label: 万元
_BODIES: Final[dict[str, Verb]] = {}
_QUERIES: Final[dict[str, Verb]] = {}


def describe_body(verb: Verb) -> None:
    """Have the operation of a verb show the verb's parameters as its JSON body."""
    _BODIES[verb.address] = verb


def describe_query(read: Verb) -> None:
    """Have the operation of a read show the read's parameters as its query."""
    _QUERIES[read.address] = read


def completed(document: OpenAPISchema) -> OpenAPISchema:
    """Return ninja's document completed, in the language of the request."""
    components = document["components"]
    components["schemas"] |= _bodies() | {"Done": _done(), "Problem": _problem()}
    components["securitySchemes"]["Csrf"] = {"type": "apiKey", "in": "header", "name": "X-CSRFToken"}
    for path in document["paths"].values():
        for method, operation in path.items():
            _complete(operation, changes=method == "post")
    document["info"]["description"] = _(ABOUT)
    document["tags"] = [{"name": name, "description": _(title)} for name, title in TAGS.items()]
    del document["servers"]
    return document


def _bodies() -> Json:
    """Return the schemas of all bodies by name, with those of the rows inside them."""
    _references, defined = models_json_schema([(input_model(verb), "validation") for verb in _BODIES.values()], ref_template=REFERENCE)
    schemas: Json = defined["$defs"]
    for verb in _BODIES.values():
        hints = {name: parameter.annotation for name, parameter in verb.parameters.items()}
        _label(schemas[_name(verb)], hints)
        for row in _rows(hints.values()):
            _label(schemas[row.__name__], get_type_hints(row, include_extras=True))
    return schemas


def _name(verb: Verb) -> str:
    return input_model(verb).__name__


def _rows(annotations: Iterable[object]) -> Iterator[type]:
    """Yield the dataclasses inside annotations: the rows of lists, and references of files."""
    for annotation in annotations:
        if isinstance(annotation, type) and is_dataclass(annotation):
            yield annotation
        yield from _rows(get_args(annotation))


def _label(schema: Json, hints: Mapping[str, Any]) -> None:
    """Write into an object's schema what its labels say; a place without a label keeps its bare type."""
    for name, hint in hints.items():
        found = schema["properties"][name]
        found.pop("title", None)
        for label in getattr(hint, "__metadata__", ()):
            if isinstance(label, Label):
                found |= _told(name, label, found)


def _told(name: str, label: Label, schema: Json) -> Json:
    """Return title, description and choices of one place."""
    money = name.endswith("_fen")
    title = _(label.text)
    said = [_(label.help)] if label.help else []
    if money:
        title = _UNIT.sub("", title)
        said.append(_(IN_FEN))
    told: Json = {"title": title}
    choices = {value: _(text) for value, text in label.choices}
    if choices and schema.get("type") == "object":
        told |= {"properties": {value: {"type": "boolean", "title": text} for value, text in choices.items()}, "additionalProperties": False}
    elif choices:
        told["enum"] = list(choices)
        said.append(_(ONE_OF) + "; ".join(f"{value} {text}" for value, text in choices.items() if value))
    return told | ({"description": " ".join(said)} if said else {})


def _done() -> Json:
    return {
        "type": "object",
        "description": _(DONE),
        "properties": {"event": {"type": "string", "format": "uuid"}},
        "required": ["event"],
        "additionalProperties": True,
    }


def _problem() -> Json:
    schema = Problem.model_json_schema()
    for found in schema["properties"].values():
        said = found.pop("description")
        found["description"] = _(said)
        del found["title"]
    return schema


def _complete(operation: Json, *, changes: bool) -> None:
    """Write what ninja does not know into one operation."""
    name = operation["operationId"]
    operation["summary"] = _summary(name, operation["summary"])
    said = operation.pop("description", "")
    if said:
        operation["description"] = _(said)
    for parameter in operation["parameters"]:
        place = PLACES[parameter["name"]]
        parameter["description"] = _(place)
        parameter["schema"].pop("title", None)
    if changes:
        operation["security"] = [{**operation["security"][0], "Csrf": []}]
    operation["responses"] = {"200": operation["responses"][200] | {"description": _(ANSWER)}, **_refusals(operation, changes=changes)}
    if name in _BODIES:
        operation["requestBody"] = _content(_name(_BODIES[name])) | {"required": True}
        operation["responses"]["200"] |= _content("Done")
        key = {"type": "string", "pattern": f"^{KEY.pattern}$"}
        operation["parameters"].append({"in": "header", "name": "Idempotency-Key", "required": False, "schema": key, "description": _(ABOUT_KEY)})
    if name in _QUERIES:
        operation["parameters"] += _query(_QUERIES[name])


def _refusals(operation: Json, *, changes: bool) -> Json:
    """Return the answers of an operation that refuse: a verb may give them all, what changes nothing conflicts with nothing."""
    verb = operation["operationId"] in _BODIES
    absent = verb or any(parameter["in"] == "path" for parameter in operation["parameters"])
    known = {"401": True, "403": changes, "404": absent, "409": verb, "422": True}
    content = {MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(model="Problem")}}}
    return {status: {"description": _(REFUSED[status]), "content": content} for status, given in known.items() if given}


def _content(model: str) -> Json:
    return {"content": {"application/json": {"schema": {"$ref": REFERENCE.format(model=model)}}}}


def _query(read: Verb) -> list[Json]:
    schema = input_model(read).model_json_schema()
    _label(schema, {name: parameter.annotation for name, parameter in read.parameters.items()})
    return [_in_query(name, found) for name, found in schema["properties"].items()]


def _in_query(name: str, schema: Json) -> Json:
    """Return one parameter of a query: what may be left out is left out there, never written as null."""
    if "anyOf" in schema:
        del schema["default"]
        schema |= schema.pop("anyOf")[0]
    return {"in": "query", "name": name, "required": False, "description": schema.get("description", schema["title"]), "schema": schema}


def _summary(name: str, title: str) -> str:
    """Return the title of an operation, with the stage where one verb stands at six addresses."""
    stage = name.split(".")[1] if name.count(".") == 2 else ""
    return _(IN_STAGE).format(title=_(title), stage=_(STAGE_TITLES[stage])) if stage else _(title)
