"""A bulletin from its draft to its issue: cut once, reviewed by another, numbered without a gap."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import asyncpg
import docx
import pytest_asyncio
from contracts.funding import AppropriationMade, DisbursementFailed, DisbursementSucceeded
from contracts.parks import ParkMetricChanged
from contracts.targets import IndicatorChanged, IndicatorMeasured, IndicatorStatusChanged
from pypdf import PdfReader
from servicekit.clock import china_date
from servicekit.messaging.subscriptions import Received
from servicekit.testing.bus import RecordingBus
from servicekit.testing.databases import ServiceDatabase
from supervision.bulletins import service
from supervision.figures import handlers
from supervision.figures import service as rules
from supervision.references import service as references
from supervision.references.domain import Referred

TODAY = china_date()
NOW = datetime.now(UTC)
GROUPS = {
    "superior-city": ("superior_city", "main", [("郑州市科学技术局", None)]),
    "four-leading-bodies": ("leading_bodies", "main", [("市委", None), ("市政府", None)]),
    "units-concerned": ("units", "copy", [("港区管委会", "gangqu-admin"), ("科技局", "st-bureau")]),
}
BODY = {
    "programme": "innovation-programme",
    "title": "关于工程进展情况的通报",
    "period_start": (TODAY - timedelta(days=90)).isoformat(),
    "period_end": TODAY.isoformat(),
    "recipient_groups": list(GROUPS),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def groups(office: Any) -> None:
    for code, (kind, delivery, members) in GROUPS.items():
        body = {
            "programme": "innovation-programme",
            "name_zh": code,
            "name_en": code,
            "kind": kind,
            "delivery": delivery,
            "members": [{"name_zh": n, "name_en": n, "unit": u} for n, u in members],
        }
        assert (await office.put(f"/recipient-groups/{code}", body)).status_code in (200, 201)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reviewer(as_role: Any) -> Any:
    return await as_role("office", "programme-office", sub="reviewer")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def behind(database: ServiceDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.superuser_url)
    yield connection
    await connection.close()


def fact(data: Any) -> Received[Any]:
    return Received(
        id=uuid.uuid4(),
        type=data.type,
        publisher="",
        aggregate_id=data.subject,
        aggregate_version=1,
        time=NOW,
        data=data,
        correlation_id="c",
        causation_id=None,
        traceparent=None,
    )


async def tell(pool: Any, *facts: Any) -> None:
    heard = {each.event: each.handler for each in handlers.SUBSCRIPTIONS}
    async with pool.session() as session:
        for each in facts:
            await heard[type(each)](session, fact(each))


def named(code: str) -> IndicatorChanged:
    return IndicatorChanged(
        indicator_code=code, name=f"指标{code}", unit="亿元", lead_unit="st-bureau"
    )


def measured(code: str, actual: str) -> IndicatorMeasured:
    return IndicatorMeasured(
        indicator_code=code, period="2026-09", actual=Decimal(actual), expected=Decimal("38.5"),
        unit="亿元", status="amber", measured_at=NOW,
    )  # fmt: skip


def turned(code: str, actual: str | None, status: Any) -> IndicatorStatusChanged:
    return IndicatorStatusChanged(
        indicator_code=code, indicator_name=f"指标{code}", period="2026-09", status=status,
        previous_status="green", actual=None if actual is None else Decimal(actual),
        expected=Decimal("38.5"), unit="亿元", reason_zh="截至九月低于应达", reason_en="below",
        measured_at=NOW,
    )  # fmt: skip


async def begun(office: Any, **fields: Any) -> dict[str, Any]:
    answer = await office.post("/bulletins", BODY | fields)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"].endswith(answer.json()["id"])
    return answer.json()


async def step(caller: Any, row: dict[str, Any], action: str, body: Any = None) -> Any:
    return await caller.act(f"/bulletins/{row['id']}", action, body)


async def brought(office: Any, reviewer: Any, upto: str, **fields: Any) -> dict[str, Any]:
    row = await begun(office, **fields)
    for who, action in (
        (office, "freeze"), (office, "submit"), (reviewer, "review"), (office, "issue"),
    ):  # fmt: skip
        answer = await step(who, row, action)
        assert answer.status_code == 200, answer.text
        row = answer.json()
        if row["state"] == upto:
            break
    return row


async def figures(caller: Any, row: dict[str, Any]) -> dict[str, Any]:
    return (await caller.get(f"/bulletins/{row['id']}/figures")).json()


async def test_what_is_corrected_after_the_cut_off_does_not_reach_the_bulletin(
    office: Any, reviewer: Any, pool: Any
) -> None:
    await tell(pool, named("a"), measured("a", "36.10"), turned("a", "36.10", "red"))
    row = await brought(office, reviewer, "frozen")
    before = await figures(office, row)
    (first,) = before["indicators"]
    assert (first["actual"], first["expected"], first["status"]) == ("36.1", "38.5", "red")
    assert [each["reason_zh"] for each in before["status_changes"]] == ["截至九月低于应达"]
    await tell(pool, measured("a", "40"), named("b"))
    for who, action in ((office, "submit"), (reviewer, "review"), (office, "issue")):
        assert (await step(who, row, action)).status_code == 200
    assert await figures(office, row) == before
    text = await pdf_text(office, row)
    assert "36.10 亿元" in text
    assert "指标b" not in text
    later = await brought(office, reviewer, "frozen")
    assert [each["actual"] for each in (await figures(office, later))["indicators"]] == ["40", None]


async def pdf_text(caller: Any, row: dict[str, Any]) -> str:
    answer = await caller.get(f"/bulletins/{row['id']}/document", form="pdf")
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(BytesIO(answer.content)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


async def test_money_and_parks_are_added_up_as_they_are_told(
    office: Any, reviewer: Any, pool: Any
) -> None:
    year = TODAY.year

    def paid(amount: str, kind: Any, **more: Any) -> Any:
        return kind(
            disbursement_id=uuid.uuid4(), award_id=uuid.uuid4(), fund_code="transfer-fund",
            fiscal_year=year, payee_unit="st-bureau", amount=Decimal(amount), **more,
        )  # fmt: skip

    await tell(
        pool,
        AppropriationMade(
            appropriation_id=uuid.uuid4(), budget_id=uuid.uuid4(), fund_code="transfer-fund",
            fiscal_year=year, amount=Decimal("1000.00"), document_no="n",
        ),
        paid("300.50", DisbursementSucceeded, paid_on=TODAY),
        paid("100.25", DisbursementSucceeded, paid_on=TODAY),
        paid("100.25", DisbursementFailed, outcome="returned", had_arrived=True),
        paid("7.00", DisbursementFailed, outcome="failed", had_arrived=False),
        ParkMetricChanged(
            series="m/2026-08", metric="sales_revenue.six_parks", period="2026-08",
            value=Decimal(1), unit="万元",
        ),
        ParkMetricChanged(
            series="m/2026-09", metric="sales_revenue.six_parks", period="2026-09",
            value=Decimal(2), unit="万元",
        ),
    )  # fmt: skip
    async with pool.session() as session:
        await references.note(session, Referred.FUND, "transfer-fund", "成果转化资金")
        await references.note(session, Referred.RULE, "st-share", "科技投入占比")
        await rules.keep_rule(
            session, "st-share", year, kept=False, actual=Decimal("1.9"), threshold=Decimal(2),
            unit="%",
        )  # fmt: skip
    row = await brought(office, reviewer, "frozen")
    told = await figures(office, row)
    (money,) = [each["text"] for each in row["sections"] if each["code"] == "money"]
    assert "经费规则“科技投入占比”未达标" in money
    file = await office.client.get(f"/api/v1/bulletins/{row['id']}/document?form=docx")
    tables = docx.Document(BytesIO(file.content)).tables
    cells = {cell.text for table in tables for each in table.rows for cell in each.cells}
    assert {"成果转化资金", "六园区销售收入"} <= cells
    assert told["funds"] == [
        {
            "fund_code": "transfer-fund",
            "name": "成果转化资金",
            "fiscal_year": year,
            "appropriated": "1000",
            "disbursed": "300.5",
            "refunded": "0",
        }
    ]
    assert [(each["period"], each["value"]) for each in told["park_metrics"]] == [("2026-09", "2")]


async def test_an_indicator_without_a_number_has_no_period_any_more(
    office: Any, reviewer: Any, pool: Any
) -> None:
    await tell(pool, named("c"), measured("c", "1"), turned("c", None, "unknown"))
    told = await figures(office, await brought(office, reviewer, "frozen"))
    (row,) = [each for each in told["indicators"] if each["indicator_code"] == "c"]
    assert (row["status"], row["actual"], row["period"]) == ("unknown", None, None)


async def test_the_board_of_the_bulletin_is_the_supervision_board(
    office: Any, reviewer: Any, behind: asyncpg.Connection
) -> None:
    item = {"title": "补报", "description": "d", "responsible_unit": "gangqu-admin"}
    late = (await office.post("/supervision-items", item)).json()
    await office.post("/supervision-items", item)
    yesterday = TODAY - timedelta(days=1)
    await behind.execute(
        "UPDATE supervision_item SET due_on = $1 WHERE id = $2", yesterday, uuid.UUID(late["id"])
    )
    row = await brought(office, reviewer, "frozen")
    told = await figures(office, row)
    board = (await office.get("/supervision-board")).json()["items"]
    names = set(told["board"][0])
    assert told["board"] == [{k: v for k, v in each.items() if k in names} for each in board]
    assert [each["number"] for each in told["overdue_items"]] == [late["number"]]
    (section,) = [each for each in row["sections"] if each["code"] == "overdue"]
    assert f"未结{board[0]['open']}件，其中逾期1件" in section["text"]
    assert late["number"] in section["text"]


async def test_whoever_wrote_in_it_may_not_review_it(office: Any, reviewer: Any) -> None:
    row = await brought(office, reviewer, "frozen")
    path = f"/bulletins/{row['id']}"
    text = [{"code": "good_practice", "text": "园区与高校共建中试基地。"}]
    edited = await reviewer.patch(path, {"sections": text}, f'"{row["version"]}"')
    assert edited.status_code == 200, edited.text
    assert edited.json()["sections"][2]["text"] == text[0]["text"]
    assert (await step(office, row, "submit")).status_code == 200
    for who in (office, reviewer):
        refused = await step(who, row, "review")
        assert (refused.status_code, refused.json()["code"]) == (403, "reviewer_is_editor")
    assert (await step(office, row, "issue")).json()["code"] == "invalid_transition"
    back = await step(reviewer, row, "return", {"reason": "请补充"})
    assert (back.json()["state"], back.json()["return_reason"]) == ("frozen", "请补充")


async def test_numbers_have_no_gap_whoever_issues_at_once(office: Any, reviewer: Any) -> None:
    rows = [await brought(office, reviewer, "reviewed") for _ in range(4)]
    given_up = await step(office, rows[0], "cancel", {"reason": "并入下期"})
    assert given_up.json()["number"] is None
    answers = await asyncio.gather(*(step(office, row, "issue") for row in rows[1:]))
    assert [answer.status_code for answer in answers] == [200] * 3
    listed = (await office.get("/bulletins", year=TODAY.year, limit=200)).json()["items"]
    numbers = sorted(each["number"] for each in listed)
    assert numbers == [f"{TODAY.year}-{n:03d}" for n in range(1, len(numbers) + 1)]


async def test_a_bulletin_is_issued_once_though_two_ask_for_it(office: Any, reviewer: Any) -> None:
    row = await brought(office, reviewer, "reviewed")
    path, etag = f"/bulletins/{row['id']}/issue", f'"{row["version"]}"'
    answers = await asyncio.gather(*(office.post(path, None, etag) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_the_cut_off_comes_by_itself(office: Any, pool: Any) -> None:
    past, future = NOW - timedelta(minutes=1), NOW + timedelta(days=1)
    due = await begun(office, cut_off_at=past.isoformat().replace("+00:00", "Z"))
    later = await begun(office, cut_off_at=future.isoformat().replace("+00:00", "Z"))
    async with pool.session() as session:
        await service.freeze_what_is_due(session)
    states = [(await office.get(f"/bulletins/{row['id']}")).json()["state"] for row in (due, later)]
    assert states == ["frozen", "draft"]


async def test_recipients_get_it_and_confirm_it(
    office: Any, reviewer: Any, unit: Any, as_role: Any, bus: RecordingBus
) -> None:
    row = await brought(office, reviewer, "issued")
    sent = (await office.get("/bulletin-deliveries", bulletin_id=row["id"])).json()["items"]
    assert sorted(each["recipient_zh"] for each in sent) == sorted(
        name for _, _, members in GROUPS.values() for name, _ in members
    )
    (own,) = (await unit.get("/bulletin-deliveries", bulletin_id=row["id"])).json()["items"]
    path = f"/bulletin-deliveries/{own['id']}"
    issued = await unit.get(f"{path}/document")
    assert issued.headers["etag"] == f'"{row["pdf_sha256"]}"'
    assert issued.content == (await office.get(f"/bulletins/{row['id']}/document")).content
    stranger = await as_role("unit_reporter", "st-bureau")
    assert (await stranger.get(path)).status_code in (403, 404)
    received = await unit.post(f"{path}/receive", {"note": "收悉"}, f'"{own["version"]}"')
    assert (received.status_code, received.json()["state"]) == (200, "received")
    again = await unit.post(f"{path}/receive", None, received.headers["etag"])
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")
    waiting = await office.get("/bulletin-deliveries", bulletin_id=row["id"], state="sent")
    assert len(waiting.json()["items"]) == len(sent) - 1


async def test_a_withdrawn_bulletin_is_recalled_and_keeps_its_number(
    office: Any, reviewer: Any, unit: Any
) -> None:
    row = await brought(office, reviewer, "issued")
    assert (await step(office, row, "withdraw", {})).status_code == 422
    gone = await step(office, row, "withdraw", {"reason": "数据有误"})
    assert (gone.json()["state"], gone.json()["number"]) == ("withdrawn", row["number"])
    (own,) = (await unit.get("/bulletin-deliveries", bulletin_id=row["id"])).json()["items"]
    assert own["state"] == "recalled"
    answer = await unit.get(f"/bulletin-deliveries/{own['id']}/document")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert "已撤回" in text
    assert (await step(office, row, "withdraw", {"reason": "again"})).status_code == 409


async def test_the_draft_is_marked_and_the_docx_opens(office: Any, reviewer: Any) -> None:
    row = await begun(office)
    assert "送审稿" in await pdf_text(office, row)
    told = await figures(office, row)
    assert told["frozen_at"] is None
    assert told["indicators"]
    assert (await office.get(f"/bulletins/{row['id']}")).json()["sections"] == []
    row = await brought(office, reviewer, "frozen")
    assert "送审稿" in await pdf_text(office, row)
    answer = await office.get(f"/bulletins/{row['id']}/document", form="docx")
    lines = [line.text for line in docx.Document(BytesIO(answer.content)).paragraphs]
    assert "一、进展情况" in lines
    assert "郑州市科学技术局，市委，市政府：" in lines


async def test_wrong_bulletins_are_refused(office: Any, unit: Any, reviewer: Any) -> None:
    reversed_ = {"period_start": TODAY.isoformat(), "period_end": "2020-01-01"}
    for fields, code in (
        (reversed_, "period_reversed"),
        ({"recipient_groups": ["nobody"]}, "unknown_reference"),
        ({"recipient_groups": []}, "validation_failed"),
        ({"title": ""}, "validation_failed"),
        ({"title": "a\x00"}, "validation_failed"),
    ):
        answer = await office.post("/bulletins", BODY | fields)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await unit.post("/bulletins", BODY)).status_code == 403
    assert (await unit.get("/bulletins")).status_code == 403
    row = await begun(office)
    text = {"sections": [{"code": "money", "text": "x"}]}
    early = await office.patch(f"/bulletins/{row['id']}", text, f'"{row["version"]}"')
    assert (early.status_code, early.json()["code"]) == (409, "not_frozen")
    assert (await office.post(f"/bulletins/{row['id']}/freeze")).status_code == 428


async def test_hostile_text_is_printed_as_text(office: Any, reviewer: Any) -> None:
    title = "#panic() {{ 7*7 }} <b>\x07\u202e " + "长" * 150
    row = await brought(office, reviewer, "issued", title=title)
    assert "#panic() {{ 7*7 }} <b>" in await pdf_text(office, row)
