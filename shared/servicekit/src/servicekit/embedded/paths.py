"""Where things are: files of the workspace, short directories for Unix sockets."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from servicekit.embedded.account import Account

SOCKET_PATH_LIMIT = 100
"""Bytes of a Unix socket's path that are safe everywhere (Linux allows 107, macOS 103)."""


def workspace_file(relative: str) -> Path:
    """A file of the workspace this package is installed from.

    Raises:
        FileNotFoundError: the package was installed without its workspace.
    """
    for directory in Path(__file__).resolve().parents:
        candidate = directory / relative
        if candidate.exists():
            return candidate
    raise FileNotFoundError(f"{relative} is not above {Path(__file__).resolve()}")


def socket_directory(data_dir: Path, account: Account) -> Path:
    """A private, short directory for the Unix socket of the server that keeps `data_dir`.

    Raises:
        PermissionError: somebody else made a directory of that name.
    """
    digest = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    directory = short_base(account) / f"pg-{account.uid}-{digest}"
    directory.mkdir(mode=0o700, exist_ok=True)
    facts = directory.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in {account.uid, os.geteuid()}:
        raise PermissionError(f"{directory} belongs to somebody else; remove it")
    directory.chmod(0o700)
    if account.is_other:
        os.chown(directory, account.uid, account.gid)
    return directory


def short_base(account: Account) -> Path:
    """The caller's runtime directory where there is one, else the temporary directory."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    candidates = [] if account.is_other else [Path(runtime)] * bool(runtime)
    candidates.append(Path(tempfile.gettempdir()))
    for base in candidates:
        fits = len(os.fsencode(base)) + 50 <= SOCKET_PATH_LIMIT
        if fits and base.is_dir() and os.access(base, os.W_OK) and passable(base, account):
            return base
    return Path("/tmp")  # noqa: S108  the directory made in it is private


def passable(directory: Path, account: Account) -> bool:
    return all(account.can_pass(path) for path in [directory, *directory.parents])
