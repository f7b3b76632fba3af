"""Only the one account is let through a closed directory."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from servicekit.embedded.account import Account

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")


def can_list(path: Path, uid: int) -> bool:
    done = subprocess.run(
        ["ls", str(path)],
        user=uid,
        group=uid,
        extra_groups=[],
        check=False,
        capture_output=True,
        cwd="/",
    )
    return done.returncode == 0


@pytest.fixture
def closed(new_directory: Callable[[], Path]) -> Path:
    """A directory inside one that is closed to all but its owner, under open ones."""
    place = new_directory()
    for path in (place, place.parent):
        path.chmod(0o755)
    home = place / "home"
    home.mkdir(mode=0o700)
    (home / "data").mkdir()
    (home / "data").chmod(0o755)
    return home / "data"


def test_the_account_passes_and_others_do_not(closed: Path) -> None:
    account = Account.for_postgres()
    assert not can_list(closed, account.uid)
    account.let_through(closed)
    assert can_list(closed, account.uid)
    assert not can_list(closed.parent, account.uid)
    assert not can_list(closed, 65534)


def test_letting_through_twice_is_the_same(closed: Path) -> None:
    account = Account.for_postgres()
    account.let_through(closed)
    before = os.getxattr(closed.parent, "system.posix_acl_access")
    account.let_through(closed)
    assert os.getxattr(closed.parent, "system.posix_acl_access") == before
