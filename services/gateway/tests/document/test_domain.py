"""Joining documents: everything once, nothing in two shapes."""

from pathlib import Path
from typing import Any

import pytest
from gateway.__main__ import own
from gateway.document.domain import DocumentClash, merge
from gateway.document.service import read_snapshots

SERVICES = Path(__file__).parents[3]


def document(path: str, operation: str, **schemas: Any) -> dict[str, Any]:
    return {
        "paths": {path: {"get": {"operationId": operation, "tags": [path[1:]]}}},
        "components": {"schemas": schemas},
    }


def test_all_paths_schemas_and_tags_are_there() -> None:
    problem = {"type": "object"}
    merged = merge(
        {
            "targets": document("/b", "listB", Problem=problem, B={"type": "string"}),
            "parks": document("/a", "listA", Problem=dict(problem)),
        },
        "1.0",
    )
    assert list(merged["paths"]) == ["/a", "/b"]
    assert set(merged["components"]["schemas"]) == {"Problem", "B"}
    assert [tag["name"] for tag in merged["tags"]] == ["a", "b"]


def test_one_schema_name_with_two_shapes_is_an_error_that_names_both_services() -> None:
    with pytest.raises(DocumentClash, match=r"schemas Unit \(parks, targets\)"):
        merge(
            {
                "targets": document("/b", "listB", Unit={"type": "string"}),
                "parks": document("/a", "listA", Unit={"type": "object"}),
            },
            "1.0",
        )


def test_one_path_or_one_operation_in_two_services_is_an_error() -> None:
    with pytest.raises(DocumentClash, match="path /a"):
        merge({"targets": document("/a", "listA"), "parks": document("/a", "listB")}, "1.0")
    with pytest.raises(DocumentClash, match="operationId listA"):
        merge({"targets": document("/a", "listA"), "parks": document("/b", "listA")}, "1.0")


def test_the_committed_snapshots_fit_together() -> None:
    found = {**read_snapshots(SERVICES), "gateway": own()}
    merged = merge(found, "0.1.0")
    assert "/oauth/token" in merged["paths"]
    assert merged["openapi"] == "3.1.0"
