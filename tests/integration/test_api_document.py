"""What the API says of itself: every verb and every read, every field with its words, and a reader that loads nothing from elsewhere."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from sixgate.interfaces.api import api
from sixgate.usecases._registry import verbs

pytestmark = pytest.mark.usefixtures("rows")


def test_the_document_lists_exactly_the_verbs_and_the_reads() -> None:
    document = api.get_openapi_schema()
    posts = {item["post"]["operationId"] for item in document["paths"].values() if "post" in item}
    gets = {item["get"]["operationId"] for item in document["paths"].values() if "get" in item}
    assert posts == {*verbs(), "receive_file"}
    assert gets == {"project_list", "project", "project_rating", "rating_differences", "gate_panel", "evidence_kind", "ledger", "ledger_event"}


def test_the_document_says_of_every_field_what_the_form_says() -> None:
    schemas = api.get_openapi_schema()["components"]["schemas"]
    body = schemas["planning_add_funding"]["properties"]
    assert body["amount_fen"] == {
        "maximum": 10**13, "minimum": -(10**13), "type": "integer", "title": "金额", "description": "调减登记为负数。 单位：分。",
    }  # fmt: skip
    assert body["source"]["enum"] == ["cbi", "cdb", "lgi", "ldb", "bond", "transfer", "own"]
    unnamed = {
        (address, name)
        for address, verb in verbs().items()
        for name in verb.parameters
        if not schemas[address.replace(".", "_")]["properties"][name].get("title")
    }
    assert unnamed == set()


def test_the_swagger_page_loads_nothing_from_elsewhere_and_runs_no_inline_script() -> None:
    page = Client().get("/api/v1/docs").content.decode()
    assert (
        "http://" in page or "https://" in page,
        page.count("<script src=") + page.count('<script type="application/json"'),
        page.count("<script"),
    ) == (
        False,
        3,
        3,
    )


def test_the_document_speaks_the_language_it_is_asked_in() -> None:
    told = {}
    for language in ("zh-hans", "en"):
        with override(language):
            document = api.get_openapi_schema()
        operation = document["paths"]["/api/v1/lifecycle/design/request_gate"]["post"]
        field = document["components"]["schemas"]["planning_register_project"]["properties"]["amount_fen"]
        told[language] = (operation["summary"], operation["responses"]["409"]["description"], field["title"], field["description"])
    assert told == {
        "zh-hans": ("申请过关（设计）", "与现状冲突", "金额", "单位：分。"),
        "en": ("Request gate (Design)", "In conflict with the present state", "Amount", "In fen (1/100 yuan)."),
    }


def test_every_refusal_in_the_document_is_a_problem_and_every_reference_leads_somewhere() -> None:
    document = api.get_openapi_schema()
    schemas = document["components"]["schemas"]
    references = {text.rpartition("/")[2] for text in _references(document)}
    assert references - set(schemas) == set()
    kinds = {
        kind
        for path in document["paths"].values()
        for operation in path.values()
        for status, answer in operation["responses"].items()
        if status >= "400"
        for kind in answer["content"]
    }
    assert kinds == {"application/problem+json"}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for name, text in value.items() if name == "$ref")
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _references(item)
