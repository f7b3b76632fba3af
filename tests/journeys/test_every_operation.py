"""The conventions of docs/api.md, held against what every operation of the public document does
through the gateway of a running system with a year of data in it."""

import csv
import io
import operator
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import openpyxl
import pytest
from local_stack.demo.story import play
from local_stack.stack import ANCHOR_YEAR, Stack

from tests.journeys.actors import Actors
from tests.journeys.caller import Caller
from tests.journeys.kinds import (
    has_token,
    is_keyed,
    is_list,
    is_read,
    is_step,
    is_stream,
    of,
    takes_json,
)
from tests.journeys.operations import DOCUMENT, JSON, OPERATIONS, XLSX, Operation
from tests.journeys.unplayed import play_the_rest

OLDEST_FIRST = {"listAuditEntries": {"sort": "occurred_at"}}
"""Lists that grow with every look at them; what they began with stays."""
ASKS_FOR_MORE = {
    "listIndicatorBoard": {"points", "period"},
    "listIndicatorBreakdown": {"unit_code", "period"},
    "listIndicatorObservations": {"unit"},
}
"""Parameters called like a field that mean something else than its value."""
NOT_THERE = {"code": "not-there", "year": "2001", "day": "2001-01-03", "period": "2001-01"}
REFUSED_FIRST = {"putWorkingGroup": 422, "putReportingPeriod": 422}
"""Their body does not fit another one, whatever its version."""


@pytest.fixture(scope="module")
def system(new_system: Callable[..., Stack]) -> Iterator[Stack]:
    """A system of its own in which a year has been played."""
    unlimited = {"KECHUANG_RATE_LIMIT": "100000/second", "KECHUANG_FORGERY_LIMIT": "100000/minute"}
    with new_system(ANCHOR_YEAR, door=unlimited) as system:
        play(system.data_dir)
        play_the_rest(system)
        yield system


@pytest.fixture(scope="module")
def hands(system: Stack) -> Iterator[Actors]:
    actors = Actors(system.url, system.clients)
    yield actors
    actors.close()


@pytest.fixture(scope="module")
def call(system: Stack, hands: Actors) -> Iterator[Caller]:
    caller = Caller(system, hands)
    yield caller
    caller.close()


def keyed(operation: Operation) -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())} if operation.is_keyed else {}


@of(has_token)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nobody_gets_in_without_a_token(operation: Operation, language: str, call: Caller) -> None:
    answer = call(operation, None, headers={"Accept-Language": language, **keyed(operation)})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Language"] == language
    assert ("访问令牌" in answer.json()["detail"]) is (language == "zh")


@of(has_token, lambda one: one.forbidden is not None)
def test_a_role_without_the_permission_is_refused(operation: Operation, call: Caller) -> None:
    answer = call(operation, operation.forbidden, headers=keyed(operation))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@of(has_token, is_read, lambda one: not is_stream(one))
def test_it_can_be_read(operation: Operation, call: Caller) -> None:
    needed = {
        one["name"]: one["schema"].get("examples", [one.get("example")])[0]
        for one in operation.spec.get("parameters", ())
        if one["in"] == "query" and one.get("required")
    }
    answer = call(operation, params=needed or None)
    assert answer.status_code == 200
    if "ETag" in operation.success()["headers"]:
        again = call(operation, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


@of(has_token, is_read)
def test_a_parameter_nobody_knows_is_refused(operation: Operation, call: Caller) -> None:
    answer = call(operation, params={"no_such_parameter": "1"})
    assert answer.status_code == 422
    assert ("query/no_such_parameter", "unknown_parameter") in [
        (error["pointer"], error["code"]) for error in answer.json()["errors"]
    ]


@of(is_list)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "201"),
        ("limit", "x"),
        ("cursor", "bm90IG91cnM"),
        ("cursor", "游标"),
        ("sort", "no_such_field"),
        ("updated_since", "yesterday"),
        ("include_total", "perhaps"),
    ],
)
def test_a_list_refuses(operation: Operation, name: str, value: str, call: Caller) -> None:
    answer = call(operation, params={name: value})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"query/{name}"]


@of(is_list)
def test_a_list_pages_without_loss_or_doubling(operation: Operation, call: Caller) -> None:
    oldest_first = OLDEST_FIRST.get(operation.name, {})
    whole = call(operation, params={"limit": "200", "include_total": "true", **oldest_first}).json()
    complete = whole["next_cursor"] is None
    if operation.name not in OLDEST_FIRST:
        assert (whole["total"] == len(whole["items"])) is complete
    paged: list[Any] = []
    url, size = call.address(operation), max(1, len(whole["items"]) // 3)
    answer = call(operation, params={"limit": str(size), **oldest_first})
    while len(paged) < len(whole["items"]) or complete:
        page = answer.json()
        paged += page["items"]
        assert (page["next_cursor"] is None) is ("Link" not in answer.headers)
        if page["next_cursor"] is None:
            break
        link = answer.headers["Link"]
        assert link.endswith('; rel="next"')
        following = urlsplit(link[1 : link.index(">")])
        assert following.path == url
        assert parse_qs(following.query)["cursor"] == [page["next_cursor"]]
        answer = call(operation, url=f"{following.path}?{following.query}")
    assert paged[: len(whole["items"])] == whole["items"]
    assert len(paged) == len(whole["items"]) or not complete


@of(is_list)
def test_a_filter_keeps_the_rows_it_names(operation: Operation, call: Caller) -> None:
    sort = OLDEST_FIRST.get(operation.name, {})
    rows = call(operation, params={"limit": "200", **sort}).json()["items"]
    other = {*operation.in_path, *ASKS_FOR_MORE.get(operation.name, ())}
    for name in operation.parameters - other:
        value = next((row[name] for row in rows if row.get(name) not in (None, [])), None)
        if value is None:
            continue
        asked = str(value).lower() if isinstance(value, bool) else str(value)
        kept = call(operation, params={name: asked, "limit": "200", **sort}).json()["items"]
        expected = [row for row in rows if row[name] == value]
        assert kept[: len(expected)] == expected, name
        assert all(row[name] == value for row in kept), name


@of(is_list)
def test_a_list_is_sorted_by_every_name_it_tells(operation: Operation, call: Caller) -> None:
    for name in operation.sortable:
        for sort in (name, f"-{name}"):
            rows = call(operation, params={"sort": sort, "limit": "200"}).json()["items"]
            values = [in_order(row[name]) for row in rows if name in row]
            if None not in values:
                assert values == sorted(values, reverse=sort != name), sort
            first = call(operation, params={"sort": sort, "limit": str(len(rows) // 2 or 1)}).json()
            if first["next_cursor"] is not None and operation.name not in OLDEST_FIRST:
                behind = {"sort": sort, "limit": "200", "cursor": first["next_cursor"]}
                rest = call(operation, params=behind).json()["items"]
                assert (first["items"] + rest)[: len(rows)] == rows, sort


def in_order(value: Any) -> Any:
    """What has one order everywhere: a moment, a day, a number. Texts have the database's."""
    if not isinstance(value, str):
        return value
    is_day = re.fullmatch(r"\d{4}-\d{2}-\d{2}(T.+)?", value)
    return datetime.fromisoformat(value) if is_day else None


@of(is_list)
def test_a_filter_given_twice_keeps_the_rows_of_both(operation: Operation, call: Caller) -> None:
    rows = call(operation, params={"limit": "200"}).json()["items"]
    for name in operation.choices & (rows[0].keys() if rows else set()):
        wanted = sorted({row[name] for row in rows if row[name] is not None})[:2]
        kept = call(operation, params={name: wanted, "limit": "200"}).json()["items"]
        expected = [row for row in rows if row[name] in wanted]
        assert kept[: len(expected)] == expected, name
        assert all(row[name] in wanted for row in kept), name


@of(is_list)
def test_a_bound_keeps_the_rows_within_it(operation: Operation, call: Caller) -> None:
    sort = OLDEST_FIRST.get(operation.name, {})
    rows = call(operation, params={"limit": "200", **sort}).json()["items"]
    for name in operation.parameters:
        stem, _, bound = name.rpartition("_")
        within = {"gte": operator.ge, "lte": operator.le}.get(bound)
        if within is None or not rows:
            continue
        field = next(one for one in (stem, f"{stem}_on", f"{stem}_at") if one in rows[0])
        known = sorted(row[field] for row in rows if row[field] is not None)
        limit = known[len(known) // 2]
        kept = call(operation, params={name: limit, "limit": "200", **sort}).json()["items"]
        expected = [row for row in rows if row[field] is not None and within(row[field], limit)]
        assert kept[: len(expected)] == expected, name
        assert all(within(row[field], limit) for row in kept), name


@of(is_list)
def test_a_list_tells_what_changed_since(operation: Operation, call: Caller) -> None:
    sort = OLDEST_FIRST.get(operation.name, {})
    everything = call(operation, params={"updated_since": "2000-01-01T00:00:00Z", **sort}).json()
    nothing = call(operation, params={"updated_since": "2999-01-01T00:00:00Z"}).json()
    assert everything["items"] == call(operation, params=sort or None).json()["items"]
    assert nothing["items"] == []


@of(is_list)
def test_a_list_goes_on_from_the_latest_change(operation: Operation, call: Caller) -> None:
    sort = OLDEST_FIRST.get(operation.name, {})
    rows = call(operation, params={"limit": "200", **sort}).json()["items"]
    latest = max(row["updated_at"] for row in rows) if rows else "2999-01-01T00:00:00Z"
    since = call(operation, params={"limit": "200", "updated_since": latest, **sort}).json()
    expected = [row for row in rows if row["updated_at"] == latest]
    assert since["items"][: len(expected)] == expected
    assert all(row["updated_at"] >= latest for row in since["items"])


@of(is_list)
def test_a_list_can_be_had_as_a_file(operation: Operation, call: Caller) -> None:
    page = call(operation, params={"limit": "200"}).json()
    rows = page["items"]
    as_csv = call(operation, headers={"Accept": "text/csv"})
    lines = list(csv.reader(io.StringIO(as_csv.content.decode("utf-8-sig"))))
    assert (len(lines) == len(rows) + 1) is (page["next_cursor"] is None)
    assert set(rows[0] if rows else ()) <= {head.partition(".")[0] for head in lines[0]}
    as_book = call(operation, headers={"Accept": f"{XLSX};q=1, */*;q=0.1", "Accept-Language": "zh"})
    assert re.fullmatch(
        r'attachment; filename="[a-z-]+-\d{8}\.xlsx"', as_book.headers["Content-Disposition"]
    )
    heads, *body = openpyxl.load_workbook(io.BytesIO(as_book.content)).worksheets[0].iter_rows()
    assert len(body) >= len(lines) - 1, "the trail of the audit may have grown"
    assert len(heads) == len(lines[0])
    assert all(re.search("[\u4e00-\u9fff]", str(head.value)) for head in heads)
    assert all(cell.data_type != "f" for row in body for cell in row)


@of(is_keyed)
@pytest.mark.parametrize("key", ["", "x" * 256, "with space"])
def test_a_post_without_a_usable_key_is_refused(
    operation: Operation, key: str, call: Caller
) -> None:
    answer = call(operation, headers={"Idempotency-Key": key} if key else {})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")


@of(is_step)
def test_a_step_needs_the_version_it_is_based_on(operation: Operation, call: Caller) -> None:
    headers = keyed(operation)
    missing = call(operation, headers=headers, json=operation.example)
    stale = call(operation, headers={**headers, "If-Match": '"999999"'}, json=operation.example)
    strange = call(operation, headers={**headers, "If-Match": "W/x"}, json=operation.example)
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition_required")
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    assert (strange.status_code, strange.json()["code"]) == (400, "bad_if_match")


@of(lambda one: one.method in ("PUT", "PATCH"))
def test_a_change_of_a_stale_version_is_refused(operation: Operation, call: Caller) -> None:
    body = call.restated(operation)
    answer = call(operation, headers={"If-Match": '"999999"'}, json=body)
    assert (answer.status_code, answer.json()["code"]) == (412, "stale_version"), answer.text


@of(lambda one: one.method == "PUT" and one.path.endswith("}") and "201" in one.spec["responses"])
def test_a_version_of_what_is_not_there_makes_nothing(operation: Operation, call: Caller) -> None:
    assert operation.reading is not None
    there, _, _ = call.address(operation).rpartition("/")
    nowhere = f"{there}/{NOT_THERE[operation.in_path[-1]]}"
    body = call.restated(operation)
    answer = call(operation, url=nowhere, headers={"If-Match": '"999999"'}, json=body)
    assert answer.status_code == REFUSED_FIRST.get(operation.name, 412), answer.text
    assert call(operation.reading, url=nowhere).status_code == 404


@of(lambda one: one.method == "PUT", lambda one: one.reading is not None)
def test_putting_back_what_was_read_changes_nothing(operation: Operation, call: Caller) -> None:
    assert operation.reading is not None
    before = call(operation.reading)
    etag = {"If-Match": before.headers["ETag"]}
    answer = call(operation, headers=etag, json=call.restated(operation))
    assert answer.status_code == 200
    assert answer.headers["ETag"] == before.headers["ETag"]
    assert call(operation.reading).json() == before.json()


@of(lambda one: one.method == "PATCH")
def test_a_change_without_a_version_is_made_or_asks_for_one(
    operation: Operation, call: Caller
) -> None:
    answer = call(operation, json=call.restated(operation))
    assert answer.status_code in (200, 409, 428), answer.text


@of(takes_json, has_token)
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 422),
        (b"[]", 422),
        (b'"text"', 422),
        (b'{"name": "\xff"}', 400),
        (b'{"no_such_field": 1}', 422),
    ],
)
def test_a_body_that_cannot_be_is_refused(
    operation: Operation, body: bytes, status: int, call: Caller
) -> None:
    headers = {"Content-Type": JSON, "If-Match": '"1"', **keyed(operation)}
    answer = call(operation, headers=headers, content=body)
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["errors"]


def test_every_resource_has_an_object_to_try_on(call: Caller) -> None:
    """What is said about one object above was not said about none."""
    nowhere = [one.name for one in OPERATIONS if one.in_path and call.existing(one) is None]
    assert nowhere == ["removeClientSecret"], "a client's secrets have no list of their own"


def test_the_document_served_is_the_one_published(system: Stack) -> None:
    served = httpx.get(f"{system.url}/api/v1/openapi.json", trust_env=False).json()
    assert served["paths"].keys() == DOCUMENT["paths"].keys()
