"""Bad input at the door: a clear 4xx in Chinese and English, and nothing half-written."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from local_stack.stack import Stack

from tests.journeys.actors import Actors, Row
from tests.journeys.cases import QUIET, approved_budget, award
from tests.journeys.doors import Door

GOOD_USCC = "91410184MADEM0009K"
ENTERPRISE = {"uscc": GOOD_USCC, "name": "试验企业", "park_code": "gangqu"}


def enterprise(**wrong: Any) -> bytes:
    return json.dumps(ENTERPRISE | wrong).encode()


BODIES = {
    "a NUL": (enterprise(name="a\x00b"), 422, "validation_failed"),
    "a lone surrogate": (enterprise(name="\ud800"), 422, "validation_failed"),
    "an integer past 2^63": (enterprise(name=2**63), 422, "validation_failed"),
    "an unknown field": (enterprise(colour="red"), 422, "validation_failed"),
    "a missing field": (b'{"name": "x"}', 422, "validation_failed"),
    "an over-long text": (enterprise(name="长" * 10_000), 422, "validation_failed"),
    "a wrong check character": (enterprise(uscc="91410184MADEM00092"), 422, "invalid_uscc"),
    "an unknown park": (enterprise(park_code="atlantis"), 422, "unknown_reference"),
    "no JSON": (b'{"name": ', 422, "validation_failed"),
    "no UTF-8": (b'{"name": "\xff"}', 400, "malformed_body"),
}


@pytest.fixture(scope="module")
def maker(stack: Stack) -> Iterator[Door]:
    door = Door(stack.url, stack.clients["finance_maker"])
    yield door
    door.http.close()


@pytest.fixture(scope="module")
def registered(actors: Actors) -> Row:
    """An enterprise whose version is 2."""
    body = {"uscc": "91410184MADEM0008G", "name": "对照企业", "park_code": "gangqu"}
    row = actors("office").post("enterprises", body)
    return actors("office").patch(f"enterprises/{row['id']}", {"above_scale": True})


@pytest.mark.parametrize("wrong", BODIES)
def test_a_wrong_body_is_refused(office: Door, wrong: str) -> None:
    body, status, code = BODIES[wrong]
    office.refused(status, code, "POST", "enterprises", content=body)


def test_nothing_was_half_written(actors: Actors) -> None:
    assert list(actors("office").items("enterprises", uscc=GOOD_USCC)) == []


def test_a_field_error_points_at_its_place(office: Door) -> None:
    problem = office.refused(
        422, "validation_failed", "POST", "enterprises", content=enterprise(colour="red")
    )
    assert [error["pointer"] for error in problem["errors"]] == ["/colour"]


@pytest.mark.parametrize("query", [f"limit={2**63}", "limit=0", "cursor=nonsense", "sort=secret"])
def test_a_wrong_query_is_refused(office: Door, query: str) -> None:
    answer = office.http.get(f"enterprises?{query}")
    assert answer.status_code in {400, 422}
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_stale_version_is_refused(office: Door, registered: Row) -> None:
    path, body = f"enterprises/{registered['id']}", b'{"name": "x"}'
    office.refused(412, "stale_version", "PATCH", path, content=body, headers={"If-Match": '"1"'})
    office.refused(400, "bad_if_match", "PATCH", path, content=body, headers={"If-Match": "x"})


def test_a_workflow_step_without_a_version_is_refused(
    office: Door, actors: Actors, registered: Row, year: int
) -> None:
    body = {"enterprise_id": registered["id"], "period": f"{year}-01", "measures": QUIET}
    row = actors("office").post("operating-returns", body)
    path = f"operating-returns/{row['id']}"
    office.refused(428, "precondition_required", "POST", f"{path}/submit")
    skip = {"If-Match": '"1"'}
    office.refused(409, "invalid_transition", "POST", f"{path}/accept", headers=skip)


def test_a_month_that_has_not_begun_is_refused(office: Door, registered: Row) -> None:
    body = {"enterprise_id": registered["id"], "period": "2099-12", "measures": QUIET}
    office.refused(422, "future_period", "POST", "operating-returns", json=body)


def test_a_key_with_another_body_is_refused(office: Door, maker: Door, fiscal_year: int) -> None:
    body = {"fund_code": "ip-fund", "fiscal_year": fiscal_year, "line": "key", "amount": "5.00"}
    key = {"Idempotency-Key": f"journey-{uuid4()}"}
    first = maker.http.post("budgets", json=body, headers=key)
    again = maker.http.post("budgets", json=body, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    other = {"json": body | {"amount": "6.00"}, "headers": key}
    maker.refused(422, "idempotency_key_reused", "POST", "budgets", **other)


def test_a_payment_above_what_is_left_is_refused(
    maker: Door, actors: Actors, fiscal_year: int
) -> None:
    budget = approved_budget(actors, fiscal_year, "above", "1000.00", "transfer-fund")
    given = award(actors, budget, "zhengli", "1000.00")
    body = {"award_id": given["id"], "amount": "1000.01"}
    problem = maker.refused(409, "insufficient_funds", "POST", "disbursements", json=body)
    assert "1000.00" in problem["detail"]
    left = actors("auditor").get(f"awards/{given['id']}")
    assert (left["requested"], left["available"]) == ("0.00", "1000.00")
    for amount in ("0", "-1", "0.001", "1e400", "NaN", 10**30):
        body = {"award_id": given["id"], "amount": amount}
        maker.refused(422, "validation_failed", "POST", "disbursements", json=body)


def test_without_a_right_a_token_or_a_resource_the_answer_is_as_clear(
    office: Door, maker: Door
) -> None:
    maker.refused(403, "forbidden", "POST", "enterprises", content=enterprise())
    office.refused(404, "not_found", "GET", f"enterprises/{uuid4()}")
    nobody = {"Authorization": "Bearer nonsense"}
    office.refused(401, "unauthenticated", "GET", "enterprises", headers=nobody)
