"""Who may do what in funding: every cell of the authorisation matrix."""

import itertools
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from funding.disbursements.domain import STEPS, Outcome
from funding.main import build
from funding.settings import Settings
from funding.worker import JOBS
from servicekit.auth import directory
from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import TREE, UNIT, Resource, Row
from servicekit.testing.authorisation.matrix import Matrix
from servicekit.testing.authorisation.operations import operation_ids
from servicekit.testing.tokens import Tokens

from services.funding.tests.kinds import PATHS as PATHS_OF_KINDS

PLENTY = "100000000.00"
RULE = {
    "programme": "innovation-programme",
    "name_zh": "科技三项费占比",
    "name_en": "Share of the three S&T items",
    "formula": "three_st_share",
    "comparator": "at_least",
    "unit": "%",
    "thresholds": [{"year": 2026, "value": "2.2"}],
    "inputs": ["three_st_expenses", "budget_expenditure"],
    "funds": [],
}
REVISED = {"from_year": 2026, "document_no": "n", "reason": "r"}
PAID = {"outcome": "succeeded", "paid_on": "2026-04-10"}
SCORES = {
    "scores": [{"criterion": "novelty", "score": "70"}, {"criterion": "benefit", "score": "80"}]
}
TRANCHE = {"amount": "10.00", "milestone": "m", "deliverable": "d", "due_on": "2026-09-30"}
INDICATOR = {
    "code": "output",
    "name_zh": "产值",
    "name_en": "Output",
    "unit": "万元",
    "weight": "100",
    "direction": "at_least",
    "target": "10",
    "actual": "9",
}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
OTHER_PDF = PDF + b"\n"
PATHS: dict[str, list[tuple[str, str, Any]]] = {
    "requested": [],
    "checked": [("finance_checker", "check", None)],
    "rejected": [("finance_checker", "reject", {"reason": "r"})],
    "paying": [("finance_checker", "check", None), ("finance_payer", "pay", None)],
}
for outcome, body in (("succeeded", PAID), *((o, {"outcome": o}) for o in ("failed", "returned"))):
    PATHS[outcome] = [*PATHS["paying"], ("finance_payer", "result", body)]
"""Whoever does it, the step and its body, from a new payment to each of its states."""


class Money:
    """How the objects of funding come to be; all of them draw on one ample budget line."""

    def __init__(self, house: Any, budget: Row, programme: Any, kinds: Any) -> None:
        self.house, self.budget, self.programme = house, budget, programme
        self.kinds = kinds
        self.years = itertools.count(2040)
        self.periods = itertools.count()
        self.old_years = itertools.count(2000)

    async def a_year(self, *_: Any) -> Row:
        year = next(self.years)
        await self.house.year(year)
        return (await self.house.get("office", f"/fiscal-years/{year}")).json()

    async def a_fund(self, *_: Any) -> Row:
        code = f"fund-{new_id()}"
        await self.house.fund(code)
        return (await self.house.get("office", f"/funds/{code}")).json()

    async def a_rule(self, *_: Any) -> Row:
        answer = await self.house.put("office", f"/funding-rules/rule-{new_id()}", RULE)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def a_revision(self, *_: Any) -> Row:
        code = (await self.a_rule())["code"]
        row = await self.house.made("office", f"/funding-rules/{code}/revisions", REVISED)
        return row | {"code": code}

    async def a_question(self, _: str) -> Row:
        return {"fiscal_year": 2026}

    async def budget_body(self, _: str) -> Row:
        line = f"line-{new_id()}"
        return {"fund_code": "transfer-fund", "fiscal_year": 2026, "line": line, "amount": "9.00"}

    async def a_budget(self, state: str, _: str | None) -> Row:
        return await (self.house.approved if state == "approved" else self.house.draft)("9.00")

    async def appropriation_body(self, _: str) -> Row:
        return self.house.appropriation_body(self.budget["id"], "1.00")

    async def an_appropriation(self, *_: Any) -> Row:
        body = await self.appropriation_body("")
        return await self.house.made("finance_maker", "/appropriations", body)

    async def award_body(self, unit: str) -> Row:
        budget = self.budget["id"]
        return {"budget_id": budget, "payee_unit": unit, "title": "t", "amount": "10.00"}

    async def an_award(self, state: str, unit: str | None) -> Row:
        row = await self.house.award("10.00", unit, self.budget["id"])
        if state == "cancelled":
            path, body = f"/awards/{row['id']}/cancel", {"reason": "r"}
            row = (await self.house.post("office", path, body, etag='"1"')).json()
        if state == "closed":
            await self.programme.acceptance(row, "passed")
            row = (await self.house.get("office", f"/awards/{row['id']}")).json()
        return row

    async def disbursement_body(self, unit: str) -> Row:
        award = await self.an_award("granted", unit)
        return {"award_id": award["id"], "amount": "1.00"}

    async def a_disbursement(self, state: str, unit: str | None) -> Row:
        body = await self.disbursement_body(unit or "")
        row = await self.house.made("finance_maker", "/disbursements", body)
        for role, step, given in PATHS[state]:
            answer = await self.house.step(role, row, step, given)
            assert answer.status_code == 200, answer.text
            row = answer.json()
        return row

    async def a_hold(self, _: str, unit: str | None) -> Row:
        """Of a rectification that has ended, so that it holds no payment of the others here."""
        item_id = new_id()
        await self.house.rows(
            "INSERT INTO payment_hold (item_id, item_number, title, payee_unit, due_on,"
            " released_at, outcome, version, created_at, updated_at)"
            " VALUES ($1, '2026-0001', 't', $2, '2026-08-01', now(), 'closed', 1, now(), now())",
            item_id,
            unit,
        )
        return {"item_id": str(item_id), "payee_unit": unit}

    async def an_entry(self, _: str, unit: str | None) -> Row:
        award = await self.an_award("granted", unit)
        (entry,) = await self.house.rows(
            "SELECT id FROM journal_entry WHERE source_id = $1", award["id"]
        )
        return {"id": str(entry["id"])}

    async def an_account(self, *_: Any) -> Row:
        found = await self.house.rows(
            "SELECT id FROM account WHERE budget_id = $1 AND stage = 'authority'",
            self.budget["id"],
        )
        return {"id": str(found[0]["id"])}

    async def an_execution(self, *_: Any) -> Row:
        return {"id": "transfer-fund/2026-01"}

    async def counterpart_body(self, unit: str | None) -> Row:
        year, month = divmod(next(self.periods), 12)
        period = f"{2010 + year}-{month + 1:02}"
        return {
            "unit_code": unit,
            "fiscal_year": 2010 + year,
            "period": period,
            "amount": "5.00",
        }

    async def a_counterpart_report(self, state: str, unit: str | None) -> Row:
        body = await self.counterpart_body(unit)
        row = await self.house.made("office", "/counterpart-reports", body)
        if state != "reported":
            step, body = ("verify", None) if state == "verified" else ("return", {"reason": "r"})
            path = f"/counterpart-reports/{row['id']}/{step}"
            row = (await self.house.post("office", path, body, etag='"1"', sub="second")).json()
        return row

    async def a_counterpart_file(self, _: str, unit: str | None) -> Row:
        row = await self.a_counterpart_report("reported", unit)
        office = await self.house.as_("office")
        path = f"/api/v1/counterpart-reports/{row['id']}/evidence?filename=a.pdf"
        headers = {"Content-Type": "application/pdf", "Idempotency-Key": str(new_id())}
        answer = await office.post(path, content=PDF, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json() | {"evidence_id": answer.json()["id"]}

    async def a_leverage(self, *_: Any) -> Row:
        return {"id": "year/2026"}

    async def call_body(self, _: str) -> Row:
        return await self.programme.call_body(self.budget["id"])

    async def a_call(self, state: str, _: str | None) -> Row:
        return await self.programme.a_call(state, budget=self.budget["id"])

    async def application_body(self, unit: str) -> Row:
        return self.programme.application_body((await self.a_call("open", None))["id"], unit)

    async def an_application(self, state: str, unit: str | None) -> Row:
        call, unit = (await self.a_call("open", None))["id"], unit or UNIT
        if state in ("draft", "withdrawn"):
            row = await self.programme.draft(call, unit)
        else:
            row = await self.programme.submitted(call, unit)
        steps = {
            "returned": ["return"],
            "resubmitted": ["return", "submit"],
            "accepted": ["accept"],
            "refused": ["refuse"],
            "withdrawn": ["withdraw"],
        }
        for step in steps.get(state, ()):
            role = "enterprise" if step in ("submit", "withdraw") else "office"
            row = await self.programme.step(role, "applications", row, step, unit=unit)
        if state in ("awarded", "declined", "cancelled"):
            award = (await self.an_award("granted", unit))["id"] if state == "awarded" else None
            change = "UPDATE application SET state = $2, award_id = $3 WHERE id = $1"
            await self.house.rows(change, row["id"], state, award)
            row = (await self.house.get("office", f"/applications/{row['id']}")).json()
        return row

    async def an_attachment(self, _: str, unit: str | None) -> Row:
        row = await self.an_application("draft", unit)
        answer = await self.programme.attach(row)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def review_body(self, _: str) -> Row:
        row = await self.an_application("accepted", None)
        return {"application_id": row["id"], "expert": "somebody"}

    async def a_review(self, state: str, _: str | None) -> Row:
        """Of the matrix's own expert, who is of another unit than the applicant."""
        application = await self.an_application("accepted", "matrix-stranger")
        expert = "matrix-expert"
        if state == "scored":
            return await self.programme.scored(application, "70", "80", expert=expert)
        row = await self.programme.assigned(application, expert)
        steps = {
            "declared": ("expert", "declare", {}),
            "conflicted": ("expert", "declare", {"relation": "r"}),
            "revoked": ("office", "revoke", {"reason": "r"}),
        }
        if state in steps:
            role, step, body = steps[state]
            sub = expert if role == "expert" else "test-office"
            row = await self.programme.step(role, "reviews", row, step, body, sub=sub)
        return row

    async def a_reviewed_file(self, *_: Any) -> Row:
        call = await self.a_call("open", None)
        row = await self.programme.draft(call["id"], "matrix-stranger")
        file = (await self.programme.attach(row)).json()
        step = self.programme.step
        row = await step("enterprise", "applications", row, "submit", unit="matrix-stranger")
        row = await step("office", "applications", row, "accept")
        review = await self.programme.assigned(row, "matrix-expert")
        await step("expert", "reviews", review, "declare", {}, sub="matrix-expert")
        return {"id": file["id"], "attachment_id": file["id"], "review_id": review["id"]}

    async def an_announced(self, unit: str) -> tuple[Row, Row]:
        """A notice and the application on its list."""
        call = await self.a_call("open", None)
        row = await self.programme.reviewed(call["id"], unit, "80")
        return await self.programme.notice_of(await self.programme.until(call, "announced")), row

    async def a_notice(self, state: str, _: str | None) -> Row:
        notice, row = await self.an_announced("matrix-stranger")
        if state == "superseded":
            await self.an_objection("upheld", UNIT, (notice, row))
            call = {"id": notice["call_id"]}
            await self.programme.step("office", "funding-calls", call, "rank")
            notice = (await self.house.get("office", f"/public-notices/{notice['id']}")).json()
        return notice

    async def objection_body(self, unit: str) -> Row:
        notice, _ = await self.an_announced("matrix-stranger")
        return {"notice_id": notice["id"], "objector_unit": unit, "reason": "r"}

    async def an_objection(
        self, state: str, unit: str | None, about: tuple[Row, Row] | None = None
    ) -> Row:
        notice, row = about or await self.an_announced("matrix-stranger")
        body = {"notice_id": notice["id"], "objector_unit": unit, "reason": "r"}
        body["application_id"] = row["id"]
        answer = await self.house.post("enterprise", "/objections", body, unit=unit)
        assert answer.status_code == 201, answer.text
        if state == "raised":
            return answer.json()
        settled = {"upheld": state == "upheld", "answer": "a"}
        return await self.programme.step("office", "objections", answer.json(), "settle", settled)

    async def agreement_body(self, unit: str) -> Row:
        award = await self.an_award("granted", unit)
        return {"award_id": award["id"], "tranches": [TRANCHE]}

    async def an_agreement(self, state: str, unit: str | None) -> Row:
        row = await self.programme.agreement(await self.an_award("granted", unit), "10.00")
        steps: list[tuple[str, str, Any]] = [
            ("office", "offer", {"document_no": "1号"}),
            ("enterprise", "sign", None),
        ]
        for role, step, body in steps[: ["draft", "offered", "signed"].index(state)]:
            row = await self.programme.step(role, "agreements", row, step, body, unit=unit)
        return row

    async def a_tranche(self, state: str, unit: str | None) -> Row:
        award = await self.an_award("granted", unit)
        (row,) = await self.programme.signed(award, "10.00")
        resource = f"agreements/{row['agreement_id']}/tranches"
        steps: list[tuple[str, str, Any]] = [
            ("enterprise", "report", {"report": "r"}),
            ("office", "accept", None),
        ]
        for role, step, body in steps[: ["open", "reported", "accepted"].index(state)]:
            row = await self.programme.step(role, resource, row, step, body, unit=unit)
        return row

    def programme_resources(self) -> list[Resource]:
        """From the call to the award."""
        one = "/applications/{application_id}"
        waits, editable = {"submitted", "resubmitted"}, {"draft", "returned"}
        return [
            Resource(
                "/funding-calls",
                one="/funding-calls/{call_id}",
                make=self.a_call,
                create=self.call_body,
                steps={
                    "PATCH": {"draft"},
                    "publish": {"draft"},
                    "close": {"open"},
                    "rank": {"closed", "ranked"},
                    "announce": {"ranked"},
                    "award": {"announced"},
                    "cancel": {
                        "draft",
                        "published",
                        "open",
                        "closed",
                        "ranked",
                        "announced",
                    },
                },
            ),
            Resource(
                "/applications",
                one=one,
                make=self.an_application,
                create=self.application_body,
                steps={
                    "PATCH": editable,
                    "submit": editable,
                    "withdraw": {*editable, *waits, "accepted"},
                    "return": waits,
                    "accept": waits,
                    "refuse": waits,
                },
                bodies={"PATCH": {"title": "新标题"}, "attachments": PDF},
            ),
            Resource(f"{one}/attachments/{{attachment_id}}", make=self.an_attachment),
            Resource(
                "/reviews",
                one="/reviews/{review_id}",
                make=self.a_review,
                create=self.review_body,
                steps={
                    "declare": {"assigned"},
                    "score": {"declared"},
                    "revoke": {"assigned", "declared"},
                },
                bodies={"declare": {}, "score": SCORES},
                steps_by="",
                asked_only=True,
            ),
            # Before the declaration its own expert is told 409: no matter of who asks.
            Resource("/reviews/{review_id}/application", make=self.a_reviewed_file),
            Resource(
                "/reviews/{review_id}/attachments",
                one="/reviews/{review_id}/attachments/{attachment_id}",
                make=self.a_reviewed_file,
            ),
            Resource("/public-notices", one="/public-notices/{notice_id}", make=self.a_notice),
            Resource(
                "/objections",
                one="/objections/{objection_id}",
                make=self.an_objection,
                create=self.objection_body,
                steps={"settle": {"raised"}},
            ),
            Resource(
                "/agreements",
                one="/agreements/{agreement_id}",
                make=self.an_agreement,
                create=self.agreement_body,
                steps={
                    "PATCH": {"draft"},
                    "offer": {"draft"},
                    "sign": {"offered"},
                    "decline": {"offered"},
                },
                bodies={"PATCH": {"tranches": [TRANCHE]}},
            ),
            Resource(
                "/agreements/{agreement_id}/tranches/{tranche_id}",
                one="/agreements/{agreement_id}/tranches/{tranche_id}",
                make=self.a_tranche,
                steps={"report": {"open"}, "accept": {"reported"}, "return": {"reported"}},
            ),
        ]

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

    async def acceptance_body(self, unit: str) -> Row:
        return {"award_id": (await self.an_award("granted", unit))["id"]}

    async def an_acceptance(self, state: str, unit: str | None) -> Row:
        """The matrix's own expert was asked, and has given an opinion."""
        award = await self.an_award("granted", unit or UNIT)
        row = await self.programme.acceptance(award, state)
        await self.house.rows(
            "UPDATE acceptance SET experts = '[\"matrix-expert\"]', opinions ="
            ' \'[{"expert": "matrix-expert", "verdict": "passed", "comment": "c"}]\''
            " WHERE id = $1",
            row["id"],
        )
        return (await self.house.get("office", f"/acceptances/{row['id']}")).json()

    async def an_acceptance_file(self, _: str, unit: str | None) -> Row:
        row = await self.an_acceptance("draft", unit)
        (file,) = (await self.house.get("office", f"/acceptances/{row['id']}/files")).json()[
            "items"
        ]
        return file

    async def evaluation_body(self, unit: str) -> Row:
        award = await self.an_award("granted", unit)
        return {"award_id": award["id"], "indicators": [INDICATOR], "summary": "s"}

    async def an_evaluation(self, state: str, unit: str | None) -> Row:
        body = await self.evaluation_body(unit or UNIT)
        row = await self.house.made("office", "/performance-evaluations", body)
        if state == "published":
            hand = ("finance_checker", "performance-evaluations")
            row = await self.programme.step(*hand, row, "publish")
        return row

    def after_the_award(self) -> list[Resource]:
        one = "/acceptances/{acceptance_id}"
        return [
            Resource(
                "/acceptances",
                one=one,
                make=self.an_acceptance,
                create=self.acceptance_body,
                steps={
                    "submit": {"draft", "rectification"},
                    "assign": {"submitted"},
                    "opine": {"submitted"},
                    "conclude": {"submitted"},
                },
                bodies={"files": OTHER_PDF},
                steps_by="",
                asked_only=True,
            ),
            Resource(f"{one}/files/{{file_id}}", make=self.an_acceptance_file),
            Resource(
                "/performance-evaluations",
                one="/performance-evaluations/{evaluation_id}",
                make=self.an_evaluation,
                create=self.evaluation_body,
                steps={"PATCH": {"draft"}, "publish": {"draft"}},
                bodies={"PATCH": {"summary": "t"}},
            ),
        ]

    async def a_support_rate(self, *_: Any) -> Row:
        grade = f"grade-{new_id()}"
        return await self.kinds.rate("innovation_award", grade=grade, amount="9.00")

    def supports(self) -> list[Resource]:
        decided = {step: {"draft"} for step in ("approve", "reject", "withdraw")}

        def resource(kind: str, path: str) -> Resource:
            async def body(unit: str | None) -> Row:
                return self.kinds.body(kind, unit or UNIT)

            async def make(state: str, unit: str | None) -> Row:
                row = await self.kinds.filed(kind, unit or UNIT)
                steps = {"approved": "approve", "rejected": "reject", "withdrawn": "withdraw"}
                if state in steps:
                    row = (await self.kinds.decide(kind, row, steps[state])).json()
                return row

            one = f"{path}/{{document_id}}"
            return Resource(path, one=one, make=make, create=body, steps=decided)

        rates = Resource("/support-rates", one="/support-rates/{code}", make=self.a_support_rate)
        return [rates, *(resource(kind, path) for kind, path in PATHS_OF_KINDS.items())]

    def resources(self) -> list[Resource]:
        payments = {name: STEPS[name] for name in ("check", "reject", "pay", "retry")}
        return [
            *self.programme_resources(),
            *self.documents(),
            *self.batches(),
            *self.supports(),
            *self.after_the_award(),
            Resource("/fiscal-years", one="/fiscal-years/{year}", make=self.a_year),
            Resource("/funds", one="/funds/{code}", make=self.a_fund),
            Resource(
                "/funding-rules",
                one="/funding-rules/{code}",
                make=self.a_rule,
                bodies={"revisions": REVISED, "end": REVISED},
            ),
            Resource(
                "/funding-rules/{code}/revisions/{revision_id}",
                one="/funding-rules/{code}/revisions/{revision_id}",
                make=self.a_revision,
            ),
            Resource("/funding-rules/simulate", create=self.a_question),
            Resource(
                "/budgets",
                one="/budgets/{budget_id}",
                make=self.a_budget,
                create=self.budget_body,
                steps={"approve": {"draft"}},
            ),
            Resource(
                "/appropriations",
                one="/appropriations/{appropriation_id}",
                make=self.an_appropriation,
                create=self.appropriation_body,
            ),
            Resource(
                "/awards",
                one="/awards/{award_id}",
                make=self.an_award,
                create=self.award_body,
                steps={"cancel": {"granted"}},
            ),
            Resource(
                "/disbursements",
                one="/disbursements/{disbursement_id}",
                make=self.a_disbursement,
                create=self.disbursement_body,
                steps={**payments, "result": STEPS[Outcome.SUCCEEDED]},
                bodies={"result": PAID, "retry": {}},
            ),
            Resource("/payment-holds", make=self.a_hold, key="item_id"),
            Resource("/journal-entries", one="/journal-entries/{entry_id}", make=self.an_entry),
            Resource("/accounts", one="/accounts/{account_id}", make=self.an_account),
            Resource("/trial-balance", make=self.an_account),
            Resource("/execution-board", make=self.an_execution),
            Resource(
                "/counterpart-reports",
                one="/counterpart-reports/{report_id}",
                make=self.a_counterpart_report,
                create=self.counterpart_body,
                steps={"verify": {"reported"}, "return": {"reported", "verified"}},
                bodies={"evidence": PDF},
            ),
            Resource(
                "/counterpart-reports/{report_id}/evidence/{evidence_id}",
                make=self.a_counterpart_file,
            ),
            Resource("/leverage", make=self.a_leverage),
        ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def money(house: Any, programme: Any, kinds: Any) -> Money:
    async with house.database.session() as session:
        for code, parents in TREE.items():
            await directory.upsert_unit(
                session, code=code, name=code, kind="bureau", parents=parents, active=True
            )
    # What is carried over from 2026 needs a year to go to, whatever else is tested beside.
    for year in (*range(2010, 2026), 2027):
        await house.year(year)
    budget = await house.approved(PLENTY)
    half = house.appropriation_body(budget["id"], "50000000.00")
    await house.made("finance_maker", "/appropriations", half)
    return Money(house, budget, programme, kinds)


@pytest.fixture(scope="module")
def matrix(house: Any, money: Money, tokens: Tokens) -> Matrix:
    return Matrix(house.app, tokens, money.resources(), JOBS)


@pytest.mark.parametrize("operation", operation_ids(build(Settings())))
async def test_an_operation_lets_in_whom_its_permission_names(
    matrix: Matrix, operation: str
) -> None:
    wrong = await matrix.wrong_cells(operation)
    assert not wrong, "\n".join(wrong)


async def test_a_step_is_possible_from_the_states_of_its_table(matrix: Matrix) -> None:
    wrong = await matrix.wrong_steps()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("hands", list(itertools.product("abc", repeat=3)), ids="".join)
async def test_the_database_takes_a_payment_only_from_three_hands(
    house: Any, money: Money, hands: tuple[str, str, str]
) -> None:
    """Maker, checker and payer, by every combination of three people."""
    row = await money.a_disbursement("paying", UNIT)
    change = house.rows(
        "UPDATE disbursement SET made_by = $2, checked_by = $3, paid_by = $4 WHERE id = $1",
        row["id"],
        *hands,
    )
    if len(set(hands)) == 3:
        await change
    else:
        with pytest.raises(asyncpg.CheckViolationError, match=r"maker_is_not_checker|payer_is_a"):
            await change


async def test_the_database_takes_no_approval_of_ones_own_work(house: Any, money: Money) -> None:
    await money.a_budget("approved", None)
    with pytest.raises(asyncpg.CheckViolationError, match="maker_is_not_approver"):
        await house.rows("UPDATE budget SET approved_by = made_by WHERE state = 'approved'")
    row = await house.drawn_up("/adjustments", **await money.adjustment_body(""))
    with pytest.raises(asyncpg.CheckViolationError, match="maker_decides_not"):
        await house.rows(
            "UPDATE adjustment SET state = 'approved', decided_by = made_by WHERE id = $1",
            row["id"],
        )
    await money.a_counterpart_report("verified", UNIT)
    with pytest.raises(asyncpg.CheckViolationError, match="reporter_is_not_reviewer"):
        await house.rows("UPDATE counterpart_report SET reviewed_by = reported_by")


async def test_every_cell_of_the_document_was_called(matrix: Matrix) -> None:
    assert await matrix.untested() == set()
    print(f"{len(matrix.tested)} cells")
