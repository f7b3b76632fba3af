"""Short ways from a call to an award, for the tests of the programme."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
from servicekit.clock import china_date

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CRITERIA = [
    {"code": "novelty", "name_zh": "创新性", "name_en": "Novelty", "weight": "60"},
    {"code": "benefit", "name_zh": "效益", "name_en": "Benefit", "weight": "40"},
]
REASON = {"reason": "r"}
RECTIFY_BY = (china_date() + timedelta(days=30)).isoformat()


class Programme:
    """Short ways from a call to an award. A call here is open today and has no rules, unless said;
    its applications are those of the unit that each test names."""

    def __init__(self, house: Any) -> None:
        self.house = house

    async def call_body(self, budget: str = "", amount: str = "1000.00", **changes: Any) -> Any:
        today = china_date()
        return {
            "budget_id": budget or (await self.house.appropriated(amount))["id"],
            "title": "申报通知",
            "summary": "支持成果转化",
            "document_no": "新科〔2026〕8号",
            "opens_on": (today - timedelta(days=1)).isoformat(),
            "closes_on": (today + timedelta(days=20)).isoformat(),
            "min_amount": "1.00",
            "max_amount": "500.00",
            "required_attachments": [],
            "rules": [],
            "criteria": CRITERIA,
            "experts_per_application": 1,
            "pass_score": "60",
            "notice_workdays": 0,
            **changes,
        }

    async def a_call(self, state: str = "open", **changes: Any) -> dict[str, Any]:
        """A call in this state, as far as it gets without applications."""
        if state == "published":
            later = china_date() + timedelta(days=5)
            changes = {"opens_on": later.isoformat(), **changes}
        body = await self.call_body(**changes)
        row = await self.house.made("office", "/funding-calls", body)
        steps = ["publish", "close", "rank", "announce", "award"]
        order = ["draft", "open", "closed", "ranked", "announced", "awarded"]
        if state == "cancelled":
            row = await self.step("office", "funding-calls", row, "publish")
            return await self.step("office", "funding-calls", row, "cancel")
        wanted = 1 if state == "published" else order.index(state)
        for step in steps[:wanted]:
            row = await self.step("office", "funding-calls", row, step)
        return row

    async def step(
        self,
        role: str,
        resource: str,
        row: dict[str, Any],
        name: str,
        body: Any = None,
        **options: Any,
    ) -> dict[str, Any]:
        """Take a step that succeeds, based on the version there is now."""
        answer = await self.try_step(role, resource, row, name, body, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def try_step(
        self,
        role: str,
        resource: str,
        row: dict[str, Any],
        name: str,
        body: Any = None,
        **options: Any,
    ) -> httpx.Response:
        path = f"/{resource}/{row['id']}"
        if body is None and name in ("close", "return", "refuse", "withdraw", "revoke", "cancel"):
            body = REASON
        now = (await self.house.get("office", path)).json()
        return await self.house.post(
            role, f"{path}/{name}", body, etag=f'"{now["version"]}"', **options
        )

    @staticmethod
    def application_body(call: str, unit: str, **changes: Any) -> dict[str, Any]:
        return {
            "call_id": call,
            "applicant_unit": unit,
            "title": "甜菊糖提取成果转化",
            "summary": "建设生产线",
            "amount": "100.00",
            "contact_name": "张三丰",
            "contact_phone": "13812345678",
            **changes,
        }

    async def draft(self, call: str, unit: str = "maizier-sugar", **changes: Any) -> Any:
        body = self.application_body(call, unit, **changes)
        answer = await self.house.post("enterprise", "/applications", body, unit=unit)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def submitted(self, call: str, unit: str = "maizier-sugar", **changes: Any) -> Any:
        row = await self.draft(call, unit, **changes)
        return await self.step("enterprise", "applications", row, "submit", unit=unit)

    async def accepted(self, call: str, unit: str = "maizier-sugar", **changes: Any) -> Any:
        row = await self.submitted(call, unit, **changes)
        return await self.step("office", "applications", row, "accept")

    async def attach(
        self,
        application: dict[str, Any],
        content: bytes = PDF,
        role: str = "enterprise",
        **query: str,
    ) -> httpx.Response:
        client = await self.house.as_(role, application["applicant_unit"])
        return await client.post(
            f"/api/v1/applications/{application['id']}/attachments",
            content=content,
            params={"filename": "申报书.pdf", **query},
            headers={"Content-Type": "application/pdf", "Idempotency-Key": str(uuid4())},
        )

    async def assigned(
        self, application: dict[str, Any], expert: str = "test-expert", **changes: Any
    ) -> Any:
        body = {"application_id": application["id"], "expert": expert, **changes}
        return await self.house.made("office", "/reviews", body)

    async def scored(
        self, application: dict[str, Any], *points: str, expert: str = "test-expert"
    ) -> Any:
        """A review by this expert, scored with the points of the criteria in their order."""
        row = await self.assigned(application, expert)
        row = await self.step("expert", "reviews", row, "declare", {}, sub=expert)
        scores = [
            {"criterion": each["code"], "score": score}
            for each, score in zip(CRITERIA, points, strict=True)
        ]
        body = {"scores": scores, "comment": "c"}
        return await self.step("expert", "reviews", row, "score", body, sub=expert)

    async def reviewed(self, call: str, unit: str, score: str, **changes: Any) -> Any:
        """An accepted application with this score."""
        row = await self.accepted(call, unit, **changes)
        await self.scored(row, score, score)
        return row

    async def until(self, call: dict[str, Any], state: str) -> dict[str, Any]:
        """Take the office's steps of a call that lead from open to this state."""
        order = ["closed", "ranked", "announced", "awarded"]
        steps = ["close", "rank", "announce", "award"]
        for step in steps[: order.index(state) + 1]:
            call = await self.step("office", "funding-calls", call, step)
        return call

    async def notice_of(self, call: dict[str, Any]) -> dict[str, Any]:
        path = f"/public-notices?call_id={call['id']}&state=published"
        (notice,) = (await self.house.get("enterprise", path)).json()["items"]
        return notice

    async def agreement(self, award: dict[str, Any], *amounts: str) -> dict[str, Any]:
        """A draft on this award with tranches of these amounts."""
        tranches = [
            {"amount": amount, "milestone": "m", "deliverable": "d", "due_on": "2026-09-30"}
            for amount in amounts
        ]
        body = {"award_id": award["id"], "tranches": tranches}
        return await self.house.made("office", "/agreements", body)

    async def signed(self, award: dict[str, Any], *amounts: str) -> list[dict[str, Any]]:
        """The tranches of an agreement that both sides have signed."""
        row = await self.agreement(award, *amounts)
        await self.step("office", "agreements", row, "offer", {"document_no": "任务书1号"})
        unit = award["payee_unit"]
        await self.step("enterprise", "agreements", row, "sign", unit=unit)
        path = f"/agreements/{row['id']}/tranches"
        return (await self.house.get("office", path)).json()["items"]

    async def accepted_tranche(self, tranche: dict[str, Any], unit: str) -> None:
        """Its milestone is reported by its payee and accepted by the office."""
        resource = f"agreements/{tranche['agreement_id']}/tranches"
        report = {"report": "r"}
        await self.step("enterprise", resource, tranche, "report", report, unit=unit)
        await self.step("office", resource, tranche, "accept")

    async def prove(self, acceptance: dict[str, Any], content: bytes = PDF) -> httpx.Response:
        """A file for an acceptance."""
        client = await self.house.as_("enterprise", acceptance["payee_unit"])
        return await client.post(
            f"/api/v1/acceptances/{acceptance['id']}/files",
            content=content,
            params={"filename": "验收报告.pdf"},
            headers={"Content-Type": "application/pdf", "Idempotency-Key": str(uuid4())},
        )

    async def acceptance(self, award: dict[str, Any], state: str = "submitted") -> Any:
        """Of this award, in this state."""
        unit = award["payee_unit"]
        body = {"award_id": award["id"]}
        answer = await self.house.post("enterprise", "/acceptances", body, unit=unit)
        assert answer.status_code == 201, answer.text
        row = answer.json()
        assert (await self.prove(row)).status_code == 201
        if state == "draft":
            return row
        row = await self.submit(row)
        if state == "submitted":
            return row
        if state in ("rectification", "passed_after_rectification"):
            row = await self.conclude(row, "rectify", rectify_by=RECTIFY_BY)
        if state == "passed_after_rectification":
            row = await self.submit(row)
        if state != "rectification":
            row = await self.conclude(row, "failed" if state == "failed" else "passed")
        return row

    async def submit(self, row: dict[str, Any]) -> Any:
        report, unit = {"report": "已完成"}, row["payee_unit"]
        return await self.step("enterprise", "acceptances", row, "submit", report, unit=unit)

    async def conclude(self, row: dict[str, Any], verdict: str, **given: Any) -> Any:
        body = {"verdict": verdict, "opinion": "o", **given}
        return await self.step("office", "acceptances", row, "conclude", body)
