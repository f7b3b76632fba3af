"""Whatever is sent to any operation: a clear 4xx, never a 500, and nothing half-written."""

from typing import Any
from uuid import uuid4

import pytest

LISTS = [
    "execution-board",
    "adjustments",
    "carry-overs",
    "refunds",
    "transfers",
    "year-closes",
    "accounts",
    "agreements",
    "applications",
    "appropriations",
    "awards",
    "budgets",
    "counterpart-reports",
    "disbursements",
    "fiscal-years",
    "funding-calls",
    "funding-rules",
    "funds",
    "journal-entries",
    "objections",
    "payment-holds",
    "public-notices",
    "reviews",
    "trial-balance",
]
QUERIES = [
    "limit=0",
    "limit=9223372036854775808",
    "cursor=%00",
    "cursor=WyJ4IiwxXQ",
    "sort=secret",
    "sort=%00",
    "updated_since=yesterday",
    "updated_since=2026-01-01T00:00:00",
    "fiscal_year=9223372036854775808",
    "fund_code=%00",
    "payee_unit=%ED%A0%80",
    "state=undone",
    "budget_id=1",
]
EDGES = ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "-1", "1e400"]
POSTS = {
    "/budgets": "finance_maker",
    "/appropriations": "finance_maker",
    "/awards": "office",
    "/adjustments": "finance_maker",
    "/carry-overs": "finance_maker",
    "/refunds": "finance_maker",
    "/transfers": "finance_maker",
    "/year-closes": "finance_maker",
    "/disbursements": "finance_maker",
    "/counterpart-reports": "office",
}
BODIES: list[Any] = [
    None,
    [],
    "text",
    {},
    {"amount": 2**63},
    {"amount": "1" * 400},
    {"amount": "9" * 18 + ".99", "award_id": "x", "budget_id": "x"},
    {"amount": "1.00", "award_id": str(uuid4()), "surprise": 1},
    {"amount": "1.00", "budget_id": str(uuid4()), "title": "a\x00", "payee_unit": "x"},
]


@pytest.mark.parametrize("resource", LISTS)
async def test_a_list_refuses_what_it_does_not_understand(house: Any, resource: str) -> None:
    for query in QUERIES:
        answer = await house.get("auditor", f"/{resource}?{query}")
        assert answer.status_code < 500, (query, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "validation_failed", query
    for moment in EDGES:
        answer = await house.get("auditor", f"/{resource}?updated_since={moment}")
        assert answer.status_code in (200, 422), (moment, answer.text)


@pytest.mark.parametrize("path", POSTS)
async def test_a_create_refuses_what_is_no_body(house: Any, path: str) -> None:
    counted = "SELECT (SELECT count(*) FROM audit_entry) AS a, (SELECT count(*) FROM outbox) AS o"
    before = await house.rows(counted)
    for body in BODIES:
        answer = await house.post(POSTS[path], path, body)
        assert answer.status_code == 422, (body, answer.text)
    without_key = await (await house.as_(POSTS[path])).post(f"/api/v1{path}", json={})
    assert without_key.json()["code"] == "idempotency_key_required"
    assert await house.rows(counted) == before


@pytest.mark.parametrize(
    "resource",
    ["adjustments", "awards", "budgets", "disbursements", "counterpart-reports", "year-closes"],
)
async def test_what_does_not_exist_is_not_found(house: Any, resource: str) -> None:
    assert (await house.get("auditor", f"/{resource}/{uuid4()}")).status_code == 404
    assert (await house.get("auditor", f"/{resource}/1")).status_code == 422
    assert (await house.get("auditor", f"/{resource}/%00")).status_code == 422


async def test_a_foreign_etag_form_is_refused(house: Any) -> None:
    row = await house.asked((await house.award("1.00"))["id"], "1.00")
    for etag in ("*", "1", 'W/"1"', '"one"', '"' + "9" * 30 + '"'):
        answer = await house.step("finance_checker", row, "check", etag=etag)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_if_match"), etag


async def test_nobody_gets_in_without_a_token(house: Any) -> None:
    client = await house.clients(house.app)
    for resource in LISTS:
        answer = await client.get(f"/api/v1/{resource}")
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_problems_are_told_in_chinese_unless_english_is_preferred(house: Any) -> None:
    zh = await house.get("office", f"/awards/{uuid4()}", headers={"Accept-Language": "zh-CN"})
    assert zh.json()["title"] == "未找到"


@pytest.mark.parametrize("body", [{}, {"amount": "much"}, {"reason": "x" * 100_000}])
@pytest.mark.parametrize("path", ["/budgets", "/awards", "/disbursements", "/refunds"])
async def test_who_may_not_call_is_refused_before_what_is_sent_is_looked_at(
    house: Any, path: str, body: dict[str, Any]
) -> None:
    refused = await house.post("expert", path, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
