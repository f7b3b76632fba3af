"""Applications for a grade over HTTP: evidence, what was counted, the decision, what follows."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from parks.parks.service import expire_grades
from servicekit.clock import china_date
from servicekit.db import Database
from servicekit.testing.bus import RecordingBus

Caller = Any
Row = dict[str, Any]
TODAY = china_date()
PDF = b"%PDF-1.7\n%%EOF\n"
STATEMENT = {"statement": "园区已形成产业集群。"}
WHY = {"explanation": "在建实验室将于三季度通过认定。"}
GRANT = {"obtained_on": f"{TODAY}", "valid_to": f"{TODAY + timedelta(days=1000)}",
         "document_no": "豫科〔2026〕12号"}  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reviewer(caller: Callable[..., Awaitable[Caller]]) -> Caller:
    return await caller("office", "programme-office", sub="reviewer")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def criterion(office: Caller) -> str:
    body = {
        "park_kind": "private_st_park", "grade": "provincial", "measure": "platforms",
        "platform_kind": "key_laboratory", "platform_level": "provincial", "threshold": "1",
        "unit": "个", "name_zh": "省级重点实验室", "name_en": "provincial laboratory",
    }  # fmt: skip
    answer = await office.put("/grade-criteria/laboratories", body)
    assert answer.status_code in (200, 201), answer.text
    return "laboratories"


@pytest.fixture
def park(office: Caller, park_body: Callable[..., Row]) -> Callable[..., Awaitable[str]]:
    async def make(**fields: Any) -> str:
        code = f"p-{uuid4()}"
        answer = await office.put(f"/parks/{code}", park_body(**fields))
        assert answer.status_code == 201, answer.text
        return code

    return make


async def begun(client: Caller, park: str, grade: str = "provincial") -> Row:
    answer = await client.post("/grade-applications", {"park_code": park, "grade": grade})
    assert answer.status_code == 201, answer.text
    assert (await client.get(answer.headers["location"][7:])).json() == answer.json()
    return answer.json()


async def proven(
    client: Caller, row: Row, criterion: str | None, content: bytes = PDF
) -> httpx.Response:
    path = f"/api/v1/grade-applications/{row['id']}/files"
    query = {"filename": "认定文件.pdf"} | (
        {} if criterion is None else {"criterion_code": criterion}
    )
    headers = {"Content-Type": "application/pdf", "Idempotency-Key": str(uuid4())}
    return await client.client.post(path, params=query, content=content, headers=headers)


async def step(client: Caller, row: Row, name: str, body: Any = None) -> Any:
    return await client.post(f"/grade-applications/{row['id']}/{name}", body, row["version"])


async def in_review(applicant: Caller, reviewer: Caller, row: Row) -> Row:
    handed_in = await step(applicant, row, "submit", {**STATEMENT, **WHY})
    assert handed_in.status_code == 200, handed_in.text
    taken_up = await step(reviewer, handed_in.json(), "review")
    assert taken_up.status_code == 200, taken_up.text
    return taken_up.json()


async def test_a_park_applies_with_evidence_and_obtains_the_grade_which_runs_out(
    park_admin: Caller,
    reviewer: Caller,
    park: Callable[..., Awaitable[str]],
    criterion: str,
    bus: RecordingBus,
    kept: Database,
    rows: Callable[..., Awaitable[Any]],
) -> None:
    code = await park()
    row = await begun(park_admin, code)
    bare = await step(park_admin, row, "submit", STATEMENT)
    assert (bare.status_code, bare.json()["code"]) == (422, "evidence_missing")
    assert criterion in bare.json()["detail"]
    file = await proven(park_admin, row, criterion)
    assert (file.status_code, file.json()["criterion_code"]) == (201, criterion), file.text
    short = await step(park_admin, row, "submit", STATEMENT)
    assert (short.status_code, short.json()["code"]) == (422, "criteria_unmet")
    assert "needs 1 provincial laboratory" in short.json()["detail"]
    row = await in_review(park_admin, reviewer, row)
    assert (row["state"], row["is_ready"], row["gap_zh"]) == (
        "under_review", False, "还需1个省级重点实验室",
    )  # fmt: skip
    assert [(each["code"], each["gap"]) for each in row["steps"]] == [(criterion, "1")]
    await bus.since_now()
    done = await step(reviewer, row, "grant", GRANT)
    assert (done.status_code, done.json()["state"]) == (200, "granted"), done.text
    assert (await park_admin.get(f"/parks/{code}")).json()["current_grade"] == "provincial"
    grade = await park_admin.get(f"/parks/{code}/grades/{done.json()['grade_id']}")
    assert grade.json()["document_no"] == GRANT["document_no"]
    assert set(await bus.types()) == {
        "kechuang.parks.grade_application.changed.v1", "kechuang.parks.park.grade_obtained.v1",
    }  # fmt: skip
    again = await park_admin.post("/grade-applications", {"park_code": code, "grade": "provincial"})
    assert (again.status_code, again.json()["code"]) == (409, "grade_held")
    ended = "UPDATE park_grade SET valid_to = $2, obtained_on = $2 WHERE id = $1"
    await rows(ended, done.json()["grade_id"], date(2020, 1, 1))
    async with kept.session() as session:
        await expire_grades(session)
    assert (await park_admin.get(f"/parks/{code}")).json()["current_grade"] is None
    assert (await begun(park_admin, code))["state"] == "draft"


async def test_it_is_returned_mended_and_refused_and_may_be_tried_again(
    park_admin: Caller, reviewer: Caller, park: Callable[..., Awaitable[str]], criterion: str
) -> None:
    code = await park()
    row = await begun(park_admin, code)
    await proven(park_admin, row, criterion)
    row = await in_review(park_admin, reviewer, row)
    late = await proven(park_admin, row, None, b"%PDF-1.7\nlate\n%%EOF\n")
    assert (late.status_code, late.json()["code"]) == (409, "invalid_transition")
    back = await step(reviewer, row, "return", {"reason": "佐证材料不全。"})
    assert (back.json()["state"], back.json()["reason"]) == ("returned", "佐证材料不全。")
    more = await proven(park_admin, row, None, b"%PDF-1.7\nmore\n%%EOF\n")
    assert more.status_code == 201, more.text
    row = await in_review(park_admin, reviewer, back.json())
    no = await step(reviewer, row, "refuse", {"reason": "实验室未通过认定。"})
    assert (no.status_code, no.json()["state"]) == (200, "refused"), no.text
    assert (await park_admin.get(f"/parks/{code}")).json()["current_grade"] is None
    over = await step(reviewer, no.json(), "grant", GRANT)
    assert (over.status_code, over.json()["code"]) == (409, "invalid_transition")
    await begun(park_admin, code)


async def test_nobody_decides_on_their_own_application(
    office: Caller, park: Callable[..., Awaitable[str]], criterion: str
) -> None:
    row = await begun(office, await park())
    await proven(office, row, criterion)
    handed_in = (await step(office, row, "submit", {**STATEMENT, **WHY})).json()
    own = await step(office, handed_in, "review")
    assert (own.status_code, own.json()["code"]) == (403, "separation_of_duties")


async def test_a_park_has_one_open_application_for_a_grade(
    park_admin: Caller, park: Callable[..., Awaitable[str]]
) -> None:
    body = {"park_code": await park(), "grade": "provincial"}
    answers = await asyncio.gather(
        *(park_admin.post("/grade-applications", body) for _ in range(3))
    )
    assert sorted(each.status_code for each in answers) == [201, 409, 409]
    row = next(each.json() for each in answers if each.status_code == 201)
    gone = await step(park_admin, row, "withdraw", {"reason": "暂缓申报。"})
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn"), gone.text
    assert (await park_admin.post("/grade-applications", body)).status_code == 201


async def test_files_are_told_by_their_content_and_come_back(
    park_admin: Caller, park: Callable[..., Awaitable[str]], criterion: str
) -> None:
    row = await begun(park_admin, await park())
    path = f"/grade-applications/{row['id']}/files"
    wrong = await proven(park_admin, row, criterion, b"no pdf")
    assert wrong.status_code in (415, 422)
    unknown = await proven(park_admin, row, "no-such-thing")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_reference")
    file = (await proven(park_admin, row, criterion)).json()
    same = await proven(park_admin, row, None)
    assert (same.status_code, same.json()["code"]) == (409, "same_file")
    content = await park_admin.get(f"{path}/{file['id']}/content")
    assert content.content == PDF
    listed = (await park_admin.get(path)).json()["items"]
    assert [each["file_name"] for each in listed] == ["认定文件.pdf"]
    assert (await park_admin.send("DELETE", f"{path}/{file['id']}")).status_code == 204
    assert (await park_admin.get(path)).json()["items"] == []


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"obtained_on": "2999-01-01", "valid_to": None}, 422, "future_date"),
        ({"valid_to": "2020-01-01"}, 422, "grade_days_reversed"),
        ({"document_no": ""}, 422, "validation_failed"),
    ],
)
async def test_a_wrong_grant_changes_nothing(
    park_admin: Caller,
    reviewer: Caller,
    park: Callable[..., Awaitable[str]],
    criterion: str,
    change: Row,
    status: int,
    code: str,
) -> None:
    row = await begun(park_admin, await park())
    await proven(park_admin, row, criterion)
    row = await in_review(park_admin, reviewer, row)
    answer = await step(reviewer, row, "grant", GRANT | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    seen = await park_admin.get(f"/grade-applications/{row['id']}")
    assert seen.json()["state"] == "under_review"


async def test_another_park_and_an_enterprise_see_nothing_of_it(
    park_admin: Caller, enterprise: Caller, office: Caller, park: Callable[..., Awaitable[str]]
) -> None:
    foreign = await park(administration_unit=None, jurisdictions=["xuedian-town"])
    refused = await park_admin.post(
        "/grade-applications", {"park_code": foreign, "grade": "provincial"}
    )
    assert refused.status_code == 403
    row = await begun(office, foreign)
    for other in (park_admin, enterprise):
        assert (await other.get(f"/grade-applications/{row['id']}")).status_code == 403
    unknown = await office.post("/grade-applications", {"park_code": "no", "grade": "national"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_reference")
