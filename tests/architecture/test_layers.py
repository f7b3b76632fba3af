"""The walls hold, and each of them is shown to hold by breaking it once."""

import ast
import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("targets", "funding", "parks", "supervision")
PACKAGES = {
    **{name: f"services/{name}/src" for name in (*SERVICES, "gateway")},
    "servicekit": "shared/servicekit/src",
    "contracts": "shared/contracts/src",
    "kechuang": "shared/client/src",
}


def lint(source: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter over the packages below `source`."""
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--config", source / "config"],
        cwd=source,
        env={**os.environ, "PYTHONPATH": str(source), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """All packages side by side, free to be broken."""
    for name, directory in PACKAGES.items():
        shutil.copytree(
            ROOT / directory / name,
            tmp_path / name,
            ignore=shutil.ignore_patterns("__pycache__", "static"),
        )
    shutil.copy(ROOT / ".importlinter", tmp_path / "config")
    return tmp_path


def test_every_wall_holds(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout + result.stderr


BREAKS = {
    "services never import each other": ("targets/main.py", "import parks.settings\n"),
    "services use servicekit and contracts": ("servicekit/clock.py", "import parks.settings\n"),
    "the layers inside a feature": (
        "parks/enterprises/repository.py",
        "import parks.enterprises.service\n",
    ),
    "and no other file": ("parks/enterprises/utils.py", "x = 1\n"),
    "domain is plain Python": ("parks/enterprises/domain.py", "import pydantic\n"),
    "nats only inside servicekit.messaging": ("servicekit/clock.py", "import nats\n"),
    "contracts only in events.py": ("parks/enterprises/service.py", "import contracts.parks\n"),
    "no SQL and no NATS in routes.py": ("parks/enterprises/routes.py", "import sqlalchemy\n"),
    "servicekit knows no contract": ("servicekit/clock.py", "import contracts.parks\n"),
}


@pytest.mark.parametrize("wall", BREAKS)
def test_a_broken_wall_is_seen(copy: Path, wall: str) -> None:
    path, line = BREAKS[wall]
    file = copy / path
    file.write_text((file.read_text() if file.exists() else "") + "\n" + line)
    result = lint(copy)
    assert result.returncode != 0
    broken = [row for row in result.stdout.splitlines() if row.rstrip().endswith("BROKEN")]
    assert any(wall in row for row in broken), result.stdout


def imported(file: Path) -> set[str]:
    """The top-level packages a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def strangers(package: Path) -> set[str]:
    """What a package imports besides itself, the standard library and pydantic."""
    allowed = {"pydantic", package.name, *sys.stdlib_module_names}
    return {name for file in package.rglob("*.py") for name in imported(file)} - allowed


def test_contracts_import_only_pydantic(copy: Path) -> None:
    assert strangers(copy / "contracts") == set()
    (copy / "contracts" / "base.py").open("a").write("\nimport httpx\n")
    assert strangers(copy / "contracts") == {"httpx"}


def test_the_four_services_have_the_same_files() -> None:
    def rooms(service: str) -> set[str]:
        base = ROOT / "services" / service
        files = {p.name for p in (base / "src" / service).glob("*.py")}
        files |= {p.name for p in base.iterdir() if p.is_file()}
        return files | {
            p.name + "/" for p in base.iterdir() if p.is_dir() and p.name[0] not in "._"
        }

    first, *others = [rooms(service) for service in SERVICES]
    for service, other in zip(SERVICES[1:], others, strict=True):
        assert other == first, service


@pytest.mark.parametrize("service", [*SERVICES, "gateway"])
def test_the_example_environment_names_real_settings(service: str) -> None:
    lines = (ROOT / "deploy/env" / f"{service}.env.example").read_text().splitlines()
    names = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    module = importlib.import_module(f"{service}.settings")
    settings = getattr(module, "GatewaySettings", module.Settings)
    known = set(settings.model_fields)
    assert {name.removeprefix("KECHUANG_").lower() for name in names} <= known


def test_resources_belong_to_one_service_each() -> None:
    owner: dict[str, str] = {}
    for service in (*SERVICES, "gateway"):
        document = json.loads((ROOT / "services" / service / "openapi.json").read_text())
        for path in document["paths"]:
            if path.startswith("/api/v1/"):
                segment = path.split("/")[3]
                assert owner.setdefault(segment, service) == service, path
