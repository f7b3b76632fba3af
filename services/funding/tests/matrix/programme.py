"""From a call to the tranches of an agreement."""

from typing import Any

from servicekit.testing.authorisation.declared import UNIT, Resource, Row

from services.funding.tests.matrix.base import Base
from services.funding.tests.programme import PDF

SCORES = {
    "scores": [{"criterion": "novelty", "score": "70"}, {"criterion": "benefit", "score": "80"}]
}
TRANCHE = {"amount": "10.00", "milestone": "m", "deliverable": "d", "due_on": "2026-09-30"}


class Programme(Base):
    """Calls, applications, reviews, notices, objections and agreements."""

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
