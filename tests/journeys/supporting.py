"""One of every kind of support, as several journeys need it."""

from typing import Any
from uuid import uuid4

from tests.journeys.actors import Actors, Row, step
from tests.journeys.applying import EXPERT, PDF

RATES: dict[str, dict[str, str]] = {
    "patent-subsidies": {"kind": "patent_subsidy", "grade": "invention", "amount": "8000.00"},
    "interest-subsidies": {
        "kind": "interest_subsidy",
        "grade": "loan",
        "share": "50",
        "cap": "20000.00",
    },
    "innovation-awards": {"kind": "innovation_award", "grade": "first", "amount": "10000.00"},
    "platform-grants": {
        "kind": "platform_grant",
        "grade": "key-laboratory",
        "share": "40",
        "cap": "50000.00",
    },
}
NOMINEE = {
    "kind": "person",
    "name": "张三丰",
    "id_number": "11010519491231002X",
    "phone": "13812345678",
    "bank_account": "6222020200011223344",
}


def supports(year: int) -> dict[str, dict[str, Any]]:
    """What is filed of each kind, without its unit; by the resource."""
    shared = {"fiscal_year": year, "reason": "符合办法第五条"}
    own: dict[str, dict[str, Any]] = {
        "patent-subsidies": {"patent_number": "ZL202010123456.2", "title": "一种甜菊糖的提取方法"},
        "interest-subsidies": {
            "lender": "中国银行新郑支行",
            "loan_contract": f"{year}年郑中银借字第018号",
            "principal": "1000000.00",
            "annual_rate": "4.35",
            "starts_on": f"{year}-01-01",
            "ends_on": f"{year}-07-01",
        },
        "innovation-awards": {
            "grade": "first",
            "achievement": "甜菊糖提取工艺达到国内领先水平。",
            "nominee": NOMINEE,
        },
        "platform-grants": {
            "grade": "key-laboratory",
            "title": "甜菊糖中试基地色谱系统",
            "cost": "100000.00",
            "own_funds": "60000.00",
        },
    }
    return {resource: shared | body for resource, body in own.items()}


def put_rate(actors: Actors, resource: str, year: int, fund: str, line: str) -> None:
    """The rate of this kind, paid from a line of a fund."""
    where = {"fiscal_year": year, "fund_code": fund, "line": line}
    code = f"{resource}-{year}"
    actors("office").put(f"support-rates/{code}", RATES[resource] | where)


def submitted_acceptance(actors: Actors, award_id: str, payee: str) -> Row:
    """Of an award, proven by a file and handed in by its payee."""
    row = actors(payee).post("acceptances", {"award_id": award_id})
    actors(payee).request(
        "POST",
        f"acceptances/{row['id']}/files",
        query={"filename": "验收报告.pdf"},
        body=PDF,
        headers={"Idempotency-Key": str(uuid4()), "Content-Type": "application/pdf"},
    )
    return step(actors(payee), "acceptances", row, "submit", {"report": "任务已完成。"})


def accepted(actors: Actors, award_id: str, payee: str, verdict: str) -> Row:
    """And concluded by the office after the expert's opinion."""
    row = submitted_acceptance(actors, award_id, payee)
    row = step(actors("office"), "acceptances", row, "assign", {"experts": [EXPERT]})
    opinion = {"verdict": verdict, "comment": "资料齐全。"}
    row = step(actors("expert"), "acceptances", row, "opine", opinion)
    conclusion = {"verdict": verdict, "opinion": "同意专家意见。"}
    return step(actors("office"), "acceptances", row, "conclude", conclusion)


def evaluated(actors: Actors, award_id: str) -> Row:
    """The published evaluation of an award: nine tenths were reached."""
    indicator = {
        "code": "output",
        "name_zh": "新增产值",
        "name_en": "New output",
        "unit": "万元",
        "weight": "100",
        "direction": "at_least",
        "target": "500",
        "actual": "450",
    }
    body = {"award_id": award_id, "indicators": [indicator], "summary": "基本完成。"}
    row = actors("office").post("performance-evaluations", body)
    return step(actors("finance_checker"), "performance-evaluations", row, "publish")
