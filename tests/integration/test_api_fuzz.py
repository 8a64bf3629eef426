"""Every operation of the OpenAPI document called with what its schema generates, and with what it forbids, by five callers, through WSGI.

Whatever comes in: no failure of ours, only declared answers of the declared form, refusals as problems, and nothing taken that the schema forbids.
SIXGATE_FUZZ_EXAMPLES says how many cases of each kind every operation gets (a few by default, hundreds in a soak).
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation

from callers import Caller, City, callers, city
from factories import CITY, filled
from journey import WAN
from sixgate.interfaces.api import api
from sixgate.interfaces.wsgi import application
from sixgate.records.models import LedgerEvent
from sixgate.usecases import _law
from sixgate.usecases._frame import Verb, today
from sixgate.usecases._registry import verbs

pytestmark = pytest.mark.usefixtures("rows", "own_files")
EXAMPLES: Final = int(os.environ.get("SIXGATE_FUZZ_EXAMPLES", "2"))
SEED: Final = 20261125
KEPT: Final = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance", "response_headers_conformance",
)  # fmt: skip
OURS: Final = {
    ParameterLocation.BODY,
    ParameterLocation.QUERY,
    ParameterLocation.PATH,
}  # cookies and the CSRF header are the caller's, put right again
NASTY: Final = (
    "a\x00b", "\ud800", "字" * 6_000, "é" * 400, "", " ", "‮", "0001-01-01", "9999-12-31", "86400", 0, -1, 2**31, 2**53, 2**63, 10**400,
    1.5, float("nan"), True, None, [], {}, [[]] * 600, {"名": 1}, {"a": {"b": [{"c": 1e300}]}},
)  # fmt: skip
CHECKED: Final = ("document_no", "number", "uscc", "region_code", "jurisdiction", "kind", "gate", "duty", "target", "screening")  # not free text
COMMON: Final = settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])


@dataclass(frozen=True)
class Sent:
    """What is sent; `meta` says what of it the schema forbids, None for what was made to mean something here."""

    meta: Any
    path_parameters: Mapping[str, Any]
    query: Mapping[str, Any]
    headers: Mapping[str, Any]
    body: Any
    media_type: str | None


def test_every_operation_keeps_its_word_whatever_comes_in() -> None:
    here = city()
    here.known["event_id"].extend(LedgerEvent.objects.order_by("event_id").values_list("event_id", flat=True)[:3])
    who = callers(here)
    load_all_checks()
    broken: dict[str, str] = {}
    answers: Counter[tuple[str, int]] = Counter()
    made: dict[str, list[Sent]] = {}
    for operation in _operations():
        here.reopen()
        name = str(operation.definition.raw["operationId"])
        shape = name.rpartition(".")[2] if name.startswith("lifecycle.") else name  # six addresses of one verb take the same body
        if shape not in made:
            made[shape] = _made(operation, here)
        for caller, sent, problem, status in _called(operation, made[shape], who):
            answers[(caller, status)] += 1
            if problem:
                broken.setdefault(f"{name} {caller} {sent}"[:600], problem)
    assert broken == {}
    assert {status for caller, status in answers if caller == "nobody"} == {401}
    assert {status for caller, status in answers if caller != "nobody"} == {200, 403, 404, 409, 422}


def test_what_a_schema_admits_at_its_edges_fits_into_the_database() -> None:
    here = city()
    everyone = callers(here)["everyone"]
    document = api.get_openapi_schema()["components"]["schemas"]
    client = Client(headers=dict(everyone.headers), raise_request_exception=False)
    client.cookies.load(dict(everyone.cookies))
    ours = [address for address in verbs() if not address.startswith("lifecycle.") or address.startswith("lifecycle.initiation.")]
    answers: dict[str, Counter[int]] = {}
    for address in ours:
        schema = document[address.replace(".", "_")]["properties"]
        for body in _edges(_plain_body(verbs()[address], schema, here), schema):
            here.reopen()
            answer = client.post(f"/api/v1/{address.replace('.', '/')}", body, content_type="application/json")
            answers.setdefault(address, Counter())[answer.status_code] += 1
    assert {address for address, found in answers.items() if max(found) >= 500} == set()
    taken = sum(200 in found for found in answers.values())
    assert taken >= len(ours) // 2


def _plain_body(verb: Verb, schema: Mapping[str, Any], here: City) -> dict[str, Any]:
    """Return a body of the wanted fields with values that mean something."""
    wanted = [name for name, parameter in verb.parameters.items() if parameter.default is parameter.empty or name == "files"]
    kind = _law.law(CITY, today())[0].evidence[here.known["kind"][0]]
    rows = {
        "fields": filled(kind),
        "parts": [{"name": name, "amount_fen": 640 * WAN} for name in ("甲项目", "乙项目")],
        "merged_ids": here.known["merged_ids"][1:2],
        "mapping": {"columns": [{"number": 1, "heading": "项目名称", "target": "project_name"}]},
        "shares": [{"successor_id": here.known["owner_id"][1]}],
        "again": "correct-horse-battery",
        "new_password": "correct-horse-battery",
    }
    return {name: rows.get(name, _plain_value(name, schema[name], here)) for name in wanted}


def _plain_value(name: str, schema: Mapping[str, Any], here: City) -> Any:
    found = here.known.get(name) or [choice for choice in schema.get("enum", ()) if choice]
    if found:
        return found[:1] if schema.get("type") == "array" else found[0]
    return {"integer": 1, "boolean": True, "array": [], "object": {}}.get(schema.get("type", ""), "说明写满十个字才算理由")


def _edges(body: dict[str, Any], schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the body with every free text as long as may be, the body as it is, and for every field the body with that field at an edge."""
    free = {name: "字" * found["maxLength"] for name, found in schema.items() if "maxLength" in found and "enum" not in found and name not in CHECKED}
    yield {**free, **body, **{name: text for name, text in free.items() if name in body}}
    yield body
    for name, whole in schema.items():
        found = {**whole, **whole.get("anyOf", [{}])[0]}
        if "enum" in found or "format" in found:
            continue
        texts = [char * found["maxLength"] for char in ("字", "\u0958")] if "maxLength" in found else []
        for value in (*texts, *(found[edge] for edge in ("minimum", "maximum") if edge in found)):
            yield {**body, name: value}


def _operations() -> list[Any]:
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    return [found.ok() for found in document.get_all_operations()]


def _made(operation: Any, here: City) -> list[Sent]:
    """Return cases of an operation: those its schema generates, with values that mean something here, some of them spoilt; and those it forbids."""
    found: list[Sent] = []

    @seed(SEED)
    @COMMON
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE), data=st.data())
    def allowed(case: Any, data: st.DataObject) -> None:
        body = data.draw(_meaningful(case.body, here)) if case.media_type == "application/json" else case.body
        path = data.draw(_meaningful(case.path_parameters, here, spoilt=False))
        found.append(Sent(None, path, case.query, case.headers, body, case.media_type))

    @seed(SEED)
    @COMMON
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def forbidden(case: Any) -> None:
        found.append(Sent(case.meta, case.path_parameters, case.query, case.headers, case.body, case.media_type))

    allowed()
    forbidden()
    return found


@st.composite
def _meaningful(draw: st.DrawFn, given_values: dict[str, Any], here: City, *, spoilt: bool = True) -> dict[str, Any]:
    """Return the values with known ones in most places, and now and then one that no place can hold."""
    values = deepcopy(given_values)
    for name, pool in here.known.items():
        if name in values and pool and draw(st.integers(0, 7)):
            several = isinstance(values[name], list)
            values[name] = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=2)) if several else draw(st.sampled_from(pool))
    kind = _law.law(CITY, today())[0].evidence.get(str(values.get("kind")))
    if "fields" in values and kind is not None and draw(st.integers(0, 3)):
        values["fields"] = filled(kind)
    if spoilt and values and not draw(st.integers(0, 2)):
        *inside, last = draw(st.sampled_from(sorted(_leaves(values), key=str)))
        place: Any = values
        for step in inside:
            place = place[step]
        place[last] = draw(st.sampled_from(NASTY))
    return values


def _leaves(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in steps:
        yield (*place, step)
        yield from _leaves(item, (*place, step))


def _called(operation: Any, made: list[Sent], who: Mapping[str, Caller]) -> Iterator[tuple[str, Sent, str, int]]:
    """Send every case: one made to mean something as all callers, one the schema forbids as nobody and, in turn, as one of the others."""
    _nobody, *others = who
    for index, sent in enumerate(made):
        names = list(who) if sent.meta is None else ["nobody", others[index % len(others)]]
        for name, caller in ((name, who[name]) for name in names):
            case = operation.Case(
                path_parameters=dict(sent.path_parameters),
                query=dict(sent.query),
                headers=dict(sent.headers),
                body=sent.body,
                media_type=sent.media_type,
                _meta=deepcopy(sent.meta),
            )
            ours = sent.meta is None and sent.media_type == "application/json"
            answer = case.call(
                headers={**caller.headers, **({"Content-Type": "application/json"} if ours else {})},
                cookies=dict(caller.cookies),
                **({"data": json.dumps(sent.body, default=_plain).encode()} if ours else {}),
            )
            yield name, sent, _problem(case, answer), answer.status_code


def _problem(case: Any, answer: Any) -> str:
    """Return what is wrong with an answer."""
    spoilt = {place for place, part in case.meta.components.items() if part.mode.is_negative} & OURS if case.meta else set[ParameterLocation]()
    checks = (*KEPT, "negative_data_rejection") if spoilt else KEPT
    try:
        case.validate_response(answer, checks=CHECKS.get_by_names(checks))
    except FailureGroup as failures:
        return f"{answer.status_code} {failures.exceptions} {answer.content.decode(errors='replace')[:300]}"
    if ParameterLocation.BODY in spoilt and case.media_type == "application/json" and answer.status_code not in (401, 422):
        return f"{answer.status_code} for a body the schema forbids"
    return ""


def _plain(value: object) -> str:
    assert isinstance(value, UUID) or hasattr(value, "isoformat")
    return str(value)
