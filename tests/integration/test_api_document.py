"""What the API says of itself: every verb and every read, every field with its words, and a reader that loads nothing from elsewhere."""

import pytest
from django.test import Client

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
