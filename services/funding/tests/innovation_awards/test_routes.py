"""Innovation awards over HTTP: personal data is masked wherever it could be seen."""

import json
from typing import Any

import pytest

from services.funding.tests.kinds import identity

PATH = "/innovation-awards"
ID = identity(777, "19850612")
PERSON = {
    "kind": "person",
    "name": "欧阳某某",
    "id_number": ID,
    "phone": "13987654321",
    "bank_account": "6217000010001234567",
}
SECRETS = (ID, "欧阳某某", "13987654321", "6217000010001234567", "19850612")
READERS = ("office", "leader", "auditor", "finance_maker", "finance_payer", "enterprise")


async def nominated(house: Any, kinds: Any, nominee: Any = PERSON, **changes: Any) -> Any:
    body = kinds.body("innovation_award", nominee=nominee, **changes)
    return await house.post("enterprise", PATH, body)


@pytest.fixture(scope="module")
def only(house: Any, kinds: Any) -> dict[str, Any]:
    return {}


async def one(house: Any, kinds: Any, only: dict[str, Any]) -> Any:
    if not only:
        answer = await nominated(house, kinds)
        assert answer.status_code == 201, answer.text
        only.update(answer.json())
    return only


def shows(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


async def test_nobody_is_answered_more_than_the_mask(house: Any, kinds: Any, only: Any) -> None:
    row = await one(house, kinds, only)
    assert row["nominee"] == {
        "kind": "person",
        "name": "欧***",
        "id_number": f"410{'*' * 13}{ID[-2:]}",
        "phone": "139****4321",
        "bank_account": "***************4567",
    }
    for role in READERS:
        for path in (PATH, f"{PATH}/{row['id']}"):
            answer = await house.get(role, path)
            assert answer.status_code == 200, (role, path)
            assert shows(answer.text) == [], (role, path)


async def test_no_file_holds_more_than_the_mask(house: Any, kinds: Any, only: Any) -> None:
    await one(house, kinds, only)
    answer = await house.get("office", PATH, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert shows(answer.text) == []
    assert "139****4321" in answer.text


async def test_who_may_reads_it_in_the_clear_and_is_noted(
    house: Any, kinds: Any, only: Any
) -> None:
    row = await one(house, kinds, only)
    path = f"{PATH}/{row['id']}/nominee"
    looks = "SELECT actor FROM audit_entry WHERE action = 'innovation_awards.read_nominee'"
    for role in READERS:
        answer = await house.get(role, path)
        may = role in ("office", "finance_payer")
        assert answer.status_code == (200 if may else 403), role
        if may:
            assert answer.json() == PERSON
    actors = [entry["actor"] for entry in await house.rows(looks)]
    assert actors == ["test-office", "test-finance_payer"]
    unknown = await house.get("office", f"{PATH}/{kinds.budget['id']}/nominee")
    assert unknown.status_code == 404


async def test_neither_trail_nor_event_nor_award_knows_who_it_is(
    house: Any, kinds: Any, only: Any
) -> None:
    row = await one(house, kinds, only)
    approved = (await kinds.decide("innovation_award", row)).json()
    tables = ("audit_entry", "outbox", "award", "journal_entry", "idempotency_key")
    for table in tables:
        found = await house.rows(f"SELECT to_jsonb(t)::text AS row FROM {table} t")
        assert found or table == "outbox", table
        assert shows(" ".join(each["row"] for each in found)) == [], table
    assert shows(json.dumps(await kinds.award_of(approved), ensure_ascii=False)) == []


async def test_a_person_is_nominated_once_a_year(house: Any, kinds: Any, only: Any) -> None:
    await one(house, kinds, only)
    lower = PERSON | {"id_number": f" {ID.lower()}", "name": "另一写法"}
    again = await nominated(house, kinds, lower)
    assert (again.status_code, again.json()["code"]) == (409, "already_nominated")
    assert shows(again.text) == []
    await house.year(2027)
    await kinds.rate("innovation_award", grade="next", fiscal_year=2027, amount="1.00")
    next_year = await nominated(house, kinds, grade="next", fiscal_year=2027)
    assert next_year.status_code == 201, next_year.text


async def test_a_collective_is_nominated_by_its_name_once_a_year(house: Any, kinds: Any) -> None:
    team = {"kind": "collective", "name": "甜菊糖提取创新团队"}
    row = await nominated(house, kinds, team)
    assert row.json()["nominee"]["name"] == "甜菊糖提取创新团队"
    again = await nominated(house, kinds, team | {"name": "甜菊糖提取 创新团队"})
    assert (again.status_code, again.json()["code"]) == (409, "already_nominated")


@pytest.mark.parametrize(
    ("nominee", "code"),
    [
        (PERSON | {"id_number": ID[:-1] + ("0" if ID[-1] != "0" else "1")}, "invalid_id_number"),
        ({"kind": "person", "name": "某某"}, "id_number_missing"),
        ({"kind": "collective", "name": "某团队", "id_number": ID}, "id_number_missing"),
        (PERSON | {"phone": "无"}, "validation_failed"),
        (PERSON | {"id_number": ID * 5}, "validation_failed"),
    ],
)
async def test_a_refusal_repeats_nothing_personal(
    house: Any, kinds: Any, nominee: Any, code: str
) -> None:
    refused = await nominated(house, kinds, nominee)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert shows(refused.text) == []


async def test_an_award_has_a_grade_of_the_year(house: Any, kinds: Any) -> None:
    refused = await house.post("enterprise", PATH, kinds.body("innovation_award", grade="tenth"))
    assert (refused.status_code, refused.json()["code"]) == (422, "no_rate")
