"""What is written for containers agrees with the code: services, secrets, streams, metrics."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import funding.journal.service
import gateway.proxy.circuits
import pytest
import servicekit.http.envelope
import servicekit.messaging.metrics
import servicekit.sealing.metrics
import yaml
from console.secrets import write_secrets
from gateway.settings import GatewaySettings
from local_stack.stack import SERVICES
from local_stack.streams import table
from prometheus_client import REGISTRY

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
WATCH = ROOT / "deploy/observability"
ALERTS: list[dict[str, Any]] = yaml.safe_load((WATCH / "alerts.yml").read_text("utf-8"))["groups"][
    0
]["rules"]
MEASURED_BY = (
    funding.journal.service,
    gateway.proxy.circuits,
    servicekit.http.envelope,
    servicekit.messaging.metrics,
    servicekit.sealing.metrics,
)
"""Importing them puts their metrics in the registry."""


def test_the_streams_of_the_containers_are_those_the_workers_hear() -> None:
    for kept in ("nats", "kubernetes/base"):
        assert (ROOT / "deploy" / kept / "streams.json").read_text("utf-8") == table(SERVICES)


def test_every_service_runs_in_containers() -> None:
    for service in SERVICES:
        assert f"{service}-migrate" in COMPOSE["services"]
        assert service in COMPOSE["services"]
        assert f"{service}-worker" in COMPOSE["services"] or service == "gateway"


def test_every_service_runs_in_kubernetes_on_real_settings() -> None:
    base = ROOT / "deploy/kubernetes/base"
    kept = yaml.safe_load((base / "kustomization.yaml").read_text("utf-8"))
    assert {f"{service}.yaml" for service in SERVICES} <= set(kept["resources"])
    assert all((base / name).exists() for name in kept["resources"])
    given = {line.partition("=")[0] for line in kept["configMapGenerator"][0]["literals"]}
    known = {f"KECHUANG_{name.upper()}" for name in GatewaySettings.model_fields}
    assert given <= known


def test_the_secrets_of_compose_are_those_that_are_drawn(tmp_path: Path) -> None:
    write_secrets(tmp_path)
    drawn = {path.name for path in tmp_path.iterdir()} - {"drawn.json"}
    assert set(COMPOSE["secrets"]) == drawn
    used = {
        each if isinstance(each, str) else each["source"]
        for service in COMPOSE["services"].values()
        for each in service.get("secrets", ())
    }
    assert used == set(COMPOSE["secrets"])


def test_every_worker_and_nobody_else_signs_its_audit_trail() -> None:
    signing = {f"{s}-worker" for s in SERVICES if s != "gateway"} | {"gateway"}
    for name, service in COMPOSE["services"].items():
        keys = {
            each["source"]
            for each in service.get("secrets", ())
            if isinstance(each, dict) and each["target"] == "kechuang_audit_key"
        }
        expected = {f"{name.removesuffix('-worker')}_audit_key"} if name in signing else set()
        assert keys == expected, name
        writes = "${KECHUANG_AUDIT:-audit}:/audit" in service.get("volumes", ())
        assert writes == (name in signing), name


def test_no_secret_is_handed_over_in_the_environment() -> None:
    for name, service in COMPOSE["services"].items():
        for variable in service.get("environment", {}):
            assert not re.search(r"(PASSWORD|SECRET|KEY|DATABASE_URL)$", variable), name


def test_every_process_is_watched() -> None:
    scraped = yaml.safe_load((WATCH / "prometheus.yml").read_text("utf-8"))["scrape_configs"][0]
    processes = {target.split(":")[0] for target in scraped["static_configs"][0]["targets"]}
    serving = {name for name in COMPOSE["services"] if name.removesuffix("-worker") in SERVICES}
    assert processes == serving


def measured() -> set[str]:
    """Every name that a process of ours may show at `/metrics`."""
    return {
        f"{metric.name}{suffix}"
        for metric in REGISTRY.collect()
        for suffix in ("", "_total", "_bucket", "_sum", "_count")
    } | {"up"}


def named(expression: str) -> set[str]:
    """The metrics in an expression."""
    return set(re.findall(r"\b(?:kechuang|http|gateway)_[a-z_]+\b", expression))


def test_alerts_and_board_speak_of_what_is_measured() -> None:
    board = json.loads((WATCH / "grafana/dashboards/kechuang.json").read_text("utf-8"))
    expressions = [rule["expr"] for rule in ALERTS]
    expressions += [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    for expression in expressions:
        assert named(expression) <= measured(), expression


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not on this machine")
def test_alerts_fire_when_they_should_and_not_before() -> None:
    words = ["promtool", "test", "rules", "alerts_test.yml"]
    done = subprocess.run(words, cwd=WATCH, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
