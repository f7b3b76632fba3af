"""From a call to a signed agreement, as several journeys need it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from servicekit.clock import china_date

from tests.journeys.actors import Actors, Row, step

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CRITERIA = [
    {"code": "novelty", "name_zh": "创新性", "name_en": "Novelty", "weight": "60"},
    {"code": "benefit", "name_zh": "效益", "name_en": "Benefit", "weight": "40"},
]
EXPERT = "demo-expert"


def open_call(actors: Actors, budget: Row, **changes: Any) -> Row:
    """A call that is open today, with a required attachment, one expert, and no days of notice."""
    today = china_date()
    body = {
        "budget_id": budget["id"],
        "title": "重大科技成果转化项目申报通知",
        "summary": "支持企业转化重大科技成果。",
        "document_no": "新科〔2026〕8号",
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=20)).isoformat(),
        "min_amount": "10.00",
        "max_amount": "500000.00",
        "required_attachments": [
            {"code": "proposal", "name_zh": "项目申报书", "name_en": "Proposal"}
        ],
        "rules": [],
        "criteria": CRITERIA,
        "experts_per_application": 1,
        "pass_score": "60",
        "notice_workdays": 0,
        **changes,
    }
    row = actors("office").post("funding-calls", body)
    return step(actors("office"), "funding-calls", row, "publish")


def submitted_application(actors: Actors, call: Row, role: str, unit: str, amount: str) -> Row:
    """A complete application by this role for its unit, handed in."""
    body = {
        "call_id": call["id"],
        "applicant_unit": unit,
        "title": "甜菊糖提取成果转化",
        "summary": "建设年产 200 吨提取生产线。",
        "amount": amount,
        "contact_name": "张三丰",
        "contact_phone": "13812345678",
    }
    row = actors(role).post("applications", body)
    actors(role).request(
        "POST",
        f"applications/{row['id']}/attachments",
        query={"filename": "项目申报书.pdf", "requirement": "proposal"},
        body=PDF,
        headers={"Idempotency-Key": str(uuid4()), "Content-Type": "application/pdf"},
    )
    return step(actors(role), "applications", row, "submit")


def accepted_application(actors: Actors, call: Row, role: str, unit: str, amount: str) -> Row:
    """And taken by the office."""
    row = submitted_application(actors, call, role, unit, amount)
    return step(actors("office"), "applications", row, "accept")


def review(actors: Actors, application: Row, score: str) -> Row:
    """Scored by the one expert there is, who has no interest in it."""
    body = {"application_id": application["id"], "expert": EXPERT, "expert_unit": "sta"}
    row = actors("office").post("reviews", body)
    row = step(actors("expert"), "reviews", row, "declare", {"relation": None})
    scores = [{"criterion": each["code"], "score": score} for each in CRITERIA]
    return step(actors("expert"), "reviews", row, "score", {"scores": scores, "comment": "同意"})


def announced(actors: Actors, call: Row) -> Row:
    """The notice of a call that was closed, ranked and announced."""
    office = actors("office")
    row = office.get(f"funding-calls/{call['id']}")
    for name, body in (("close", {"reason": "提前截止"}), ("rank", None), ("announce", None)):
        row = step(office, "funding-calls", row, name, body)
    return next(iter(office.items("public-notices", call_id=call["id"], state="published")))


def awarded(actors: Actors, call: Row) -> Sequence[Row]:
    """The awards of an announced call."""
    office = actors("office")
    step(office, "funding-calls", office.get(f"funding-calls/{call['id']}"), "award")
    rows = office.items("applications", call_id=call["id"], state="awarded")
    return [office.get(f"awards/{row['award_id']}") for row in rows]


def signed_agreement(actors: Actors, award: Row, payee: str, amounts: Sequence[str]) -> Row:
    """An agreement with tranches of these amounts, signed by both sides."""
    tranches = [
        {
            "amount": amount,
            "milestone": f"第{number}阶段",
            "deliverable": "验收报告",
            "due_on": "2026-09-30",
        }
        for number, amount in enumerate(amounts, start=1)
    ]
    body = {"award_id": award["id"], "tranches": tranches}
    row = actors("office").post("agreements", body)
    row = step(actors("office"), "agreements", row, "offer", {"document_no": "新科任〔2026〕1号"})
    return step(actors(payee), "agreements", row, "sign")
