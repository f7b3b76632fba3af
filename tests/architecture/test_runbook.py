"""Every alert has its page in the runbook, every page says what is seen, where to look and what to
do, and what it has people type exists."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from servicekit.cli import VERBS

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs/runbook.md").read_text("utf-8")
WATCH = ROOT / "deploy/observability"
ALERTS = [
    rule["alert"]
    for group in yaml.safe_load((WATCH / "alerts.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
PAGES = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", RUNBOOK, re.M | re.S))
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))[
    "services"
]
COMMANDS = [" ".join(found.split()) for found in re.findall(r"`([^`]+)`", RUNBOOK)]
TAKES_SERVICES = {"logs", "ps", "restart", "start", "stop", "up"}
MADE = {f"<service>{kind}" for kind in ("", "-worker", "-migrate")}


def test_every_alert_has_its_page_and_every_page_its_alert() -> None:
    assert list(PAGES) == ALERTS


def test_every_alert_is_played_by_promtools_test() -> None:
    played = yaml.safe_load((WATCH / "alerts_test.yml").read_text("utf-8"))["tests"]
    fires = {
        case["alertname"]
        for test in played
        for case in test["alert_rule_test"]
        if case["exp_alerts"]
    }
    assert fires == set(ALERTS)


@pytest.mark.parametrize("alert", ALERTS)
def test_a_page_says_what_is_seen_where_to_look_and_what_to_do(alert: str) -> None:
    parts = re.findall(r"^- \*\*(\w[\w ]*):\*\* (.{10})", PAGES[alert], re.M)
    assert [name for name, _ in parts] == ["Seen", "Look at", "Do"]


def test_the_verbs_of_make_exist() -> None:
    verbs = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    asked = {command.split()[1] for command in COMMANDS if command.startswith("make ")}
    assert asked
    assert asked <= verbs


def test_what_compose_is_told_exists() -> None:
    told = [command for command in COMMANDS if command.startswith("docker compose ")]
    assert len(told) > 20
    for command in told:
        found = re.fullmatch(r"docker compose (?:--profile (\w+) )?(\w+)(.*)", command)
        assert found, command
        profile, verb, rest = found.groups()
        words = re.split(r" [|>] ", rest)[0].split()
        if verb == "exec":
            service, program, *more = words
            told_verb = program == "start" and service != "console" and more
            assert not told_verb or more[0] in VERBS, command
            words = [service]
        else:
            assert verb in TAKES_SERVICES, command
        for service in (word for word in words if re.fullmatch(r"[a-z<][a-z<>-]+", word)):
            assert service in SERVICES or service in MADE, command
            assert SERVICES.get(service, {}).get("profiles", [profile]) == [profile], command


def test_what_a_page_has_looked_for_in_a_log_is_logged() -> None:
    sources = "".join(
        path.read_text("utf-8")
        for part in ("shared/servicekit/src", "services/gateway/src")
        for path in (ROOT / part).rglob("*.py")
    )
    for event in (
        "schedule_failed",
        "worker_loop_broke",
        "worker_loop_lost_connection",
        "replica_not_followed",
    ):
        assert event in RUNBOOK
        assert f'"{event}"' in sources
    assert '"circuit_opened"' in sources
