"""From a call for applications to its award and the first tranche paid, every step by the one whose
step it is. Played again it goes on where it stopped."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from local_stack.demo.callers import Callers, Row, advance, first, walk
from local_stack.demo.cast import LABEL
from local_stack.demo.evidence import page
from local_stack.demo.money import pay
from local_stack.demo.telling import say, shown

TITLE = f"{LABEL}重大科技成果转化项目申报通知"
UNIT, PARK, EXPERT = "maizier-sugar", "gangqu", "demo-expert"
AMOUNT = Decimal("100000.00")
TRANCHES = ("40000.00", "60000.00")
CRITERIA = (
    ("novelty", "创新性", "Novelty", "60", "92"),
    ("benefit", "效益", "Benefit", "40", "85"),
)
"""Code, names, weight, and the points that the expert gives."""
CLOSING = {
    "open": ("close", {"reason": f"{LABEL}提前截止"}),
    "closed": ("rank", None),
    "ranked": ("announce", None),
    "announced": ("award", None),
}
"""How a call goes on from each state. Its notice runs for no days, as a demo cannot wait."""


def fund_a_project(call: Callers, budgets: Iterable[Row], today: date, day: str) -> None:
    """Play the call on a line that has enough, and tell what came of it; paid on this day."""
    office = call("office")
    row = first(office.items("funding-calls"), title=TITLE)
    if row is None:
        lines = (office.get(f"budgets/{each['id']}") for each in budgets)
        line = next((each for each in lines if Decimal(each["available"]) >= AMOUNT), None)
        if line is None:
            say("申报 no line has enough left for a call")
            return
        row = office.post("funding-calls", _content(line, today))
    row = walk(row, "state", {"draft": lambda r: advance(office, "funding-calls", r, "publish")})
    _apply(call, row)
    steps = {
        state: lambda r, step=step: advance(office, "funding-calls", r, *step)
        for state, step in CLOSING.items()
    }
    walk(row, "state", steps)
    application = _application(call, row)
    assert application is not None, "it was applied for"
    paid = _first_tranche(call, office.get(f"awards/{application['award_id']}"), day)
    say(
        f"{row['opens_on'][:7]}  申报 call published → 评审 scored {shown(application['score'])}"
        f" → 公示 announced → 立项 award {shown(AMOUNT)} 元 → 合同 agreement signed"
        f" → 首期拨付 first tranche {paid['state']}: {shown(paid['amount'])} 元"
    )


def _content(line: Row, today: date) -> Row:
    return {
        "budget_id": line["id"],
        "title": TITLE,
        "summary": f"{LABEL}支持企业转化重大科技成果。",
        "document_no": f"{LABEL}科〔{line['fiscal_year']}〕1号",
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=30)).isoformat(),
        "min_amount": "10000.00",
        "max_amount": f"{AMOUNT}",
        "required_attachments": [
            {"code": "proposal", "name_zh": "项目申报书", "name_en": "Proposal"}
        ],
        "rules": [
            {"rule": "in_park", "values": [PARK]},
            {"rule": "no_open_rectification", "values": []},
        ],
        "criteria": [
            {"code": code, "name_zh": zh, "name_en": en, "weight": weight}
            for code, zh, en, weight, _ in CRITERIA
        ],
        "experts_per_application": 1,
        "pass_score": "60",
        "notice_workdays": 0,
    }


def _application(call: Callers, of: Row) -> Row | None:
    return first(call("office").items("applications", call_id=of["id"]))


def _apply(call: Callers, of: Row) -> None:
    """The enterprise applies, the office takes it, the expert declares and scores."""
    enterprise, office, expert = call("enterprise"), call("office"), call("expert")
    body = {
        "call_id": of["id"],
        "applicant_unit": UNIT,
        "title": f"{LABEL}甜菊糖提取成果转化",
        "summary": f"{LABEL}建设年产 200 吨提取生产线。",
        "amount": f"{AMOUNT}",
        "contact_name": "演示联系人",
        "contact_phone": "0371-60000000",
    }
    application = _application(call, of) or enterprise.post("applications", body)
    if application["state"] == "draft":
        where = f"applications/{application['id']}/attachments"
        if first(enterprise.items(where), requirement="proposal") is None:
            proposal = page("proposal")
            enterprise.upload(where, proposal, "项目申报书.pdf", requirement="proposal")
    application = walk(
        application,
        "state",
        {
            "draft": lambda r: advance(enterprise, "applications", r, "submit"),
            "submitted": lambda r: advance(office, "applications", r, "accept"),
        },
    )
    if application["state"] != "accepted":
        return
    assigned = {"application_id": application["id"], "expert": EXPERT, "expert_unit": "sta"}
    review = first(office.items("reviews", application_id=application["id"]))
    points = [{"criterion": code, "score": score} for code, _, _, _, score in CRITERIA]
    scores = {"scores": points, "comment": f"{LABEL}同意立项"}
    walk(
        review or office.post("reviews", assigned),
        "state",
        {
            "assigned": lambda r: advance(expert, "reviews", r, "declare", {"relation": None}),
            "declared": lambda r: advance(expert, "reviews", r, "score", scores),
        },
    )


def _first_tranche(call: Callers, award: Row, day: str) -> Row:
    """The agreement is signed, the first milestone reported and accepted, and its tranche paid."""
    office, payee, maker = call("office"), call("enterprise"), call("finance_maker")
    tranches = [
        {"amount": amount, "milestone": f"{LABEL}{name}", "deliverable": "报告", "due_on": day}
        for amount, name in zip(TRANCHES, ("中试完成", "投产"), strict=True)
    ]
    body = {"award_id": award["id"], "tranches": tranches}
    document = {"document_no": f"{LABEL}任务书1号"}
    agreement = first(office.items("agreements", award_id=award["id"]))
    agreement = walk(
        agreement or office.post("agreements", body),
        "state",
        {
            "draft": lambda r: advance(office, "agreements", r, "offer", document),
            "offered": lambda r: advance(payee, "agreements", r, "sign"),
        },
    )
    path = f"agreements/{agreement['id']}/tranches"
    tranche = min(office.items(path), key=lambda each: Decimal(each["amount"]))
    report = {"report": f"{LABEL}中试已完成"}
    walk(
        tranche,
        "state",
        {
            "open": lambda r: advance(payee, path, r, "report", report),
            "reported": lambda r: advance(office, path, r, "accept"),
        },
    )
    asked = {"award_id": award["id"], "tranche_id": tranche["id"], "amount": tranche["amount"]}
    known = first(maker.items("disbursements", award_id=award["id"]))
    asked |= {"purpose": f"{LABEL}首期拨付"}
    return pay(call, known or maker.post("disbursements", asked), day)
