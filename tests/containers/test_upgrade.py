"""A release and back in containers, under load through the door: `deploy/upgrade.sh` fails no
request, and a release that does not serve leaves the one before at work."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.containers.conftest import PROJECT, ROOT, Compose, run
from tests.containers.load import Load
from tests.faults.next_version import MIGRATION

NEXT, BROKEN = "0.2.0", "0.3.0"
MIGRATIONS = ROOT / "services/supervision/migrations/versions"
SERVICES = ("targets", "funding", "parks", "supervision", "gateway", "console")


@contextmanager
def release(version: str, tmp_path: Path, **changes: str) -> Iterator[None]:
    """Images of another version, made of those that run; `changes` are lines by image."""
    names = [f"kechuang/{name}" for name in SERVICES]
    for name in names:
        lines = changes.get(name.rpartition("/")[2], "")
        text = f"FROM {name}:0.1.0\nENV KECHUANG_VERSION={version}\n{lines}\n"
        (tmp_path / "Dockerfile").write_text(text)
        run("docker", "build", "--quiet", "--tag", f"{name}:{version}", str(tmp_path))
    try:
        yield
    finally:
        run("docker", "image", "rm", "--force", *(f"{name}:{version}" for name in names))


def upgrade(compose: Compose, version: str) -> subprocess.CompletedProcess[str]:
    env = {**compose.env, "KECHUANG_VERSION": version, "COMPOSE_PROJECT_NAME": PROJECT}
    return subprocess.run(
        ["bash", "deploy/upgrade.sh"], cwd=ROOT, env=env, capture_output=True, text=True
    )


def versions(compose: Compose) -> set[str]:
    """What every container of a service says it is."""
    ask = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:%s/version').read().decode())"
    found: set[str] = set()
    for service in SERVICES[:-1]:
        for each in (service, f"{service}-worker"):
            if each == "gateway-worker":
                continue
            port = 9000 if each == "gateway" else 8000
            said = compose("exec", "-T", each, "python", "-c", ask % port)
            found.add(said.partition('"version":"')[2].partition('"')[0])
    return found


@pytest.fixture(scope="module")
def next_release(compose: Compose, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """With one more migration of supervision, which only adds."""
    there = tmp_path_factory.mktemp("next")
    head = max(path.name[:4] for path in MIGRATIONS.glob("[0-9]*.py"))
    revision = f"{int(head) + 1:04}"
    (there / f"{revision}_trial.py").write_text(MIGRATION.format(revision=revision, before=head))
    copied = f"COPY {revision}_trial.py /app/services/supervision/migrations/versions/"
    with release(NEXT, there, supervision=copied):
        yield


@pytest.mark.usefixtures("next_release")
def test_a_release_and_the_way_back_fail_no_request(compose: Compose) -> None:
    with Load(compose) as load:
        for version in (NEXT, "0.1.0"):
            began = time.monotonic()
            done = upgrade(compose, version)
            assert done.returncode == 0, done.stdout + done.stderr[-3000:]
            print(f"to {version} in {time.monotonic() - began:.0f} s")
            assert versions(compose) == {version}
    print(f"answers under way: {dict(load.answers)}")
    assert set(load.answers) == {"200", "201"}, load.answers
    assert min(load.answers.values()) > 100


def test_a_release_that_does_not_serve_leaves_the_one_before(
    compose: Compose, tmp_path: Path
) -> None:
    broken = 'HEALTHCHECK --interval=2s --retries=3 CMD ["false"]'
    with release(BROKEN, tmp_path, targets=broken), Load(compose) as load:
        env = {**compose.env, "PATIENCE": "60"}
        done = upgrade(Compose(env, compose.secrets, compose.url), BROKEN)
        assert done.returncode != 0
        assert "the old one goes on" in done.stderr
        assert upgrade(compose, "0.1.0").returncode == 0
        assert versions(compose) == {"0.1.0"}
    assert set(load.answers) == {"200", "201"}
