"""The programme plan is in the running system, and applying it is safe to repeat."""

import subprocess
import sys
from pathlib import Path

import pytest
from kechuang.client import Client
from local_stack.stack import PLAN, Stack
from servicekit.embedded.paths import workspace_file

from tests.journeys.actors import Actors

COUNTS = {
    "programmes": 1,
    "indicators": 41,
    "key-tasks": 8,
    "conflicts": 11,
    "parks": 6,
    "funding-rules": 4,
}
HEADLINE = {
    "high-tech-value-added": ["33", "40", "54"],
    "own-ip-share": ["40"],
    "st-budget-share": ["4", "5", "6"],
    "rd-intensity-high-tech": ["4", "5", "6"],
    "rd-intensity-science-type": ["2", "3", "3"],
    "rd-intensity-ordinary": ["1.5", "2", "2"],
    "technology-trade-volume": ["5000", "6000", "8000"],
    "st-contribution-rate": ["51", "53", "55"],
}
"""The plan's section 一: what is promised for the three years, or for the last one alone."""
SPECIAL_FUNDS = {
    "transfer-fund",
    "innovation-award-fund",
    "ip-fund",
    "base-conditions-fund",
    "informatisation-fund",
}


@pytest.fixture(scope="module")
def leader(actors: Actors) -> Client:
    return actors("leader")


@pytest.mark.parametrize(("resource", "count"), COUNTS.items())
def test_every_part_of_the_plan_is_there(leader: Client, resource: str, count: int) -> None:
    assert len(list(leader.items(resource))) == count


def test_the_headline_targets_are_the_plans(leader: Client) -> None:
    rows = [row for row in leader.items("indicators") if row["headline"]]
    assert {r["code"]: [m["value"] for m in r["milestones"]] for r in rows} == HEADLINE


def test_the_five_special_funds_must_reach_four_million_yuan(leader: Client) -> None:
    rule = leader.get("funding-rules/special-funds-floor")
    assert set(rule["funds"]) == SPECIAL_FUNDS < {fund["code"] for fund in leader.items("funds")}
    assert (rule["thresholds"][0]["value"], rule["unit"]) == ("400", "万元")


def test_headquarters_office_and_six_groups_are_there(leader: Client) -> None:
    groups = list(leader.items("working-groups"))
    assert len(groups) == 6
    kinds = [unit["kind"] for unit in leader.items("units")]
    assert (kinds.count("headquarters"), kinds.count("programme_office")) == (1, 1)


def test_inspections_and_meetings_stand_on_the_calendar(leader: Client) -> None:
    assert leader.get("inspection-plans")["items"]
    assert leader.get("meeting-series")["items"]
    assert leader.get("recipient-groups")["items"]


def kechuang(stack: Stack, verb: str, file: Path, year: int) -> str:
    """What the command says to one verb of `kechuang plan`."""
    command = [Path(sys.executable).with_name("kechuang"), "plan", verb, file]
    options = ["--url", stack.url, "--clients", stack.data_dir / "clients.json", "--lang", "en"]
    done = subprocess.run(
        [*command, "--anchor-year", str(year), *options],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_applying_the_plan_again_changes_nothing_and_says_so(stack: Stack, year: int) -> None:
    said = kechuang(stack, "apply", workspace_file(PLAN), year)
    assert "created 0, changed 0" in said
    assert "nothing to change: the system is as the plan asks" in said


def test_a_dry_run_shows_what_a_changed_plan_would_change(
    stack: Stack, leader: Client, year: int, tmp_path: Path
) -> None:
    text = workspace_file(PLAN).read_text("utf-8")
    changed = tmp_path / "plan.yaml"
    changed.write_text(text.replace("{Y1: 33, Y2: 40, Y3: 54}", "{Y1: 33, Y2: 40, Y3: 55}"))
    said = kechuang(stack, "diff", changed, year)
    assert "~ indicators/high-tech-value-added" in said
    assert f'milestones[{year + 2}].value: "54" → "55"' in said
    assert "created 0, changed 1" in said
    kept = leader.get("indicators/high-tech-value-added")["milestones"]
    assert kept[-1] == {"year": year + 2, "value": "54"}
