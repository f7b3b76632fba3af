"""One story of targets through the gateway: the office promises, divides and revises; a statistics
system and a unit report; a group lead verifies; and each is refused what is another's to do."""

import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any
from uuid import uuid4

import httpx
import openpyxl
import pytest
from kechuang.client import Client, Credentials
from kechuang.client.tokens import ClientCredentialsAuth
from local_stack.stack import Stack
from servicekit.new_secrets import client_secret

from tests.journeys.actors import Actors, Row, board_row, refused, step, until

DEALS, BASE, SHARE = "journey-deals", "journey-market", "journey-share"
UNIT, REPORTS = "st-bureau", "progress-reports"
SCOPES = ["*.read", "progress_reports.create", "progress_reports.submit"]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
NAMES = {"name_zh": "签约额", "name_en": "Deals", "source_ref": "示例"}
FLOW = {
    **NAMES,
    "programme": "innovation-programme",
    "definition_zh": "当期签约",
    "definition_en": "Signed in the period",
    "kind": "amount",
    "unit": "万元",
    "comparator": "reach",
    "frequency": "month",
    "time_aggregation": "sum",
    "unit_aggregation": "sum",
    "lead_unit": UNIT,
    "working_group": "group-4",
}
RATIO = {
    "kind": "ratio",
    "unit": "%",
    "time_aggregation": "latest",
    "unit_aggregation": "latest",
    "source_kind": "derived",
    "formula": f"{DEALS} / {BASE} × 100",
}


@pytest.fixture(scope="module")
def y2(year: int) -> int:
    """The programme's second year, in which no other journey reports."""
    return year + 1


@pytest.fixture(scope="module")
def statistics(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Credentials:
    """The statistics bureau's system, with the scopes it needs and no others."""
    known = {"client_id": "statistics-bureau", "client_secret": client_secret()}
    seeds = tmp_path_factory.mktemp("statistics") / "seeds.json"
    seeds.write_text(json.dumps([{**known, "roles": ["system"], "scopes": SCOPES}]))
    command = [sys.executable, "-m", "gateway", "seed-clients", str(seeds)]
    subprocess.run(command, env=stack.environment("gateway"), check=True, capture_output=True)
    return Credentials(**known)


@pytest.fixture(scope="module")
def machine(stack: Stack, statistics: Credentials) -> Iterator[Client]:
    with Client(stack.url, statistics, language="en") as client:
        yield client


@contextmanager
def plain_http(url: str, credentials: Credentials) -> Iterator[httpx.Client]:
    """HTTP without the client library: streams and files."""
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as http:
        http.auth = ClientCredentialsAuth(http.base_url.join("/oauth/token"), credentials)
        yield http


def report(indicator: str, period: str, value: str) -> Row:
    return {"indicator_code": indicator, "unit_code": UNIT, "period": period, "value": value}


def test_the_office_promises(actors: Actors, y2: int) -> None:
    office = actors("office")
    milestones = {"milestones": [{"year": y2, "value": "1200"}]}
    for code in (DEALS, BASE):
        office.put(f"indicators/{code}", {**FLOW, **milestones})
    with refused(422, "validation_failed") as wrong:
        office.put(f"indicators/{SHARE}", {**FLOW, **milestones, **RATIO, "formula": "deals / 0"})
    assert [error.pointer for error in wrong.value.errors] == ["/formula"]
    promised = {"milestones": [{"year": y2, "value": "40"}]}
    office.put(f"indicators/{SHARE}", {**FLOW, **promised, **RATIO})
    office.put(f"indicators/{DEALS}/reporting-rule", {"outlier_min_history": 4})
    for role in ("unit_reporter", "group_lead"):
        with refused(403, "forbidden"):
            actors(role).put(f"indicators/{DEALS}", {**FLOW, **milestones})


def test_the_office_divides_and_revises_what_it_promised(actors: Actors, y2: int) -> None:
    office = actors("office")
    part = {"indicator_code": DEALS, "unit_code": UNIT, "year": y2, "value": "1200"}
    office.post("assignments", {**part, "document_no": "科指办〔2026〕8号"})
    new = {"year": y2, "value": "1500", "effective_on": f"{y2}-01-01"}
    why = {"document_no": "科发〔2026〕9号", "reason": "省下达指标调整"}
    with refused(403, "forbidden"):
        actors("group_lead").post(f"indicators/{DEALS}/revisions", {**new, **why})
    office.post(f"indicators/{DEALS}/revisions", {**new, **why})
    then = office.get(f"indicators/{DEALS}", as_of=f"{y2}-01-01")
    assert then["milestones"] == [{"year": y2, "value": "1500"}]
    with refused(403, "forbidden"):
        actors("unit_reporter").post("assignments", {**part, "document_no": "1号"})


def test_a_system_reports_each_number_once(machine: Client, story: Any, y2: int) -> None:
    story.pushed = []
    for month in range(1, 6):
        for code, value in ((DEALS, "100"), (BASE, "400")):
            period = f"{y2}-{month:02}"
            key, body = f"push/{code}/{period}", report(code, period, value)
            made = machine.post(REPORTS, body, key=key)
            assert machine.post(REPORTS, body, key=key) == made
            story.pushed.append(step(machine, REPORTS, made, "submit"))
    with refused(422, "idempotency_key_reused"):
        machine.post(REPORTS, report(DEALS, f"{y2}-05", "999"), key=f"push/{DEALS}/{y2}-05")
    with refused(403, "forbidden"):
        step(machine, REPORTS, story.pushed[0], "verify")
    with refused(403, "forbidden"):
        machine.put(f"indicators/{DEALS}", FLOW)


def test_the_group_lead_verifies_many_at_once(actors: Actors, story: Any) -> None:
    lead, (first, second, *others) = actors("group_lead"), story.pushed
    items: list[Row] = [{"report_id": r["id"], "version": r["version"]} for r in others]
    items.append({"report_id": first["id"], "version": first["version"] + 7})
    with refused(422, "batch_refused"):
        lead.post(f"{REPORTS}/verifications/batch", {"items": items})
    told = lead.request(
        "POST",
        f"{REPORTS}/verifications/batch",
        query={"partial": "true"},
        body={"items": items},
        headers={"Idempotency-Key": str(uuid4())},
    ).json()["items"]
    assert [each["refusal"] and each["refusal"]["code"] for each in told] == [
        *[None] * len(others),
        "stale_version",
    ]
    step(lead, REPORTS, second, "verify")
    with refused(422, "adjustment_unexplained"):
        step(lead, REPORTS, first, "verify", {"value": "80"})
    adjusted = {"value": "80", "reason": "两份合同属上年，已剔除"}
    assert step(lead, REPORTS, first, "verify", adjusted)["adjusted_value"] == "80"
    with refused(403, "forbidden"):
        lead.post(REPORTS, report(DEALS, first["period"], "1"))


def test_what_is_worked_out_has_followed(actors: Actors, y2: int) -> None:
    leader = actors("leader")
    row = board_row(leader, SHARE)
    assert (row["period"], row["actual"]) == (f"{y2}-05", "24")
    series = [point["actual"] for point in leader.items(f"indicators/{SHARE}/series")]
    assert series == ["20", "22.5", "23.333333", "23.75", "24"]
    with refused(409, "indicator_not_reported"):
        actors("unit_reporter").post(REPORTS, report(SHARE, f"{y2}-06", "50"))


def test_the_unit_fills_in_its_workbook(stack: Stack, actors: Actors, story: Any, y2: int) -> None:
    with plain_http(stack.url, actors.credentials("unit_reporter")) as unit:
        path = f"/api/v1/templates/{REPORTS}"
        assert unit.get(f"{path}/finance-bureau/{y2}-06").status_code == 403
        given = unit.get(f"{path}/{UNIT}/{y2}-06", headers={"Accept-Language": "zh"})
        book = openpyxl.load_workbook(io.BytesIO(given.content))
        sheet = book.worksheets[0]
        heads = {str(cell.value): place for place, cell in enumerate(sheet[1], start=1)}
        for row in range(2, sheet.max_row + 1):
            asked = sheet.cell(row, 1).value
            if asked in (DEALS, BASE):
                sheet.cell(row, heads["数值"], 900 if asked == DEALS else 400)
        file = io.BytesIO()
        book.save(file)
        headers = {"Content-Type": given.headers["Content-Type"], "Idempotency-Key": str(uuid4())}
        taken = unit.post(f"/api/v1/{REPORTS}/import", content=file.getvalue(), headers=headers)
        assert taken.status_code == 202, taken.text
        job = until(lambda: ended(unit, taken.headers["Location"]))
    assert (job["state"], job["done"], job["errors"]) == ("succeeded", 2, 0)
    found = actors("unit_reporter").items(REPORTS, period=f"{y2}-06", state="draft")
    story.drafts = {row["indicator_code"]: row for row in found}
    assert set(story.drafts) == {DEALS, BASE}


def ended(http: httpx.Client, location: str) -> Row | None:
    job = http.get(location).json()
    return job if job["finished_at"] else None


def test_an_outlier_is_explained_with_evidence(actors: Actors, story: Any) -> None:
    unit, draft = actors("unit_reporter"), story.drafts[DEALS]
    unit.upload(f"{REPORTS}/{draft['id']}/evidence-files", PDF, "合同.pdf")
    draft = unit.get(f"{REPORTS}/{draft['id']}")
    with refused(422, "outlier_unexplained"):
        step(unit, REPORTS, draft, "submit")
    why = {"outlier_explanation": "本月三份大额合同集中签订"}
    story.report = step(unit, REPORTS, draft, "submit", why)
    assert story.report["usual_high"] is not None
    with refused(403, "forbidden"):
        step(unit, REPORTS, story.report, "verify")
    story.base = step(unit, REPORTS, story.drafts[BASE], "submit")


def test_what_is_returned_comes_back_better(actors: Actors, story: Any, y2: int) -> None:
    unit, lead = actors("unit_reporter"), actors("group_lead")
    back = step(lead, REPORTS, story.report, "return", {"reason": "一份合同尚未生效"})
    etag = f'"{back["version"]}"'
    better = unit.patch(f"{REPORTS}/{back['id']}", {"value": "180"}, etag=etag)
    why = {"outlier_explanation": "两份大额合同"}
    again = step(unit, REPORTS, better, "submit", why)
    assert again["state"] == "resubmitted"
    story.verified = step(lead, REPORTS, again, "verify")
    step(lead, REPORTS, story.base, "verify")
    row = board_row(actors("leader"), SHARE)
    assert (row["period"], row["actual"]) == (f"{y2}-06", "27.5")


def test_the_system_reads_what_has_changed(machine: Client, story: Any) -> None:
    rows = {row["indicator_code"]: row for row in machine.items("status-board")}
    since = rows[SHARE]["updated_at"]
    changed = list(machine.items("status-board", updated_since=since))
    assert SHARE in {row["indicator_code"] for row in changed}
    assert len(changed) < len(rows)
    assert all(row["updated_at"] >= since for row in changed)
    assert rows[DEALS]["actual"] == "660"


def test_the_system_hears_what_happened(stack: Stack, statistics: Credentials, story: Any) -> None:
    kinds = "type=kechuang.targets.progress_report.*&type=kechuang.targets.indicator.measured.v1"
    url, heard, worked_out = f"/api/v1/events/stream?{kinds}", list[str](), list[str]()
    asked = {"grant_type": "client_credentials", **asdict(statistics)}
    end = time.monotonic() + 20
    with httpx.Client(base_url=stack.url, trust_env=False, timeout=30) as http:
        token = http.post("/oauth/token", data=asked).json()["access_token"]
        http.headers.update({"Authorization": f"Bearer {token}", "Last-Event-ID": "0"})
        stream = http.send(http.build_request("GET", url), stream=True)
        assert stream.status_code == 200
        for line in stream.iter_lines():
            if line.startswith("data: {"):
                event = json.loads(line.removeprefix("data: "))
                if event["data"].get("report_id") == story.verified["id"]:
                    heard.append(event["type"].rsplit(".", 2)[1])
                if event["data"].get("indicator_code") == SHARE:
                    worked_out.append(event["data"]["actual"])
            if worked_out[-1:] == ["27.5"] or time.monotonic() > end:
                break
        stream.close()
    assert heard == ["submitted", "returned", "submitted", "verified"]
    assert worked_out[-2:] == ["24", "27.5"]


def test_a_closed_period_stays_closed_but_for_a_ruling(actors: Actors, story: Any, y2: int) -> None:
    office, unit, period = actors("office"), actors("unit_reporter"), f"{y2}-06"
    row = office.get(f"reporting-periods/{period}") | {"id": period}
    with refused(403, "forbidden"):
        step(actors("group_lead"), "reporting-periods", row, "close")
    step(office, "reporting-periods", row, "close")
    with refused(409, "period_closed"):
        unit.post(REPORTS, report(DEALS, period, "200"))
    conflict = {
        **NAMES,
        "programme": "innovation-programme",
        "kind": "contradiction",
        "subject_kind": "indicator",
        "subject_code": DEALS,
        "working_reading_zh": "按 180 万元",
        "working_reading_en": "180",
        "positions": [
            {"code": "signed", "text_zh": "按签约", "text_en": "As signed", "value": "180"},
            {"code": "paid", "text_zh": "按到账", "text_en": "As paid", "value": "120"},
        ],
    }
    row = office.put("conflicts/journey-conflict", conflict).json() | {"id": "journey-conflict"}
    argued = {"unit_code": UNIT, "position": "signed", "reason": "合同均已生效"}
    unit.post("conflicts/journey-conflict/arguments", argued)
    number = {"indicator_code": DEALS, "unit_code": UNIT, "period": period, "value": "120"}
    ruling = {"position": "paid", "ruling": "以到账为准", "document_no": "科指办〔2027〕5号"}
    ruled = ruling | {"consequences": [number]}
    row["version"] = office.get("conflicts/journey-conflict")["version"]
    with refused(403, "forbidden"):
        step(unit, "conflicts", row, "rule", ruled)
    assert step(office, "conflicts", row, "rule", ruled)["state"] == "ruled"
    assert board_row(actors("leader"), SHARE)["actual"] == "25"
    found = office.items(f"reporting-periods/{period}/restatements")
    causes = {each["indicator_code"]: (each["new_value"], each["cause"]) for each in found}
    assert causes == {DEALS: ("120", "ruling"), SHARE: ("25", "derived")}
