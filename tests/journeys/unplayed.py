"""What does not happen in the year the demo plays, so that there is an object of every kind."""

import time
from uuid import uuid4

import httpx
from kechuang.client import Client, Credentials
from kechuang.client.tokens import ClientCredentialsAuth
from local_stack.stack import ANCHOR_YEAR, Stack

from tests.journeys.actors import Actors, step
from tests.journeys.applying import (
    PDF,
    accepted_application,
    announced,
    awarded,
    open_call,
    review,
    signed_agreement,
)
from tests.journeys.cases import QUIET, approved_budget, award, payment
from tests.journeys.supporting import accepted, evaluated, put_rate, supports

UNIT = "st-bureau"


def play_the_rest(system: Stack) -> None:
    """Do all of it, in a system in which the year was played."""
    file_a_work_report(system)
    remind_a_unit(system)
    confirm_a_year(system)
    owe_plans(system)
    issue_a_bulletin(system)
    inspect_something(system)
    assess_a_unit(system)
    change_what_is_planned(system)
    draw_documents_up(system)
    apply_for_money(system)
    ask_for_support(system)
    pay_by_file(system)
    prove_what_was_spent(system)
    register_a_webhook(system)
    import_a_wrong_file(system)


def file_a_work_report(system: Stack) -> None:
    """For the next meeting."""
    with Client(system.url, Credentials(**system.clients["office"])) as office:
        meeting = next(iter(office.items("meetings", status="planned")))
        headings = ("progress", "results", "good_practice", "problems", "proposals")
        report = dict.fromkeys(headings, "无")
        report |= {"meeting_id": meeting["id"], "unit_code": "group-4"}
        office.post("work-reports", report)


def remind_a_unit(system: Stack) -> None:
    """Of an item that is new, and ask for more time for it."""
    with Client(system.url, Credentials(**system.clients["office"])) as office:
        body = {"title": "补报台账", "description": "请补报。", "responsible_unit": UNIT}
        item = office.post("supervision-items", body | {"holds_payments": False})
        office.post(f"supervision-items/{item['id']}/remind", {"note": "请报送进展"})
        more = {"item_id": item["id"], "workdays": 5, "reason": "设备未到"}
        office.post("extension-requests", more)


def confirm_a_year(system: Stack) -> None:
    """The first one the calendar has; what it holds is its official list."""
    with Client(system.url, Credentials(**system.clients["office"])) as office:
        year = next(iter(office.items("calendar-years")))
        notice = {"document_no": "国办发明电〔2020〕27号"}
        office.put(f"calendar-years/{year['year']}", notice, etag=f'"{year["version"]}"')


def owe_plans(system: Stack) -> None:
    """One of each kind, handed in with a file."""
    actors = Actors(system.url, system.clients)
    for kind, year in (("implementation_plan", None), ("annual_work_plan", ANCHOR_YEAR)):
        body = {"programme": "innovation-programme", "kind": kind, "year": year, "units": [UNIT]}
        actors("office").post("plan-requests", body | {"title": "报送方案"})
        resource = kind.replace("_", "-") + "s"
        plan = next(iter(actors("office").items(resource)))
        attach(system, "unit_reporter", f"{resource}/{plan['id']}/files", "plan.pdf")
        said = {"title": "方案", "summary": "分季度推进"}
        step(actors("unit_reporter"), resource, plan, "submit", said)
    actors.close()


def inspect_something(system: Stack) -> None:
    """A checklist, a finding with evidence, a signature."""
    with Client(system.url, Credentials(**system.clients["office"])) as office:
        check = {"code": "records", "text_zh": "台账", "text_en": "Records"}
        names = {"name_zh": "清单", "name_en": "List"}
        office.put("checklist-templates/list", {**names, "checks": [check]})
        inspection = next(iter(office.items("inspections", status="planned")))
        path = f"inspections/{inspection['id']}/findings"
        finding = office.post(path, {"unit_code": UNIT, "text": "台账不符", "rectify": False})
        attach(system, "office", f"{path}/{finding['id']}/files", "proof.pdf")
        done = {"completed_on": f"{ANCHOR_YEAR}-01-20", "summary": "完成"}
        inspection = office.get(f"inspections/{inspection['id']}")
        step(
            office, "inspections", step(office, "inspections", inspection, "complete", done), "sign"
        )


def attach(system: Stack, role: str, path: str, name: str) -> None:
    """A file, as the body of a request."""
    credentials = Credentials(**system.clients[role])
    with httpx.Client(base_url=system.url, trust_env=False) as caller:
        caller.auth = ClientCredentialsAuth(caller.base_url.join("/oauth/token"), credentials)
        headers = {"Content-Type": "application/pdf", "Idempotency-Key": str(uuid4())}
        answer = caller.post(f"/api/v1/{path}?filename={name}", content=PDF, headers=headers)
        assert answer.status_code == 201, answer.text


def issue_a_bulletin(system: Stack) -> None:
    """To everybody, reviewed by the leader."""
    actors = Actors(system.url, system.clients)
    office = actors("office")
    body = {"programme": "innovation-programme", "title": "工程简报"}
    body |= {"period_start": f"{ANCHOR_YEAR}-01-01", "period_end": f"{ANCHOR_YEAR}-03-31"}
    groups = [group["code"] for group in office.items("recipient-groups")]
    bulletin = office.post("bulletins", body | {"recipient_groups": groups})
    for role, action in (
        ("office", "freeze"),
        ("office", "submit"),
        ("leader", "review"),
        ("office", "issue"),
    ):
        bulletin = step(actors(role), "bulletins", bulletin, action)
    actors.close()


def assess_a_unit(system: Stack) -> None:
    """By a scheme of one criterion; the leader publishes, the unit appeals."""
    actors = Actors(system.url, system.clients)
    office = actors("office")
    criterion = {"code": "rectification", "measure": "deduction", "full_marks": "100"}
    criterion |= {"name_zh": "整改", "name_en": "Rectification", "weight": "100"}
    names = {"name_zh": "考核办法", "name_en": "Scheme", "programme": "innovation-programme"}
    office.put("assessment-schemes/yearly", names | {"criteria": [criterion]})
    body = {"title": "年度考核", "scheme_code": "yearly", "units": [UNIT]}
    body |= {"period_start": f"{ANCHOR_YEAR}-01-01", "period_end": f"{ANCHOR_YEAR}-12-31"}
    assessment = step(office, "assessments", office.post("assessments", body), "compute")
    assessment = step(actors("leader"), "assessments", assessment, "publish")
    appeal = {"assessment_id": assessment["id"], "unit_code": UNIT, "reason": "已整改"}
    office.post("assessment-appeals", appeal | {"criterion_code": "rectification"})
    actors.close()


def change_what_is_planned(system: Stack) -> None:
    """A revised target, a grade and a level obtained, leave for a unit, a conflict argued."""
    with Client(system.url, Credentials(**system.clients["office"])) as office:
        year = {"year": ANCHOR_YEAR + 2, "effective_on": f"{ANCHOR_YEAR}-12-01"}
        why = {"document_no": "科发〔2026〕9号", "reason": "省下达指标调整"}
        indicator = next(iter(office.items("indicators", limit=200)))
        office.post(f"indicators/{indicator['code']}/revisions", {"value": "99", **year, **why})
        park = next(iter(office.items("parks")))
        obtained = {"grade": "municipal", "obtained_on": f"{ANCHOR_YEAR}-01-05"}
        path = f"parks/{park['code']}/grades"
        grade = office.post(path, {"document_no": "科〔2026〕1号", **obtained})
        renewed = {"outcome": "renewed", "reviewed_on": f"{ANCHOR_YEAR}-01-06"}
        renewed |= {"valid_to": f"{ANCHOR_YEAR + 3}-01-06", "document_no": "科〔2026〕2号"}
        office.post(f"{path}/{grade['id']}/reviews", renewed)
        place = {"point": {"type": "Point", "coordinates": [113.86, 34.53]}}
        office.put(f"parks/{park['code']}/location", place)
        criterion = {"park_kind": "private_st_park", "grade": "provincial", "threshold": "10"}
        criterion |= {"measure": "enterprises", "unit": "家", "name_zh": "企业"}
        office.put("grade-criteria/firms", {"name_en": "enterprises", **criterion})
        centre = {"kind": "engineering_centre", "name": "示例中心"}
        centre |= {"park_code": park["code"], "established_on": f"{ANCHOR_YEAR - 1}-03-01"}
        platform = office.post("platforms", centre)
        level = {"level": "municipal", "recognised_on": f"{ANCHOR_YEAR - 1}-06-01"}
        office.post(f"platforms/{platform['id']}/levels", {"document_no": "科〔2025〕9号", **level})
        report_in_full(office, park["code"])
        register_what_was_made(office)
        period = next(iter(office.items("reporting-periods")))
        exception = {"unit_code": UNIT, "expires_on": "2100-01-31", "reason": "系统故障"}
        office.post(f"reporting-periods/{period['period']}/exceptions", exception)
    with Client(system.url, Credentials(**system.clients["unit_reporter"])) as unit:
        conflict = next(iter(unit.items("conflicts", state="open")))
        argument = {"position": conflict["positions"][0]["code"], "reason": "批复文件"}
        unit.post(f"conflicts/{conflict['code']}/arguments", {"unit_code": UNIT, **argument})


def report_in_full(office: Client, park_code: str) -> None:
    """What a park tells of itself, and a return that has to be restated."""
    path = f"parks/{park_code}/returns/{ANCHOR_YEAR - 6}-12"
    office.put(path, {"measures": QUIET})
    row = next(iter(office.items("operating-returns", state="accepted")))
    body = {"measures": {"employees": 9}, "reason": "人数更正"}
    headers = {"If-Match": f'"{row["version"]}"', "Idempotency-Key": str(uuid4())}
    office.request(
        "POST", f"operating-returns/{row['id']}/restatements", body=body, headers=headers
    )


def register_what_was_made(office: Client) -> None:
    """A contract, a project with a result, an achievement of an enterprise."""
    firm = next(iter(office.items("enterprises", active=True)))
    of_firm = {"uscc": firm["uscc"]}
    contract = {
        "number": "2026410184000123",
        "kind": "service",
        "title": "技术服务",
        "amount": "10",
    }
    contract |= {"buyer_name": "乙方", "authority": "登记处", **of_firm}
    days = {"signed_on": f"{ANCHOR_YEAR}-01-05", "registered_on": f"{ANCHOR_YEAR}-01-06"}
    office.post("technology-contracts", contract | days)
    project = {"number": "XM-WALK-1", "title": "研发项目", **of_firm}
    project |= {"starts_on": f"{ANCHOR_YEAR - 1}-01-05", "ends_on": f"{ANCHOR_YEAR + 1}-12-31"}
    figures = {"investment": "1", "new_sales": "1", "profit_and_tax": "1"}
    project |= {f"planned_{name}": value for name, value in figures.items()}
    begun = {"started_on": f"{ANCHOR_YEAR - 1}-01-05"}
    project = office.post("rd-projects", project | begun)
    office.post(f"rd-projects/{project['id']}/results", {"year": ANCHOR_YEAR - 1, **figures})
    park = next(iter(office.items("parks")))
    wish = {"park_code": park["code"], "grade": "national"}
    application = office.post("grade-applications", wish)
    office.request(
        "POST",
        f"grade-applications/{application['id']}/files",
        body=PDF,
        headers={"Idempotency-Key": str(uuid4()), "Content-Type": "application/pdf"},
    )
    achievement = {"title": "成果", "kind": "other", "source_name": "大学", "amount": "1"}
    achievement |= {"transferred_on": f"{ANCHOR_YEAR - 1}-01-05", **of_firm}
    office.post("achievements", achievement)


def draw_documents_up(system: Stack) -> None:
    """A draft of every document that moves budget."""
    with Client(system.url, Credentials(**system.clients["finance_maker"])) as maker:
        lines = list(maker.items("budgets", fiscal_year=ANCHOR_YEAR, state="approved"))
        paid = next(iter(maker.items("disbursements", state="succeeded")))
        why = {"document_no": "新财预〔2026〕30号", "reason": "年中调整"}
        line = {"budget_id": lines[0]["id"], "amount": "1.00", **why}
        pair = {"from_budget_id": lines[0]["id"], "to_budget_id": lines[1]["id"]}
        back = {"disbursement_id": paid["id"], "received_on": f"{ANCHOR_YEAR}-11-02"}
        maker.post("adjustments", line)
        maker.post("carry-overs", line)
        maker.post("transfers", {**pair, "amount": "1.00", **why})
        maker.post("refunds", {**back, "amount": "1.00", "reason": "退回"})
        maker.post("year-closes", {"fiscal_year": ANCHOR_YEAR, **why})


def apply_for_money(system: Stack) -> None:
    """A unit's application on its way from a call to a reported milestone."""
    actors = Actors(system.url, system.clients)
    budget = approved_budget(actors, ANCHOR_YEAR, "programme", "1000.00", "transfer-fund")
    call = open_call(actors, budget)
    application = accepted_application(actors, call, "unit_reporter", UNIT, "100.00")
    review(actors, application, "90")
    notice = announced(actors, call)
    objection = {"notice_id": notice["id"], "objector_unit": UNIT, "reason": "请核查"}
    row = actors("unit_reporter").post("objections", objection)
    step(actors("office"), "objections", row, "settle", {"upheld": False, "answer": "不成立"})
    award = awarded(actors, call)[0]
    agreement = signed_agreement(actors, award, "unit_reporter", ["40.00", "60.00"])
    path = f"agreements/{agreement['id']}/tranches"
    tranche = next(iter(actors("office").items(path)))
    step(actors("unit_reporter"), path, tranche, "report", {"report": "已完成"})
    actors.close()


def ask_for_support(system: Stack) -> None:
    """One of every kind, and the rates they are paid by; the last is accepted and evaluated."""
    actors = Actors(system.url, system.clients)
    approved_budget(actors, ANCHOR_YEAR, "support", "100000.00", "transfer-fund")
    awards: list[str] = []
    for kind, body in supports(ANCHOR_YEAR).items():
        put_rate(actors, kind, ANCHOR_YEAR, "transfer-fund", "support")
        row = actors("unit_reporter").post(kind, body | {"payee_unit": UNIT})
        awards.append(step(actors("office"), kind, row, "approve")["award_id"])
    accepted(actors, awards[-1], "unit_reporter", "passed")
    evaluated(actors, awards[-1])
    actors.close()


def pay_by_file(system: Stack) -> None:
    """A batch that is with the treasury, with the answer to one of its lines; an account."""
    actors = Actors(system.url, system.clients)
    account = {"payee_unit": UNIT, "account_name": "市科技局", "reason": "开户许可证"}
    account |= {"account_number": "1702021409000012345", "bank_name": "工商银行"}
    draft = actors("finance_maker").post("payee-accounts", account | {"bank_code": "102510000017"})
    step(actors("finance_checker"), "payee-accounts", draft, "approve")
    budget = approved_budget(actors, ANCHOR_YEAR, "by-file", "90.00", "transfer-fund")
    given = award(actors, budget, UNIT, "90.00")
    rows = [payment(actors, given, amount) for amount in ("40.00", "30.00")]
    for row in rows:
        step(actors("finance_checker"), "disbursements", row, "check")
    ids = {"disbursement_ids": [row["id"] for row in rows]}
    batch = actors("finance_payer").post("payment-batches", ids)
    batch = step(actors("finance_payer"), "payment-batches", batch, "issue")
    line = next(iter(actors("auditor").items(f"payment-batches/{batch['id']}/lines")))
    answer = {"batch_number": batch["number"], "line_number": line["number"]}
    answer |= {"amount": line["amount"], "outcome": "succeeded", "paid_on": f"{ANCHOR_YEAR}-04-10"}
    actors("finance_payer").post("payment-results", answer)
    actors.close()


def prove_what_was_spent(system: Stack) -> None:
    """A counterpart report with evidence, which nobody has looked at."""
    credentials = Credentials(**system.clients["unit_reporter"])
    spent = {"unit_code": UNIT, "fiscal_year": ANCHOR_YEAR, "amount": "1000.00"}
    with Client(system.url, credentials) as unit:
        row = unit.post("counterpart-reports", {**spent, "period": f"{ANCHOR_YEAR}-01"})
    attach(system, "unit_reporter", f"counterpart-reports/{row['id']}/evidence", "proof.pdf")


def register_a_webhook(system: Stack) -> None:
    """At an address where nobody listens, with one delivery that will not arrive."""
    hook = {"name": "无人接收", "url": "http://127.0.0.1:1099/", "types": ["kechuang.parks.*"]}
    with Client(system.url, Credentials(**system.clients["office"])) as office:
        made = office.post("webhooks", hook)
        office.post(f"webhooks/{made['id']}/test")


def import_a_wrong_file(system: Stack) -> None:
    """A job with errors and a result."""
    content, credentials = "uscc,name\n1,甲\n2,乙\n", Credentials(**system.clients["office"])
    with httpx.Client(base_url=system.url, trust_env=False) as office:
        office.auth = ClientCredentialsAuth(office.base_url.join("/oauth/token"), credentials)
        headers = {"Content-Type": "text/csv", "Idempotency-Key": str(uuid4())}
        path = "/api/v1/enterprises/import"
        job = office.post(path, content=content.encode(), headers=headers).headers["Location"]
        deadline = time.monotonic() + 60
        while office.get(job).json()["state"] != "failed":
            assert time.monotonic() < deadline
            time.sleep(0.2)
