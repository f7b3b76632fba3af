"""Calls with the document's own examples, and the files that are made of them."""

from pathlib import Path
from typing import Any

import pytest
from gateway.document import http_files
from gateway.document.calls import calls, example

NOTE = {
    "type": "object",
    "required": ["title", "written_on", "kind"],
    "properties": {
        "title": {"type": "string", "examples": ["会议"]},
        "written_on": {"type": "string", "format": "date"},
        "kind": {"$ref": "#/components/schemas/Kind"},
        "tags": {"type": "array", "items": {"type": "string"}, "examples": [["a"]]},
        "comment": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
}
DOCUMENT: dict[str, Any] = {
    "info": {"version": "1"},
    "paths": {
        "/api/v1/notes": {
            "get": {
                "operationId": "listNotes",
                "tags": ["notes"],
                "summary": "List notes",
                "parameters": [
                    {"name": "kind", "in": "query", "schema": {"enum": ["open", "shut"]}},
                    {"name": "limit", "in": "query", "schema": {"default": 50}},
                ],
            },
            "post": {
                "operationId": "createNote",
                "tags": ["notes"],
                "summary": "Write a note",
                "parameters": [{"name": "Idempotency-Key", "in": "header", "schema": {}}],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Note"}}
                    }
                },
            },
        }
    },
    "components": {"schemas": {"Note": NOTE, "Kind": {"type": "string", "enum": ["open", "shut"]}}},
}


def test_a_body_is_put_together_of_the_examples_of_its_parts() -> None:
    expected = {"title": "会议", "written_on": "2026-07-01", "kind": "open", "tags": ["a"]}
    assert example(DOCUMENT, NOTE) == expected


def test_an_example_of_the_body_itself_comes_first() -> None:
    operation = DOCUMENT["paths"]["/api/v1/notes"]["post"]
    media = {"schema": NOTE, "examples": {"short": {"value": {"title": "短"}}}}
    document = DOCUMENT | {
        "paths": {
            "/api/v1/notes": {
                "post": operation | {"requestBody": {"content": {"application/json": media}}}
            }
        }
    }
    assert [call.body for call in calls(document)] == [{"title": "短"}]


def test_a_place_in_a_path_has_the_value_that_the_resource_shows() -> None:
    shown = {"schema": {"properties": {"code": {"type": "string", "examples": ["minutes"]}}}}
    read = {
        "operationId": "getNote",
        "tags": ["notes"],
        "parameters": [{"name": "code", "in": "path", "required": True, "schema": {}}],
        "responses": {"200": {"content": {"application/json": shown}}},
    }
    pages = read | {"operationId": "listPages", "responses": {}}
    paths = {"/api/v1/notes/{code}": {"get": read}, "/api/v1/notes/{code}/pages": {"get": pages}}
    found = [call.places[0].value for call in calls(DOCUMENT | {"paths": paths})]
    assert found == ["minutes", "minutes"]


def test_a_file_has_the_token_and_every_request_of_its_tag() -> None:
    text = http_files.files(DOCUMENT)["notes.http"]
    assert "# @name token\nPOST {{url}}/oauth/token\n" in text
    assert "# may be narrowed by kind\nGET {{url}}/api/v1/notes?limit=20\n" in text
    assert "POST {{url}}/api/v1/notes\n" in text
    assert text.count("Idempotency-Key: {{$guid}}\n") == 1


@pytest.mark.parametrize("change", ["edited", "added", "removed"])
def test_files_that_are_not_current_are_seen(tmp_path: Path, change: str) -> None:
    wanted = http_files.files(DOCUMENT)
    http_files.write(tmp_path, wanted)
    assert http_files.present(tmp_path) == wanted
    notes = tmp_path / "notes.http"
    match change:
        case "edited":
            notes.write_text("x")
        case "added":
            (tmp_path / "old.http").write_text("x")
        case _:
            notes.unlink()
    assert http_files.present(tmp_path) != wanted
    http_files.write(tmp_path, wanted)
    assert http_files.present(tmp_path) == wanted
