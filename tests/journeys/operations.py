"""Every operation of the public document, and what the document says an answer must look like."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DOCUMENT: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "docs/api/openapi.json").read_text()
)
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PROBLEM = "application/problem+json"
WANTED_FIRST = (
    "office",
    "ops",
    "finance_maker",
    "finance_checker",
    "finance_payer",
    "expert",
    "group_lead",
    "unit_reporter",
    "auditor",
)


QUESTIONS = {"simulateFundingRules"}
"""What is asked with a body, and changes nothing."""


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    spec: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.spec["operationId"]

    @property
    def parameters(self) -> set[str]:
        return {one["name"] for one in self.spec.get("parameters", ())}

    @property
    def in_path(self) -> list[str]:
        return [one["name"] for one in self.spec.get("parameters", ()) if one["in"] == "path"]

    @property
    def is_list(self) -> bool:
        return "cursor" in self.parameters

    @property
    def is_keyed(self) -> bool:
        return "Idempotency-Key" in self.parameters

    @property
    def is_write(self) -> bool:
        """It has an effect."""
        return self.method != "GET" and self.name not in QUESTIONS

    @property
    def is_step(self) -> bool:
        """A step of a workflow: it is based on a version of the row."""
        return self.method == "POST" and "If-Match" in self.parameters

    @property
    def is_versioned(self) -> bool:
        return "If-Match" in self.parameters

    @property
    def reading(self) -> "Operation | None":
        """The operation that reads what this one changes."""
        spec = DOCUMENT["paths"][self.path].get("get")
        return Operation("GET", self.path, spec) if spec else None

    @property
    def has_token(self) -> bool:
        return self.spec.get("security") != []

    @property
    def example(self) -> Any:
        """The body that the document shows, or none."""
        content = self.spec.get("requestBody", {}).get("content", {})
        return content.get(JSON, {}).get("example")

    @property
    def sortable(self) -> list[str]:
        """The names a list can be sorted by."""
        sort = next(one for one in self.spec["parameters"] if one["name"] == "sort")
        return sort["x-sortable"]

    @property
    def choices(self) -> set[str]:
        """The filters whose values are told."""
        return {
            one["name"]
            for one in self.spec["parameters"]
            for form in one["schema"].get("anyOf", ())
            if "enum" in resolve(form)
        }

    @property
    def rules(self) -> Mapping[str, list[str]]:
        return DOCUMENT["x-permissions"].get(self.spec.get("x-permission"), {})

    @property
    def permitted(self) -> str:
        """A role that may do this to anybody's objects, or else to its own."""
        anyone = [role for role in WANTED_FIRST if "other" in self.rules.get(role, ())]
        return (anyone or [role for role in WANTED_FIRST if role in self.rules])[0]

    @property
    def forbidden(self) -> str | None:
        """A role that may not do this to any object."""
        return next(
            (role for role in ("ops", "enterprise", "leader") if role not in self.rules), None
        )

    def success(self) -> Mapping[str, Any]:
        """The declared answer of a success; the first of them."""
        status = min(status for status in self.spec["responses"] if status < "300")
        return self.spec["responses"][status]


def operations() -> Iterator[Operation]:
    for path, item in DOCUMENT["paths"].items():
        for method, spec in item.items():
            yield Operation(method.upper(), path, spec)


OPERATIONS = list(operations())


def resolve(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of the document a reference leads to."""
    while "$ref" in part:
        found: Any = DOCUMENT
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


REGISTRY: Any = Registry().with_resource("document", Resource(DOCUMENT, DRAFT202012))


@cache
def validator(schema: str) -> Draft202012Validator:
    """Of a schema, given as JSON; its references lead into the document."""
    absolute = schema.replace('"$ref": "#/', '"$ref": "document#/')
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(json.loads(absolute), registry=REGISTRY, format_checker=checker)


def misfits(schema: Mapping[str, Any], body: Any) -> list[str]:
    """Where a body does not fit its schema."""
    found = validator(json.dumps(schema)).iter_errors(body)
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in found]


def check_answer(operation: Operation, answer: httpx.Response) -> None:
    """The answer is one that the document declares: status, headers, content type and body."""
    where = f"{operation.name} {answer.status_code} {answer.text[:300]}"
    declared = operation.spec["responses"].get(str(answer.status_code))
    assert declared is not None, f"not declared: {where}"
    declared = resolve(declared)
    for name in ("X-Request-Id", "RateLimit", "RateLimit-Policy"):
        if operation.has_token and (answer.status_code != 401 or name == "X-Request-Id"):
            assert name in answer.headers, f"no {name}: {where}"
    if answer.status_code == 401:
        assert answer.headers.get("WWW-Authenticate"), where
    if answer.status_code == 304:
        return
    if not declared.get("content"):
        assert not answer.content, where
        return
    media_type = answer.headers["content-type"].partition(";")[0]
    assert media_type in declared["content"], where
    if media_type.endswith("json"):
        wrong = misfits(declared["content"][media_type]["schema"], answer.json())
        assert not wrong, f"{wrong}: {where}"
    if answer.status_code >= 400:
        assert media_type == PROBLEM, where
        assert answer.headers["Content-Language"] in ("zh", "en"), where
        assert answer.json()["status"] == answer.status_code, where
