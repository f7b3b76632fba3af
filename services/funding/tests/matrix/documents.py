"""What is drawn up by one and approved by another, and the batches of the treasury."""

from typing import Any

from servicekit.testing.authorisation.declared import Resource, Row

from services.funding.tests.matrix.base import Base


class Documents(Base):
    """Documents of the budget, payee accounts, payment batches and their results."""

    async def document(self, path: str, state: str, body: Row) -> Row:
        """A document of this list, in this state."""
        row = await self.house.drawn_up(path, **body)
        steps = {"approved": "approve", "rejected": "reject", "withdrawn": "withdraw"}
        if state in steps:
            answer = await self.house.decide(path, row, steps[state])
            assert answer.status_code == 200, answer.text
            row = answer.json()
        return row

    async def adjustment_body(self, _: str) -> Row:
        return {"budget_id": self.budget["id"], "amount": "1.00", "document_no": "n", "reason": "r"}

    async def transfer_body(self, _: str) -> Row:
        other = await self.house.approved("9.00")
        ids = {"from_budget_id": other["id"], "to_budget_id": self.budget["id"]}
        return {**ids, "amount": "1.00", "reason": "r"}

    async def refund_body(self, unit: str | None) -> Row:
        paid = await self.a_disbursement("succeeded", unit)
        given = {"disbursement_id": paid["id"], "received_on": "2026-09-02"}
        return {**given, "amount": "1.00", "reason": "r"}

    async def year_close_body(self, _: str) -> Row:
        """Of a year that is over, in which nothing has happened."""
        year = next(self.old_years)
        await self.house.year(year)
        return {"fiscal_year": year, "document_no": "n", "reason": "r"}

    async def payee_account_body(self, unit: str | None) -> Row:
        return {
            "payee_unit": unit,
            "account_name": "n",
            "account_number": "1702021409000012345",
            "bank_name": "b",
            "reason": "r",
        }

    def documents(self) -> list[Resource]:
        decided = {step: {"draft"} for step in ("approve", "reject", "withdraw")}

        def resource(path: str, body: Any) -> Resource:
            async def make(state: str, unit: str | None) -> Row:
                return await self.document(path, state, await body(unit))

            one = f"{path}/{{document_id}}"
            return Resource(path, one=one, make=make, create=body, steps=decided)

        return [
            resource("/adjustments", self.adjustment_body),
            resource("/transfers", self.transfer_body),
            resource("/refunds", self.refund_body),
            resource("/payee-accounts", self.payee_account_body),
            resource("/carry-overs", self.adjustment_body),
            resource("/year-closes", self.year_close_body),
        ]

    async def batch_body(self, _: str) -> Row:
        await self.house.account()
        row = await self.a_disbursement("checked", "maizier-sugar")
        return {"disbursement_ids": [row["id"]]}

    async def a_batch(self, state: str, _: str | None) -> Row:
        row = await self.house.made("finance_payer", "/payment-batches", await self.batch_body(""))
        path = f"/payment-batches/{row['id']}"
        if state == "cancelled":
            body = {"reason": "r"}
            return (
                await self.house.post("finance_payer", f"{path}/cancel", body, etag='"1"')
            ).json()
        if state in ("issued", "settled"):
            row = (await self.house.post("finance_payer", f"{path}/issue", etag='"1"')).json()
        if state == "settled":
            await self.a_result(row)
            row = (await self.house.get("office", path)).json()
        return row

    async def an_issued_file(self, *_: Any) -> Row:
        row = await self.a_batch("issued", None)
        return {"id": row["id"], "batch_id": row["id"]}

    async def a_line(self, *_: Any) -> Row:
        batch = await self.a_batch("issued", None)
        lines = await self.house.get("office", f"/payment-batches/{batch['id']}/lines")
        return lines.json()["items"][0]

    async def result_body(self, _: str = "", batch: Row | None = None) -> Row:
        batch = batch or await self.a_batch("issued", None)
        said = {"outcome": "succeeded", "paid_on": "2026-04-10"}
        return {"batch_number": batch["number"], "line_number": 1, "amount": "1.00", **said}

    async def a_result(self, batch: Row | None = None) -> Row:
        body = await self.result_body(batch=batch)
        return await self.house.made("finance_payer", "/payment-results", body)

    def batches(self) -> list[Resource]:
        async def a_result(*_: Any) -> Row:
            return await self.a_result()

        return [
            Resource("/payment-batches/{batch_id}/file", make=self.an_issued_file),
            Resource("/payment-batches/{batch_id}/lines", make=self.a_line, states=("sent",)),
            Resource(
                "/payment-batches",
                one="/payment-batches/{batch_id}",
                make=self.a_batch,
                create=self.batch_body,
                steps={"issue": {"draft"}, "cancel": {"draft"}},
            ),
            Resource(
                "/payment-results",
                one="/payment-results/{result_id}",
                make=a_result,
                create=self.result_body,
            ),
        ]
