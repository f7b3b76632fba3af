"""What several journeys begin with: an enterprise, a month's return, money for a payee."""

from typing import Any

from tests.journeys.actors import Actors, Row, step

QUIET = {
    "sales_revenue": "30000",
    "high_tech_value_added": "0",
    "high_tech_output": "0",
    "own_ip_output": "0",
    "rd_spend": "600",
    "profit_and_tax": "1200",
    "employees": 310,
}
"""A month's numbers that move no high-tech target; amounts in 万元."""


def file_return(
    actors: Actors, enterprise: Row, period: str, *, role: str = "enterprise", **measures: Any
) -> Row:
    """An enterprise draws up a month's return and submits it."""
    client = actors(role)
    body = {"enterprise_id": enterprise["id"], "period": period, "measures": QUIET | measures}
    draft = client.post("operating-returns", body)
    return step(client, "operating-returns", draft, "submit")


def approved_budget(actors: Actors, year: int, line: str, amount: str, fund: str) -> Row:
    """A budget line, drawn up and approved by two people, its money appropriated in full."""
    body = {"fund_code": fund, "fiscal_year": year, "line": line, "amount": amount}
    draft = actors("finance_maker").post("budgets", body)
    ordered = {"document_no": f"新财预〔{year}〕7号"}
    budget = step(actors("finance_checker"), "budgets", draft, "approve", ordered)
    money = {"budget_id": budget["id"], "amount": amount, "appropriated_on": f"{year}-02-01"}
    actors("finance_maker").post("appropriations", money | {"document_no": f"新财指〔{year}〕9号"})
    return actors("auditor").get(f"budgets/{budget['id']}")


def award(actors: Actors, budget: Row, payee: str, amount: str) -> Row:
    """Money of a budget line promised to a unit."""
    body = {
        "budget_id": budget["id"],
        "payee_unit": payee,
        "title": "科技成果转化项目",
        "amount": amount,
    }
    return actors("office").post("awards", body)


def payment(actors: Actors, given: Row, amount: str) -> Row:
    """A payment asked for against an award."""
    body = {"award_id": given["id"], "amount": amount, "purpose": "首期拨付"}
    return actors("finance_maker").post("disbursements", body)
