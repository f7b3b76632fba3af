"""`docker compose up --wait` on a host that has only Docker: the plan is applied, a year of the
programme plays through the gateway, nothing can do more than it needs, and what is killed comes
back."""

import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from kechuang.client import Client, Credentials
from local_stack.address import NAME
from local_stack.demo.story import play
from local_stack.stack import SERVICES
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.containers.conftest import PROJECT, ROOT, Compose, run

DEMO_CLIENTS = ROOT / "deploy/local/demo-clients.yaml"
OVER_THE_BASE = 250_000_000
"""Bytes an image may add to the one it is built on."""
ONLY_ONCE = {"nats-store", "databases", "gateway-clients"}
IMAGES = ["console", "gateway", "targets", "funding", "parks", "supervision"]


def runs_once(service: str) -> bool:
    return service in ONLY_ONCE or service.endswith("-migrate")


def test_everything_is_well_and_the_plan_applied(compose: Compose) -> None:
    for service in compose.services:
        state = compose.inspect(service)["State"]
        if runs_once(service):
            assert (state["Status"], state["ExitCode"]) == ("exited", 0), service
        else:
            assert state["Health"]["Status"] == "healthy", service
    with office(compose) as client:
        assert client.get("programmes/innovation-programme")["anchor_year"] == 2026
    assert "x-missing-services" not in compose.get("/api/v1/openapi.json")
    print(f"up from nothing in {compose.seconds:.0f} s")


def test_a_year_plays_through_the_gateway(compose: Compose, tmp_path: Path) -> None:
    clients = {}
    with Client(compose.url, Credentials.from_file(compose.secrets / "clients", "ops")) as ops:
        for role, facts in yaml.safe_load(DEMO_CLIENTS.read_text(encoding="utf-8")).items():
            # The names the demo knows its people by: a review is assigned to one of them.
            body = {"client_id": f"demo-{role}".replace("_", "-"), "name": role, "roles": [role]}
            made = ops.post("clients", body | facts)
            clients[role] = {key: made[key] for key in ("client_id", "client_secret")}
    (tmp_path / "clients.json").write_text(json.dumps(clients))
    (tmp_path / NAME).write_text(compose.url)
    play(tmp_path)


def test_the_audit_trails_are_signed_and_verified(compose: Compose) -> None:
    words = ("exec", "-T", "-e", "KECHUANG_LANG=en", "console", "start", "kechuang", "audit")
    said = compose(*words, "verify").splitlines()
    assert [line.partition(":")[0] for line in said] == sorted(SERVICES)
    assert not [line for line in said if " 0 checkpoints" in line or " 0 findings" not in line]


def test_a_container_can_do_little(compose: Compose) -> None:
    for service in compose.services:
        facts = compose.inspect(service)
        host, user = facts["HostConfig"], facts["Config"]["User"]
        assert host["ReadonlyRootfs"], service
        assert host["CapDrop"] == ["ALL"], service
        assert host["CapAdd"] == (["CAP_CHOWN"] if service == "nats-store" else None), service
        assert host["SecurityOpt"] == ["no-new-privileges:true"], service
        assert host["Memory"], service
        assert host["PidsLimit"] or service == "nats-store", service
        assert user.split(":")[0] not in {"", "0", "root"} or service == "nats-store", service
        assert bool(host["PortBindings"]) == (service == "door"), service
        environment = "\n".join(facts["Config"]["Env"])
        for secret in compose.secrets.iterdir():
            assert secret.read_text().strip() not in environment, (service, secret.name)


def test_only_the_gateway_can_reach_the_outside(compose: Compose) -> None:
    reach = "import socket; socket.create_connection(('192.0.2.1', 80), 3)"
    with pytest.raises(AssertionError, match="Network is unreachable"):
        compose("exec", "-T", "targets", "python", "-c", reach)
    with pytest.raises(AssertionError, match=r"timed out|No route|refused"):
        compose("exec", "-T", "gateway", "python", "-c", reach)


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_is_small_and_has_no_tools(compose: Compose, image: str) -> None:
    name = f"{compose.services['console']['image'].rsplit('/', 1)[0]}/{image}:0.1.0"
    (found,) = json.loads(run("docker", "inspect", name))
    (base,) = json.loads(run("docker", "inspect", "python:3.13-slim-trixie"))
    added = found["Size"] - base["Size"]
    print(f"{image}: {added / 1e6:.0f} MB over the base")
    assert added <= OVER_THE_BASE
    labels = found["Config"]["Labels"]
    assert labels["org.opencontainers.image.version"] == "0.1.0"
    look = "for t in pip uv gcc cc strip curl git; do command -v $t; done; find /app -name tests"
    assert run("docker", "run", "--rm", "--entrypoint", "sh", name, "-c", look) == ""


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_tells_what_it_is_made_of(compose: Compose, image: str) -> None:
    name = f"{compose.services['console']['image'].rsplit('/', 1)[0]}/{image}:0.1.0"
    label = '{{index .Config.Labels "kechuang.sbom"}}'
    where = run("docker", "inspect", "--format", label, name).strip()
    bill = json.loads(run("docker", "run", "--rm", "--entrypoint", "cat", name, where))
    assert bill["bomFormat"] == "CycloneDX"
    told = {canonicalize_name(each["name"]): each["version"] for each in bill["components"]}
    part = "deploy/console" if image == "console" else f"services/{image}"
    locked = dict(installed(ROOT / part / "requirements.lock"))
    print(f"{image}: {len(told)} parts in its bill of material, {len(locked)} of them locked")
    assert locked
    assert told.items() >= locked.items()


def installed(lock: Path) -> Iterator[tuple[str, str]]:
    """Name and version of what a lock has for the images' Python."""
    python = {"python_version": "3.13", "python_full_version": "3.13.5"}
    for line in lock.read_text("utf-8").splitlines():
        if re.match(r"[a-z0-9]", line):
            wanted = Requirement(line.rstrip("\\ "))
            if wanted.marker is None or wanted.marker.evaluate(python):
                (version,) = wanted.specifier
                yield canonicalize_name(wanted.name), version.version


@pytest.mark.parametrize(
    "service", ["nats", "postgres", "targets", "funding-worker", "gateway", "door"]
)
def test_what_is_killed_comes_back(compose: Compose, service: str) -> None:
    before = compose.inspect(service)
    os.kill(before["State"]["Pid"], signal.SIGKILL)
    compose.wait(service, lambda now: now["RestartCount"] == before["RestartCount"] + 1)
    compose.wait(service, lambda now: now["State"]["Health"]["Status"] == "healthy")
    with office(compose) as client:
        assert client.get("programmes/innovation-programme")["anchor_year"] == 2026


def test_a_second_start_changes_nothing(compose: Compose) -> None:
    compose("down", "--timeout", "30")
    compose.up()
    assert "changed 0" in compose("logs", "--no-log-prefix", "console")
    assert "created 0" in compose("logs", "--no-log-prefix", "console")
    print(f"up again in {compose.seconds:.0f} s")


def office(compose: Compose) -> Client:
    return Client(compose.url, Credentials.from_file(compose.secrets / "clients", "office"))


def test_a_lost_host_comes_back_from_its_backup(compose: Compose) -> None:
    """A second installation, with nothing but the secrets and the backup of the first."""
    compose("--profile", "backup", "up", "--wait", "--detach", "backup")
    print(compose("exec", "-T", "backup", "bash", "/scripts/base.sh"))
    with office(compose) as client:
        before = list(client.items("enterprises"))
        unit = {"name_zh": "备份之后", "name_en": "After the copy", "kind": "bureau"}
        made = client.put("units/after-the-copy", unit).json()
    compose("stop", "--timeout", "30")
    compose("rm", "--force")
    run("docker", "volume", "rm", f"{PROJECT}_postgres", f"{PROJECT}_nats")
    print(compose("--profile", "restore", "run", "--rm", "restore"))
    compose.up()
    with office(compose) as client:
        assert list(client.items("enterprises")) == before
        assert client.get("units/after-the-copy") == made
    print(f"up from the backup in {compose.seconds:.0f} s")
    with pytest.raises(AssertionError, match="is not empty"):
        compose("--profile", "restore", "run", "--rm", "restore")
