"""The page of rights says what the document says, and nothing that has no name."""

import json
from pathlib import Path
from typing import Any

import pytest
from gateway.document.permissions import RESOURCES, ROLES, text
from servicekit.auth.principal import Role

ANYWHERE = ["own", "child", "parent", "other"]
PUBLISHED = Path(__file__).parents[4] / "docs/api/openapi.json"


def document(**rules: list[str]) -> dict[str, Any]:
    spec = {"tags": ["funds"], "x-permission": "funds.read"}
    return {"paths": {"/funds": {"get": spec}}, "x-permissions": {"funds.read": rules}}


def test_a_cell_says_which_relations_are_enough() -> None:
    page = text(document(office=ANYWHERE, park_admin=["own", "child"], enterprise=["own"]))
    assert "## 专项资金 · funds" in page
    head, _, row = page.splitlines()[-3:]
    assert head.endswith("| 办公室 `office` | 园区 `park_admin` | 企业 `enterprise` |")
    assert row == "| `GET /funds` | `funds.read` | all 全部 | below 及下级 | own 本单位 |"


def test_an_operation_without_a_permission_has_no_line() -> None:
    page = document(office=ANYWHERE)
    page["paths"]["/oauth/token"] = {"post": {"tags": ["tokens"], "x-permission": None}}
    assert "/oauth/token" not in text(page)


@pytest.mark.parametrize("rules", [{"mayor": ANYWHERE}, {"office": ["parent"]}])
def test_what_has_no_name_is_not_passed_over(rules: dict[str, list[str]]) -> None:
    with pytest.raises(KeyError):
        text(document(**rules))


def test_every_role_and_every_resource_has_a_name() -> None:
    assert set(ROLES) == set(Role)
    published = json.loads(PUBLISHED.read_text())
    assert {tag["name"] for tag in published["tags"]} - {"tokens"} <= set(RESOURCES)
