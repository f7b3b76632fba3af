"""A break of the public document is found, and an addition is none."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from gateway.document.breaking import announced, breaking_changes

Document = dict[str, Any]

NOTE: Document = {
    "type": "object",
    "required": ["title", "state"],
    "properties": {
        "title": {"type": "string", "maxLength": 200},
        "state": {"type": "string", "enum": ["draft", "sent"]},
        "due": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
    },
}
READ = copy.deepcopy(NOTE)
READ["properties"]["parts"] = {"type": "array", "items": {"$ref": "#/components/schemas/Note"}}
BODY = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/NoteCreate"}}}}
ANSWER = {
    "headers": {"ETag": {}},
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}},
}
CHOICE = {"type": "string", "enum": ["a", "b"]}
KIND = {"anyOf": [CHOICE, {"type": "null"}]}
SEVERAL = {"anyOf": [CHOICE, {"type": "array", "items": CHOICE}, {"type": "null"}]}
DOCUMENT: Document = {
    "info": {"version": "0.1.0"},
    "paths": {
        "/notes": {
            "post": {
                "operationId": "createNote",
                "x-permission": "notes.write",
                "parameters": [
                    {"in": "query", "name": "dry", "schema": {"type": "boolean"}},
                    {"in": "query", "name": "kind", "schema": KIND},
                    {
                        "in": "query",
                        "name": "sort",
                        "schema": {"type": "string"},
                        "x-sortable": ["title", "due"],
                    },
                ],
                "requestBody": BODY,
                "responses": {"200": ANSWER, "201": ANSWER, "409": {}},
            }
        }
    },
    "components": {"schemas": {"Note": READ, "NoteCreate": NOTE}},
}


def operation(document: Document) -> Document:
    return document["paths"]["/notes"]["post"]


def kind(document: Document) -> Document:
    return operation(document)["parameters"][1]["schema"]


def asked(document: Document) -> Document:
    return document["components"]["schemas"]["NoteCreate"]


def given(document: Document) -> Document:
    return document["components"]["schemas"]["Note"]


BREAKS: dict[str, tuple[Callable[[Document], object], str]] = {
    "an operation goes": (lambda d: d["paths"]["/notes"].pop("post"), "POST /notes: gone"),
    "a path goes": (lambda d: d["paths"].pop("/notes"), "POST /notes: gone"),
    "an operation is renamed": (
        lambda d: operation(d).update(operationId="makeNote"),
        "operationId createNote became makeNote",
    ),
    "an operation needs another permission": (
        lambda d: operation(d).update({"x-permission": "notes.admin"}),
        "permission notes.write became notes.admin",
    ),
    "a parameter goes": (lambda d: operation(d)["parameters"].pop(0), "parameter dry gone"),
    "a parameter becomes required": (
        lambda d: operation(d)["parameters"][0].update(required=True),
        "parameter dry became required",
    ),
    "a new parameter is required": (
        lambda d: operation(d)["parameters"].append(
            {"in": "header", "name": "X-New", "required": True, "schema": {}}
        ),
        "parameter x-new became required",
    ),
    "a parameter loses a choice": (
        lambda d: kind(d)["anyOf"][0]["enum"].remove("b"),
        "values ['b'] gone",
    ),
    "a parameter takes only several values": (
        lambda d: kind(d).update(anyOf=[{"type": "array", "items": CHOICE}, {"type": "null"}]),
        "type ['null', 'string'] became ['array', 'null']",
    ),
    "a parameter in several forms loses the one there was": (
        lambda d: kind(d).update(anyOf=[{"type": "array", "items": CHOICE}, {"type": "integer"}]),
        "string is no form of it any more",
    ),
    "a parameter in several forms loses a choice": (
        lambda d: kind(d).update(anyOf=[{**CHOICE, "enum": ["a"]}, *SEVERAL["anyOf"][1:]]),
        "string is no form of it any more",
    ),
    "a list cannot be sorted by a name any more": (
        lambda d: operation(d)["parameters"][2]["x-sortable"].remove("due"),
        "names ['due'] gone",
    ),
    "the body becomes required": (
        lambda d: operation(d).update(requestBody={**BODY, "required": True}),
        "the body became required",
    ),
    "the body goes": (lambda d: operation(d).pop("requestBody"), "takes no body any more"),
    "an answer goes": (lambda d: operation(d)["responses"].pop("201"), "no answer 201"),
    "a header goes": (
        lambda d: operation(d)["responses"].update({"201": {**ANSWER, "headers": {}}}),
        "header ETag gone",
    ),
    "a content type goes": (
        lambda d: operation(d)["responses"].update({"201": {**ANSWER, "content": {}}}),
        "no application/json any more",
    ),
    "a field of an answer goes": (lambda d: given(d)["properties"].pop("due"), "field due gone"),
    "a field of a body goes": (lambda d: asked(d)["properties"].pop("due"), "field due gone"),
    "a field of a body becomes required": (
        lambda d: asked(d)["required"].append("due"),
        "field due became required",
    ),
    "a field of an answer may be absent": (
        lambda d: given(d)["required"].remove("title"),
        "field title may be absent now",
    ),
    "a type changes": (
        lambda d: given(d)["properties"]["title"].update(type="integer"),
        "type ['string'] became ['integer']",
    ),
    "an answer may be null": (
        lambda d: given(d)["properties"]["title"].update(type=["string", "null"]),
        "became ['null', 'string']",
    ),
    "a body may not be null any more": (
        lambda d: asked(d)["properties"].update(due={"type": "string", "format": "date"}),
        "became ['string']",
    ),
    "a format changes": (
        lambda d: given(d)["properties"]["due"]["anyOf"][0].update(format="date-time"),
        "format date became date-time",
    ),
    "a choice of a body goes": (
        lambda d: asked(d)["properties"]["state"].update(enum=["draft"]),
        "values ['sent'] gone",
    ),
    "any value becomes a choice": (
        lambda d: asked(d)["properties"]["title"].update(enum=["a"]),
        "any value became one of",
    ),
    "a text may be less long": (
        lambda d: asked(d)["properties"]["title"].update(maxLength=100),
        "maxLength became 100",
    ),
    "a text must be longer": (
        lambda d: asked(d)["properties"]["title"].update(minLength=2),
        "minLength became 2",
    ),
    "a pattern appears": (
        lambda d: asked(d)["properties"]["title"].update(pattern="^a"),
        "pattern became ^a",
    ),
    "unknown fields are refused": (
        lambda d: asked(d).update(additionalProperties=False),
        "unknown fields became refused",
    ),
}

ADDITIONS: dict[str, Callable[[Document], object]] = {
    "nothing": lambda d: d,
    "an operation": lambda d: d["paths"].update({"/more": {"get": {"responses": {}}}}),
    "an optional parameter": lambda d: operation(d)["parameters"].append(
        {"in": "query", "name": "more", "schema": {}}
    ),
    "several values of a parameter": lambda d: kind(d).update(copy.deepcopy(SEVERAL)),
    "a name to sort by": lambda d: operation(d)["parameters"][2]["x-sortable"].append("state"),
    "a field of an answer": lambda d: given(d)["properties"].update(more={"type": "string"}),
    "an optional field of a body": lambda d: asked(d)["properties"].update(more={"type": "string"}),
    "a choice of a body": lambda d: asked(d)["properties"]["state"]["enum"].append("new"),
    "a value of an answer": lambda d: given(d)["properties"]["state"]["enum"].append("new"),
    "a longer text": lambda d: asked(d)["properties"]["title"].update(maxLength=300),
    "a field of a body is not needed": lambda d: asked(d)["required"].remove("title"),
    "a field of an answer is always there": lambda d: given(d)["required"].append("due"),
    "an error": lambda d: operation(d)["responses"].update({"418": {}}),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_break_is_found(name: str) -> None:
    change, expected = BREAKS[name]
    after = copy.deepcopy(DOCUMENT)
    change(after)
    found = breaking_changes(DOCUMENT, after)
    assert any(expected in one for one in found), found


@pytest.mark.parametrize("name", ADDITIONS)
def test_an_addition_breaks_nothing(name: str) -> None:
    after = copy.deepcopy(DOCUMENT)
    ADDITIONS[name](after)
    assert breaking_changes(DOCUMENT, after) == []


def test_the_one_form_of_what_came_in_several_is_a_break() -> None:
    before = copy.deepcopy(DOCUMENT)
    kind(before).update(copy.deepcopy(SEVERAL))
    assert breaking_changes(before, copy.deepcopy(before)) == []
    assert breaking_changes(before, DOCUMENT) == [
        "POST /notes parameter kind: array is no form of it any more"
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("0.1.0", "0.1.1", False),
        ("0.1.0", "0.2.0", True),
        ("0.9.0", "1.0.0", True),
        ("1.2.0", "1.3.0", False),
        ("1.2.0", "2.0.0", True),
        ("2.0.0", "1.9.0", False),
    ],
)
def test_a_break_must_be_told_by_the_version(old: str, new: str, told: bool) -> None:
    assert announced({"info": {"version": old}}, {"info": {"version": new}}) is told
