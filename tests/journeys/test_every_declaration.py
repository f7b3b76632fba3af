"""The conventions of docs/api.md, held against what every operation of the public document
declares; what it does is in `test_every_operation.py`."""

import re

import pytest

from tests.journeys.kinds import any_kind, has_token, is_list, of
from tests.journeys.operations import (
    DOCUMENT,
    JSON,
    OPERATIONS,
    PROBLEM,
    Operation,
    misfits,
    resolve,
)


@of(any_kind)
def test_it_is_described(operation: Operation) -> None:
    spec = operation.spec
    assert re.fullmatch(r"[a-z]+[A-Za-z]*", spec["operationId"])
    assert spec["summary"]
    assert spec["description"]
    assert len(spec["tags"]) == 1
    assert re.fullmatch(r"/(api/v1|oauth)(/[a-z-]+|/\{[a-z_]+\})+", operation.path)


@pytest.mark.parametrize("tag", DOCUMENT["tags"], ids=[tag["name"] for tag in DOCUMENT["tags"]])
def test_its_resource_is_told_in_both_languages(tag: dict[str, str]) -> None:
    zh, _, en = tag["description"].partition("。 ")
    assert re.search("[\u4e00-\u9fff]", zh), "RESOURCES in the service's labels.py"
    assert re.fullmatch(r"[A-Z][ -~]+\.", en)


def test_no_two_have_one_name() -> None:
    names = [one.name for one in OPERATIONS]
    assert sorted(names) == sorted(set(names))


@of(has_token)
def test_it_declares_a_permission_that_some_role_has(operation: Operation) -> None:
    assert operation.rules, operation.spec.get("x-permission")


@of(any_kind)
def test_its_examples_fit_their_schemas(operation: Operation) -> None:
    answers = map(resolve, operation.spec["responses"].values())
    for body in (operation.spec.get("requestBody", {}), *answers):
        for media_type, shown in body.get("content", {}).items():
            if "json" not in media_type and "x-www-form" not in media_type:
                continue
            named = [one["value"] for one in shown.get("examples", {}).values()]
            examples = named or [shown["example"]]
            for example in examples:
                assert misfits(shown["schema"], example) == []


@of(has_token)
def test_its_problems_are_declared_in_both_languages(operation: Operation) -> None:
    responses = operation.spec["responses"]
    assert {"400", "401", "403", "429", "500", "502", "503", "504"} <= responses.keys()
    for status, answer in responses.items():
        if status >= "400":
            shown = resolve(answer)["content"][PROBLEM]
            titles = {name[-3:] for name in shown["examples"]}
            assert titles == {"-zh", "-en"}
            assert shown["schema"] == {"$ref": "#/components/schemas/Problem"}


@of(has_token, lambda one: "{" in one.path)
def test_what_may_be_missing_is_declared_so(operation: Operation) -> None:
    """What a PUT by code makes need not be there; everything else that the path names must."""
    answers = operation.spec["responses"]
    makes_it = operation.method == "PUT" and "201" in answers and operation.path.endswith("}")
    assert ("404" in answers) is (operation.path.count("{") > makes_it)


@of(any_kind)
def test_every_answer_declares_what_comes_with_it(operation: Operation) -> None:
    for status, answer in operation.spec["responses"].items():
        headers = resolve(answer)["headers"].keys()
        assert "X-Request-Id" in headers
        assert ("WWW-Authenticate" in headers) is (status == "401")


@of(has_token)
def test_its_headers_are_declared(operation: Operation) -> None:
    for answer in map(resolve, operation.spec["responses"].values()):
        assert {"RateLimit", "RateLimit-Policy"} <= answer["headers"].keys()
    headers = operation.success()["headers"]
    if operation.is_list:
        assert "Link" in headers
    if "201" in operation.spec["responses"]:
        assert "Location" in operation.spec["responses"]["201"]["headers"]
    if operation.is_keyed:
        assert "Idempotency-Replayed" in headers


@of(is_list)
def test_a_list_takes_what_every_list_takes(operation: Operation) -> None:
    expected = {"limit", "cursor", "sort", "include_total", "updated_since"}
    assert expected <= operation.parameters
    sort = next(one for one in operation.spec["parameters"] if one["name"] == "sort")
    assert "updated_at" in sort["x-sortable"], "how a copy is kept up"
    assert all(f"`{name}`" in sort["description"] for name in sort["x-sortable"])
    schema = resolve(operation.success()["content"][JSON]["schema"])
    assert {"items", "next_cursor", "total"} <= schema["properties"].keys()
    row = resolve(schema["properties"]["items"]["items"])
    assert "updated_at" in row["required"], "what updated_since looks at"


@of(lambda one: one.method == "POST" and one.has_token and one.is_write)
def test_a_post_with_an_effect_takes_a_key(operation: Operation) -> None:
    assert operation.is_keyed


@of(lambda one: one.method in ("PUT", "PATCH"))
def test_a_change_can_be_based_on_a_version(operation: Operation) -> None:
    assert operation.is_versioned


@of(is_list)
def test_a_filter_of_choices_takes_one_or_several(operation: Operation) -> None:
    for parameter in operation.spec["parameters"]:
        if "default" in parameter["schema"]:
            continue  # how the list is made, not what of it
        forms = [resolve(one) for one in parameter["schema"].get("anyOf", [parameter["schema"]])]
        one, several = (
            [form for form in choices if "enum" in form]
            for choices in (forms, [resolve(form.get("items", {})) for form in forms])
        )
        assert one == several, f"{parameter['name']}: Annotated[AnyOf[…] | None, Query()]"
