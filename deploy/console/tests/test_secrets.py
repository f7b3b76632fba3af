"""Secrets are drawn once, and every file follows from what was drawn."""

import json
from pathlib import Path

import pytest
from console.secrets import SERVICES, write_secrets


def contents(directory: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in directory.iterdir()}


def test_a_second_run_draws_nothing_and_changes_nothing(tmp_path: Path) -> None:
    directory = tmp_path / "secrets"
    assert write_secrets(directory).startswith("33 new, 36 files")
    before = contents(directory)
    assert write_secrets(directory).startswith("0 new, 36 files")
    assert contents(directory) == before


def test_a_file_that_was_lost_is_written_again(tmp_path: Path) -> None:
    write_secrets(tmp_path)
    before = contents(tmp_path)
    (tmp_path / "signing_key").unlink()
    write_secrets(tmp_path)
    assert contents(tmp_path) == before


def test_no_secret_is_like_another_and_all_are_long(tmp_path: Path) -> None:
    write_secrets(tmp_path)
    drawn = json.loads((tmp_path / "drawn.json").read_text())
    assert len(set(drawn.values())) == len(drawn)
    assert min(map(len, drawn.values())) >= 32


def test_only_the_owner_gets_into_the_directory(tmp_path: Path) -> None:
    directory = tmp_path / "secrets"
    write_secrets(directory)
    assert directory.stat().st_mode & 0o777 == 0o700
    assert (directory / "drawn.json").stat().st_mode & 0o777 == 0o600
    assert (directory / "signing_key").stat().st_mode & 0o777 == 0o444


@pytest.mark.parametrize("service", SERVICES)
def test_a_login_is_the_same_to_the_database_and_to_the_service(
    tmp_path: Path, service: str
) -> None:
    write_secrets(tmp_path)
    logins = dict(
        line.split("=", 1) for line in (tmp_path / "postgres_logins").read_text().splitlines()
    )
    password = logins[f"{service}_app"]
    wanted = f"postgresql://{service}_app:{password}@postgres:5432/{service}"
    assert (tmp_path / f"{service}_app_url").read_text() == wanted
    users = (tmp_path / "nats_users").read_text()
    assert (
        f"NATS_{service.upper()}_PASSWORD={(tmp_path / f'nats_{service}').read_text()}\n" in users
    )
